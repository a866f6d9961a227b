//! `slice:prefix:name`, the form in which `linux.cgroupsPath` asks for a scope of systemd's.

use std::fmt;
use std::path::Path;

use super::super::{Error, Result};

/// A scope to be made: `prefix-name.scope` in `slice`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeName {
    /// The slice it is in; `None` for the manager's usual one.
    pub(super) slice: Option<String>,
    /// The unit.
    pub(super) unit: String,
}

/// systemd's bound for the name of a unit.
const LONGEST: usize = 255;

impl ScopeName {
    /// For a process that makes another one in a running container.
    pub(super) fn of_exec(pid: u32) -> Self {
        Self {
            slice: None,
            unit: format!("flatrack-exec-{pid}.scope"),
        }
    }

    /// Whether a path is in this form; if it is, whether it is a good one.
    pub(in super::super) fn parse(path: &Path) -> Option<Result<Self>> {
        let text = path.to_str()?;
        if text.starts_with('/') {
            return None;
        }
        let [slice, prefix, name] = text.split(':').collect::<Vec<_>>()[..] else {
            return None;
        };
        let refuse = |why| {
            Some(Err(Error::Path {
                path: text.to_owned(),
                why,
            }))
        };
        let unit = match (prefix, name) {
            (_, "") => return refuse("its third part, the name, is empty"),
            (_, name) if name.ends_with(".slice") => {
                return refuse("a container is not a slice of its own");
            }
            ("", name) => format!("{name}.scope"),
            (prefix, name) => format!("{prefix}-{name}.scope"),
        };
        if !is_unit(&unit) {
            return refuse("systemd allows letters, digits and `:-_.\\` in names, 255 at most");
        }
        if !slice.is_empty() && (!is_unit(slice) || !slice.ends_with(".slice")) {
            return refuse("its first part is not the name of a slice");
        }
        Some(Ok(Self {
            slice: (!slice.is_empty()).then(|| slice.to_owned()),
            unit,
        }))
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.unit)
    }
}

fn is_unit(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.\\".contains(&byte);
    name.len() <= LONGEST && !name.starts_with('.') && name.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_field() {
        let name = |text: &str| ScopeName::parse(Path::new(text)).map(|name| name.ok());
        let scope = |slice: Option<&str>, unit: &str| {
            Some(Some(ScopeName {
                slice: slice.map(str::to_owned),
                unit: unit.to_owned(),
            }))
        };
        assert_eq!(
            name("machine.slice:libpod:abc"),
            scope(Some("machine.slice"), "libpod-abc.scope")
        );
        assert_eq!(name(":runc:abc"), scope(None, "runc-abc.scope"));
        for other in ["/a:b:c", "a/b", "a:b", "a:b:c:d"] {
            assert_eq!(name(other), None, "{other}");
        }
        for bad in [
            "system.slice:p:",
            "system:p:n",
            "a/b.slice:p:n",
            "x.slice:p:../n",
            "x.slice:p:n\n",
            "x.slice:p:n.slice",
        ] {
            assert_eq!(name(bad), Some(None), "{bad}");
        }
    }
}
