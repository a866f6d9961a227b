//! The system call filter: data under `configs/seccomp`, made into the OCI document's form.

use std::collections::BTreeSet;

use oci_spec::OciSpecError;
use oci_spec::runtime::{
    Arch, LinuxSeccomp, LinuxSeccompAction, LinuxSeccompArg, LinuxSeccompArgBuilder,
    LinuxSeccompBuilder, LinuxSeccompOperator, LinuxSyscall, LinuxSyscallBuilder,
};
use serde::Deserialize;

const APP: &str = include_str!("../../../configs/seccomp/app.json");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    #[serde(rename = "description")]
    _description: String,
    rules: Vec<SeccompRule>,
    socket_families: Families,
    inet_protocols: Protocols,
}

/// One rule of the filter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeccompRule {
    /// names of system calls
    pub syscalls: Vec<String>,
    /// what the call returns
    pub errno: Errno,
    /// the rule holds only for these arguments
    #[serde(default)]
    args: Vec<Arg>,
    /// the feature that lifts the rule
    pub unless: Option<String>,
    /// the feature that the rule comes with; absent is always
    pub when: Option<String>,
    /// why the rule is there
    pub why: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Arg {
    index: usize,
    mask: Option<Hex>,
    equals: Option<Hex>,
    not_equals: Option<Hex>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Hex(u64);

impl TryFrom<String> for Hex {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(text.trim_start_matches("0x"), 16).map(Self)
    }
}

/// An error number by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Errno {
    /// operation not permitted
    Eperm,
    /// no such system call
    Enosys,
    /// no such address family
    Eafnosupport,
    /// permission denied
    Eacces,
}

impl Errno {
    /// Linux' number for it.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Eperm => 1,
            Self::Enosys => 38,
            Self::Eafnosupport => 97,
            Self::Eacces => 13,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Families {
    syscall: String,
    errno: Errno,
    #[serde(rename = "why")]
    _why: String,
    allowed: Vec<Family>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    family: u64,
    #[serde(rename = "name")]
    _name: String,
    only: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// Which sockets of the internet families there are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Protocols {
    syscall: String,
    errno: Errno,
    when: String,
    families: Vec<u64>,
    #[serde(rename = "why")]
    _why: String,
    allowed: Vec<Protocol>,
}

/// A type of sockets and its protocol numbers; 0 is the default of the type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Protocol {
    #[serde(rename = "type")]
    kind: u64,
    protocols: Vec<u64>,
    #[serde(rename = "name")]
    _name: String,
    only: Option<String>,
    #[serde(rename = "why")]
    _why: String,
}

fn policy() -> Policy {
    match serde_json::from_str(APP) {
        Ok(policy) => policy,
        // the file is compiled in and a test reads it
        Err(error) => unreachable!("configs/seccomp/app.json: {error}"),
    }
}

/// The rules, for tests and for `explain`.
#[must_use]
pub fn rules() -> Vec<SeccompRule> {
    policy().rules
}

/// The filter for an architecture in Flatpak's spelling, with features switched on.
///
/// # Errors
/// An architecture that the filter does not know.
pub(crate) fn filter(
    arch: &str,
    features: &BTreeSet<String>,
) -> Result<LinuxSeccomp, OciSpecError> {
    let policy = policy();
    let mut syscalls = Vec::new();
    for rule in &policy.rules {
        let on = |feature: &String| features.contains(feature);
        if rule.unless.as_ref().is_some_and(on) || !rule.when.as_ref().is_none_or(on) {
            continue;
        }
        let args = rule
            .args
            .iter()
            .map(argument)
            .collect::<Result<Vec<_>, _>>()?;
        syscalls.push(deny(rule.syscalls.clone(), rule.errno, args)?);
    }
    syscalls.extend(families(&policy.socket_families, features)?);
    if features.contains(&policy.inet_protocols.when) {
        syscalls.extend(protocols(&policy.inet_protocols, features)?);
    }
    LinuxSeccompBuilder::default()
        .default_action(LinuxSeccompAction::ScmpActAllow)
        .architectures(architectures(arch, features.contains("multiarch")))
        .syscalls(syscalls)
        .build()
}

fn argument(arg: &Arg) -> Result<LinuxSeccompArg, OciSpecError> {
    let builder = LinuxSeccompArgBuilder::default().index(arg.index);
    match (arg.mask, arg.equals, arg.not_equals) {
        (Some(mask), Some(equals), None) => builder
            .op(LinuxSeccompOperator::ScmpCmpMaskedEq)
            .value(mask.0)
            .value_two(equals.0),
        (None, Some(equals), None) => builder.op(LinuxSeccompOperator::ScmpCmpEq).value(equals.0),
        (None, None, Some(not)) => builder.op(LinuxSeccompOperator::ScmpCmpNe).value(not.0),
        _ => {
            return Err(OciSpecError::Other(
                "a seccomp argument compares in one way".to_owned(),
            ));
        }
    }
    .build()
}

fn deny(
    names: Vec<String>,
    errno: Errno,
    args: Vec<LinuxSeccompArg>,
) -> Result<LinuxSyscall, OciSpecError> {
    let builder = LinuxSyscallBuilder::default()
        .names(names)
        .action(LinuxSeccompAction::ScmpActErrno)
        .errno_ret(errno.number());
    if args.is_empty() {
        builder.build()
    } else {
        builder.args(args).build()
    }
}

