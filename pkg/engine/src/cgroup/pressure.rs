//! Pressure stall information: how long processes waited for what they lack (the kernel's `Documentation/accounting/psi.rst`).

use serde::Serialize;

use super::{Cgroup, Error, Result, files};

/// Waiting for one resource.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct Stall {
    /// Share of the last 10 s in which at least one process waited, in percent.
    pub some_avg10: f64,
    /// Time in which at least one process waited so far, in µs.
    pub some_total: u64,
}

/// Waiting of a container's processes. The unified hierarchy keeps it without any controller; what the kernel does not keep is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct Pressure {
    /// For processor time.
    pub cpu: Option<Stall>,
    /// For memory.
    pub memory: Option<Stall>,
    /// For disks.
    pub io: Option<Stall>,
}

impl Cgroup {
    /// What its processes wait for.
    ///
    /// # Errors
    /// A file that is there cannot be read.
    pub fn pressure(&self) -> Result<Pressure> {
        let Some(directory) = self.unified() else {
            return Ok(Pressure::default());
        };
        let read = |resource: &str| -> Result<Option<Stall>> {
            match files::read(&directory.path.join(format!("{resource}.pressure"))) {
                Ok(text) => Ok(parse(&text)),
                // EOPNOTSUPP: compiled in and switched off at boot
                Err(Error::Io { source, .. })
                    if matches!(
                        source.kind(),
                        std::io::ErrorKind::NotFound | std::io::ErrorKind::Unsupported
                    ) =>
                {
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        };
        Ok(Pressure {
            cpu: read("cpu")?,
            memory: read("memory")?,
            io: read("io")?,
        })
    }
}

fn parse(text: &str) -> Option<Stall> {
    let line = text.lines().find(|line| line.starts_with("some "))?;
    let value = |key: &str| {
        line.split(' ')
            .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    };
    Some(Stall {
        some_avg10: value("avg10")?.parse().ok()?,
        some_total: value("total")?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_form_is_read() {
        let text = "some avg10=7.05 avg60=7.91 avg300=7.65 total=1731071836\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0";
        assert_eq!(
            parse(text),
            Some(Stall {
                some_avg10: 7.05,
                some_total: 1_731_071_836
            })
        );
        assert_eq!(parse(""), None);
        assert_eq!(parse("some avg10=x total=1"), None);
    }
}
