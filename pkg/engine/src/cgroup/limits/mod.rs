//! Limits of the OCI spec as writes to cgroup files: one table for what is a single number, one function for each of the rest.

mod families;
mod table;
#[cfg(test)]
mod tests;

use oci_spec::runtime::LinuxResources;

use self::families::{cpu, huge_pages, refuse_the_rest, swap, throttle, unified};
pub(super) use self::table::on_v2;
use self::table::{TABLE, or_max};

use super::{Error, Result, Version};

/// One write to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// The OCI field, for messages.
    pub(super) limit: String,
    pub(super) controller: String,
    pub(super) file: String,
    pub(super) value: String,
    /// How the file must read afterwards.
    pub(super) check: Check,
    /// It takes a limit away rather than setting one: if the file is missing, there is nothing to take away.
    pub(super) unlimited: bool,
}

/// What reading a file back may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// The same number.
    Number,
    /// The same number, rounded down to pages.
    Bytes,
    /// The file shows something else than was written (several lines, ranges, a default).
    Skip,
}

/// The version of the hierarchy that has a controller, by the controller's name on v1.
pub(super) type VersionOf<'a> = &'a dyn Fn(&str) -> Version;

/// All writes that `resources` ask for, in the order in which they must be made.
pub(super) fn settings(
    resources: &LinuxResources,
    version_of: VersionOf<'_>,
) -> Result<Vec<Setting>> {
    let mut settings = Vec::new();
    for row in TABLE {
        let version = version_of(row.controller);
        let Some(number) = (row.value)(resources) else {
            continue;
        };
        // The spec's "no limit" for processes is zero or less; a limit of zero would be no container at all.
        let number = if row.limit == "pids.limit" && number <= 0 {
            -1
        } else {
            number
        };
        let (file, value) = match version {
            Version::V1 => (
                row.v1,
                if row.controller == "pids" {
                    or_max(number)
                } else {
                    number.to_string()
                },
            ),
            Version::V2 => (row.v2, (row.convert)(number)),
        };
        let Some(file) = file else {
            return Err(refuse(row.limit, "cgroup v2 has no such limit"));
        };
        let controller = if version == Version::V2 {
            on_v2(row.controller)
        } else {
            row.controller
        };
        settings.push(Setting {
            limit: row.limit.into(),
            controller: controller.into(),
            file: file.into(),
            value,
            check: if number < 0 { Check::Skip } else { row.check },
            unlimited: number < 0,
        });
    }
    swap(resources, version_of("memory"), &mut settings)?;
    cpu(resources, version_of("cpu"), &mut settings)?;
    throttle(resources, version_of("blkio"), &mut settings);
    huge_pages(resources, version_of("hugetlb"), &mut settings);
    unified(resources, version_of, &mut settings)?;
    refuse_the_rest(resources)?;
    Ok(settings)
}

fn refuse(limit: &str, why: &str) -> Error {
    Error::LimitNotEnforceable {
        limit: limit.into(),
        why: why.into(),
        source: None,
    }
}

fn push(
    settings: &mut Vec<Setting>,
    limit: &str,
    controller: &str,
    file: String,
    value: String,
    check: Check,
) {
    settings.push(Setting {
        limit: limit.into(),
        controller: controller.into(),
        file,
        value,
        check,
        unlimited: false,
    });
}
