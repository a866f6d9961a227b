//! How libraries of the app and of extensions are found: by a cache that the runtime's own `ldconfig` made, or by
//! `LD_LIBRARY_PATH` where there is none.

use std::path::{Path, PathBuf};

use super::{Input, PlanError};
use crate::{Access, Linker, LinkerCache, Plan, Reason, Tree};

/// The name of the cache in the directory it is written to.
pub const CACHE: &str = "ld.so.cache";

/// Where that directory is while the cache is made.
pub(super) const OUTPUT: &str = "/run/ld-so-cache-dir";

/// Where `ldconfig` finds the libraries of extensions.
const SNIPPETS: &str = "/run/flatpak/ld.so.conf.d";

/// Libraries of the app, with or without a cache.
const APP: &str = "/app/lib";

/// What the linker is told where the runtime leaves it to the sandbox; what comes first wins.
const CONFIGURATION: &str = "include /run/flatpak/ld.so.conf.d/app-*.conf\n\
                             include /app/etc/ld.so.conf\n\
                             /app/lib\n\
                             include /run/flatpak/ld.so.conf.d/runtime-*.conf\n";

/// The runtime's own; without changing links, which it could not.
pub(super) fn command() -> Vec<String> {
    let cache = format!("{OUTPUT}/{CACHE}");
    ["/usr/bin/ldconfig", "-X", "-C", &cache]
        .map(str::to_owned)
        .to_vec()
}

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let Some(cache) = cache(input) else {
        return Ok(());
    };
    snippets(input, plan);
    if cache.configure {
        plan.file("ld.so.conf", "/etc/ld.so.conf", CONFIGURATION.to_owned());
    }
    plan.bind(
        &cache.path,
        "/etc/ld.so.cache",
        Access::ReadOnly,
        Reason::Sandbox,
    );
    Ok(())
}

/// The same without a cache, for the one who makes it.
pub(super) fn configure(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    snippets(input, plan);
    match cache(input) {
        Some(cache) if cache.configure => {
            plan.file("ld.so.conf", "/etc/ld.so.conf", CONFIGURATION.to_owned());
        }
        _ => plan.symlink("/etc/ld.so.conf", "../usr/etc/ld.so.conf"),
    }
    Ok(())
}

/// Whether an entry of `/etc` comes from here and not from the runtime.
pub(super) fn provides(input: &Input<'_>, name: &str) -> bool {
    cache(input)
        .is_some_and(|cache| name == "ld.so.cache" || (name == "ld.so.conf" && cache.configure))
}

/// Whether a path of the host is the cache, which may have yet to be made.
pub(super) fn is_cache(input: &Input<'_>, path: &Path) -> bool {
    cache(input).is_some_and(|cache| cache.path == path)
}

/// What `LD_LIBRARY_PATH` is before metadata and options have their say.
pub(super) fn first_path(input: &Input<'_>) -> Option<&'static str> {
    cache(input).is_none().then_some(APP)
}

/// What it is in the end: extensions of the app, what was there, extensions of the runtime.
pub(super) fn paths(input: &Input<'_>, between: &str) -> String {
    let of = |(root, _, tree): (&str, &str, &Tree)| match input.launch.linker {
        Linker::Paths => ld_paths(root, tree).map(|(_, path)| path).collect(),
        Linker::Cache(_) => Vec::new(),
    };
    let [app, usr] = trees(input).map(|tree| tree.map(of).unwrap_or_default());
    let between = (!between.is_empty()).then(|| between.to_owned());
    let all: Vec<String> = app.into_iter().chain(between).chain(usr).collect();
    all.join(":")
}

fn cache<'a>(input: &Input<'a>) -> Option<&'a LinkerCache> {
    match &input.launch.linker {
        Linker::Paths => None,
        Linker::Cache(cache) => Some(cache),
    }
}

/// Where each tree is, and what Flatpak calls its kind.
fn trees<'a>(input: &Input<'a>) -> [Option<(&'static str, &'static str, &'a Tree)>; 2] {
    let app = input.deployment.app.as_ref();
    [
        app.map(|tree| ("/app", "app", tree)),
        Some(("/usr", "runtime", &input.deployment.usr)),
    ]
}

/// The directories of libraries in the order of priority, each with its extension's id.
fn ld_paths<'a>(root: &'a str, tree: &'a Tree) -> impl Iterator<Item = (&'a str, String)> {
    tree.extensions.iter().filter_map(move |extension| {
        let mut path = PathBuf::from(root).join(&extension.directory);
        path.extend(&extension.suffix);
        path.push(extension.ld_path.as_ref()?);
        Some((extension.id.as_str(), path.to_string_lossy().into_owned()))
    })
}

/// A file for each directory; their names keep the order, which `ldconfig` reads them in.
fn snippets(input: &Input<'_>, plan: &mut Plan) {
    for (root, kind, tree) in trees(input).into_iter().flatten() {
        for (at, (id, path)) in ld_paths(root, tree).enumerate() {
            let name = format!("{kind}-{:03}-{id}.conf", at + 1);
            plan.dir(SNIPPETS, 0o755);
            plan.file(
                &format!("ld.so.conf.d-{name}"),
                Path::new(SNIPPETS).join(&name),
                format!("{path}\n"),
            );
        }
    }
}
