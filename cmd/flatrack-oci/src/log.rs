//! Where messages go: a line of the log, which engines read, and standard error, which people read. Success says nothing.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::process::ExitCode;
use std::time::SystemTime;

use serde::Serialize;

use crate::cli::{Global, LogFormat};
use crate::failure::{Doing, Failure, Result};

/// How much a line matters.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Debug,
    Warning,
    Error,
}

#[derive(Serialize)]
struct Line<'a> {
    level: Level,
    msg: &'a str,
    time: String,
}

/// The log that `--log` names, if it does.
#[derive(Debug)]
pub(crate) struct Log {
    file: Option<File>,
    format: LogFormat,
    debug: bool,
}

impl Log {
    /// Opens it for adding lines.
    pub(crate) fn open(global: &Global) -> Result<Self> {
        let add = |path| {
            File::options()
                .append(true)
                .create(true)
                .mode(0o644)
                .open(path)
        };
        let file = match &global.log {
            Some(path) if !path.as_os_str().is_empty() => Some(add(path).at("open the log", path)?),
            _ => None,
        };
        Ok(Self {
            file,
            format: global.log_format,
            debug: global.debug,
        })
    }

    /// Standard error alone.
    pub(crate) fn plain() -> Self {
        Self {
            file: None,
            format: LogFormat::Text,
            debug: false,
        }
    }

    /// What is done, with `--debug`.
    pub(crate) fn debug(&self, message: &str) {
        if self.debug {
            self.add(Level::Debug, message);
        }
    }

    /// Something that does not keep the command from its end.
    pub(crate) fn warn(&self, message: &str) {
        self.add(Level::Warning, message);
    }

    /// The end of a command that failed.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        self.add(Level::Error, &failure.message);
        say(&format!("error: {}", failure.message));
        if let Some(hint) = &failure.hint {
            say(&format!("hint: {hint}"));
        }
        ExitCode::from(failure.code)
    }

    fn add(&self, level: Level, message: &str) {
        let time = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let line = match self.format {
            LogFormat::Json => serde_json::to_string(&Line {
                level,
                msg: message,
                time,
            })
            .unwrap_or_default(),
            LogFormat::Text => text(level, message, &time),
        };
        match &self.file {
            // In one write, so that lines of several commands do not mix. A full disk is no reason to fail.
            Some(file) => drop((&mut &*file).write_all(format!("{line}\n").as_bytes())),
            None if matches!(level, Level::Error) => {}
            None => say(&line),
        }
    }
}

fn text(level: Level, message: &str, time: &str) -> String {
    let level = match level {
        Level::Debug => "debug",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let mut line = format!("time=\"{time}\" level={level} msg=\"");
    for letter in message.chars() {
        match letter {
            '"' | '\\' => line.extend(['\\', letter]),
            letter if letter.is_control() => drop(write!(line, "{}", letter.escape_default())),
            letter => line.push(letter),
        }
    }
    line + "\""
}

/// A line to standard error. If that is gone there is nobody to tell.
fn say(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_one_line() {
        let line = text(Level::Error, "a\n\"b\" \u{1b}[1m", "now");
        assert_eq!(
            line,
            "time=\"now\" level=error msg=\"a\\n\\\"b\\\" \\u{1b}[1m\""
        );
    }
}
