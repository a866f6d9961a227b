//! An OCI seccomp profile to a program, by libseccomp.

use std::collections::BTreeSet;
use std::io::{Read, Seek};
use std::path::PathBuf;

use libseccomp::error::SeccompError;
use libseccomp::{
    ScmpAction, ScmpArch, ScmpArgCompare, ScmpCompareOp, ScmpFilterContext, ScmpSyscall,
};
use oci_spec::runtime::{
    Arch, LinuxSeccomp, LinuxSeccompAction as Action, LinuxSeccompArg,
    LinuxSeccompFilterFlag as Flag, LinuxSeccompOperator as Operator, LinuxSyscall,
};

use super::{Error, SeccompProgram, newer};

/// The highest error number that a filter may return.
const MAX_ERRNO: u32 = 4095;
const EPERM: u32 = 1;
const ENOSYS: i32 = 38;

/// Compiles a profile.
///
/// # Errors
/// For a system call that neither this machine's nor any of the profile's architectures has: a misspelt rule must not become no rule. Where
/// everything is forbidden by default, one that allows such a call is passed over.
pub fn compile(profile: &LinuxSeccomp) -> Result<SeccompProgram, Error> {
    let listens = listens(profile)?;
    let default = action(profile.default_action(), profile.default_errno_ret())?;
    let mut filter = ScmpFilterContext::new(default).map_err(library("the default action"))?;
    // The caller sets no_new_privs itself, and checks it.
    filter
        .set_ctl_nnp(false)
        .map_err(library("the no_new_privs attribute"))?;
    let architectures: Vec<ScmpArch> = profile
        .architectures()
        .iter()
        .flatten()
        .map(|arch| architecture(*arch))
        .collect();
    for arch in &architectures {
        filter
            .add_arch(*arch)
            .map_err(library(format!("the architecture {arch:?}")))?;
    }
    for rule in profile.syscalls().iter().flatten() {
        add(&mut filter, rule, default, &architectures)?;
    }
    let mut instructions = match default {
        ScmpAction::Errno(number) if number != ENOSYS => {
            newer::unknown(&highest(profile, &architectures))
        }
        _ => Vec::new(),
    };
    instructions.extend(export(&filter)?);
    Ok(SeccompProgram {
        instructions,
        flags: flags(profile, listens),
    })
}

/// Whether another process decides about some calls.
fn listens(profile: &LinuxSeccomp) -> Result<bool, Error> {
    let refuse = |what| Err(Error::Unsupported { what });
    let left_open = |rule: &&LinuxSyscall| rule.action() == Action::ScmpActNotify;
    if profile.default_action() == Action::ScmpActNotify {
        return refuse("a listener for every system call");
    }
    let rules = profile.syscalls().as_deref().unwrap_or_default();
    let mut names = rules
        .iter()
        .filter(left_open)
        .flat_map(|rule| rule.names())
        .peekable();
    if names.peek().is_none() {
        return Ok(false);
    }
    let path = profile.listener_path().as_ref();
    if path.is_none_or(|path| path.as_os_str().is_empty()) {
        return refuse("a listener without saying where (`listenerPath`)");
    }
    // Without it the listener would not hear of anything; `write` as with other runtimes.
    match names.any(|name| matches!(name.as_str(), "sendmsg" | "write")) {
        true => refuse("a listener for `sendmsg` or `write`, which is needed to reach it"),
        false => Ok(true),
    }
}

/// For each architecture the highest number of a call that the profile names.
fn highest(profile: &LinuxSeccomp, architectures: &[ScmpArch]) -> Vec<(ScmpArch, u32)> {
    let mut all: Vec<ScmpArch> = newer::native().into_iter().collect();
    all.extend(architectures);
    all.dedup();
    let names = || {
        let rules = profile.syscalls().iter().flatten();
        rules.flat_map(|rule| rule.names())
    };
    all.into_iter()
        .filter_map(|arch| {
            let number = |name: &String| {
                let call = ScmpSyscall::from_name_by_arch(name, arch).ok()?;
                u32::try_from(i32::from(call)).ok()
            };
            // those of x32 are numbers of their own
            let numbers = names()
                .filter_map(number)
                .filter(|number| *number < 1 << 30);
            numbers.max().map(|highest| (arch, highest))
        })
        .collect()
}

fn library(what: impl Into<String>) -> impl FnOnce(SeccompError) -> Error {
    let what = what.into();
    |source| Error::Library { what, source }
}

