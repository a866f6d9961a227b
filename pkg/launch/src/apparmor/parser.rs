//! `apparmor_parser`, the only program that makes what the kernel takes.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flatrack_perms::Untrusted;

use crate::Error;

/// Looked for in places that only root writes to, never in the caller's PATH.
const PLACES: [&str; 2] = ["/usr/sbin/apparmor_parser", "/sbin/apparmor_parser"];
/// A profile takes milliseconds; a parser that hangs must not hang every start.
const LONGEST: Duration = Duration::from_secs(30);

/// Where it is.
pub(crate) fn find() -> Option<PathBuf> {
    PLACES.iter().map(PathBuf::from).find(|path| path.exists())
}

/// What to do with a profile.
#[derive(Debug, Clone, Copy)]
pub(super) enum Do {
    Replace,
    Remove,
}

/// Where the parser gets the text from: nobody can change it in between.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    /// a pipe
    Pipe(&'a str),
    /// a file in a directory of root's own, which the parser's cache goes by
    Cached { file: &'a Path, cache: &'a Path },
}

/// Gives a profile to the parser.
///
/// The machine's parser settings are left aside: they may make it compile for less than this kernel can mediate. The parser shares the
/// lock, as an output that it does not use: who is killed meanwhile does not let others in before the parser has ended.
pub(super) fn run(what: Do, input: Input<'_>, features: &Path, lock: &File) -> Result<(), Error> {
    let path = find().ok_or_else(|| {
        Error::request(
            "`apparmor_parser` is not installed",
            Some("install the package `apparmor`"),
        )
    })?;
    let io = |source| Error::Io {
        path: path.clone(),
        source,
    };
    let features = features.display();
    let mut command = Command::new(&path);
    match input {
        Input::Pipe(_) => command.arg("--skip-cache"),
        Input::Cached { file, cache } => command
            .args(["--write-cache", "--cache-loc"])
            .args([cache, file]),
    };
    let mut child = command
        .args([
            match what {
                Do::Replace => "--replace",
                Do::Remove => "--remove",
            },
            "--quiet",
            "--config-file=/dev/null",
        ])
        .arg(format!("--policy-features={features}"))
        .arg(format!("--kernel-features={features}"))
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(lock.try_clone().map_err(io)?)
        .stderr(Stdio::piped())
        .spawn()
        .map_err(io)?;
    if let (Some(mut pipe), Input::Pipe(text)) = (child.stdin.take(), input) {
        // a parser that ended already says why below
        drop(pipe.write_all(text.as_bytes()));
    }
    let deadline = Instant::now() + LONGEST;
    loop {
        if child.try_wait().map_err(io)?.is_some() {
            break;
        }
        if Instant::now() > deadline {
            child.kill().map_err(io)?;
            child.wait().map_err(io)?;
            return Err(Error::request("`apparmor_parser` did not end", None));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().map_err(io)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let message = format!(
        "`apparmor_parser` refused the profile: {}",
        Untrusted(said.trim())
    );
    Err(Error::request(
        message,
        Some("`flatrack doctor` shows whether profiles can be loaded here"),
    ))
}
