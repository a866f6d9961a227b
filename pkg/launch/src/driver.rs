//! Who makes the cgroups of apps: systemd where it manages them and its manager answers, else flatrack, in the cgroup file system.

use std::path::{Path, PathBuf};

use flatrack_engine::cgroup::Hierarchies;
use flatrack_engine::cgroup::systemd::Manager;

/// How this machine's cgroups are made for the calling user.
#[derive(Debug)]
pub(crate) enum Driver {
    /// As scopes, by this service manager: what a user's session is in is not delegated, and what is made behind systemd's back at the
    /// top may be undone.
    Systemd(Manager),
    /// As directories, because systemd is not asked: why not, for people.
    CgroupFs(String),
}

impl Driver {
    pub(crate) fn choose(cgroups: &Hierarchies) -> Self {
        if cgroups.has_v1() {
            return Self::CgroupFs("systemd is asked on cgroup v2 only".to_owned());
        }
        let manager = Manager::own();
        match manager.probe() {
            Ok(()) => Self::Systemd(manager),
            Err(absent) => Self::CgroupFs(absent.to_string()),
        }
    }

    /// For `linux.cgroupsPath`. Without systemd root's apps have a place of their own at the top; a user's are below the cgroup the user
    /// is in. Names are used once: systemd forgets a scope some time after its end.
    pub(crate) fn path(&self, privileged: bool, name: &str) -> PathBuf {
        match (self, privileged) {
            (Self::Systemd(_), _) => format!(":app-flatrack:{name}").into(),
            (Self::CgroupFs(_), true) => Path::new("/flatrack").join(name),
            (Self::CgroupFs(_), false) => format!("flatrack-{name}").into(),
        }
    }

    /// For people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Systemd(Manager::System) => "systemd: a scope for each app".to_owned(),
            Self::Systemd(Manager::User { .. }) => {
                "systemd, the user's manager: a scope for each app".to_owned()
            }
            Self::CgroupFs(why) => format!("cgroupfs, because {why}"),
        }
    }

    /// Why a limit by this controller cannot be set.
    pub(crate) fn obstacle(&self, cgroups: &Hierarchies, controller: &str) -> Option<String> {
        let Some(hierarchy) = cgroups.with(controller) else {
            return Some(format!("the controller `{controller}` is not available"));
        };
        match self {
            Self::Systemd(manager) => {
                let delegated = manager.controllers(&hierarchy.mount);
                let has = delegated.is_ok_and(|names| names.iter().any(|name| name == controller));
                (!has).then(|| {
                    format!(
                        "systemd does not delegate the controller `{controller}` to this user; see `Delegate=` of `user@.service`"
                    )
                })
            }
            Self::CgroupFs(_) => {
                let home = hierarchy.mount.join(hierarchy.home());
                (!can_write(&hierarchy.mount) && !can_write(&home)).then(|| {
                    "this user may not make cgroups; run as root, or delegate one".to_owned()
                })
            }
        }
    }
}

/// By the effective user, as the kernel would decide.
fn can_write(path: &Path) -> bool {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_driver_has_its_form_of_path() {
        let systemd = Driver::Systemd(Manager::System);
        let files = Driver::CgroupFs("there is none".to_owned());
        let path = |driver: &Driver, privileged| driver.path(privileged, "org.flatrack.Hello-7");
        for privileged in [true, false] {
            assert_eq!(
                path(&systemd, privileged),
                Path::new(":app-flatrack:org.flatrack.Hello-7")
            );
        }
        assert_eq!(
            path(&files, true),
            Path::new("/flatrack/org.flatrack.Hello-7")
        );
        assert_eq!(
            path(&files, false),
            Path::new("flatrack-org.flatrack.Hello-7")
        );
    }
}
