//! Claims about containers, each run for real. One thread, one test after the other; `privileged_` ones need root.
//!
//! Speaks enough of the usual harness's command line for cargo and nextest.

#![allow(
    clippy::unwrap_used,
    clippy::explicit_write,
    reason = "a test that cannot go on ends"
)]

mod containment;
mod hooks;
mod lifecycle;
mod limits;
mod rootless;
mod sandbox;
mod symlinks;
mod systemd;

use std::panic::catch_unwind;
use std::process::ExitCode;

/// A claim's name and its proof.
pub(crate) type Claim = (&'static str, fn());

/// Names the functions of a module as claims.
#[macro_export]
macro_rules! claims {
    ($($name:ident),* $(,)?) => {
        pub(crate) const CLAIMS: &[$crate::Claim] = &[$((stringify!($name), $name)),*];
    };
}

fn main() -> ExitCode {
    if let Ok(part) = std::env::var(rootless::PART) {
        return rootless::part(&part);
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let filters: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let filters: Vec<&String> = filters
        .into_iter()
        .filter(|text| *text != "terse")
        .collect();
    let wanted = |name: &str| {
        filters.is_empty()
            || filters.iter().any(|filter| {
                if has("--exact") {
                    name == filter.as_str()
                } else {
                    name.contains(filter.as_str())
                }
            })
    };
    let modules = [
        containment::CLAIMS,
        hooks::CLAIMS,
        lifecycle::CLAIMS,
        limits::CLAIMS,
        rootless::CLAIMS,
        symlinks::CLAIMS,
        systemd::CLAIMS,
    ];
    let claims = modules
        .into_iter()
        .flatten()
        .filter(|(name, _)| wanted(name) && !has("--ignored"));
    if has("--list") {
        for (name, _) in claims {
            sandbox::say(&format!("{name}: test"));
        }
        return ExitCode::SUCCESS;
    }
    let (mut failed, mut count) = (Vec::new(), 0);
    for (name, proof) in claims {
        count += 1;
        if name.starts_with("scope_") && !systemd::is_here() {
            sandbox::say(&format!(
                "test {name} ... skipped: needs cgroup v2 and a service manager of systemd's for this user"
            ));
            continue;
        }
        if name.starts_with("privileged_") && !rustix::process::geteuid().is_root() {
            sandbox::say(&format!("test {name} ... skipped: needs root"));
            continue;
        }
        let good = catch_unwind(proof).is_ok();
        sandbox::say(&format!(
            "test {name} ... {}",
            if good { "ok" } else { "FAILED" }
        ));
        if !good {
            failed.push(*name);
        }
    }
    sandbox::say(&format!(
        "\n{count} claims, {} failed {failed:?}",
        failed.len()
    ));
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
