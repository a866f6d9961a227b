//! An app's or a runtime's metadata.

use std::collections::BTreeMap;

use flatrack_perms::{AppId, Layer, Pref, Source, ValueError};

use crate::extension::{self, ExtensionPoint};
use crate::keyfile::{GroupRef, Keyfile, Value};
use crate::{Diagnostic, SourceText, layer};

/// App or runtime; extensions are runtimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// something to run
    App,
    /// something to run apps on, or an extension
    Runtime,
}

impl RefKind {
    /// The group that says so.
    #[must_use]
    pub fn group(self) -> &'static str {
        match self {
            Self::App => "Application",
            Self::Runtime => "Runtime",
        }
    }
}

/// Metadata, checked.
#[derive(Debug, Clone)]
#[must_use]
pub struct AppMetadata {
    /// app or runtime
    pub kind: RefKind,
    /// what it says its id is; see [`AppMetadata::check_id`]
    pub id: AppId,
    /// the runtime it runs on; apps have one
    pub runtime: Option<Pref>,
    /// the runtime it was built with
    pub sdk: Option<Pref>,
    /// what to run
    pub command: Option<String>,
    /// Flatpak versions it asks for
    pub required_flatpak: Vec<String>,
    /// its permissions
    pub layer: Layer,
    /// places where extensions are mounted
    pub extensions: Vec<ExtensionPoint>,
    /// `[ExtensionOf]`, of an extension
    pub extension_of: Option<BTreeMap<String, String>>,
    /// everything, as it was read
    pub keyfile: Keyfile,
}

impl AppMetadata {
    /// Reads metadata; warnings say what is ignored.
    ///
    /// # Errors
    /// Text that is not metadata, or a value that could mean more than it shows.
    pub fn parse(text: &SourceText, source: Source) -> Result<(Self, Vec<Diagnostic>), Diagnostic> {
        let keyfile = Keyfile::parse(text)?;
        let (kind, main) = kind(&keyfile)?;
        let name = main
            .get("name")
            .ok_or_else(|| text.error(main.span(), "the key `name` is missing"))?;
        let id = read(name, AppId::parse)?;
        let pref = |key| {
            main.get(key)
                .map(|value| read(value, Pref::parse))
                .transpose()
        };
        let (runtime, sdk) = (pref("runtime")?, pref("sdk")?);
        if kind == RefKind::App && runtime.is_none() {
            return Err(text
                .error(main.span(), "the key `runtime` is missing")
                .hint("an app names its runtime as ID/ARCH/BRANCH"));
        }
        let command = main
            .get("command")
            .map(|value| read(value, command))
            .transpose()?;
        let required_flatpak = match main.get("required-flatpak") {
            Some(value) => value
                .list()?
                .iter()
                .map(|item| item.as_str().to_owned())
                .collect(),
            None => Vec::new(),
        };
        let (layer, mut warnings) = layer::from_keyfile(source, &keyfile)?;
        let extensions = extension::points(&keyfile, &mut warnings)?;
        let extension_of = keyfile.group("ExtensionOf").map(strings).transpose()?;
        let metadata = Self {
            kind,
            id,
            runtime,
            sdk,
            command,
            required_flatpak,
            layer,
            extensions,
            extension_of,
            keyfile,
        };
        Ok((metadata, warnings))
    }

    /// Refuses metadata that was found under another id than the one it names.
    ///
    /// # Errors
    /// The other id, underlined.
    pub fn check_id(&self, expected: &AppId) -> Result<(), Diagnostic> {
        if self.id == *expected {
            return Ok(());
        }
        let span = self
            .keyfile
            .get(self.kind.group(), "name")
            .map_or(0..0, |name| name.span());
        let message = format!("this is the metadata of another app than `{expected}`");
        Err(self.keyfile.source().error(span, message))
    }
}

fn kind(keyfile: &Keyfile) -> Result<(RefKind, GroupRef<'_>), Diagnostic> {
    let source = keyfile.source();
    match (keyfile.group("Application"), keyfile.group("Runtime")) {
        (Some(group), None) => Ok((RefKind::App, group)),
        (None, Some(group)) => Ok((RefKind::Runtime, group)),
        (Some(_), Some(second)) => Err(source.error(
            second.span(),
            "metadata is of an app or of a runtime, not of both",
        )),
        (None, None) => Err(source
            .error(
                0..0,
                "there is no group `[Application]` and none `[Runtime]`",
            )
            .hint("this is not the metadata of an app")),
    }
}

/// A string read by a function that knows its form.
fn read<T>(
    value: Value<'_>,
    parse: impl FnOnce(&str) -> Result<T, ValueError>,
) -> Result<T, Diagnostic> {
    let text = value.string()?;
    parse(text.as_str()).map_err(|error| value.wrong(&text, &error))
}

/// A program's name or path. One that looks like an option is refused (CVE-2024-32462).
pub(crate) fn command(text: &str) -> Result<String, ValueError> {
    if text.is_empty() {
        return Err(ValueError::whole(text, "the command is empty"));
    }
    if text.starts_with('-') {
        return Err(ValueError::part(0..1, "a command does not start with `-`"));
    }
    match text.char_indices().find(|(_, c)| c.is_control()) {
        Some((at, c)) => {
            let problem = "a command has no control characters";
            Err(ValueError::part(at..at + c.len_utf8(), problem))
        }
        None => Ok(text.to_owned()),
    }
}

fn strings(group: GroupRef<'_>) -> Result<BTreeMap<String, String>, Diagnostic> {
    group
        .values()
        .filter(|value| !value.is_localized())
        .map(|value| {
            let string = match value.raw().contains("\\;") {
                true => value.raw().to_owned(),
                false => value.string()?.as_str().to_owned(),
            };
            Ok((value.key().to_owned(), string))
        })
        .collect()
}
