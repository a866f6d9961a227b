//! Audit lines: what a profile denied, and which permission would have allowed it.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;

use serde::Serialize;

use crate::Error;

/// Something that was denied, once or more often.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Denial {
    /// what was tried, in the kernel's words: `open`, `ptrace`, `create`
    pub operation: String,
    /// the path, the family of sockets, the peer
    pub what: String,
    /// the rights that were missing, in the kernel's letters or words
    pub rights: String,
    /// the program
    pub program: String,
    /// the option that would allow it; absent where no permission does
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_by: Option<String>,
    /// how often
    pub times: usize,
}

/// Nodes that a permission of its own gives.
const DEVICES: [(&str, &str); 5] = [
    ("/dev/dri/", "--device=dri"),
    ("/dev/input/", "--device=input"),
    ("/dev/bus/usb/", "--device=usb"),
    ("/dev/kvm", "--device=kvm"),
    ("/dev/", "--device=all"),
];

/// What belongs to the kernel or to the sandbox itself; no permission gives it.
const NEVER: [&str; 6] = [
    "/proc/",
    "/sys/",
    "/usr/",
    "/app/",
    "/etc/",
    "/run/flatrack/",
];

/// The families of sockets that a permission gives.
const FAMILIES: [(&str, &str); 4] = [
    ("inet", "--share=network"),
    ("inet6", "--share=network"),
    ("bluetooth", "--allow=bluetooth"),
    ("can", "--allow=canbus"),
];

/// What a generated profile denied, or in complain mode would have, from the text of a log.
pub(super) fn parse(log: &str, profile: &str) -> Vec<Denial> {
    let mut found: BTreeMap<Denial, usize> = BTreeMap::new();
    for denial in log.lines().filter_map(|line| read(line, profile)) {
        *found.entry(denial).or_default() += 1;
    }
    found
        .into_iter()
        .map(|(denial, times)| Denial { times, ..denial })
        .collect()
}

fn read(line: &str, profile: &str) -> Option<Denial> {
    let fields = fields(&line[line.find("apparmor=")?..]);
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let by = field("profile");
    let is_ours = by == profile || by.starts_with(&format!("{profile}+"));
    let counts = ["DENIED", "ALLOWED"].contains(&field("apparmor").as_str());
    if !is_ours || !counts {
        return None;
    }
    let first = |names: &[&str]| {
        names
            .iter()
            .map(|name| field(name))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    };
    let rights = first(&["denied_mask", "requested_mask", "denied", "requested"]);
    Some(Denial {
        operation: field("operation"),
        what: first(&["name", "family", "capname", "peer", "addr"]),
        program: field("comm"),
        allowed_by: allowed_by(
            &field("name"),
            &rights,
            &field("family"),
            &field("sock_type"),
        ),
        rights,
        times: 0,
    })
}

fn allowed_by(path: &str, rights: &str, family: &str, sock_type: &str) -> Option<String> {
    if !family.is_empty() {
        let row = FAMILIES.iter().find(|row| row.0 == family);
        return row
            .filter(|_| sock_type != "raw")
            .map(|row| row.1.to_owned());
    }
    if !path.starts_with('/') {
        return None;
    }
    if let Some(row) = DEVICES.iter().find(|row| path.starts_with(row.0)) {
        return Some(row.1.to_owned());
    }
    if path == "/" || NEVER.iter().any(|never| path.starts_with(never)) {
        return None;
    }
    let writes = rights.contains(['w', 'a', 'c', 'd', 'l', 'k']);
    Some(format!(
        "--filesystem={path}{}",
        if writes { "" } else { ":ro" }
    ))
}

/// `name="text"` and `name=word`. The kernel writes text that is not plain as hexadecimal digits without quotes.
fn fields(line: &str) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    let mut rest = line;
    while let Some((name, value)) = rest.split_once('=') {
        let name = name.trim_start();
        let (text, after) = match value.strip_prefix('"') {
            Some(quoted) => match quoted.split_once('"') {
                Some((text, after)) => (text.to_owned(), after),
                None => break,
            },
            None => {
                let (word, after) = value.split_once(' ').unwrap_or((value, ""));
                let is_text = ["name", "comm", "profile", "peer"].contains(&name);
                let text = is_text.then(|| from_hex(word)).flatten();
                (text.unwrap_or_else(|| word.to_owned()), after)
            }
        };
        fields.insert(name.to_owned(), text);
        rest = after;
    }
    fields
}

fn from_hex(word: &str) -> Option<String> {
    let word = word.as_bytes();
    if word.is_empty() || !word.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes: Option<Vec<u8>> = word
        .chunks(2)
        .map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok())
        .collect();
    Some(String::from_utf8_lossy(&bytes?).into_owned())
}

/// What the kernel's log holds now, without waiting for more.
pub(super) fn kernel_log() -> Result<String, Error> {
    const O_NONBLOCK: i32 = 0o4000;
    const LONGEST_RECORD: usize = 8192;
    let io = |source| Error::Io {
        path: "/dev/kmsg".into(),
        source,
    };
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(O_NONBLOCK)
        .open("/dev/kmsg")
        .map_err(io)?;
    let mut text = String::new();
    let mut record = [0; LONGEST_RECORD];
    loop {
        match file.read(&mut record) {
            Ok(0) => return Ok(text),
            Ok(length) => {
                text += &String::from_utf8_lossy(&record[..length]);
                text.push('\n');
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(text),
            // the oldest record was overwritten while it was read; the next one is there
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => return Err(io(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = r#"6,1,2,-;audit: type=1400 audit(1.2:3): apparmor="DENIED" operation="open" class="file" profile="flatrack.org.a.B" name="/srv/x" pid=9 comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0
type=AVC msg=audit(1.2:4): apparmor="DENIED" operation="open" profile="flatrack.org.a.B" name="/srv/x" pid=10 comm="cat" requested_mask="r" denied_mask="r"
audit: apparmor="DENIED" operation="create" profile="flatrack.org.a.B" pid=1 comm="ping" family="inet" sock_type="raw" protocol=1 requested_mask="create" denied_mask="create"
audit: apparmor="DENIED" operation="create" profile="flatrack.org.a.B+7" pid=1 comm="curl" family="inet" sock_type="stream" protocol=6 requested_mask="create" denied_mask="create"
audit: apparmor="ALLOWED" operation="mknod" profile="flatrack.org.a.B" name=2F7372762F612062 pid=1 comm="sh" requested_mask="c" denied_mask="c"
audit: apparmor="DENIED" operation="open" profile="flatrack.org.a.Bee" name="/other" pid=1 comm="sh" denied_mask="r"
audit: apparmor="STATUS" operation="profile_load" profile="flatrack.org.a.B" name="x"
"#;

    #[test]
    fn each_denial_is_told_once_with_the_option_that_would_allow_it() {
        let found = parse(LOG, "flatrack.org.a.B");
        let told: Vec<(&str, Option<&str>, usize)> = found
            .iter()
            .map(|d| (d.what.as_str(), d.allowed_by.as_deref(), d.times))
            .collect();
        assert_eq!(
            told,
            [
                ("inet", Some("--share=network"), 1),
                ("inet", None, 1),
                ("/srv/a b", Some("--filesystem=/srv/a b"), 1),
                ("/srv/x", Some("--filesystem=/srv/x:ro"), 2),
            ]
        );
    }
}
