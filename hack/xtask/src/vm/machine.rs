//! One boot: virtiofsd and QEMU, both of which end with this process. What they share with it are open descriptors, so that nothing is
//! left in the file system however this process ends.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::MemfdFlags;
use rustix::io::FdFlags;

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
    pub(super) initramfs: &'a [u8],
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
        ("/usr/bin/zstd", "zstd"),
        ("/usr/bin/xz", "xz-utils"),
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
        let (mut console, mut code) = (memory_file("console")?, memory_file("code")?);
        let (server, client) = connection()?;
        let mut log = memory_file("virtiofsd")?;
        let mut files = Guard(serve_files(&server, log.try_clone()?)?);
        let mut qemu = Guard(self.qemu(&client, &console, &code)?);
        // the ends of the two programs alone are left: each sees the other's end
        drop((server, client));
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
            // it ends with QEMU too, a moment before it
            if files.0.try_wait()?.is_some() && written(&mut code)?.is_empty() {
                return Err(format!(
                    "virtiofsd ended: {}\nhint: it needs root",
                    written(&mut log)?.escape_debug()
                )
                .into());
            }
            if Instant::now() > end {
                return Err(format!(
                    "the machine ran longer than {} s{}\nhint: --timeout",
                    self.limit.as_secs(),
                    last_lines(&mut console)?
                )
                .into());
            }
            thread::sleep(TICK);
        }
        for thread in [output, errors].into_iter().flatten() {
            thread.join().map_err(|_| "the guest's output was lost")?;
        }
        match written(&mut code)?.trim().parse() {
            Ok(code) => Ok(code),
            Err(_) => Err(format!(
                "the guest ended without a result{}",
                last_lines(&mut console)?
            )
            .into()),
        }
    }

    fn qemu(&self, files: &UnixStream, console: &File, code: &File) -> Result<Child> {
        let mut initramfs = memory_file("initramfs")?;
        initramfs.write_all(self.initramfs)?;
        let mut command = bound("/usr/bin/qemu-system-x86_64");
        command.args("-machine q35,memory-backend=mem -accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 2G -nodefaults -display none -no-reboot".split(' '));
        command.args(
            "-object memory-backend-memfd,id=mem,size=2G,share=on -device virtio-serial-pci"
                .split(' '),
        );
        command.arg("-kernel").arg(self.vmlinux);
        command.args(["-initrd", &inherited(&initramfs)?]);
        let tmp = if self.host_tmp {
            " flatrack.tmp=host"
        } else {
            ""
        };
        command.arg("-append").arg(format!("{KERNEL_LINE}{tmp}"));
        command.args([
            "-chardev",
            &format!("socket,id=fs,fd={}", number(files)?),
            "-device",
            "vhost-user-fs-pci,chardev=fs,tag=host",
            "-serial",
            &format!("file:{}", inherited(console)?),
        ]);
        for (name, path) in [
            ("out", "/proc/self/fd/1"),
            ("err", "/proc/self/fd/2"),
            ("code", &inherited(code)?),
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

fn serve_files(listener: &UnixListener, log: File) -> Result<Child> {
    let mut command = bound(VIRTIOFSD);
    command.arg(format!("--fd={}", number(listener)?));
    command.args("-o source=/ -o sandbox=chroot -o cache=always -o xattr".split(' '));
    Ok(command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()?)
}

/// Both ends of a socket whose name is gone again: nobody else comes to root's file server.
fn connection() -> Result<(UnixListener, UnixStream)> {
    let dir = tempfile::tempdir()?;
    let name = dir.path().join("fs");
    let listener = UnixListener::bind(&name)?;
    let stream = UnixStream::connect(&name)?;
    Ok((listener, stream))
}

fn memory_file(name: &str) -> Result<File> {
    Ok(rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC)?.into())
}

/// The number of a descriptor that children inherit from here on.
fn number(descriptor: &impl AsFd) -> Result<i32> {
    rustix::io::fcntl_setfd(descriptor, FdFlags::empty())?;
    Ok(descriptor.as_fd().as_raw_fd())
}

/// The name by which a child that inherits it opens a file.
fn inherited(file: &File) -> Result<String> {
    Ok(format!("/proc/self/fd/{}", number(file)?))
}

fn written(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The end of the guest's console, for an error.
fn last_lines(console: &mut File) -> Result<String> {
    const LINES: usize = 60;
    let text = written(console)?;
    let lines: Vec<&str> = text.lines().collect();
    let last: Vec<String> = lines[lines.len().saturating_sub(LINES)..]
        .iter()
        .map(|line| format!("    {}", line.trim_end().escape_debug()))
        .collect();
    Ok(match last.is_empty() {
        true => String::new(),
        false => format!("; its console ends in\n{}", last.join("\n")),
    })
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
