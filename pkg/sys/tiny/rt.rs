//! What a program without a standard library needs: its entry point, system calls, and strings that end in NUL.
//!
//! Nothing here allocates or keeps writable data, so that a running copy costs a stack page and its own text, which is shared.

#![allow(dead_code)]

use core::arch::{asm, global_asm};

/// A kernel `siginfo_t`: the three leading integers are all that is read.
#[repr(C, align(8))]
pub struct SigInfo {
    pub signo: i32,
    pub errno: i32,
    pub code: i32,
    rest: [i32; 29],
}

impl SigInfo {
    pub const fn zero() -> Self {
        Self { signo: 0, errno: 0, code: 0, rest: [0; 29] }
    }

    /// `si_status` of a SIGCHLD or of `waitid`: pad, pid, uid, status.
    pub fn status(&self) -> i32 {
        self.rest[3]
    }

    /// `si_pid` of a SIGCHLD or of `waitid`.
    pub fn pid(&self) -> i32 {
        self.rest[1]
    }
}

/// `struct timespec`.
#[repr(C)]
pub struct TimeSpec {
    pub seconds: i64,
    pub nanoseconds: i64,
}

/// The kernel's `struct sigaction`, zero being "the default action".
#[repr(C)]
pub struct SigAction {
    words: [usize; 4],
}

pub const SIGNALS: i32 = 64;
pub const SIGCHLD: i32 = 17;
pub const SIGCONT: i32 = 18;
pub const SIGSTOP: i32 = 19;
pub const SIGTSTP: i32 = 20;
pub const SIGTTIN: i32 = 21;
pub const SIGTTOU: i32 = 22;
pub const SIGKILL: i32 = 9;

/// `si_code` of a signal the kernel itself made, such as one from a terminal's key.
pub const SI_KERNEL: i32 = 0x80;

pub const ENOENT: isize = -2;
pub const EINTR: isize = -4;
pub const ENOEXEC: isize = -8;
pub const EACCES: isize = -13;
pub const EBUSY: isize = -16;
pub const ENOTDIR: isize = -20;

#[cfg(target_arch = "x86_64")]
pub mod nr {
    pub const READ: usize = 0;
    pub const WRITE: usize = 1;
    pub const CLOSE: usize = 3;
    pub const RT_SIGACTION: usize = 13;
    pub const RT_SIGPROCMASK: usize = 14;
    pub const GETPID: usize = 39;
    pub const FCNTL: usize = 72;
    pub const NANOSLEEP: usize = 35;
    pub const CLONE: usize = 56;
    pub const EXECVE: usize = 59;
    pub const WAIT4: usize = 61;
    pub const KILL: usize = 62;
    pub const RT_SIGTIMEDWAIT: usize = 128;
    pub const PRCTL: usize = 157;
    pub const EXIT_GROUP: usize = 231;
    pub const WAITID: usize = 247;
    pub const OPENAT: usize = 257;
    pub const UNLINKAT: usize = 263;
    pub const PIDFD_SEND_SIGNAL: usize = 424;
}

#[cfg(target_arch = "aarch64")]
pub mod nr {
    pub const FCNTL: usize = 25;
    pub const UNLINKAT: usize = 35;
    pub const OPENAT: usize = 56;
    pub const CLOSE: usize = 57;
    pub const READ: usize = 63;
    pub const WRITE: usize = 64;
    pub const EXIT_GROUP: usize = 94;
    pub const WAITID: usize = 95;
    pub const NANOSLEEP: usize = 101;
    pub const KILL: usize = 129;
    pub const RT_SIGACTION: usize = 134;
    pub const RT_SIGPROCMASK: usize = 135;
    pub const RT_SIGTIMEDWAIT: usize = 137;
    pub const PRCTL: usize = 167;
    pub const GETPID: usize = 172;
    pub const CLONE: usize = 220;
    pub const EXECVE: usize = 221;
    pub const WAIT4: usize = 260;
    pub const PIDFD_SEND_SIGNAL: usize = 424;
}

// The kernel enters with the stack pointer at argc; hand it on as the first argument, with the stack aligned as the ABI wants.
#[cfg(target_arch = "x86_64")]
global_asm!(".globl _start", "_start:", "xor ebp, ebp", "mov rdi, rsp", "and rsp, -16", "call start", "ud2");
#[cfg(target_arch = "aarch64")]
global_asm!(".globl _start", "_start:", "mov x29, #0", "mov x30, #0", "mov x0, sp", "bl start", "brk #0");

