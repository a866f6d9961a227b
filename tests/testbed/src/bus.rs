//! A message bus of the test's own, with services on it: Debian's `dbus-daemon` and whatever a test starts.

use std::ffi::OsStr;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Outcome, Testbed};

/// How long a daemon or a service may take to come up, or to end.
const PATIENCE: Duration = Duration::from_secs(15);

/// A bus that only this test uses; it ends with the value, and its services before it.
#[derive(Debug)]
pub struct Bus<'a> {
    bed: &'a Testbed,
    socket: PathBuf,
    services: Vec<Guest>,
    _daemon: Guest,
}

impl<'a> Bus<'a> {
    /// Starts a bus whose socket is `name` in the runtime directory. Nothing is started by being called.
    ///
    /// # Panics
    /// When it does not come up.
    #[must_use]
    #[track_caller]
    pub fn start(bed: &'a Testbed, name: &str) -> Self {
        let socket = bed.runtime_dir().join(name);
        let config = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            socket.display()
        );
        let config = bed.write(format!("{name}.conf"), config);
        let file = format!("--config-file={}", config.display());
        let daemon = Guest::start(bed.outside("dbus-daemon", ["--nofork", "--nopidfile", &file]));
        // the file is there before anybody listens
        until("the bus is not up", || UnixStream::connect(&socket).is_ok());
        Self {
            bed,
            socket,
            services: Vec::new(),
            _daemon: daemon,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The same, as D-Bus writes it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix:path={}", self.socket.display())
    }

    /// The command `flatrack` with this bus as the session's.
    #[must_use]
    #[track_caller]
    pub fn flatrack_command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.bed.flatrack_command(args);
        command.env("DBUS_SESSION_BUS_ADDRESS", self.address());
        command
    }

    /// Runs `flatrack` with this bus as the session's, to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn flatrack<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        match self.flatrack_command(args).output() {
            Ok(output) => output.into(),
            Err(error) => panic!("cannot start flatrack: {error}"),
        }
    }

    /// Another program of the machine with this bus as the session's.
    #[must_use]
    #[track_caller]
    pub fn command<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = self.bed.outside(program, args);
        command.env("DBUS_SESSION_BUS_ADDRESS", self.address());
        command
    }

    /// Starts a service and waits until it owns `name`.
    #[track_caller]
    pub fn serve(&mut self, name: &str, command: Command) {
        self.services.push(Guest::start(command));
        until(&format!("nobody owns {name}"), || self.is_owned(name));
    }

    /// A service that answers every call with an empty reply.
    #[track_caller]
    pub fn echo(&mut self, name: &str) {
        let own = format!("--name={name}");
        let command = self.command("dbus-test-tool", ["echo", "--session", &own]);
        self.serve(name, command);
    }

    /// A service that takes every call and never answers.
    #[track_caller]
    pub fn black_hole(&mut self, name: &str) {
        let own = format!("--name={name}");
        let command = self.command("dbus-test-tool", ["black-hole", "--session", &own]);
        self.serve(name, command);
    }

    /// Calls a method from outside of any sandbox.
    ///
    /// # Panics
    /// When it cannot be called at all.
    #[track_caller]
    pub fn call(&self, name: &str, object: &str, method: &str, arguments: &[&str]) -> Outcome {
        let words = ["call", "--session", "-d", name, "-o", object, "-m", method];
        let words = words.into_iter().chain(arguments.iter().copied());
        match self.command("gdbus", words).output() {
            Ok(output) => output.into(),
            Err(error) => panic!("cannot start gdbus: {error}"),
        }
    }

    #[track_caller]
    fn is_owned(&self, name: &str) -> bool {
        let bus = "org.freedesktop.DBus";
        let said = self.call(bus, "/", "org.freedesktop.DBus.NameHasOwner", &[name]);
        said.stdout.contains("true")
    }
}

impl Drop for Bus<'_> {
    fn drop(&mut self) {
        while self.services.pop().is_some() {}
    }
}

/// A process that ends with the value.
#[derive(Debug)]
struct Guest(Child);

impl Guest {
    #[track_caller]
    fn start(mut command: Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        match command.stderr(Stdio::null()).spawn() {
            Ok(child) => Self(child),
            Err(error) => panic!("cannot start {command:?}: {error}"),
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        let end = Instant::now() + PATIENCE;
        while asked.is_ok() && matches!(self.0.try_wait(), Ok(None)) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        let _gone: io::Result<_> = self.0.kill().and_then(|()| self.0.wait());
    }
}

#[track_caller]
fn until(problem: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "{problem} after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
