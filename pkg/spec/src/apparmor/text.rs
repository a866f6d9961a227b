//! A profile as `apparmor_parser` reads it.

use std::fmt;

use flatrack_perms::{ProfileMode, Untrusted};

use super::{Profile, quoted};

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut flags = Vec::new();
        if self.attach_disconnected {
            flags.push("attach_disconnected");
        }
        if self.mode == ProfileMode::Complain {
            flags.push("complain");
        }
        let flags = match flags.is_empty() {
            true => String::new(),
            false => format!(" flags=({})", flags.join(",")),
        };
        writeln!(
            f,
            "# made by flatrack from the app's permissions; changes are lost"
        )?;
        writeln!(f, "profile {}{flags} {{", quoted(self.name.as_ref()))?;
        for rule in &self.rules {
            // a comment ends with its line, and the words in it may come from an app
            writeln!(f, "  {}, # {}", rule.text, Untrusted(&rule.why))?;
        }
        writeln!(f, "}}")
    }
}
