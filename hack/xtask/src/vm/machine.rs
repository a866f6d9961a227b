//! One boot: virtiofsd and QEMU, both of which end with this process.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;

const VIRTIOFSD: &str = "/usr/lib/qemu/virtiofsd";
const TICK: Duration = Duration::from_millis(50);
/// Clocks are not calibrated under emulation: that takes seconds and can fail.
const KERNEL_LINE: &str = "console=ttyS0 quiet panic=-1 reboot=t tsc=reliable no_timer_check lpj=4000000 \
    random.trust_cpu=on mitigations=off nokaslr cgroup_no_v1=all apparmor=1 \
    lsm=landlock,lockdown,yama,integrity,apparmor,bpf";

/// What a boot needs.
pub(super) struct Machine<'a> {
    pub(super) vmlinux: &'a Path,
    pub(super) initramfs: &'a Path,
    /// For the socket and the exit code; the caller removes it
    pub(super) work: &'a Path,
    /// Whether the guest sees the host's /tmp instead of an empty one
    pub(super) host_tmp: bool,
    pub(super) limit: Duration,
}

/// A child that does not outlive its owner.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // both fail only if it has ended already
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Whether all programs are there.
pub(super) fn check_tools() -> Result {
    let tools = [
        ("/usr/bin/qemu-system-x86_64", "qemu-system-x86"),
        (VIRTIOFSD, "qemu-system-common"),
        ("/bin/busybox", "busybox-static"),
        ("/usr/bin/lz4", "lz4"),
    ];
    for (path, package) in tools {
        if !Path::new(path).exists() {
            return Err(format!("`{path}` is missing\nhint: apt-get install {package}").into());
        }
    }
    Ok(())
}

impl Machine<'_> {
    /// The command's exit code.
    pub(super) fn run(&self) -> Result<u8> {
        let end = Instant::now() + self.limit;
        let socket = self.work.join("fs");
        let _files = self.serve_files(&socket, end)?;
        let mut qemu = Guard(self.qemu(&socket)?);
        let output = qemu
            .0
            .stdout
            .take()
            .map(|from| relay(from, std::io::stdout()));
        let errors = qemu
            .0
            .stderr
            .take()
            .map(|from| relay(from, std::io::stderr()));
        while qemu.0.try_wait()?.is_none() {
            if Instant::now() > end {
                return Err(format!(
                    "the machine ran longer than {} s{}\nhint: --timeout",
                    self.limit.as_secs(),
                    self.console()
                )
                .into());
            }
            thread::sleep(TICK);
        }
        for thread in [output, errors].into_iter().flatten() {
            thread.join().map_err(|_| "the guest's output was lost")?;
        }
        let code = std::fs::read_to_string(self.work.join("code"))?;
        code.trim()
            .parse()
            .map_err(|_| format!("the guest ended without a result{}", self.console()).into())
    }

    /// The last lines of the guest's console, for an error.
    fn console(&self) -> String {
        const LINES: usize = 20;
        let bytes = std::fs::read(self.work.join("console")).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(LINES)..].iter();
        let last: Vec<String> = last
            .map(|line| format!("    {}", line.trim_end().escape_debug()))
            .collect();
        match last.is_empty() {
            true => String::new(),
            false => format!("; its console ends in\n{}", last.join("\n")),
        }
    }

    fn serve_files(&self, socket: &Path, end: Instant) -> Result<Guard> {
        let log = std::fs::File::create(self.work.join("virtiofsd"))?;
        let mut server = Guard(
            bound(VIRTIOFSD)
                .arg(format!("--socket-path={}", socket.display()))
                .args([
                    "-o",
                    "source=/",
                    "-o",
                    "sandbox=chroot",
                    "-o",
                    "cache=always",
                    "-o",
                    "xattr",
                ])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()?,
        );
        while !socket.exists() {
            if server.0.try_wait()?.is_some() || Instant::now() > end {
                let log = std::fs::read_to_string(self.work.join("virtiofsd"))?;
                return Err(format!(
                    "virtiofsd did not start: {}\nhint: it needs root",
                    log.escape_debug()
                )
                .into());
            }
            thread::sleep(TICK);
        }
        Ok(server)
    }

    fn qemu(&self, socket: &Path) -> Result<Child> {
        let mut command = bound("/usr/bin/qemu-system-x86_64");
        command.args("-machine q35,memory-backend=mem -accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 2G -nodefaults -display none -no-reboot".split(' '));
        command.args(
            "-object memory-backend-memfd,id=mem,size=2G,share=on -device virtio-serial-pci"
                .split(' '),
        );
        command
            .arg("-kernel")
            .arg(self.vmlinux)
            .arg("-initrd")
            .arg(self.initramfs);
        let tmp = if self.host_tmp {
            " flatrack.tmp=host"
        } else {
            ""
        };
        command.arg("-append").arg(format!("{KERNEL_LINE}{tmp}"));
        command.args([
            "-chardev",
            &format!("socket,id=fs,path={}", socket.display()),
        ]);
        command.args(["-device", "vhost-user-fs-pci,chardev=fs,tag=host"]);
        command.args([
            "-serial",
            &format!("file:{}", self.work.join("console").display()),
        ]);
        let code = self.work.join("code").display().to_string();
        for (name, path) in [
            ("out", "/proc/self/fd/1"),
            ("err", "/proc/self/fd/2"),
            ("code", &code),
        ] {
            command.args(["-chardev", &format!("file,id={name},path={path},append=on")]);
            command.args([
                "-device",
                &format!("virtserialport,chardev={name},name={name}"),
            ]);
        }
        Ok(command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?)
    }
}

/// A program that the kernel ends together with this process.
fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

fn relay(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        // whoever reads us may have gone; the exit code still counts
        drop(std::io::copy(&mut from, &mut to));
        drop(to.flush());
    })
}
