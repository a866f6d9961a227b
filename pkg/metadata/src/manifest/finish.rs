//! `finish-args`: permission options, and a few of `flatpak build-finish`.

use flatrack_perms::{Entry, Layer, Origin, Source, ValueError};

use super::ManifestError;
use super::document::{Document, Node};
use super::members::{Members, not_supported};
use crate::keyfile::Writer;
use crate::options::next_arg;
use crate::{Diagnostic, SourceText, app, layer};

/// What `finish-args` says.
#[derive(Debug)]
pub(super) struct FinishArgs {
    pub(super) layer: Layer,
    pub(super) text: Vec<String>,
    pub(super) command: Option<String>,
}

/// Options of `flatpak build-finish` that are no permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FinishOption {
    /// `--command=NAME`
    Command,
    /// `--require-version=X.Y.Z`
    RequireVersion,
    /// `--metadata=GROUP=KEY[=VALUE]`
    Metadata,
    /// changes nothing here
    Ignored,
    /// everything else
    NotYet,
}

const OPTIONS: [(&str, FinishOption); 11] = [
    ("command", FinishOption::Command),
    ("require-version", FinishOption::RequireVersion),
    ("metadata", FinishOption::Metadata),
    ("no-inherit-permissions", FinishOption::Ignored),
    ("no-exports", FinishOption::NotYet),
    ("extra-data", FinishOption::NotYet),
    ("extension", FinishOption::NotYet),
    ("remove-extension", FinishOption::NotYet),
    ("extension-priority", FinishOption::NotYet),
    ("runtime", FinishOption::NotYet),
    ("sdk", FinishOption::NotYet),
];

/// Groups that are written by members of the manifest or by options of their own. A trailing space means that
/// the name goes on.
const NOT_BY_METADATA: [&str; 10] = [
    "Application",
    "Runtime",
    "Context",
    "Environment",
    "Session Bus Policy",
    "System Bus Policy",
    "USB Devices",
    "ExtensionOf",
    "Policy ",
    "Extension ",
];

/// The option of build-finish that an argument is, and its value.
pub(super) fn option(arg: &str) -> Option<(FinishOption, &str)> {
    let (name, value) = arg
        .strip_prefix("--")?
        .split_once('=')
        .unwrap_or((&arg[2..], ""));
    OPTIONS
        .iter()
        .find(|row| row.0 == name)
        .map(|row| (row.1, value))
}

pub(super) fn read(
    top: &Members<'_>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<FinishArgs, ManifestError> {
    let doc = top.doc;
    let nodes = top.nodes("finish-args")?;
    let text: Vec<String> = nodes.iter().map(|(_, text)| (*text).to_owned()).collect();
    let mut found = FinishArgs {
        layer: Layer::new(Source::App),
        text: Vec::new(),
        command: None,
    };
    let mut index = 0;
    while index < text.len() {
        let node = nodes[index].0;
        if let Some((option, value)) = option(&text[index]) {
            special(doc, node, option, value, &mut found, warnings)?;
            index += 1;
            continue;
        }
        let first = index;
        let arg = next_arg(&text, &mut index)
            .map_err(|error| doc.wrong(nodes[error.index].0, &error.error))?;
        let grants = arg
            .row
            .parse(arg.value)
            .map_err(|error| doc.wrong(nodes[arg.index].0, &error.shifted(arg.at)))?;
        let origin = origin(doc, nodes[first].0);
        let entries = grants.into_iter().map(|grant| Entry {
            grant,
            origin: origin.clone(),
        });
        found.layer.entries.extend(entries);
    }
    found.text = text;
    Ok(found)
}

fn special(
    doc: &Document,
    node: &Node,
    option: FinishOption,
    value: &str,
    found: &mut FinishArgs,
    warnings: &mut Vec<Diagnostic>,
) -> Result<(), ManifestError> {
    match option {
        FinishOption::Command => {
            let at = "--command=".len();
            let wrong = |error: ValueError| doc.wrong(node, &error.shifted(at));
            found.command = Some(app::command(value).map_err(wrong)?);
        }
        FinishOption::RequireVersion => {}
        FinishOption::Metadata => {
            let layer = metadata(doc, node, value)?;
            let origin = origin(doc, node);
            let entries = layer.entries.into_iter();
            found.layer.entries.extend(entries.map(|entry| Entry {
                origin: origin.clone(),
                ..entry
            }));
        }
        FinishOption::Ignored => {
            let warning = doc
                .source
                .warning(node.span.clone(), "this option changes nothing here");
            warnings.push(warning);
        }
        FinishOption::NotYet => {
            let place = doc.error(node, "this option of `finish-args` is not supported yet");
            return Err(not_supported("option of finish-args", place));
        }
    }
    Ok(())
}

/// The group, key and value of `--metadata=`; without a value it is `true`, as build-finish has it.
pub(super) fn metadata_parts(value: &str) -> Result<(&str, &str, &str), ValueError> {
    let (group, rest) = value.split_once('=').ok_or_else(|| {
        ValueError::whole(value, "a key is missing").hint("`--metadata=GROUP=KEY=VALUE`")
    })?;
    let (key, value) = rest.split_once('=').unwrap_or((rest, "true"));
    Ok((group, key, value))
}

/// A line of metadata is read as in a file; what is wrong with it is shown here.
fn metadata(doc: &Document, node: &Node, value: &str) -> Result<Layer, Diagnostic> {
    let mut writer = Writer::default();
    let (group, key, value) =
        metadata_parts(value).map_err(|error| shown_whole(doc, node, &error))?;
    let by_others = |name: &&str| match name.ends_with(' ') {
        true => group.starts_with(*name),
        false => group == *name,
    };
    if NOT_BY_METADATA.iter().any(by_others) {
        let error = doc.error(node, format!("`[{group}]` is not written by `--metadata`"));
        return Err(error.hint("there are options and members for what stands in it"));
    }
    writer
        .set(group, key, value)
        .map_err(|error| shown_whole(doc, node, &error))?;
    let again = |inner: Diagnostic| {
        let outer = doc.error(node, inner.message);
        let outer = match inner.label {
            Some(label) => outer.label(label),
            None => outer,
        };
        outer.maybe_hint(inner.hint.map(Into::into))
    };
    let text = SourceText::new(doc.source.name().clone(), writer.to_string().as_bytes());
    let parsed = text.and_then(|text| layer::parse(Source::App, &text));
    parsed.map(|(layer, _)| layer).map_err(again)
}

fn shown_whole(doc: &Document, node: &Node, error: &ValueError) -> Diagnostic {
    doc.source.wrong_at(node.span.clone(), error)
}

fn origin(doc: &Document, node: &Node) -> Origin {
    let line = doc.source.line_of(node.span.start);
    Origin::line(Source::App, doc.source.name().clone(), line)
}
