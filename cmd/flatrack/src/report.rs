//! What goes to standard error, and the exit code for it.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// flatrack refused or failed; the app did not run.
pub(crate) const REFUSED: u8 = 125;

/// Says what went wrong and how to mend it.
pub(crate) fn fail(message: &str, hint: Option<&str>) -> ExitCode {
    let message = if message.starts_with("error: ") {
        message.to_owned()
    } else {
        format!("error: {message}")
    };
    note(&message);
    if let Some(hint) = hint {
        note(&format!("hint: {hint}"));
    }
    ExitCode::from(REFUSED)
}

/// A library's error with everything behind it.
pub(crate) fn error(error: &flatrack_launch::Error) -> ExitCode {
    fail(&error.whole(), error.hint().as_deref())
}

/// A line to standard error. If that is gone there is nobody to tell.
pub(crate) fn note(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}
