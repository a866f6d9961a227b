//! What was seen.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::io;

/// Facts by field.
#[derive(Default)]
pub(crate) struct Dump(BTreeMap<String, String>);

impl Dump {
    /// Notes a fact; a later one of the same field replaces the earlier one.
    pub(crate) fn say(&mut self, topic: &str, subject: impl Display, value: impl Display) {
        self.0
            .insert(format!("{topic} {subject}"), value.to_string());
    }

    /// The facts as a JSON object with one field a line.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::from("{");
        for (at, (field, value)) in self.0.iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            quote(&mut out, field);
            out.push_str(": ");
            quote(&mut out, value);
        }
        out.push_str("\n}");
        out
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => {
                let _infallible = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// `ok`, or the name of the errno.
pub(crate) fn verdict<T>(result: io::Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => errno(error.raw_os_error().unwrap_or(0)),
    }
}

/// The name of an errno that a sandbox may answer with.
fn errno(number: i32) -> String {
    let name = match number {
        1 => "EPERM",
        2 => "ENOENT",
        3 => "ESRCH",
        6 => "ENXIO",
        9 => "EBADF",
        13 => "EACCES",
        14 => "EFAULT",
        16 => "EBUSY",
        17 => "EEXIST",
        19 => "ENODEV",
        20 => "ENOTDIR",
        21 => "EISDIR",
        22 => "EINVAL",
        25 => "ENOTTY",
        30 => "EROFS",
        38 => "ENOSYS",
        93 => "EPROTONOSUPPORT",
        94 => "ESOCKTNOSUPPORT",
        95 => "EOPNOTSUPP",
        97 => "EAFNOSUPPORT",
        111 => "ECONNREFUSED",
        other => return format!("errno {other}"),
    };
    name.to_owned()
}
