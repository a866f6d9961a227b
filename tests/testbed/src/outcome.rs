//! What a command did, and short ways to claim what it should have done.

use std::os::unix::process::ExitStatusExt;
use std::process::Output;

/// Exit code and text of a finished command.
#[derive(Debug)]
#[must_use = "an outcome is there to be checked"]
pub struct Outcome {
    /// The exit code; 128 + signal when a signal ended it, as a shell says it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let status = output.status;
        Self {
            code: status
                .code()
                .unwrap_or_else(|| 128 + status.signal().unwrap_or_default()),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Outcome {
    /// Claims that it ended with 0; gives its standard output without the last newline.
    #[track_caller]
    pub fn assert_success(&self) -> &str {
        self.assert_code(0);
        self.stdout.trim_end_matches('\n')
    }

    /// Claims the exit code.
    #[track_caller]
    pub fn assert_code(&self, code: i32) {
        assert_eq!(self.code, code, "exit code\n{}", self.shown());
    }

    /// Claims that flatrack refused (125) with one clear error that has all these words in it.
    #[track_caller]
    pub fn assert_refused(&self, words: &[&str]) {
        self.assert_code(125);
        for word in words {
            assert!(
                self.stderr.contains(word),
                "`{word}` is not in the message\n{}",
                self.shown()
            );
        }
        let errors = self
            .stderr
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        assert_eq!(errors, 1, "one error is shown\n{}", self.shown());
        assert!(
            !self.stderr.contains("panicked"),
            "a panic is no message\n{}",
            self.shown()
        );
    }

    fn shown(&self) -> String {
        format!(
            "--- stdout\n{}--- stderr\n{}--- code {}",
            self.stdout, self.stderr, self.code
        )
    }
}
