//! The user and group databases: the files first, which needs nobody's help; then whatever else the system is configured for, through
//! getent(1). This program is linked statically, and glibc's name service cannot load its modules (LDAP, systemd) into such a one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: String,
    /// Number.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// The person's name: the first part of the comment field.
    pub real_name: String,
    /// Home directory.
    pub home: PathBuf,
    /// Login shell.
    pub shell: PathBuf,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Number.
    pub gid: u32,
    /// Names of the users for whom it is an additional group.
    pub members: Vec<String>,
}

/// The user with this number.
pub fn by_uid(uid: u32) -> Option<User> {
    users(Path::new("/etc/passwd"))
        .into_iter()
        .find(|user| user.uid == uid)
        .or_else(|| name_service(uid))
}

/// The users in a file of passwd(5)'s form, which may be a container's; malformed lines are skipped.
pub fn users(file: &Path) -> Vec<User> {
    lines(file, parse_user)
}

/// The groups in a file of group(5)'s form; malformed lines are skipped.
pub fn groups(file: &Path) -> Vec<Group> {
    lines(file, parse_group)
}

fn lines<T>(file: &Path, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let bytes = std::fs::read(file).unwrap_or_default();
    String::from_utf8_lossy(&bytes)
        .lines()
        .filter_map(parse)
        .collect()
}

/// One line of passwd(5).
pub fn parse_user(line: &str) -> Option<User> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, uid, gid, comment, home, shell] = fields[..] else {
        return None;
    };
    (!name.is_empty()).then_some(())?;
    Some(User {
        name: name.into(),
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
        real_name: real_name(comment),
        home: home.into(),
        shell: shell.into(),
    })
}

/// Commas separate the name from rooms and telephone numbers.
fn real_name(comment: &str) -> String {
    comment.split(',').next().unwrap_or_default().to_owned()
}

/// One line of group(5).
pub fn parse_group(line: &str) -> Option<Group> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, gid, members] = fields[..] else {
        return None;
    };
    (!name.is_empty()).then_some(())?;
    let members = members
        .split(',')
        .filter(|member| !member.is_empty())
        .map(str::to_owned)
        .collect();
    Some(Group {
        name: name.into(),
        gid: gid.parse().ok()?,
        members,
    })
}

/// Asks the system's name service.
fn name_service(uid: u32) -> Option<User> {
    let answer = Command::new("/usr/bin/getent")
        .args(["passwd", &uid.to_string()])
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let user = parse_user(std::str::from_utf8(&answer.stdout).ok()?.lines().next()?)?;
    // a number that is somebody's name would be answered with that one
    (user.uid == uid).then_some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_parsed_or_skipped() {
        let user = parse_user("root:x:0:0:root:/root:/bin/bash").unwrap();
        assert_eq!(
            (user.name.as_str(), user.uid, user.home.as_path()),
            ("root", 0, Path::new("/root"))
        );
        for line in [
            "",
            "root",
            ":x:0:0::/:/",
            "a:x:-1:0::/:/",
            "a:x:0:0::/:/:extra",
            "+::::::",
        ] {
            assert_eq!(parse_user(line), None, "{line}");
        }
        assert_eq!(parse_group("video:x:44:a,b").unwrap().members, ["a", "b"]);
        assert!(parse_group("video:x:44:").unwrap().members.is_empty());
    }

    #[test]
    fn root_is_found_both_ways() {
        assert_eq!(by_uid(0).unwrap().name, "root");
        assert_eq!(by_uid(4_000_000_000), None);
        assert_eq!(name_service(0).unwrap().name, "root");
    }
}
