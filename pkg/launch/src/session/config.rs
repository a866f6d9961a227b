//! Configuration of the clients of sound and print servers, and what GnuPG says of its agent.

use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_spec::Facts;

use crate::ask::ask;
use crate::read;

/// As many files as one may include another.
const DEEPEST: usize = 10;

/// `default-server` of the configuration that PulseAudio's clients read.
pub(super) fn pulse_server(facts: &Facts) -> Option<String> {
    if let Some(only) = facts.env("PULSE_CLIENTCONFIG") {
        return default_server(Path::new(only), 0);
    }
    let own = facts.base_dir("XDG_CONFIG_HOME", ".config");
    default_server(&own.join("pulse/client.conf"), 0)
        .or_else(|| default_server(Path::new("/etc/pulse/client.conf"), 0))
}

fn default_server(path: &Path, depth: usize) -> Option<String> {
    let text = read::text(path)?;
    let mut found = None;
    for line in text.lines().map(str::trim) {
        if let Some(included) = line.strip_prefix(".include") {
            let included = path.with_file_name(included.trim());
            if depth < DEEPEST {
                found = default_server(&included, depth + 1).or(found);
            }
        } else if let Some((key, value)) = line.split_once('=')
            && key.trim() == "default-server"
        {
            found = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
    }
    found
}

/// What the configuration of CUPS' clients names, the user's first.
pub(super) fn cups_servers(facts: &Facts) -> Vec<String> {
    let own = facts.user.home.join(".cups/client.conf");
    [own.as_path(), Path::new("/etc/cups/client.conf")]
        .into_iter()
        .filter_map(read::text)
        .flat_map(|text| text.lines().filter_map(server_name).collect::<Vec<_>>())
        .collect()
}

fn server_name(line: &str) -> Option<String> {
    let (key, value) = line.trim().split_once(char::is_whitespace)?;
    (key == "ServerName").then(|| value.trim().to_owned())
}

/// Where the agent listens, from GnuPG itself: the path depends on its home directory.
pub(super) fn gpg_agent() -> Option<PathBuf> {
    let text = ask(Command::new("gpgconf").args(["--list-dir", "agent-socket"]))?;
    let path = PathBuf::from(text.lines().next()?);
    path.is_absolute().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_found_through_includes_and_a_circle_ends() {
        let top = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(top.path().join(name), text).unwrap();
        write("client.conf", "; default-server = no\n.include more.conf\n");
        write(
            "more.conf",
            ".include client.conf\ndefault-server = unix:/run/x\n",
        );
        let found = default_server(&top.path().join("client.conf"), 0);
        assert_eq!(found.as_deref(), Some("unix:/run/x"));
    }

    #[test]
    fn only_the_servers_of_a_print_configuration_count() {
        assert_eq!(
            server_name("ServerName /run/c.sock"),
            Some("/run/c.sock".into())
        );
        assert_eq!(server_name("# ServerName /x"), None);
        assert_eq!(server_name("ServerNameX /x"), None);
    }
}
