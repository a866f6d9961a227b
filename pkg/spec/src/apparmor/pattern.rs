//! Paths as literal text in a profile.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A path in quotes that matches itself only.
///
/// Paths come from apps and people. Characters that patterns give a meaning to get a backslash; what could end the
/// quotes or the line, and what is no ASCII, is written as an octal number.
#[must_use]
pub fn quoted(path: &OsStr) -> String {
    format!("\"{}\"", escaped(path))
}

/// The path of a directory itself, of which AppArmor wants a slash at the end.
pub(super) fn directory(path: &Path) -> String {
    format!("\"{}\"", with_slash(path))
}

/// Everything below a directory.
pub(super) fn below(path: &Path) -> String {
    format!("\"{}**\"", with_slash(path))
}

fn with_slash(path: &Path) -> String {
    let text = escaped(path.as_os_str());
    if text.ends_with('/') {
        text
    } else {
        text + "/"
    }
}

fn escaped(path: &OsStr) -> String {
    let mut text = String::new();
    for byte in path.as_bytes() {
        match byte {
            b'*' | b'?' | b'[' | b']' | b'{' | b'}' | b'^' | b'\\' | b',' => {
                text.push('\\');
                text.push(char::from(*byte));
            }
            b'"' | b'@' | 0..=0x1f | 0x7f.. => drop(write!(text, "\\{byte:03o}")),
            _ => text.push(char::from(*byte)),
        }
    }
    text
}
