//! Mount options: libcontainer's table of names, plus propagation, which that table loses.

use flatrack_sys::mount::{Attributes, PRIVATE, SHARED, SLAVE, UNBINDABLE};
use libcontainer::rootfs::utils::{is_bind, parse_mount};
use nix::mount::MsFlags;
use oci_spec::runtime::Mount;

use crate::failure::{At, SetupFailure, Step};

/// The options of one mount, sorted by what they do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The mount is a view of something that exists.
    pub(super) bind: bool,
    /// With everything mounted below it.
    pub(super) recursive: bool,
    /// For the mount itself.
    pub(super) attributes: Attributes,
    /// For the mount and everything below.
    pub(super) recursive_attributes: Attributes,
    /// For the file system: `key=value` or a flag.
    pub(super) parameters: Vec<String>,
    /// The owners are those of a user namespace; also of what is mounted below.
    pub(super) ids: bool,
    pub(super) ids_below: bool,
    /// What is in the directory that the mount covers is copied into it.
    pub(super) copy_up: bool,
}

/// The options that are not the file system's own.
pub const MOUNT_OPTIONS: &[&str] = &[
    "async",
    "atime",
    "bind",
    "defaults",
    "dev",
    "diratime",
    "dirsync",
    "exec",
    "idmap",
    "mand",
    "noatime",
    "nodev",
    "nodiratime",
    "noexec",
    "nomand",
    "norelatime",
    "nostrictatime",
    "nosuid",
    "nosymfollow",
    "private",
    "ratime",
    "rbind",
    "rdev",
    "rdiratime",
    "relatime",
    "rexec",
    "ridmap",
    "rnoatime",
    "rnodev",
    "rnodiratime",
    "rnoexec",
    "rnorelatime",
    "rnostrictatime",
    "rnosuid",
    "rnosymfollow",
    "ro",
    "rprivate",
    "rrelatime",
    "rro",
    "rrw",
    "rshared",
    "rslave",
    "rstrictatime",
    "rsuid",
    "rsymfollow",
    "runbindable",
    "rw",
    "shared",
    "slave",
    "strictatime",
    "suid",
    "symfollow",
    "sync",
    "tmpcopyup",
    "unbindable",
];

/// `MsFlags` that are an attribute of a mount.
const ATTRIBUTES: &[(MsFlags, u64)] = &[
    (MsFlags::MS_RDONLY, Attributes::READ_ONLY),
    (MsFlags::MS_NOSUID, Attributes::NO_SUID),
    (MsFlags::MS_NODEV, Attributes::NO_DEV),
    (MsFlags::MS_NOEXEC, Attributes::NO_EXEC),
    (MsFlags::MS_NODIRATIME, Attributes::NO_DIRECTORY_ACCESS_TIME),
];

/// `MsFlags` that are a parameter of a file system.
const PARAMETERS: &[(MsFlags, &str)] = &[
    (MsFlags::MS_SYNCHRONOUS, "sync"),
    (MsFlags::MS_DIRSYNC, "dirsync"),
    (MsFlags::MS_MANDLOCK, "mand"),
];

impl Options {
    /// Sorts the options of a mount.
    ///
    /// # Errors
    /// For an option of a bind mount that nobody knows; those of other file systems are the kernel's to judge.
    pub(super) fn parse(mount: &Mount) -> Result<Self, SetupFailure> {
        let name_of = || mount.destination().display().to_string();
        let parsed = parse_mount(mount).at(Step::Mount, name_of)?;
        let flags = parsed.flags;
        let mut options = Self {
            bind: is_bind(mount),
            ids: mount.uid_mappings().iter().flatten().next().is_some(),
            ..Self::default()
        };
        for name in mount.options().iter().flatten() {
            match name.as_str() {
                "rbind" => options.recursive = true,
                "private" => options.attributes.propagation = PRIVATE,
                "slave" => options.attributes.propagation = SLAVE,
                "shared" => options.attributes.propagation = SHARED,
                "unbindable" => options.attributes.propagation = UNBINDABLE,
                "rprivate" => options.recursive_attributes.propagation = PRIVATE,
                "rslave" => options.recursive_attributes.propagation = SLAVE,
                "rshared" => options.recursive_attributes.propagation = SHARED,
                "runbindable" => options.recursive_attributes.propagation = UNBINDABLE,
                "nosymfollow" => options.attributes.set |= Attributes::NO_SYMLINKS,
                "symfollow" => options.attributes.set &= !Attributes::NO_SYMLINKS,
                "tmpcopyup" => options.copy_up = true,
                "idmap" => options.ids = true,
                "ridmap" => (options.ids, options.ids_below) = (true, true),
                "remount" => {
                    let message = "the option `remount` is not supported";
                    return Err(SetupFailure::new(Step::Mount, name_of(), message));
                }
                _ => {}
            }
        }
        for (flag, attribute) in ATTRIBUTES {
            if flags.contains(*flag) {
                options.attributes.set |= attribute;
            }
        }
        options.access_times(flags);
        if let Some(recursive) = parsed.rec_attr {
            options.recursive_attributes.set |= recursive.attr_set;
            options.recursive_attributes.clear |= recursive.attr_clr;
        }
        options.parameters = parsed
            .data
            .into_iter()
            .filter(|text| {
                !matches!(
                    text.as_str(),
                    "nosymfollow" | "symfollow" | "tmpcopyup" | "idmap" | "ridmap" | ""
                )
            })
            .collect();
        let of_filesystem = PARAMETERS
            .iter()
            .filter(|(flag, _)| flags.contains(*flag))
            .map(|(_, name)| (*name).to_owned());
        options.parameters.extend(of_filesystem);
        if options.bind && !options.parameters.is_empty() {
            let message = format!(
                "the option `{}` is unknown for a bind mount",
                options.parameters.join(",")
            );
            return Err(SetupFailure::new(Step::Mount, name_of(), message));
        }
        if options.copy_up && mount.typ().as_deref() != Some("tmpfs") {
            let message = "`tmpcopyup` is for file systems in memory";
            return Err(SetupFailure::new(Step::Mount, name_of(), message));
        }
        if options.bind && !options.recursive {
            options.join();
        }
        Ok(options)
    }

