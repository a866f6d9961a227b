//! What an app keeps: its own directory, what its instances share, and what it persists of home.

use std::path::{Path, PathBuf};

use flatrack_perms::FsPlace;

use super::{Input, PlanError, granted};
use crate::{Access, FileKind, HostDir, Plan, Reason};

/// Directories of the app's own directory, and where else they appear.
const OWN: [(&str, Option<&str>); 6] = [
    ("cache", Some("/var/cache")),
    ("data", Some("/var/data")),
    ("config", Some("/var/config")),
    ("cache/tmp", Some("/var/tmp")),
    ("cache/fontconfig", None),
    (".local/state", None),
];

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if !input.launch.sandbox {
        shared_by_instances(input, plan);
    }
    if let Some(data) = input.app_data() {
        let root = &input.facts.user.home;
        let own = Path::new(".var/app").join(input.deployment.id.as_str());
        for (below, inside) in OWN {
            plan.host_dirs.push(HostDir {
                root: root.clone(),
                below: own.join(below),
                mode: 0o755,
            });
            if let Some(inside) = inside {
                plan.bind(data.join(below), inside, Access::ReadWrite, Reason::Sandbox);
            }
        }
        persist(input, plan, &own);
    }
    if let Some(build) = &input.launch.build {
        plan.bind(
            &build.directory,
            &build.inside,
            Access::ReadWrite,
            Reason::Sandbox,
        );
    }
    Ok(())
}

/// `/tmp` and the runtime directory are one for all instances of an app, as in Flatpak.
fn shared_by_instances(input: &Input<'_>, plan: &mut Plan) {
    let per_app = &input.launch.per_app;
    let runtime_dir = format!("/run/user/{}", input.facts.user.uid);
    for (name, inside) in [("xdg-run", runtime_dir.as_str()), ("tmp", "/tmp")] {
        plan.host_dirs.push(HostDir {
            root: per_app.clone(),
            below: name.into(),
            mode: 0o700,
        });
        plan.bind(
            per_app.join(name),
            inside,
            Access::ReadWrite,
            Reason::Sandbox,
        );
    }
}

fn persist(input: &Input<'_>, plan: &mut Plan, own: &Path) {
    let parts = input.resolved.parts();
    let sees_home = |place| {
        parts
            .filesystems
            .get(&place)
            .is_some_and(|g| g.value > flatrack_perms::FsAccess::Hidden)
    };
    if sees_home(FsPlace::Home) || sees_home(FsPlace::Host) {
        return;
    }
    let home = &input.facts.user.home;
    for (path, origin) in &parts.persist {
        let reason = granted(format!("persistent={}", path.as_path().display()), origin);
        if path.is_home() {
            plan.bind(home.join(own), home, Access::ReadWrite, reason);
            continue;
        }
        let Some(target) = inside(input, &home.join(path.as_path())) else {
            continue;
        };
        plan.host_dirs.push(HostDir {
            root: home.clone(),
            below: own.join(path.as_path()),
            mode: 0o755,
        });
        plan.bind(
            home.join(own).join(path.as_path()),
            target,
            Access::ReadWrite,
            reason,
        );
    }
}

/// The path inside: links in the directory above are resolved on the host; skipped if that is not there.
fn inside(input: &Input<'_>, path: &Path) -> Option<PathBuf> {
    let parent = path.parent()?;
    match input.host.resolve(parent) {
        Some(real) if input.host.kind(&real) == Some(FileKind::Dir) => {
            Some(real.join(path.file_name()?))
        }
        // below home nothing else is shown, so the directory is made inside
        None if parent.starts_with(&input.facts.user.home) => Some(path.to_owned()),
        _ => None,
    }
}