fn add(
    filter: &mut ScmpFilterContext,
    rule: &LinuxSyscall,
    default: ScmpAction,
    architectures: &[ScmpArch],
) -> Result<(), Error> {
    let action = action(rule.action(), rule.errno_ret())?;
    for name in rule.names() {
        let Ok(syscall) = ScmpSyscall::from_name(name) else {
            // A call that was to be allowed and stays forbidden is no hole: profiles of engines name calls of later kernels.
            let narrower = matches!(action, ScmpAction::Allow | ScmpAction::Log)
                && matches!(
                    default,
                    ScmpAction::Errno(_) | ScmpAction::KillProcess | ScmpAction::KillThread
                );
            // An architecture that is not this machine's may have calls of its own.
            if narrower
                || architectures
                    .iter()
                    .any(|arch| ScmpSyscall::from_name_by_arch(name, *arch).is_ok())
            {
                continue;
            }
            return Err(Error::UnknownSyscall { name: name.clone() });
        };
        if action == default {
            continue;
        }
        let what = || format!("the rule for `{name}`");
        let comparisons: Vec<ScmpArgCompare> =
            rule.args().iter().flatten().map(comparison).collect();
        let indices: BTreeSet<_> = rule
            .args()
            .iter()
            .flatten()
            .map(LinuxSeccompArg::index)
            .collect();
        if comparisons.is_empty() {
            filter.add_rule(action, syscall).map_err(library(what()))?;
        } else if indices.len() == comparisons.len() {
            filter
                .add_rule_conditional(action, syscall, &comparisons)
                .map_err(library(what()))?;
        } else {
            // Several conditions on one argument cannot be one rule: each becomes its own, any of them suffices, as in every runtime.
            for comparison in &comparisons {
                filter
                    .add_rule_conditional(action, syscall, std::slice::from_ref(comparison))
                    .map_err(library(what()))?;
            }
        }
    }
    Ok(())
}

fn comparison(argument: &LinuxSeccompArg) -> ScmpArgCompare {
    let (index, value) = (argument.index() as u32, argument.value());
    match argument.op() {
        Operator::ScmpCmpNe => ScmpArgCompare::new(index, ScmpCompareOp::NotEqual, value),
        Operator::ScmpCmpLt => ScmpArgCompare::new(index, ScmpCompareOp::Less, value),
        Operator::ScmpCmpLe => ScmpArgCompare::new(index, ScmpCompareOp::LessOrEqual, value),
        Operator::ScmpCmpEq => ScmpArgCompare::new(index, ScmpCompareOp::Equal, value),
        Operator::ScmpCmpGe => ScmpArgCompare::new(index, ScmpCompareOp::GreaterEqual, value),
        Operator::ScmpCmpGt => ScmpArgCompare::new(index, ScmpCompareOp::Greater, value),
        // `value` is the mask, `valueTwo` what must be left of it.
        Operator::ScmpCmpMaskedEq => ScmpArgCompare::new(
            index,
            ScmpCompareOp::MaskedEqual(value),
            argument.value_two().unwrap_or(0),
        ),
    }
}

fn action(action: Action, errno: Option<u32>) -> Result<ScmpAction, Error> {
    let number = errno.unwrap_or(EPERM);
    if number > MAX_ERRNO {
        return Err(Error::ErrorNumber { number });
    }
    Ok(match action {
        Action::ScmpActAllow => ScmpAction::Allow,
        Action::ScmpActErrno => ScmpAction::Errno(number as i32),
        Action::ScmpActKill | Action::ScmpActKillThread => ScmpAction::KillThread,
        Action::ScmpActKillProcess => ScmpAction::KillProcess,
        Action::ScmpActLog => ScmpAction::Log,
        Action::ScmpActTrace => ScmpAction::Trace(number as u16),
        Action::ScmpActTrap => ScmpAction::Trap,
        Action::ScmpActNotify => ScmpAction::Notify,
    })
}

fn flags(profile: &LinuxSeccomp, listens: bool) -> u32 {
    const WAIT_KILLABLE: u32 = 1 << 5;
    const LOG: u32 = 1 << 1;
    const SPEC_ALLOW: u32 = 1 << 2;
    let bit = |flag: &Flag| match flag {
        Flag::SeccompFilterFlagLog => LOG,
        Flag::SeccompFilterFlagSpecAllow => SPEC_ALLOW,
        Flag::SeccompFilterFlagWaitKillableRecv if listens => WAIT_KILLABLE,
        // The process that installs the filter has one thread: nothing to do for these.
        Flag::SeccompFilterFlagTsync | Flag::SeccompFilterFlagWaitKillableRecv => 0,
    };
    let listener = match listens {
        true => flatrack_sys::seccomp::NEW_LISTENER,
        false => 0,
    };
    profile
        .flags()
        .iter()
        .flatten()
        .map(bit)
        .fold(listener, |all, one| all | one)
}

