//! AppArmor: the profile that the program runs under from its first instruction.

use super::kernel::HostProc;
use crate::failure::{At, SetupFailure, Step};

/// The attribute in kernels with several security modules, and in older ones.
const FILES: [&str; 2] = ["thread-self/attr/apparmor/exec", "thread-self/attr/exec"];

/// Has the next `execve` change to `profile`, which may be a stack (`one//&two`), and reads that back.
///
/// The attribute is written through the host's procfs, so an image cannot catch the write (CVE-2019-16884, CVE-2023-28642).
///
/// # Errors
/// If the kernel has no AppArmor, the profile is not loaded, or the attribute does not hold it afterwards, or
/// holds one that denies nothing where it must. Never passed over.
pub(super) fn on_exec(
    proc: &HostProc,
    profile: &str,
    must_enforce: bool,
) -> Result<(), SetupFailure> {
    let name = || profile.to_owned();
    let enabled = std::fs::read_to_string("/sys/module/apparmor/parameters/enabled");
    // Only opened: what is read before anything was written is an error.
    let file = FILES.into_iter().find(|file| proc.has(file));
    let Some(file) = file else {
        return Err(SetupFailure::new(
            Step::AppArmor,
            profile,
            "this kernel has no AppArmor",
        ));
    };
    if enabled.is_ok_and(|text| text.trim() != "Y") {
        return Err(SetupFailure::new(
            Step::AppArmor,
            profile,
            "AppArmor is not enabled in this kernel",
        ));
    }
    proc.write(file, &format!("exec {profile}"))
        .at(Step::AppArmor, name)?;
    let found = proc.read(file).at(Step::AppArmor, name)?;
    if same(&found, profile) && (!must_enforce || enforces(&found)) {
        Ok(())
    } else {
        Err(SetupFailure::new(
            Step::AppArmor,
            profile,
            format!("the kernel shows `{}` instead", found.trim_end()),
        ))
    }
}

/// The attribute of the running program, in kernels with several security modules and in older ones.
const CURRENT: [&str; 2] = ["attr/apparmor/current", "attr/current"];

/// Makes sure from outside that the program that was executed runs under the profile.
///
/// [`on_exec`] has read the profile back from the process itself before; this sees what the kernel made of it.
///
/// # Errors
/// It runs under another label. One that has ended already is none.
pub(crate) fn confirm(
    proc: &HostProc,
    pid: i32,
    profile: &str,
    must_enforce: bool,
) -> Result<(), SetupFailure> {
    let read = |file: &&str| proc.read(&format!("{pid}/{file}")).ok();
    match CURRENT.iter().find_map(read) {
        Some(found) if !same(&found, profile) || (must_enforce && !enforces(&found)) => {
            Err(SetupFailure::new(
                Step::AppArmor,
                profile,
                format!("the program runs under `{}`", found.trim_end()),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether the kernel's text says that every profile of the label denies: a stack of both kinds is `mixed`.
fn enforces(shown: &str) -> bool {
    let shown = shown.trim_end_matches(['\n', '\0']);
    ["(enforce)", "(kill)"]
        .iter()
        .any(|mode| shown.ends_with(mode))
}

/// Whether the kernel's text, such as `profile (enforce)`, names this profile. It may put the parts of a stack in another order.
fn same(shown: &str, profile: &str) -> bool {
    let shown = shown.trim_end_matches(['\n', '\0']);
    let label = shown.rsplit_once(" (").map_or(shown, |(label, _)| label);
    let parts = |label: &str| {
        let mut parts: Vec<String> = label
            .split("//&")
            .map(|part| part.trim_start_matches(':').to_owned())
            .collect();
        parts.sort();
        parts
    };
    parts(label) == parts(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_and_the_order_of_a_stack_do_not_matter() {
        assert!(same("one (enforce)\n", "one"));
        assert!(same("two//&one (complain)", "one//&two"));
        assert!(same("unconfined\n", "unconfined"));
        assert!(!same("one (enforce)", "two"));
        assert!(!same("", "one"));
    }

    #[test]
    fn only_a_label_that_denies_throughout_enforces() {
        assert!(enforces("one//&two (enforce)\n"));
        for shown in ["one//&two (mixed)\n", "one (complain)", "unconfined", ""] {
            assert!(!enforces(shown), "{shown}");
        }
    }
}
