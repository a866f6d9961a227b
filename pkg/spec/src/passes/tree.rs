//! The runtime at `/usr`, the app at `/app`, and the empty directories around them.

use super::{Input, PlanError};
use crate::{Access, FileKind, Plan, Reason, What};

/// Top-level directories that a merged `/usr` stands behind.
const USR_LINKS: [&str; 5] = ["bin", "lib", "lib32", "lib64", "sbin"];

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let deployment = input.deployment;
    plan.bind(
        &deployment.usr.path,
        "/usr",
        Access::ReadOnly,
        Reason::Sandbox,
    );
    match &deployment.app {
        Some(app) => {
            let access = if input.launch.build.is_some() {
                Access::ReadWrite
            } else {
                Access::ReadOnly
            };
            plan.bind(&app.path, "/app", access, Reason::Sandbox);
        }
        None => plan.dir("/app", 0o755),
    }
    for name in USR_LINKS {
        let behind = deployment.usr.path.join(name);
        if matches!(
            input.host.kind(&behind),
            Some(FileKind::Dir | FileKind::Symlink(_))
        ) {
            plan.symlink(format!("/{name}"), format!("usr/{name}"));
        }
    }
    for path in [
        "/tmp",
        "/var",
        "/var/tmp",
        "/run",
        "/run/host",
        "/run/flatpak",
        "/run/flatrack",
        "/etc",
    ] {
        plan.dir(path, 0o755);
    }
    plan.dir("/run/user", 0o755);
    plan.dir(format!("/run/user/{}", input.facts.user.uid), 0o700);
    plan.symlink("/var/run", "../run");
    plan.dir("/var/db", 0o755);
    plan.symlink("/var/db/zoneinfo", "/etc/timezone");
    if input.launch.build.is_none() {
        plan.symlink("/run/build", "/app/lib/debug/source");
        plan.symlink("/run/build-runtime", "/usr/lib/debug/source");
    }
    plan.mount("/run/flatrack/init", What::Init);
    Ok(())
}
