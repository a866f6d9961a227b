//! Sources of a module.

use flatrack_perms::ValueError;

use super::ManifestError;
use super::document::{Document, Node, Tree};
use super::members::{Fate, Known, Members, not_supported};
use super::module::Arches;
use crate::Diagnostic;

/// Something that is put into the build directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleSource {
    /// what
    pub kind: SourceKind,
    /// directory below the build directory; relative and without `..`
    pub dest: Option<String>,
    /// which arches it is for
    pub arches: Arches,
}

/// The kinds of sources. Paths are relative to the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// a local file
    File {
        /// the file
        path: String,
        /// its name in the build directory; its own where nothing is said
        dest_filename: Option<String>,
    },
    /// a file whose content stands in the manifest
    Inline {
        /// the content
        contents: String,
        /// its name
        dest_filename: String,
    },
    /// a shell script, mode 0755
    Script {
        /// its lines
        commands: Vec<String>,
        /// its name
        dest_filename: String,
    },
    /// a local directory, copied
    Dir {
        /// the directory
        path: String,
        /// paths in it that are left out
        skip: Vec<String>,
    },
}

type Read = fn(&Members<'_>) -> Result<SourceKind, Diagnostic>;

const COMMON: [&str; 4] = ["type", "dest", "only-arches", "skip-arches"];

/// Every type that is built, with its own members and those that are refused.
const TYPES: [(&str, Read, &[&str], &[&str]); 4] = [
    (
        "file",
        file,
        &["path", "dest-filename"],
        &[
            "url",
            "mirror-urls",
            "referer",
            "disable-http-decompression",
            "sha256",
            "sha512",
            "sha1",
            "md5",
        ],
    ),
    (
        "inline",
        inline,
        &["contents", "dest-filename"],
        &["base64"],
    ),
    ("script", script, &["commands", "dest-filename"], &[]),
    ("dir", dir, &["path", "skip"], &[]),
];

/// Types of flatpak-builder that are not built.
const NOT_YET: [&str; 7] = [
    "archive",
    "git",
    "shell",
    "patch",
    "bzr",
    "svn",
    "extra-data",
];

pub(super) fn read(
    doc: &Document,
    node: &Node,
    module: &str,
    warnings: &mut Vec<Diagnostic>,
) -> Result<ModuleSource, ManifestError> {
    if matches!(node.value, Tree::Text(_)) {
        let place = doc.error(node, "sources in a file of their own are not supported yet");
        return Err(not_supported("included sources", place));
    }
    let members = Members::new(doc, node, "a source")?;
    let name = members.required("type", |text| Ok(text.to_owned()))?;
    let place = members.get("type").unwrap_or(node);
    let Some((_, read, own, refused)) = TYPES.iter().find(|row| row.0 == name) else {
        if NOT_YET.contains(&name.as_str()) {
            let message = format!("a source of type `{name}` in {module} is not supported yet");
            return Err(not_supported(
                format!("source type {name}"),
                doc.error(place, message),
            ));
        }
        let known = TYPES.iter().map(|row| row.0).chain(NOT_YET);
        let known: Vec<&str> = known.collect();
        let hint = crate::suggest::did_you_mean(&name, known);
        return Err(doc
            .error(place, "there is no such type of source")
            .hint(hint)
            .into());
    };
    let known: Known = [
        (Fate::Read, &COMMON),
        (Fate::Read, own),
        (Fate::NotYet, refused),
    ];
    members.finish(&format!("a source of {module}"), &known, warnings)?;
    Ok(ModuleSource {
        kind: read(&members)?,
        dest: members.parsed("dest", inside)?,
        arches: Arches::read(&members)?,
    })
}

fn file(members: &Members<'_>) -> Result<SourceKind, Diagnostic> {
    let path = members.required("path", local)?;
    Ok(SourceKind::File {
        path,
        dest_filename: members.parsed("dest-filename", filename)?,
    })
}

fn inline(members: &Members<'_>) -> Result<SourceKind, Diagnostic> {
    let contents = members.text("contents")?.unwrap_or_default().to_owned();
    Ok(SourceKind::Inline {
        contents,
        dest_filename: members.required("dest-filename", filename)?,
    })
}

fn script(members: &Members<'_>) -> Result<SourceKind, Diagnostic> {
    let dest_filename = members.parsed("dest-filename", filename)?;
    Ok(SourceKind::Script {
        commands: members.texts("commands")?,
        // flatpak-builder's default
        dest_filename: dest_filename.unwrap_or_else(|| "autogen.sh".to_owned()),
    })
}

fn dir(members: &Members<'_>) -> Result<SourceKind, Diagnostic> {
    Ok(SourceKind::Dir {
        path: members.required("path", local)?,
        skip: members.texts("skip")?,
    })
}

fn local(text: &str) -> Result<String, ValueError> {
    match text.is_empty() {
        true => Err(ValueError::whole(text, "the path is empty")),
        false => Ok(text.to_owned()),
    }
}

/// A path below a directory.
pub(super) fn inside(text: &str) -> Result<String, ValueError> {
    if text.is_empty() || text.starts_with('/') || text.split('/').any(|part| part == "..") {
        return Err(
            ValueError::whole(text, "this path leads out of the build directory")
                .hint("a relative path without `..`"),
        );
    }
    Ok(text.to_owned())
}

/// A name without a directory.
fn filename(text: &str) -> Result<String, ValueError> {
    if text.is_empty() || text.contains('/') || matches!(text, "." | "..") {
        return Err(ValueError::whole(text, "this is not the name of a file"));
    }
    Ok(text.to_owned())
}