/// One system call.
///
/// # Safety
/// The arguments must be what the call `number` expects; pointers must stay valid while it runs.
#[cfg(target_arch = "x86_64")]
pub unsafe fn syscall(number: usize, a: [usize; 5]) -> isize {
    let result: isize;
    // SAFETY: the caller vouches for the arguments; the kernel changes only rax, rcx and r11 and memory it was given.
    unsafe {
        asm!("syscall", inlateout("rax") number as isize => result, in("rdi") a[0], in("rsi") a[1], in("rdx") a[2],
             in("r10") a[3], in("r8") a[4], lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result
}

/// One system call.
///
/// # Safety
/// The arguments must be what the call `number` expects; pointers must stay valid while it runs.
#[cfg(target_arch = "aarch64")]
pub unsafe fn syscall(number: usize, a: [usize; 5]) -> isize {
    let result: isize;
    // SAFETY: the caller vouches for the arguments; the kernel changes only x0 and memory it was given.
    unsafe {
        asm!("svc 0", in("x8") number, inlateout("x0") a[0] as isize => result, in("x1") a[1], in("x2") a[2],
             in("x3") a[3], in("x4") a[4], options(nostack));
    }
    result
}

/// A string from the kernel: NUL-terminated, alive as long as the process.
#[derive(Clone, Copy)]
pub struct Str(*const u8);

impl Str {
    /// The byte at `index`, which must not be beyond the NUL.
    pub fn at(self, index: usize) -> u8 {
        // SAFETY: callers never read beyond the NUL that ends the string.
        unsafe { *self.0.add(index) }
    }

    pub fn as_ptr(self) -> *const u8 {
        self.0
    }

    /// The string without its first `count` bytes.
    pub fn skip(self, count: usize) -> Self {
        // SAFETY: callers have seen that the first `count` bytes are not NUL.
        Self(unsafe { self.0.add(count) })
    }

    /// The number of bytes before the NUL.
    pub fn len(self) -> usize {
        let mut length = 0;
        while self.at(length) != 0 {
            length += 1;
        }
        length
    }

    /// All of it but the NUL.
    pub fn bytes(self) -> &'static [u8] {
        // SAFETY: so many bytes come before the NUL, and the kernel laid them out for as long as the process lives.
        unsafe { core::slice::from_raw_parts(self.0, self.len()) }
    }

    pub fn contains(self, byte: u8) -> bool {
        (0..self.len()).any(|index| self.at(index) == byte)
    }

    pub fn starts_with(self, prefix: &[u8]) -> bool {
        // A NUL differs from every byte of a prefix, so this never reads beyond it.
        prefix.iter().enumerate().all(|(index, byte)| self.at(index) == *byte)
    }
}

/// The argument and environment vectors as the kernel laid them out.
#[derive(Clone, Copy)]
pub struct Vectors {
    base: *const usize,
}

impl Vectors {
    /// # Safety
    /// `base` must be the stack pointer at the entry of the process.
    pub unsafe fn new(base: *const usize) -> Self {
        Self { base }
    }

    pub fn count(self) -> usize {
        // SAFETY: the word at the entry stack pointer is argc.
        unsafe { *self.base }
    }

    /// Argument `index`, counted from the program's name.
    pub fn arg(self, index: usize) -> Option<Str> {
        // SAFETY: argv follows argc and has argc entries.
        (index < self.count()).then(|| Str(unsafe { *self.base.add(1 + index) } as *const u8))
    }

    /// argv from `index` on, ended by a null pointer as `execve` wants it.
    pub fn argv(self, index: usize) -> *const usize {
        // SAFETY: index is at most argc, where the null pointer is.
        unsafe { self.base.add(1 + index) }
    }

    pub fn envp(self) -> *const usize {
        // SAFETY: envp follows argv's null pointer.
        unsafe { self.base.add(2 + self.count()) }
    }

    /// The value of the environment variable whose name and `=` are `prefix`.
    pub fn env(self, prefix: &[u8]) -> Option<Str> {
        let mut entry = self.envp();
        loop {
            // SAFETY: envp ends with a null pointer, where this loop ends.
            let address = unsafe { *entry };
            if address == 0 {
                return None;
            }
            let text = Str(address as *const u8);
            if text.starts_with(prefix) {
                return Some(text.skip(prefix.len()));
            }
            // SAFETY: this entry was not the null pointer, so another follows.
            entry = unsafe { entry.add(1) };
        }
    }
}

pub fn exit(code: i32) -> ! {
    loop {
        // SAFETY: exit_group takes an integer and does not return.
        unsafe { syscall(nr::EXIT_GROUP, [code as usize, 0, 0, 0, 0]) };
    }
}

/// Sets the mask of blocked signals: a bit each, signal 1 the lowest.
pub fn set_mask(mask: u64) {
    const SIG_SETMASK: usize = 2;
    // SAFETY: the mask is eight bytes that outlive the call.
    unsafe { syscall(nr::RT_SIGPROCMASK, [SIG_SETMASK, &raw const mask as usize, 0, 8, 0]) };
}

/// Gives every signal its default action again.
pub fn default_actions() {
    let action = SigAction { words: [0; 4] };
    for signal in 1..=SIGNALS {
        // SAFETY: the action is a zeroed kernel sigaction that outlives the call; SIGKILL and SIGSTOP are refused by the kernel.
        unsafe { syscall(nr::RT_SIGACTION, [signal as usize, &raw const action as usize, 0, 8, 0]) };
    }
}

/// Waits for any signal; returns its description.
pub fn wait_signal() -> SigInfo {
    let all = u64::MAX;
    let mut info = SigInfo::zero();
    loop {
        let address = [&raw const all as usize, &raw mut info as usize, 0, 8, 0];
        // SAFETY: mask and info outlive the call and have the kernel's sizes (8 and 128 bytes).
        if unsafe { syscall(nr::RT_SIGTIMEDWAIT, address) } > 0 {
            return info;
        }
    }
}

pub fn kill(pid: i32, signal: i32) -> isize {
    // SAFETY: two integers.
    unsafe { syscall(nr::KILL, [pid as usize, signal as usize, 0, 0, 0]) }
}

/// Has the kernel send SIGKILL here when the parent ends.
pub fn die_with_parent() {
    const PR_SET_PDEATHSIG: usize = 1;
    // SAFETY: two integers.
    unsafe { syscall(nr::PRCTL, [PR_SET_PDEATHSIG, SIGKILL as usize, 0, 0, 0]) };
}

/// Waits for one byte from a descriptor and closes it; whether there was one.
pub fn await_byte(descriptor: usize) -> bool {
    let mut byte = 0u8;
    loop {
        // SAFETY: the byte outlives the call.
        match unsafe { syscall(nr::READ, [descriptor, &raw mut byte as usize, 1, 0, 0]) } {
            EINTR => {}
            length => {
                close(descriptor);
                return length == 1;
            }
        }
    }
}

pub fn getpid() -> i32 {
    // SAFETY: no arguments.
    (unsafe { syscall(nr::GETPID, [0; 5]) }) as i32
}

pub fn execve(path: *const u8, argv: *const usize, envp: *const usize) -> isize {
    // SAFETY: path ends in NUL, argv and envp end in a null pointer; all come from the kernel or from a buffer that outlives the call.
    unsafe { syscall(nr::EXECVE, [path as usize, argv as usize, envp as usize, 0, 0]) }
}

pub fn stderr(text: &[u8]) {
    write(2, text);
}

/// Opens a file that must exist; no flag lets this make one. Closed when another program is executed.
pub fn open(path: Str, flags: usize) -> Option<usize> {
    const AT_FDCWD: usize = -100isize as usize;
    const O_CLOEXEC: usize = 0o2000000;
    // SAFETY: the path ends in NUL and lives as long as the process.
    let opened = unsafe { syscall(nr::OPENAT, [AT_FDCWD, path.as_ptr() as usize, flags | O_CLOEXEC, 0, 0]) };
    usize::try_from(opened).ok()
}

/// Takes a shared record lock on a whole file, which lasts as long as this process; whether there is one.
pub fn lock_shared(descriptor: usize) -> bool {
    /// The kernel's `struct flock` on 64 bits; zero is "from the start to the end of the file".
    #[repr(C)]
    struct Lock {
        kind: i16,
        whence: i16,
        start: i64,
        length: i64,
        pid: i32,
    }
    const F_SETLK: usize = 6;
    const F_RDLCK: i16 = 0;
    let lock = Lock { kind: F_RDLCK, whence: 0, start: 0, length: 0, pid: 0 };
    // SAFETY: the lock outlives the call.
    (unsafe { syscall(nr::FCNTL, [descriptor, F_SETLK, &raw const lock as usize, 0, 0]) }) == 0
}

/// Reads at most as much as there is room for; 0 at the end and where nothing can be read.
pub fn read(descriptor: usize, room: &mut [u8]) -> usize {
    // SAFETY: the slice is writable and outlives the call.
    let length = unsafe { syscall(nr::READ, [descriptor, room.as_mut_ptr() as usize, room.len(), 0, 0]) };
    usize::try_from(length).unwrap_or(0)
}

pub fn write(descriptor: usize, text: &[u8]) {
    // SAFETY: the slice outlives the call.
    unsafe { syscall(nr::WRITE, [descriptor, text.as_ptr() as usize, text.len(), 0, 0]) };
}

pub fn close(descriptor: usize) {
    // SAFETY: an integer; callers do not use it from here on.
    unsafe { syscall(nr::CLOSE, [descriptor, 0, 0, 0, 0]) };
}

pub fn sleep_milliseconds(count: i64) {
    let time = TimeSpec { seconds: count / 1000, nanoseconds: count % 1000 * 1_000_000 };
    // SAFETY: the timespec outlives the call.
    unsafe { syscall(nr::NANOSLEEP, [&raw const time as usize, 0, 0, 0, 0]) };
}

/// Copies of these must exist because the compiler may emit calls to them; byte loops are enough for what is moved here.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(destination: *mut u8, value: i32, count: usize) -> *mut u8 {
    let mut index = 0;
    while index < count {
        // SAFETY: the caller gives `count` writable bytes.
        unsafe { core::ptr::write_volatile(destination.add(index), value as u8) };
        index += 1;
    }
    destination
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(destination: *mut u8, source: *const u8, count: usize) -> *mut u8 {
    let mut index = 0;
    while index < count {
        // SAFETY: the caller gives `count` readable and writable bytes that do not overlap.
        unsafe { core::ptr::write_volatile(destination.add(index), *source.add(index)) };
        index += 1;
    }
    destination
}

/// Named by the precompiled core library; never called, since a panic ends the process.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(125)
}
