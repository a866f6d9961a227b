//! The runtime at `/usr`, the app at `/app`, and the empty directories around them.

use std::path::Path;

use super::{Input, PlanError};
use crate::{Access, FileKind, Instead, Plan, Reason, What};

/// Top-level directories that a merged `/usr` stands behind.
const USR_LINKS: [&str; 5] = ["bin", "lib", "lib32", "lib64", "sbin"];

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let read_only = |plan: &mut Plan, source: &Path, inside| {
        plan.bind(source, inside, Access::ReadOnly, Reason::Sandbox);
    };
    let (usr, app) = (&input.deployment.usr.path, &input.deployment.app);
    read_only(plan, input.usr(), "/usr");
    usr_links(input, plan, input.usr(), "");
    let replaced = &input.launch.replaced;
    match (&replaced.app, app) {
        (Some(Instead::Tree(tree)), _) => read_only(plan, tree, "/app"),
        (None, Some(app)) if input.launch.build.is_some() => {
            plan.bind(&app.path, "/app", Access::ReadWrite, Reason::Sandbox);
        }
        (None, Some(app)) => read_only(plan, &app.path, "/app"),
        (Some(Instead::Nothing), _) | (None, None) => plan.dir("/app", 0o755),
    }
    if replaced.usr.is_some() || replaced.app.is_some() {
        plan.dir("/run", 0o755);
        plan.dir("/run/parent", 0o755);
    }
    if replaced.usr.is_some() {
        read_only(plan, usr, "/run/parent/usr");
        usr_links(input, plan, usr, "/run/parent");
    }
    if let (Some(_), Some(app)) = (&replaced.app, app) {
        read_only(plan, &app.path, "/run/parent/app");
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

/// The links of a merged `/usr`, beside it.
fn usr_links(input: &Input<'_>, plan: &mut Plan, usr: &Path, beside: &str) {
    for name in USR_LINKS {
        let behind = input.host.kind(&usr.join(name));
        if matches!(behind, Some(FileKind::Dir | FileKind::Symlink(_))) {
            plan.symlink(format!("{beside}/{name}"), format!("usr/{name}"));
        }
    }
}
