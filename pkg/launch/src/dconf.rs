//! Settings of the desktop's database for apps, which never see the database itself.
//!
//! `dconf(1)` reads the database, with a profile of ours that leaves out the user's part or the machine's. Where it is not
//! installed there is nothing to hand over.

use std::fs;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_perms::{AppId, DconfPath, Resolved};
use flatrack_spec::{HostDir, Settings};
use rustix::fs::{AtFlags, Mode, OFlags};

use crate::ask::ask;
use crate::instance::Claim;
use crate::{Error, Machine, pin, read};

/// Below the directory of an app's data: what GLib writes an app's settings to.
const OWN: &str = "config/glib-2.0/settings";

/// What the machine's databases say of the app's own directory and of those it was granted.
pub(crate) fn settings(
    id: &AppId,
    resolved: &Resolved,
    machine: &Machine,
    claim: &Claim,
) -> Result<Settings, Error> {
    let Some(profile) = of_the_machine(machine) else {
        return Ok(Settings::default());
    };
    let dconf = Dconf::new(claim, &profile)?;
    let own = DconfPath::of(id);
    let mut settings = Settings::default();
    for path in std::iter::once(&own).chain(resolved.parts().dconf.keys()) {
        if path.is_dir() {
            let dump = dconf.say("dump", path).unwrap_or_default();
            settings.defaults += &in_groups(path, &dump);
            settings.locks += &dconf.say("list-locks", path).unwrap_or_default();
        } else if let Some(value) = dconf.say("read", path).filter(|said| !said.is_empty()) {
            let (directory, key) = path.as_str().rsplit_once('/').unwrap_or_default();
            let group = group_name(directory);
            settings.defaults += &format!("[{group}]\n{key}={}\n", value.trim_end());
        }
    }
    Ok(settings)
}

/// Copies the user's settings from before the app became a Flatpak, unless it has its own already. Returns what went
/// wrong, which keeps no app from starting.
pub(crate) fn migrate(
    id: &AppId,
    resolved: &Resolved,
    machine: &Machine,
    claim: &Claim,
) -> Option<String> {
    let path = &resolved.parts().dconf_migrate.as_ref()?.value;
    if !path.resembles(id) {
        let said = format!(
            "warning: `migrate-path={}` is not the place of `{id}` in dconf; nothing is copied from it",
            path.as_str()
        );
        return Some(said);
    }
    let below = Path::new(".var/app").join(id.as_str()).join(OWN);
    let home = &machine.facts.user.home;
    if fs::symlink_metadata(home.join(&below).join("keyfile")).is_ok() {
        return None;
    }
    let dump = Dconf::new(claim, "user-db:user\n")
        .ok()?
        .say("dump", path)?;
    let text = in_groups(path, &dump);
    if text.is_empty() {
        return None;
    }
    let place = HostDir {
        root: home.clone(),
        below,
        mode: 0o755,
    };
    let written = pin::make(&place).and_then(|place| write(&place, &text));
    let error = written.err()?;
    Some(format!(
        "warning: the settings in `{}` are not copied to the app: {error}",
        path.as_str()
    ))
}

/// Writes the app's settings as a whole, and never over some.
fn write(place: &OwnedFd, text: &str) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    let file = rustix::fs::openat(place, ".", flags, Mode::from_raw_mode(0o600))?;
    let mut file = fs::File::from(file);
    file.write_all(text.as_bytes())?;
    let link = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    rustix::fs::linkat(
        rustix::fs::CWD,
        link,
        place,
        "keyfile",
        AtFlags::SYMLINK_FOLLOW,
    )?;
    Ok(())
}

/// The machine's part of the profile that the caller's own programs use; `None` if there is none.
fn of_the_machine(machine: &Machine) -> Option<String> {
    let name = machine.facts.env("DCONF_PROFILE").unwrap_or("user");
    let path = match name.starts_with('/') {
        true => PathBuf::from(name),
        false => Path::new("/etc/dconf/profile").join(name),
    };
    let text = read::text(&path)?;
    let lines = text.lines().map(str::trim);
    let shared =
        lines.filter(|line| line.starts_with("system-db:") || line.starts_with("file-db:"));
    let profile: String = shared.map(|line| format!("{line}\n")).collect();
    // without a user's part, which is not there, dconf would say that everything is locked
    (!profile.is_empty()).then(|| format!("user-db:flatrack-has-none\n{profile}"))
}

/// The program, with a profile of its own.
struct Dconf {
    profile: PathBuf,
}

impl Dconf {
    fn new(claim: &Claim, profile: &str) -> Result<Self, Error> {
        let path = claim.dir().join("dconf-profile");
        fs::write(&path, profile).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        Ok(Self { profile: path })
    }

    fn say(&self, verb: &str, path: &DconfPath) -> Option<String> {
        ask(Command::new("dconf")
            .args([verb, path.as_str()])
            .env("DCONF_PROFILE", &self.profile))
    }
}

impl Drop for Dconf {
    fn drop(&mut self) {
        // in the instance's directory, which goes as a whole in any case
        drop(fs::remove_file(&self.profile));
    }
}

/// `dconf dump` names groups from the directory it was asked for; GLib wants them from the root.
fn in_groups(directory: &DconfPath, dump: &str) -> String {
    let whole = directory.as_str();
    dump.lines()
        .map(
            |line| match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                Some("/") => format!("[{}]\n", group_name(whole)),
                Some(below) => format!("[{}]\n", group_name(&format!("{whole}{below}"))),
                None => format!("{line}\n"),
            },
        )
        .collect()
}

fn group_name(directory: &str) -> &str {
    match directory.trim_matches('/') {
        "" => "/",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_named_from_the_root() {
        let path = DconfPath::parse("/org/example/app/").unwrap();
        let dump = "[/]\nfont='x [y]'\n\n[sub/more]\nsize=3\n";
        assert_eq!(
            in_groups(&path, dump),
            "[org/example/app]\nfont='x [y]'\n\n[org/example/app/sub/more]\nsize=3\n"
        );
    }
}
