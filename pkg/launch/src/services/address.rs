//! Where buses listen, as the caller's environment says.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};

use flatrack_bus::Address;
use flatrack_spec::Facts;

/// The variable, or the socket where systemd puts it, if it is the user's own.
pub(super) fn of_session(facts: &Facts, warn: &mut dyn FnMut(&str)) -> Option<Address> {
    if let Some(text) = facts.env("DBUS_SESSION_BUS_ADDRESS") {
        return parsed("session", text, warn);
    }
    let path = facts.runtime_dir.as_ref()?.join("bus");
    let found = fs::symlink_metadata(&path).ok()?;
    let own = found.file_type().is_socket() && found.uid() == facts.user.uid;
    own.then_some(Address::Path(path))
}

/// Reads an address of the environment. One that names no socket is as good as none.
pub(super) fn parsed(bus: &str, text: &str, warn: &mut dyn FnMut(&str)) -> Option<Address> {
    match Address::parse(text) {
        Ok(address) => Some(address),
        Err(error) => {
            warn(&format!("warning: the {bus} bus: {error}"));
            None
        }
    }
}
