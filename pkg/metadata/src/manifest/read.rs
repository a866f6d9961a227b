//! The manifest's top level.

use flatrack_perms::{AppId, Branch};

use super::document::Document;
use super::members::{Fate, Known, Members};
use super::{Manifest, ManifestError, PartialRef, finish, module};
use crate::{Diagnostic, app};

const KNOWN: Known = [
    (
        Fate::Read,
        &[
            "id",
            "app-id",
            "branch",
            "default-branch",
            "runtime",
            "runtime-version",
            "sdk",
            "command",
            "tags",
            "finish-args",
            "build-options",
            "cleanup",
            "cleanup-commands",
            "modules",
        ],
    ),
    (
        Fate::Ignored,
        &[
            "separate-locales",
            "appstream-compose",
            "collection-id",
            "token-type",
            "runtime-commit",
            "sdk-commit",
            "base-commit",
            "source-date-epoch",
        ],
    ),
    (
        Fate::NotYet,
        &[
            "id-platform",
            "extension-tag",
            "var",
            "metadata",
            "metadata-platform",
            "build-runtime",
            "build-extension",
            "writable-sdk",
            "sdk-extensions",
            "platform-extensions",
            "base",
            "base-version",
            "base-extensions",
            "inherit-extensions",
            "inherit-sdk-extensions",
            "add-extensions",
            "add-build-extensions",
            "cleanup-platform",
            "prepare-platform-commands",
            "cleanup-platform-commands",
            "rename-desktop-file",
            "rename-appdata-file",
            "rename-mime-file",
            "rename-icon",
            "rename-mime-icons",
            "copy-icon",
            "appdata-license",
            "desktop-file-name-prefix",
            "desktop-file-name-suffix",
        ],
    ),
];

/// flatpak-builder's default for branches.
const MASTER: &str = "master";

pub(super) fn manifest(doc: &Document) -> Result<(Manifest, Vec<Diagnostic>), ManifestError> {
    let mut warnings = Vec::new();
    let top = Members::new(doc, &doc.root, "a manifest")?;
    top.finish("the manifest", &KNOWN, &mut warnings)?;
    let id = match top.parsed("id", AppId::parse)? {
        Some(id) => id,
        None => top
            .parsed("app-id", AppId::parse)?
            .ok_or_else(|| doc.error(top.node, "the member `id` is missing"))?,
    };
    let branch = |key| match top.parsed(key, Branch::parse)? {
        Some(branch) => Ok(Some(branch)),
        None => Ok::<_, Diagnostic>(None),
    };
    let master = || Branch::parse(MASTER).map_err(|error| doc.wrong(top.node, &error));
    let named = branch("branch")?.or(branch("default-branch")?);
    let finish = finish::read(&top, &mut warnings)?;
    let mut command = top.parsed("command", app::command)?;
    if let Some(other) = finish.command {
        command = Some(other);
    }
    let manifest = Manifest {
        id,
        branch: named.map_or_else(master, Ok)?,
        runtime: top.required("runtime", PartialRef::parse)?,
        runtime_version: branch("runtime-version")?.map_or_else(master, Ok)?,
        sdk: top.required("sdk", PartialRef::parse)?,
        command,
        tags: top.texts("tags")?,
        finish_args: finish.layer,
        finish_args_text: finish.text,
        build_env: top.build_env(&mut warnings)?,
        cleanup: top.texts("cleanup")?,
        cleanup_commands: top.texts("cleanup-commands")?,
        modules: module::list(&top, &mut warnings)?,
    };
    Ok((manifest, warnings))
}
