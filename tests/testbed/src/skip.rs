//! Saying that a test could not run here.

use std::fs::File;
use std::io::Write;

/// Writes `SKIP: <test>: <capability>: <reason>` to the file named by `FLATRACK_SKIPS`, and to standard error.
///
/// # Panics
/// When the file cannot be written: a skip that nobody sees would pass for a success.
#[expect(clippy::print_stderr, reason = "a test's own output")]
pub fn record(capability: &str, reason: &str) {
    let thread = std::thread::current();
    let line = format!(
        "SKIP: {}: {capability}: {reason}\n",
        thread.name().unwrap_or("?")
    );
    eprint!("{line}");
    let Some(path) = std::env::var_os("FLATRACK_SKIPS") else {
        return;
    };
    // one write of a short line in append mode: lines of parallel tests do not mix
    let written = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(line.as_bytes()));
    if let Err(error) = written {
        panic!("cannot write `{}`: {error}", path.display());
    }
}

/// Ends the test here, saying which capability is missing and why.
#[macro_export]
macro_rules! skip {
    ($capability:ident, $reason:expr) => {{
        $crate::record_skip(
            $crate::Capability::$capability.keyword(),
            &$reason.to_string(),
        );
        return;
    }};
}

/// Ends the test here, as a skip, unless the machine has all of these [`Capability`] variants.
#[macro_export]
macro_rules! needs {
    ($($capability:ident),+ $(,)?) => {
        $(if let Err(reason) = $crate::Capability::$capability.probe() {
            $crate::skip!($capability, reason);
        })+
    };
}