    /// Whether every mount of the tree gets a propagation from these options.
    pub(super) fn set_propagation(&self) -> bool {
        let own = &self.attributes;
        self.recursive_attributes.propagation != 0 || (!self.recursive && own.propagation != 0)
    }

    /// One mount has nothing below it: what is for all is for itself, and is set by one call. What is said for all counts more, as it
    /// does where both are set one after the other.
    fn join(&mut self) {
        let all = std::mem::take(&mut self.recursive_attributes);
        let own = &mut self.attributes;
        own.set = (own.set & !all.clear) | all.set;
        own.clear |= all.clear;
        if all.propagation != 0 {
            own.propagation = all.propagation;
        }
    }

    /// The kernel wants all access time modes cleared before one is set.
    fn access_times(&mut self, flags: MsFlags) {
        let mode = if flags.contains(MsFlags::MS_STRICTATIME) {
            Attributes::STRICT_ACCESS_TIME
        } else if flags.contains(MsFlags::MS_NOATIME) {
            Attributes::NO_ACCESS_TIME
        } else if flags.contains(MsFlags::MS_RELATIME) {
            0
        } else {
            return;
        };
        self.attributes.clear |= Attributes::ACCESS_TIMES;
        self.attributes.set |= mode;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(options: &[&str], kind: &str) -> Result<Options, SetupFailure> {
        let json = serde_json::json!({"destination": "/x", "source": "/y", "type": kind, "options": options});
        Options::parse(&serde_json::from_value(json).unwrap())
    }

    #[test]
    fn options_are_sorted_by_what_they_do() {
        let options = parse(
            &["rbind", "nosuid", "ro", "rslave", "rro", "rnoexec"],
            "none",
        )
        .unwrap();
        assert!(options.bind && options.recursive);
        assert_eq!(
            options.attributes.set,
            Attributes::READ_ONLY | Attributes::NO_SUID
        );
        assert_eq!(
            options.recursive_attributes.set,
            Attributes::READ_ONLY | Attributes::NO_EXEC
        );
        assert_eq!(options.recursive_attributes.propagation, SLAVE);
        let options = parse(&["mode=755", "size=1k", "nodev", "strictatime"], "tmpfs").unwrap();
        assert_eq!(options.parameters, ["mode=755", "size=1k"]);
        assert_eq!(
            options.attributes.set,
            Attributes::NO_DEV | Attributes::STRICT_ACCESS_TIME
        );
        assert_eq!(options.attributes.clear, Attributes::ACCESS_TIMES);
    }

    #[test]
    fn what_is_for_a_tree_is_for_a_single_mount_itself() {
        let options = parse(&["bind", "ro", "rslave", "rnosuid", "rrw"], "bind").unwrap();
        assert!(options.recursive_attributes.is_empty() && options.set_propagation());
        assert_eq!(options.attributes.set, Attributes::NO_SUID);
        assert_eq!(options.attributes.propagation, SLAVE);
        let tree = parse(&["rbind", "ro", "slave"], "bind").unwrap();
        assert!(!tree.set_propagation());
    }

    #[test]
    fn later_options_take_earlier_ones_back() {
        assert_eq!(
            parse(&["bind", "ro", "nosuid", "rw"], "bind")
                .unwrap()
                .attributes
                .set,
            Attributes::NO_SUID
        );
    }

    #[test]
    fn what_is_offered_is_understood() {
        for option in MOUNT_OPTIONS {
            let own = parse(&[option], "tmpfs").unwrap_or_else(|error| panic!("{option}: {error}"));
            assert!(
                own.parameters
                    .iter()
                    .all(|name| PARAMETERS.iter().any(|known| known.1 == name)),
                "{option} is left to the file system"
            );
        }
    }

    #[test]
    fn unknown_options_are_refused() {
        for option in ["rosy", "remount", "size=1"] {
            assert!(parse(&["bind", option], "bind").is_err(), "{option}");
        }
    }
}
