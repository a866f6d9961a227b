//! The user's own service manager.

use std::process::Command;

use crate::user::{User, as_root};

/// `systemctl` for the manager that makes scopes for the user who runs the tests.
#[must_use]
pub fn systemctl() -> Command {
    let mut command = Command::new("systemctl");
    if !as_root() {
        let runtime = format!("/run/user/{}", User::current().uid);
        command.arg("--user").env("XDG_RUNTIME_DIR", runtime);
    }
    command
}
