//! Groups of permissions to a layer; the same in metadata and in overrides.

mod bus;
mod context;
mod narrowing;
mod portal;
mod resources;

use flatrack_perms::{Entry, Grant, Layer, Source};

use crate::keyfile::{GroupRef, Keyfile, Value};
use crate::suggest;
use crate::{Diagnostic, SourceText};

pub(crate) use narrowing::{Row as NarrowingRow, TABLE as NARROWING, Words};

/// Nobody reads more of them, and a file may hold half a million things to warn about.
pub(crate) const MOST_WARNINGS: usize = 100;

type Read = fn(&mut Reader, GroupRef<'_>) -> Result<(), Diagnostic>;

/// Who reads which group, in the order in which grants are emitted. A trailing space means that the name goes
/// on.
const GROUPS: [(&str, Read); 13] = [
    ("Context", context::permissions),
    ("Environment", context::environment),
    // beats [Environment] of the same file, so it comes behind
    ("Context", context::unset_environment),
    ("Session Bus Policy", bus::session),
    ("System Bus Policy", bus::system),
    ("Policy ", portal::policy),
    ("USB Devices", portal::usb),
    ("X-DConf", portal::dconf),
    ("X-Resources", resources::limits),
    ("X-AppArmor", narrowing::read),
    ("X-Network", narrowing::read),
    ("X-Devices", narrowing::read),
    ("X-Landlock", narrowing::read),
];

/// Reads the permissions of an override file. Groups and keys that are not known are ignored.
///
/// # Errors
/// Text that is not a keyfile, or a value that could mean more than it shows.
pub fn parse(source: Source, text: &SourceText) -> Result<(Layer, Vec<Diagnostic>), Diagnostic> {
    from_keyfile(source, &Keyfile::parse(text)?)
}

/// Reads the permissions of a keyfile.
///
/// # Errors
/// A value that could mean more than it shows.
pub fn from_keyfile(
    source: Source,
    keyfile: &Keyfile,
) -> Result<(Layer, Vec<Diagnostic>), Diagnostic> {
    let mut reader = Reader {
        layer: Layer::new(source),
        warnings: Vec::new(),
    };
    for (name, read) in GROUPS {
        for group in keyfile.groups().filter(|group| matches(name, group.name())) {
            read(&mut reader, group)?;
        }
    }
    for group in keyfile.groups() {
        reader.warn_of_typo(keyfile.source(), group);
    }
    Ok((reader.layer, reader.warnings))
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.ends_with(' ') {
        true => name.starts_with(pattern),
        false => name == pattern,
    }
}

/// What has been read so far.
#[derive(Debug)]
struct Reader {
    layer: Layer,
    warnings: Vec<Diagnostic>,
}

impl Reader {
    fn grant(&mut self, value: Value<'_>, grant: Grant) {
        let origin = value.origin(self.layer.source);
        self.layer.entries.push(Entry { grant, origin });
    }

    fn warn(&mut self, warning: Diagnostic) {
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(warning);
        }
    }

    /// A group that nobody reads but that looks like one of permissions.
    fn warn_of_typo(&mut self, source: &SourceText, group: GroupRef<'_>) {
        let known = || GROUPS.iter().map(|row| row.0);
        let is_full = self.warnings.len() >= MOST_WARNINGS;
        if is_full || group.name().len() > 64 || known().any(|name| matches(name, group.name())) {
            return;
        }
        let folded = group.name().to_ascii_lowercase();
        let near = known()
            .find(|name| suggest::nearest(&folded, [name.to_ascii_lowercase().as_str()]).is_some());
        if let Some(near) = near.filter(|name| !name.ends_with(' ')) {
            self.warn(
                source
                    .warning(group.span(), "this group is not known and is ignored")
                    .hint(format!("did you mean `[{near}]`?")),
            );
        }
    }
}
