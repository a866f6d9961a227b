//! Small views of the host that every app has: fonts, icons, the system's name, the journal.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use flatrack_perms::Permission;

use super::{Input, PlanError};
use crate::{Access, FileKind, Plan, Reason};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    plan.file(
        "container-manager",
        "/run/host/container-manager",
        "flatpak\n".to_owned(),
    );
    for path in ["/etc/os-release", "/usr/lib/os-release"] {
        if let Some(source) = real(input, Path::new(path), &FileKind::File) {
            plan.bind(
                source,
                "/run/host/os-release",
                Access::ReadOnly,
                Reason::Sandbox,
            );
            break;
        }
    }
    for path in ["/run/systemd/journal/socket", "/run/systemd/journal/stdout"] {
        socket(input, plan, path, Reason::Sandbox);
    }
    if input.has(Permission::Network) {
        let reason = input.granted(Permission::Network);
        socket(
            input,
            plan,
            "/run/systemd/resolve/io.systemd.Resolve",
            reason.clone(),
        );
        let gssproxy = input.facts.runtime_dir.as_ref();
        let gssproxy = gssproxy.map(|dir| dir.join("gssproxy"));
        if let Some(source) = gssproxy.and_then(|path| real(input, &path, &FileKind::Dir)) {
            plan.bind(source, "/run/flatpak/gssproxy", Access::ReadOnly, reason);
        }
    }
    fonts(input, plan);
    for (source, inside) in [
        (PathBuf::from("/usr/share/icons"), "/run/host/share/icons"),
        (
            input
                .facts
                .base_dir("XDG_DATA_HOME", ".local/share")
                .join("icons"),
            "/run/host/user-share/icons",
        ),
    ] {
        directory(input, plan, &source, inside);
    }
    Ok(())
}

fn fonts(input: &Input<'_>, plan: &mut Plan) {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\">\n<fontconfig>\n",
    );
    let user = input
        .facts
        .base_dir("XDG_DATA_HOME", ".local/share")
        .join("fonts");
    let old = input.facts.user.home.join(".fonts");
    let user = if input.host.kind_resolved(&user).is_some() {
        user
    } else {
        old
    };
    let sources = [
        (PathBuf::from("/usr/share/fonts"), "/run/host/fonts"),
        (
            PathBuf::from("/usr/local/share/fonts"),
            "/run/host/local-fonts",
        ),
        (user, "/run/host/user-fonts"),
    ];
    for (source, inside) in &sources {
        if directory(input, plan, source, inside) {
            let _infallible = writeln!(
                xml,
                "  <remap-dir as-path=\"{}\">{inside}</remap-dir>",
                escape(&source.to_string_lossy())
            );
        }
    }
    xml.push_str("</fontconfig>\n");
    plan.file("font-dirs.xml", "/run/host/font-dirs.xml", xml);
    let system = ["/var/cache/fontconfig", "/usr/lib/fontconfig/cache"];
    let shown = system
        .iter()
        .any(|path| directory(input, plan, Path::new(path), "/run/host/fonts-cache"));
    let user = input
        .facts
        .base_dir("XDG_CACHE_HOME", ".cache")
        .join("fontconfig");
    let user_shown = directory(input, plan, &user, "/run/host/user-fonts-cache");
    for (shown, inside) in [
        (shown, "/run/host/fonts-cache"),
        (user_shown, "/run/host/user-fonts-cache"),
    ] {
        if !shown {
            plan.dir(inside, 0o555);
        }
    }
}

fn directory(input: &Input<'_>, plan: &mut Plan, source: &Path, inside: &str) -> bool {
    match real(input, source, &FileKind::Dir) {
        Some(source) => {
            plan.bind(source, inside, Access::ReadOnly, Reason::Sandbox);
            true
        }
        None => false,
    }
}

fn socket(input: &Input<'_>, plan: &mut Plan, path: &str, reason: Reason) {
    if let Some(source) = real(input, Path::new(path), &FileKind::Socket) {
        plan.socket(source, path, reason);
    }
}

fn real(input: &Input<'_>, path: &Path, want: &FileKind) -> Option<PathBuf> {
    input
        .host
        .resolve(path)
        .filter(|path| input.host.kind(path).as_ref() == Some(want))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