/// libseccomp before 2.6 writes its program to a descriptor only.
fn export(filter: &ScmpFilterContext) -> Result<Vec<u8>, Error> {
    let io = |source: std::io::Error| Error::Io {
        path: PathBuf::from("memory"),
        source,
    };
    let memory = rustix::fs::memfd_create("seccomp", rustix::fs::MemfdFlags::CLOEXEC)
        .map_err(|error| io(error.into()))?;
    filter
        .export_bpf(&memory)
        .map_err(library("the program as a whole"))?;
    let mut file = std::fs::File::from(memory);
    let mut bytes = Vec::new();
    file.rewind()
        .and_then(|()| file.read_to_end(&mut bytes))
        .map_err(io)?;
    Ok(bytes)
}

fn architecture(arch: Arch) -> ScmpArch {
    match arch {
        Arch::ScmpArchNative => ScmpArch::Native,
        Arch::ScmpArchX86 => ScmpArch::X86,
        Arch::ScmpArchX86_64 => ScmpArch::X8664,
        Arch::ScmpArchX32 => ScmpArch::X32,
        Arch::ScmpArchArm => ScmpArch::Arm,
        Arch::ScmpArchAarch64 => ScmpArch::Aarch64,
        Arch::ScmpArchMips => ScmpArch::Mips,
        Arch::ScmpArchMips64 => ScmpArch::Mips64,
        Arch::ScmpArchMips64n32 => ScmpArch::Mips64N32,
        Arch::ScmpArchMipsel => ScmpArch::Mipsel,
        Arch::ScmpArchMipsel64 => ScmpArch::Mipsel64,
        Arch::ScmpArchMipsel64n32 => ScmpArch::Mipsel64N32,
        Arch::ScmpArchPpc => ScmpArch::Ppc,
        Arch::ScmpArchPpc64 => ScmpArch::Ppc64,
        Arch::ScmpArchPpc64le => ScmpArch::Ppc64Le,
        Arch::ScmpArchS390 => ScmpArch::S390,
        Arch::ScmpArchS390x => ScmpArch::S390X,
        Arch::ScmpArchRiscv64 => ScmpArch::Riscv64,
        Arch::ScmpArchParisc => ScmpArch::Parisc,
        Arch::ScmpArchParisc64 => ScmpArch::Parisc64,
        Arch::ScmpArchLoongarch64 => ScmpArch::Loongarch64,
        Arch::ScmpArchM68k => ScmpArch::M68k,
        Arch::ScmpArchSh => ScmpArch::Sh,
        Arch::ScmpArchSheb => ScmpArch::Sheb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(json: &str) -> Result<SeccompProgram, Error> {
        compile(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn an_unknown_system_call_is_named() {
        let error = compiled(
            r#"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["reed"],"action":"SCMP_ACT_ERRNO"}]}"#,
        );
        assert!(matches!(error, Err(Error::UnknownSyscall { name }) if name == "reed"));
    }

    #[test]
    fn rules_of_every_form_compile() {
        let program = compiled(
            r#"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"],"flags":["SECCOMP_FILTER_FLAG_LOG"],
            "syscalls":[{"names":["mount"],"action":"SCMP_ACT_ERRNO","errnoRet":38},
            {"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":97,"args":[{"index":0,"value":3,"op":"SCMP_CMP_EQ"},{"index":0,"value":40,"op":"SCMP_CMP_GE"}]},
            {"names":["ioctl"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":4294967295,"valueTwo":21522,"op":"SCMP_CMP_MASKED_EQ"}]}]}"#,
        )
        .unwrap();
        assert_eq!(program.flags, 2);
        assert!(program.instructions.len() > 80);
        assert_eq!(
            SeccompProgram::from_bytes(&program.to_bytes()).as_ref(),
            Some(&program)
        );
    }

    #[test]
    fn what_is_not_supported_is_refused() {
        assert!(matches!(
            compiled(r#"{"defaultAction":"SCMP_ACT_NOTIFY"}"#),
            Err(Error::Unsupported { .. })
        ));
        let json = r#"{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":70000}"#;
        assert!(matches!(
            compiled(json),
            Err(Error::ErrorNumber { number: 70000 })
        ));
    }
}
