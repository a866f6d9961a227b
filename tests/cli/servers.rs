//! Real servers of a session, each ended with the test.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flatrack_testbed::{Bus, Testbed};

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(45);

/// A server that runs until the test ends.
#[derive(Debug)]
pub(crate) struct Server(Child);

impl Server {
    #[track_caller]
    fn start(mut command: Command) -> Self {
        Self(command.stderr(Stdio::null()).spawn().unwrap())
    }

    /// Starts a server and waits for its socket.
    #[track_caller]
    fn listening(command: Command, socket: &Path) -> Self {
        let mut server = Self::start(command);
        let until = Instant::now() + PATIENCE;
        while !socket.exists() {
            let ended = server.0.try_wait().unwrap();
            assert!(ended.is_none(), "the server ended: {ended:?}");
            assert!(Instant::now() < until, "`{}` never came", socket.display());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    pub(crate) fn weston(bed: &Testbed, display: &str) -> Self {
        let args = [
            "--backend=headless-backend.so".to_owned(),
            format!("--socket={display}"),
            "--idle-time=0".to_owned(),
        ];
        Self::listening(
            bed.command("weston", args),
            &bed.runtime_dir().join(display),
        )
    }

    pub(crate) fn pulseaudio(bed: &Testbed) -> Self {
        let args = [
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "--load=module-native-protocol-unix",
            "--load=module-null-sink sink_name=flatrack_test",
        ];
        let socket = bed.runtime_dir().join("pulse/native");
        Self::listening(bed.command("pulseaudio", args), &socket)
    }

    /// PipeWire, its server for PulseAudio's clients, and the manager that gives clients their rights: it tells apps
    /// of Flatpak's from programs of the user.
    pub(crate) fn pipewire(bed: &Testbed, bus: &Bus<'_>) -> [Self; 3] {
        let none: [&str; 0] = [];
        let listening = |program, socket| {
            Self::listening(bed.command(program, none), &bed.runtime_dir().join(socket))
        };
        let core = listening("pipewire", "pipewire-0");
        let sound = listening("pipewire-pulse", "pulse/native");
        [core, sound, Self::start(bus.command("wireplumber", none))]
    }

    pub(crate) fn ssh_agent(bed: &Testbed, socket: &Path) -> Self {
        let args = ["-D".as_ref(), "-a".as_ref(), socket.as_os_str()];
        Self::listening(bed.command("ssh-agent", args), socket)
    }

    /// An X server that only takes clients with a cookie. Gives the display, and the file of cookies, in which there
    /// is one of another display, too.
    pub(crate) fn x(bed: &Testbed) -> (Self, String, PathBuf) {
        let (mine, other) = ("11".repeat(16), "22".repeat(16));
        let file = bed.write("x/cookies", "");
        let add = |display: &str, cookie: &str| {
            let args = ["-f", file.to_str().unwrap(), "add", display, ".", cookie];
            bed.run("xauth", args).assert_success();
        };
        // the server reads its own; which display it gets is known later
        let servers = bed.write("x/server", "");
        let args = ["-f", servers.to_str().unwrap(), "add", ":0", ".", &mine];
        bed.run("xauth", args).assert_success();
        let auth = servers.to_str().unwrap();
        let args = ["-displayfd", "1", "-auth", auth, "-nolisten", "tcp"];
        let mut command = bed.command("Xvfb", args);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let pipe = child.stdout.take().unwrap();
        let server = Self(child);
        BufReader::new(pipe).read_line(&mut line).unwrap();
        let display = format!(":{}", line.trim());
        add(&display, &mine);
        add(":4711", &other);
        (server, display, file)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // asked first: servers remove their sockets
        let pid = self.0.id().to_string();
        let asked = Command::new("kill").arg(&pid).status();
        let until = Instant::now() + PATIENCE;
        while asked.is_ok() && matches!(self.0.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _gone = self.0.kill().and_then(|()| self.0.wait()).is_ok();
    }
}

/// A socket of the testbed's user on which nobody ever answers.
#[track_caller]
pub(crate) fn silent(bed: &Testbed, path: &Path) -> UnixListener {
    let listener = UnixListener::bind(path).unwrap();
    let owner = format!("{}:{}", bed.user().uid, bed.user().gid);
    let owned = Command::new("chown").arg(owner).arg(path).status().unwrap();
    assert!(owned.success());
    listener
}
