//! `[Extension NAME@TAG]`: places in an app or a runtime where extensions are mounted.

use std::path::{Component, Path, PathBuf};

use flatrack_perms::{AppId, Branch};

use crate::keyfile::{GroupRef, Keyfile};
use crate::{Diagnostic, SourceText, layer};

/// One extension point. Its paths are relative and stay below the tree that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionPoint {
    /// the id of the extension, or what the ids of several start with
    pub name: AppId,
    /// tells several points of one name apart
    pub tag: Option<String>,
    /// the mount point, relative to `/app` or `/usr`
    pub directory: PathBuf,
    /// the branches looked for; empty is the branch of the app or runtime itself
    pub versions: Vec<Branch>,
    /// whether `NAME.SUFFIX` is mounted at `DIRECTORY/SUFFIX` where there is no `NAME`
    pub subdirectories: bool,
    /// appended to the mount point
    pub suffix: Option<PathBuf>,
    /// libraries, relative to the mount point
    pub add_ld_path: Option<PathBuf>,
    /// directories of the extension whose entries are linked next to the mount point
    pub merge_dirs: Vec<PathBuf>,
    /// one of these must hold; empty always does
    pub enable_if: Vec<EnableIf>,
}

/// What decides whether an extension that is installed is also mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnableIf {
    /// the last element of its id names a graphics driver in use
    ActiveGlDriver,
    /// the last element of its id is the theme of the desktop
    ActiveGtkTheme,
    /// the machine has graphics of Intel
    HaveIntelGpu,
    /// the kernel has loaded this module
    HaveKernelModule(String),
    /// the desktop goes by this name
    OnXdgDesktop(String),
    /// one that only other versions know; never holds
    Unknown(String),
}

impl EnableIf {
    /// Reads one condition.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "active-gl-driver" => Self::ActiveGlDriver,
            "active-gtk-theme" => Self::ActiveGtkTheme,
            "have-intel-gpu" => Self::HaveIntelGpu,
            other => {
                if let Some(module) = other.strip_prefix("have-kernel-module-") {
                    Self::HaveKernelModule(module.to_owned())
                } else if let Some(desktop) = other.strip_prefix("on-xdg-desktop-") {
                    Self::OnXdgDesktop(desktop.to_owned())
                } else {
                    Self::Unknown(other.to_owned())
                }
            }
        }
    }
}

