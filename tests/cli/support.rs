//! What several features' tests do alike.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use flatrack_testbed::{Outcome, Testbed};
use serde_json::Value;

/// How long an app may take to say its first line.
const PATIENCE: Duration = Duration::from_secs(45);

/// The JSON document that a command printed.
#[track_caller]
pub(crate) fn json(outcome: &Outcome) -> Value {
    let text = outcome.assert_success();
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"))
}

/// The directory of one of the example apps.
pub(crate) fn example(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../testbed/apps")
        .join(path)
        .canonicalize()
        .unwrap()
}

/// A flatrack that runs while the test does something else. It is ended with the test at the latest.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    stdout: Lines,
    stderr: Lines,
}

impl Running {
    /// Starts it, and waits for the app's first line: the app is up then.
    #[track_caller]
    pub(crate) fn start(command: Command) -> Self {
        let running = Self::spawn(command);
        let first = running.stdout.next();
        assert!(
            first.is_some(),
            "the app said nothing: {}",
            running.stderr.rest()
        );
        running
    }

    /// Starts it.
    #[track_caller]
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = Lines::of(child.stdout.take().unwrap());
        let stderr = Lines::of(child.stderr.take().unwrap());
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// Types, where standard input is a pipe.
    #[track_caller]
    pub(crate) fn write(&mut self, text: &str) {
        let pipe = self.child.stdin.as_mut().unwrap();
        pipe.write_all(text.as_bytes()).unwrap();
    }

    /// Reads lines up to the one that is waited for; a terminal's carriage returns do not count.
    #[track_caller]
    pub(crate) fn until(&self, wanted: impl Fn(&str) -> bool) {
        while !wanted(self.line().trim_matches('\r')) {}
    }

    /// Sleeps in the app of that id until it is stopped.
    #[track_caller]
    pub(crate) fn sleeper(bed: &Testbed, options: &[&str], id: &str) -> Self {
        Self::marked(bed, options, id, "60")
    }

    /// The same for a time that no other process sleeps: by it the app is found on the machine.
    #[track_caller]
    pub(crate) fn marked(bed: &Testbed, options: &[&str], id: &str, marker: &str) -> Self {
        let mut args = vec!["run"];
        args.extend(options);
        args.extend(["--command=sh", id, "-c", "echo up; exec sleep $0", marker]);
        Self::start(bed.flatrack_command(args))
    }

    /// The next line of the app.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.stdout.next().expect("the app says no more")
    }

    /// Its number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to flatrack itself, as a shell would.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", name, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for its end and gives the outcome.
    #[track_caller]
    pub(crate) fn end(mut self) -> Outcome {
        let until = Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        let status = self.child.wait().unwrap();
        let (stdout, stderr) = (self.stdout.rest().into(), self.stderr.rest().into());
        Outcome::from(Output {
            status,
            stdout,
            stderr,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // asked first: a killed flatrack cannot take its app along in every setup
        self.signal("TERM");
        let until = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _gone = self.child.kill().and_then(|()| self.child.wait()).is_ok();
    }
}

/// Lines of a pipe, read beside the test: a process that was left behind may hold the pipe open for ever.
#[derive(Debug)]
struct Lines(Receiver<String>);

impl Lines {
    fn of(pipe: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    /// The next line; none at the end.
    #[track_caller]
    fn next(&self) -> Option<String> {
        match self.0.recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing was said in {PATIENCE:?}"),
        }
    }

    /// What is left after the end of the process.
    fn rest(&self) -> String {
        let mut text = String::new();
        while let Ok(line) = self.0.recv_timeout(Duration::from_millis(300)) {
            text += &line;
            text.push('\n');
        }
        text
    }
}
