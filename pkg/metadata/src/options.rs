//! Permissions as options: of the command line and of a manifest's `finish-args`.
//!
//! The table is derived from the vocabulary, so help texts, completions and parsers know the same words. Here
//! an unknown name is an error; in files it is ignored.

mod args;
mod grant;
mod render;
mod write;

use std::borrow::Cow;
use std::sync::LazyLock;

use flatrack_perms::vocabulary::{Family, NAMES};
use flatrack_perms::{Bus, BusPolicy, Kind, LimitKey};

use crate::layer::NARROWING;

pub use args::{Arg, ArgError, next_arg, parse_args};
pub use grant::parse_option;
pub use render::render;
pub use write::MetadataWriter;

/// One option. Every option takes a value.
#[derive(Debug, Clone)]
pub struct OptionRow {
    /// the name, without `--`
    pub name: &'static str,
    /// what stands for the value in help texts
    pub value: &'static str,
    /// one line for help texts
    pub doc: Cow<'static, str>,
    /// what it does
    pub effect: Effect,
}

/// What an option does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// switches a name on
    Allow(Kind),
    /// switches a name off
    Deny(Kind),
    /// switches a name on while a condition holds
    AllowIf(Kind),
    /// shows a place of the file system
    Show,
    /// hides a place of the file system
    Hide,
    /// keeps a directory of the home directory
    Persist,
    /// sets a variable
    SetEnv,
    /// removes a variable
    UnsetEnv,
    /// says what may be done with a bus name: `none`, `talk` or `own`
    Bus(Bus, BusPolicy),
    /// adds to, or with `false` removes from, a generic policy
    Policy(bool),
    /// lists USB devices, or with `false` hides them
    Usb(bool),
    /// limits a resource
    Limit(LimitKey),
    /// sets or adds to a key of one of our own groups
    Word(Family, &'static str),
}

static TABLE: LazyLock<Vec<OptionRow>> = LazyLock::new(build);

/// Every option, in the order of the vocabulary.
#[must_use]
pub fn table() -> &'static [OptionRow] {
    &TABLE
}

/// The option of that name, without `--`.
#[must_use]
pub fn find(name: &str) -> Option<&'static OptionRow> {
    table().iter().find(|row| row.name == name)
}

fn build() -> Vec<OptionRow> {
    let mut rows = Vec::new();
    let mut add = |name, value, doc: Cow<'static, str>, effect| {
        rows.push(OptionRow {
            name,
            value,
            doc,
            effect,
        });
    };
    for kind in Kind::TABLE {
        let names = NAMES.iter().filter(|row| row.kind == kind.kind);
        let names = names.map(|row| row.name).collect::<Vec<_>>().join(", ");
        let row = kind.kind;
        add(
            kind.allow,
            "NAME",
            format!("grant one of: {names}").into(),
            Effect::Allow(row),
        );
        add(
            kind.deny,
            "NAME",
            format!("take away what --{} gives", kind.allow).into(),
            Effect::Deny(row),
        );
        let doc = format!("as --{}, while a condition holds", kind.allow);
        add(
            kind.allow_if,
            "NAME:CONDITION",
            doc.into(),
            Effect::AllowIf(row),
        );
    }
    for (name, value, doc, effect) in FIXED {
        add(name, value, doc.into(), effect);
    }
    for key in LimitKey::all() {
        add(key.key(), "LIMIT", key.doc().into(), Effect::Limit(key));
    }
    for row in NARROWING {
        add(
            row.option,
            "VALUE",
            row.doc.into(),
            Effect::Word(row.family, row.key),
        );
    }
    rows
}

type Fixed = (&'static str, &'static str, &'static str, Effect);

const FIXED: [Fixed; 18] = [
    (
        "filesystem",
        "PLACE[:ro|:create]",
        "show a place of the host's file system",
        Effect::Show,
    ),
    (
        "nofilesystem",
        "PLACE",
        "hide a place; `host:reset` takes all places back",
        Effect::Hide,
    ),
    (
        "persist",
        "PATH",
        "keep a path of the home directory in the app's own",
        Effect::Persist,
    ),
    (
        "env",
        "VAR=VALUE",
        "set an environment variable",
        Effect::SetEnv,
    ),
    (
        "unset-env",
        "VAR",
        "remove an environment variable",
        Effect::UnsetEnv,
    ),
    (
        "own-name",
        "NAME",
        "own a name on the session bus",
        Effect::Bus(Bus::Session, BusPolicy::Own),
    ),
    (
        "talk-name",
        "NAME",
        "talk to a name on the session bus",
        Effect::Bus(Bus::Session, BusPolicy::Talk),
    ),
    (
        "no-talk-name",
        "NAME",
        "do not talk to it",
        Effect::Bus(Bus::Session, BusPolicy::None),
    ),
    (
        "system-own-name",
        "NAME",
        "own a name on the system bus",
        Effect::Bus(Bus::System, BusPolicy::Own),
    ),
    (
        "system-talk-name",
        "NAME",
        "talk to a name on the system bus",
        Effect::Bus(Bus::System, BusPolicy::Talk),
    ),
    (
        "system-no-talk-name",
        "NAME",
        "do not talk to it",
        Effect::Bus(Bus::System, BusPolicy::None),
    ),
    (
        "a11y-own-name",
        "NAME",
        "own a name on the accessibility bus",
        Effect::Bus(Bus::A11y, BusPolicy::Own),
    ),
    (
        "add-policy",
        "SUBSYSTEM.KEY=VALUE",
        "add to a policy that portals read",
        Effect::Policy(true),
    ),
    (
        "remove-policy",
        "SUBSYSTEM.KEY=VALUE",
        "remove from a policy",
        Effect::Policy(false),
    ),
    (
        "usb",
        "QUERY",
        "USB devices that the USB portal may hand out",
        Effect::Usb(true),
    ),
    (
        "nousb",
        "QUERY",
        "USB devices that the USB portal hides",
        Effect::Usb(false),
    ),
    (
        "usb-list",
        "QUERY;QUERY",
        "several of them; `!` hides",
        Effect::Usb(true),
    ),
    (
        "cdi",
        "VENDOR/CLASS=NAME",
        "device by its CDI name",
        Effect::Word(Family::DeviceNode, "allow"),
    ),
];