impl std::fmt::Display for EnableIf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ActiveGlDriver => f.write_str("active-gl-driver"),
            Self::ActiveGtkTheme => f.write_str("active-gtk-theme"),
            Self::HaveIntelGpu => f.write_str("have-intel-gpu"),
            Self::HaveKernelModule(module) => write!(f, "have-kernel-module-{module}"),
            Self::OnXdgDesktop(desktop) => write!(f, "on-xdg-desktop-{desktop}"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

/// Points with a name, a branch or a path that leads elsewhere are ignored, as Flatpak ignores them.
pub(crate) fn points(
    keyfile: &Keyfile,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<ExtensionPoint>, Diagnostic> {
    let mut points = Vec::new();
    for group in keyfile.groups() {
        let Some(full) = group.name().strip_prefix("Extension ") else {
            continue;
        };
        match point(full, group)? {
            Ok(point) => points.push(point),
            Err((key, why)) => {
                let span = group
                    .get(key)
                    .map_or_else(|| group.span(), |value| value.span());
                let warning = keyfile
                    .source()
                    .warning(span, "this extension point is ignored");
                warnings.push(warning.label(why));
            }
        }
    }
    warnings.truncate(layer::MOST_WARNINGS);
    Ok(points)
}

/// The `priority` that an extension gives itself; 0 where it says none.
#[must_use]
pub fn priority(metadata: &SourceText) -> i32 {
    let Ok(keyfile) = Keyfile::parse(metadata) else {
        return 0;
    };
    let text = keyfile
        .get("ExtensionOf", "priority")
        .and_then(|value| value.string().ok());
    text.and_then(|text| text.as_str().parse().ok())
        .unwrap_or_default()
}

/// The key that is wrong, and why.
type Wrong = (&'static str, String);

fn point(full: &str, group: GroupRef<'_>) -> Result<Result<ExtensionPoint, Wrong>, Diagnostic> {
    let text = |key: &str| -> Result<Option<String>, Diagnostic> {
        group
            .get(key)
            .map(|value| Ok(value.string()?.as_str().to_owned()))
            .transpose()
    };
    let list = |key: &str| -> Result<Vec<String>, Diagnostic> {
        let Some(value) = group.get(key) else {
            return Ok(Vec::new());
        };
        let items = value.list()?;
        Ok(items.iter().map(|item| item.as_str().to_owned()).collect())
    };
    let (directory, suffix) = (text("directory")?, text("subdirectory-suffix")?);
    let (add_ld_path, merge_dirs) = (text("add-ld-path")?, list("merge-dirs")?);
    let (version, versions) = (text("version")?, list("versions")?);
    let subdirectories = text("subdirectories")?.is_some_and(|text| text == "true");
    let enable_if = list("enable-if")?;
    Ok((|| {
        let (name, tag) = match full.split_once('@') {
            Some((name, tag)) => (name, Some(tag.to_owned())),
            None => (full, None),
        };
        let name = AppId::parse(name).map_err(|error| ("", error.problem))?;
        let Some(directory) = directory else {
            return Err(("", "its `directory` is missing".to_owned()));
        };
        let optional = |key, path: Option<String>| match path.filter(|path| !path.is_empty()) {
            Some(path) => below(key, &path).map(Some),
            None => Ok(None),
        };
        let versions = match (versions.is_empty(), version) {
            (true, version) => ("version", version.into_iter().collect()),
            (false, _) => ("versions", versions),
        };
        let branch = |text: &String| {
            Branch::parse(text).map_err(|error| (versions.0, error.problem.clone()))
        };
        Ok(ExtensionPoint {
            name,
            tag,
            directory: below("directory", &directory)?,
            versions: versions.1.iter().map(branch).collect::<Result<_, _>>()?,
            subdirectories,
            suffix: optional("subdirectory-suffix", suffix)?,
            add_ld_path: optional("add-ld-path", add_ld_path)?,
            merge_dirs: merge_dirs
                .iter()
                .map(|path| below("merge-dirs", path))
                .collect::<Result<_, _>>()?,
            enable_if: enable_if
                .iter()
                .filter(|text| !text.is_empty())
                .map(|text| EnableIf::parse(text))
                .collect(),
        })
    })())
}

/// A relative path that names something below where it starts. A line break in it would be a line of its own in
/// the linker's configuration.
fn below(key: &'static str, text: &str) -> Result<PathBuf, Wrong> {
    let path = Path::new(text);
    let mut parts = path.components().filter(|part| *part != Component::CurDir);
    let inside = path.is_relative()
        && !text.contains(char::is_control)
        && parts.clone().next().is_some()
        && parts.all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return Err((key, format!("`{key}` is a relative path without `..`")));
    }
    let parts = path.components().filter(|part| *part != Component::CurDir);
    Ok(parts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> (Vec<ExtensionPoint>, usize) {
        let text = format!("[Extension org.example.Ext@tag]\n{lines}");
        let text = SourceText::new("metadata", text.as_bytes()).unwrap();
        let mut warnings = Vec::new();
        let points = points(&Keyfile::parse(&text).unwrap(), &mut warnings).unwrap();
        (points, warnings.len())
    }

    #[test]
    fn a_point_is_read_with_everything_it_says() {
        let (points, _) = read(
            "directory=./lib//ext\nversion=1\nversions=2;3\nsubdirectories=true\nadd-ld-path=lib\n\
             merge-dirs=share/a;b\nenable-if=active-gl-driver;have-kernel-module-zfs;new\n",
        );
        let point = &points[0];
        assert_eq!(point.tag.as_deref(), Some("tag"));
        assert_eq!(point.directory, Path::new("lib/ext"));
        let versions: Vec<&str> = point.versions.iter().map(Branch::as_str).collect();
        assert_eq!((versions, point.subdirectories), (vec!["2", "3"], true));
        assert_eq!(point.merge_dirs, [Path::new("share/a"), Path::new("b")]);
        let unknown = EnableIf::Unknown("new".to_owned());
        assert_eq!(point.enable_if[2], unknown);
        assert_eq!(point.enable_if[1].to_string(), "have-kernel-module-zfs");
    }

    #[test]
    fn a_point_that_leads_out_is_ignored_and_said() {
        for bad in [
            "directory=/etc",
            "directory=../etc",
            "directory=lib/../../etc",
            "directory=",
            "directory=.",
            "directory=a\\nb",
            "subdirectories=true",
            "directory=a\nsubdirectory-suffix=../x",
            "directory=a\nadd-ld-path=/lib",
            "directory=a\nadd-ld-path=lib\\n/home",
            "directory=a\nmerge-dirs=ok;../../etc",
            "directory=a\nversion=../x",
        ] {
            assert_eq!(read(bad), (Vec::new(), 1), "{bad}");
        }
    }
}