/// One rule for each gap between allowed families, and one for everything above.
fn families(
    families: &Families,
    features: &BTreeSet<String>,
) -> Result<Vec<LinuxSyscall>, OciSpecError> {
    let allowed: BTreeSet<u64> = families
        .allowed
        .iter()
        .filter(|family| {
            family
                .only
                .as_ref()
                .is_none_or(|feature| features.contains(feature))
        })
        .map(|family| family.family)
        .collect();
    let last = allowed.last().copied().unwrap_or(0);
    let rule = |op, value| {
        let arg = LinuxSeccompArgBuilder::default()
            .index(0usize)
            .op(op)
            .value(value)
            .build()?;
        deny(vec![families.syscall.clone()], families.errno, vec![arg])
    };
    let mut rules = Vec::new();
    for gap in (0..last).filter(|family| !allowed.contains(family)) {
        rules.push(rule(LinuxSeccompOperator::ScmpCmpEq, gap)?);
    }
    rules.push(rule(LinuxSeccompOperator::ScmpCmpGe, last + 1)?);
    Ok(rules)
}

/// The kernel takes the type from the lowest four bits; flags are above them.
const TYPE_MASK: u64 = 0xf;

/// Rules against every other type, and against every other protocol of the types that are there.
fn protocols(
    protocols: &Protocols,
    features: &BTreeSet<String>,
) -> Result<Vec<LinuxSyscall>, OciSpecError> {
    let on = |row: &&Protocol| row.only.as_ref().is_none_or(|only| features.contains(only));
    let allowed: Vec<&Protocol> = protocols.allowed.iter().filter(on).collect();
    let arg = |index: usize, op, value| {
        LinuxSeccompArgBuilder::default()
            .index(index)
            .op(op)
            .value(value)
    };
    let mut rules = Vec::new();
    for family in &protocols.families {
        for kind in 0..=TYPE_MASK {
            let base = || -> Result<Vec<LinuxSeccompArg>, OciSpecError> {
                Ok(vec![
                    arg(0, LinuxSeccompOperator::ScmpCmpEq, *family).build()?,
                    arg(1, LinuxSeccompOperator::ScmpCmpMaskedEq, TYPE_MASK)
                        .value_two(kind)
                        .build()?,
                ])
            };
            let mut rule = |more: Option<(LinuxSeccompOperator, u64)>| -> Result<(), OciSpecError> {
                let mut args = base()?;
                if let Some((op, value)) = more {
                    args.push(arg(2, op, value).build()?);
                }
                rules.push(deny(
                    vec![protocols.syscall.clone()],
                    protocols.errno,
                    args,
                )?);
                Ok(())
            };
            let Some(row) = allowed.iter().find(|row| row.kind == kind) else {
                rule(None)?;
                continue;
            };
            let last = row.protocols.iter().max().copied().unwrap_or(0);
            for gap in (0..last).filter(|number| !row.protocols.contains(number)) {
                rule(Some((LinuxSeccompOperator::ScmpCmpEq, gap)))?;
            }
            rule(Some((LinuxSeccompOperator::ScmpCmpGe, last + 1)))?;
        }
    }
    Ok(rules)
}

fn architectures(arch: &str, multiarch: bool) -> Vec<Arch> {
    let (native, second) = match arch {
        "x86_64" => (Some(Arch::ScmpArchX86_64), Some(Arch::ScmpArchX86)),
        "aarch64" => (Some(Arch::ScmpArchAarch64), Some(Arch::ScmpArchArm)),
        "i386" => (Some(Arch::ScmpArchX86), None),
        "arm" => (Some(Arch::ScmpArchArm), None),
        "riscv64" => (Some(Arch::ScmpArchRiscv64), None),
        "ppc64le" => (Some(Arch::ScmpArchPpc64le), None),
        "s390x" => (Some(Arch::ScmpArchS390x), None),
        _ => (None, None),
    };
    native
        .into_iter()
        .chain(second.filter(|_| multiarch))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_reason() {
        let policy = policy();
        assert!(
            policy
                .rules
                .iter()
                .all(|rule| !rule.why.is_empty() && !rule.syscalls.is_empty())
        );
        assert!(
            policy
                .socket_families
                .allowed
                .iter()
                .all(|family| !family._why.is_empty())
        );
    }

    #[test]
    fn a_feature_lifts_its_rules_and_no_other() {
        let names = |features: &[&str]| -> BTreeSet<String> {
            let features = features.iter().map(|f| (*f).to_owned()).collect();
            let filter = filter("x86_64", &features).unwrap();
            filter
                .syscalls()
                .iter()
                .flatten()
                .flat_map(|s| s.names().clone())
                .collect()
        };
        let lifted = |features: &[&str]| -> Vec<String> {
            names(&[]).difference(&names(features)).cloned().collect()
        };
        assert_eq!(
            lifted(&["devel"]),
            ["perf_event_open", "personality", "ptrace"]
        );
        assert_eq!(lifted(&["multiarch"]), ["modify_ldt"]);
        assert!(lifted(&["canbus", "bluetooth"]).is_empty());
    }
}
