//! Modules.

use std::collections::BTreeMap;

use flatrack_perms::{Arch, ValueError};

use super::ManifestError;
use super::document::{Document, Node, Tree};
use super::members::{Fate, Known, Members, not_supported};
use super::source::{self, ModuleSource};
use crate::Diagnostic;

/// Something to build with `buildsystem: simple`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// the name, unique in its manifest and fit to be a directory's
    pub name: String,
    /// whether it is left out
    pub disabled: bool,
    /// what is put into the build directory
    pub sources: Sources,
    /// directory below the build directory to work in
    pub subdir: Option<String>,
    /// commands, each for `/bin/sh -c`
    pub build_commands: Vec<String>,
    /// commands to run behind those
    pub post_install: Vec<String>,
    /// variables of the commands; `None` unsets
    pub build_env: BTreeMap<String, Option<String>>,
    /// patterns of files to remove in the end
    pub cleanup: Vec<String>,
    /// which arches it is built for
    pub arches: Arches,
}

/// The sources of a module, in order.
pub type Sources = Vec<ModuleSource>;

/// Which arches something is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arches {
    /// these only; none is every
    pub only: Vec<String>,
    /// but these not
    pub skip: Vec<String>,
}

impl Arches {
    pub(super) fn read(members: &Members<'_>) -> Result<Self, Diagnostic> {
        Ok(Self {
            only: members.texts("only-arches")?,
            skip: members.texts("skip-arches")?,
        })
    }

    /// Whether this arch is one of them.
    #[must_use]
    pub fn has(&self, arch: &Arch) -> bool {
        let is = |name: &String| name == arch.as_str();
        (self.only.is_empty() || self.only.iter().any(is)) && !self.skip.iter().any(is)
    }
}

const KNOWN: Known = [
    (
        Fate::Read,
        &[
            "name",
            "disabled",
            "sources",
            "buildsystem",
            "subdir",
            "build-commands",
            "post-install",
            "build-options",
            "cleanup",
            "only-arches",
            "skip-arches",
        ],
    ),
    (
        Fate::Ignored,
        &[
            "no-python-timestamp-fix",
            "no-parallel-make",
            "no-autogen",
            "rm-configure",
            "no-make-install",
            "install-rule",
            "config-opts",
            "make-args",
            "make-install-args",
            "ensure-writable",
            "test-rule",
            "cleanup-platform",
        ],
    ),
    (
        Fate::NotYet,
        &[
            "modules",
            "builddir",
            "cmake",
            "secret-opts",
            "secret-env",
            "run-tests",
            "test-commands",
            "license-files",
        ],
    ),
];

/// `modules` of the manifest.
pub(super) fn list(
    top: &Members<'_>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<Module>, ManifestError> {
    let mut modules: Vec<Module> = Vec::new();
    for node in top.list("modules")? {
        let mut module = one(top.doc, node, warnings)?;
        let taken = |name: &str, modules: &[Module]| modules.iter().any(|m| m.name == name);
        if taken(&module.name, &modules) {
            // as flatpak-builder does: the second of a name is NAME-2
            let free = (2..).map(|number| format!("{}-{number}", module.name));
            let mut free = free.filter(|name| !taken(name, &modules));
            module.name = free.next().unwrap_or_default();
        }
        modules.push(module);
    }
    Ok(modules)
}

fn one(
    doc: &Document,
    node: &Node,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Module, ManifestError> {
    if matches!(node.value, Tree::Text(_)) {
        let place = doc.error(node, "a module in a file of its own is not supported yet");
        return Err(not_supported("included module", place));
    }
    let members = Members::new(doc, node, "a module")?;
    let name = members.required("name", module_name)?;
    let what = format!("module `{name}`");
    let system = members.text("buildsystem")?.unwrap_or("autotools");
    if system != "simple" {
        let place = members.get("buildsystem").unwrap_or(node);
        let place = doc
            .error(
                place,
                format!("`buildsystem: {system}` of {what} is not supported yet"),
            )
            .hint("`buildsystem: simple` is; where nothing is said, it is autotools");
        return Err(not_supported(format!("buildsystem: {system}"), place));
    }
    members.finish(&what, &KNOWN, warnings)?;
    let build_commands = members.texts("build-commands")?;
    if build_commands.is_empty() {
        return Err(doc
            .error(node, format!("{what} has no `build-commands`"))
            .into());
    }
    let sources = members.list("sources")?.iter();
    Ok(Module {
        disabled: members.flag("disabled")?,
        sources: sources
            .map(|node| source::read(doc, node, &what, warnings))
            .collect::<Result<_, _>>()?,
        subdir: members.parsed("subdir", source::inside)?,
        build_commands,
        post_install: members.texts("post-install")?,
        build_env: members.build_env(warnings)?,
        cleanup: members.texts("cleanup")?,
        arches: Arches::read(&members)?,
        name,
    })
}

/// A name becomes a directory's.
fn module_name(text: &str) -> Result<String, ValueError> {
    let is_good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    match text.char_indices().find(|(_, c)| !is_good(*c)) {
        _ if text.is_empty() || text.starts_with(['.', '-']) || text.len() > 128 => {
            Err(ValueError::whole(text, "this is not a name of a module"))
        }
        Some((at, c)) => {
            let problem = "this character is not allowed in a module's name";
            Err(ValueError::part(at..at + c.len_utf8(), problem))
        }
        None => Ok(text.to_owned()),
    }
}
