//! `/etc`: users, names, time zone, and what the runtime brings.

use std::path::{Path, PathBuf};

use super::{Input, PlanError, linker};
use crate::{Access, FileKind, Plan, Reason};

/// Entries of the runtime's `/etc` that are made for each start instead.
const OURS: [&str; 10] = [
    "passwd",
    "group",
    "machine-id",
    "resolv.conf",
    "host.conf",
    "hosts",
    "gai.conf",
    "localtime",
    "timezone",
    "pkcs11",
];

/// Name resolution is the host's.
const RESOLVER: [&str; 4] = ["resolv.conf", "host.conf", "hosts", "gai.conf"];

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    users(input, plan);
    machine_id(input, plan);
    runtime_entries(input, plan);
    let host_files = &input.deployment.etc;
    let of_the_runtime = input.launch.replaced.usr.is_none();
    for entry in host_files.iter().filter(|_| of_the_runtime) {
        let inside = Path::new("/etc").join(&entry.name);
        plan.bind(&entry.source, inside, Access::ReadOnly, Reason::Sandbox);
    }
    for name in RESOLVER {
        let path = Path::new("/etc").join(name);
        if let Some(source) = resolved(input, &path, &FileKind::File) {
            plan.bind(source, path, Access::ReadOnly, Reason::Sandbox);
        }
    }
    time_zone(input, plan);
    Ok(())
}

fn users(input: &Input<'_>, plan: &mut Plan) {
    let user = &input.facts.user;
    // a colon or a line break in a name would add fields or users
    let field = |text: &str| text.replace([':', '\n', '\r', '\0'], " ");
    plan.file(
        "passwd",
        "/etc/passwd",
        format!(
            "{}:x:{}:{}:{}:{}:/bin/sh\nnfsnobody:x:65534:65534:Unmapped user:/:/sbin/nologin\n",
            field(&user.name),
            user.uid,
            user.gid,
            field(&user.real_name),
            field(&user.home.to_string_lossy()),
        ),
    );
    let own = match &user.group {
        Some(group) => format!("{}:x:{}:{}\n", field(group), user.gid, field(&user.name)),
        None => String::new(),
    };
    plan.file("group", "/etc/group", format!("{own}nfsnobody:x:65534:\n"));
    plan.dir("/etc/pkcs11", 0o755);
    plan.file(
        "pkcs11.conf",
        "/etc/pkcs11/pkcs11.conf",
        "# no modules of the user inside a sandbox\nuser-config: none\n".to_owned(),
    );
}

fn machine_id(input: &Input<'_>, plan: &mut Plan) {
    let candidates = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
    let source = candidates
        .iter()
        .find_map(|path| resolved(input, Path::new(path), &FileKind::File));
    if let Some(source) = source {
        plan.bind(source, "/etc/machine-id", Access::ReadOnly, Reason::Sandbox);
    }
}

fn runtime_entries(input: &Input<'_>, plan: &mut Plan) {
    let etc = input.usr().join("etc");
    let has_own = input.deployment.etc.is_empty() || input.launch.replaced.usr.is_some();
    if !has_own || input.host.kind(&etc) != Some(FileKind::Dir) {
        return;
    }
    for name in input.host.list(&etc) {
        if OURS.contains(&name.as_str()) || linker::provides(input, &name) {
            continue;
        }
        let source = etc.join(&name);
        let inside = Path::new("/etc").join(&name);
        match input.host.kind(&source) {
            Some(FileKind::Symlink(target)) => plan.symlink(inside, target),
            Some(FileKind::Dir | FileKind::File) => {
                plan.bind(source, inside, Access::ReadOnly, Reason::Sandbox);
            }
            _ => {}
        }
    }
}

fn time_zone(input: &Input<'_>, plan: &mut Plan) {
    let zone = &input.facts.zone;
    let directory = input
        .facts
        .env("TZDIR")
        .filter(|d| d.starts_with('/'))
        .unwrap_or("/usr/share/zoneinfo");
    let runtime = input.usr().join("share/zoneinfo");
    let host = resolved(input, Path::new(directory), &FileKind::Dir);
    let same = host.as_deref() == Some(runtime.as_path());
    let linked = match host {
        Some(_) if same => true,
        Some(host) if input.host.kind_resolved(&runtime) == Some(FileKind::Dir) => {
            plan.bind(
                host,
                "/usr/share/zoneinfo",
                Access::ReadOnly,
                Reason::Sandbox,
            );
            true
        }
        _ => input.host.kind_resolved(&runtime.join(zone)) == Some(FileKind::File),
    };
    if linked {
        plan.symlink("/etc/localtime", format!("../usr/share/zoneinfo/{zone}"));
    }
    plan.file("timezone", "/etc/timezone", format!("{zone}\n"));
}

fn resolved(input: &Input<'_>, path: &Path, want: &FileKind) -> Option<PathBuf> {
    input
        .host
        .resolve(path)
        .filter(|path| input.host.kind(path).as_ref() == Some(want))
}
