//! A `deploy` file.
//!
//! The file is a GVariant of type `(ssasta{sv})`. Strings of fixed position come first and end in NUL, so
//! origin and commit can be read without knowing the rest.

use std::str;

use flatrack_perms::{AppId, Commit};

use crate::variant;

/// Enough for any; of a longer one only the start is read.
pub(crate) const START: u64 = 1024 * 1024;

/// Who delivered a deploy, and which commit it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provenance {
    /// the name of the remote
    pub(crate) origin: String,
    /// the commit
    pub(crate) commit: Commit,
    /// what the app was called before, oldest first
    pub(crate) previous_ids: Vec<AppId>,
}

/// Names that cannot be any are left out: they would become paths.
fn previous_ids(bytes: &[u8]) -> Vec<AppId> {
    let names = variant::last_member(bytes)
        .and_then(|dictionary| variant::strings(dictionary, "previous-ids"))
        .unwrap_or_default();
    let ids = names.into_iter().filter_map(|name| AppId::parse(name).ok());
    ids.collect()
}

/// Reads what there is to know, or says what is wrong.
pub(crate) fn parse(bytes: &[u8]) -> Result<Provenance, &'static str> {
    let mut strings = bytes.split(|byte| *byte == 0);
    let (Some(origin), Some(commit), Some(_)) = (strings.next(), strings.next(), strings.next())
    else {
        return Err("ends before the name of the commit does");
    };
    let origin = str::from_utf8(origin).map_err(|_| "has an origin that is not text")?;
    let commit = str::from_utf8(commit).map_err(|_| "has a commit that is not text")?;
    let commit = Commit::parse(commit).map_err(|_| "has a commit that cannot be one")?;
    Ok(Provenance {
        origin: origin.to_owned(),
        commit,
        previous_ids: previous_ids(bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_and_commit_are_the_two_leading_strings() {
        let provenance = parse(b"flathub\0abc123\0\0\0\0\0\0\0\0\x10\x04\x0e").unwrap();
        assert_eq!(provenance.origin, "flathub");
        assert_eq!(provenance.commit.as_str(), "abc123");
    }

    #[test]
    fn an_unterminated_commit_is_not_taken_for_a_shorter_one() {
        assert!(parse(b"flathub\0abc123").is_err());
        assert!(parse(b"flathub").is_err());
        assert!(parse(b"").is_err());
    }

    #[test]
    fn a_commit_that_would_be_a_path_is_refused() {
        assert!(parse(b"flathub\0../../etc\0x").is_err());
        assert!(parse(b"flathub\0\0x").is_err());
        assert!(parse(b"\xff\0abc\0x").is_err());
    }
}
