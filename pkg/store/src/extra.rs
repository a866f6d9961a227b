//! Further system installations, declared in `installations.d/*.conf`.

use std::path::{Path, PathBuf};

use flatrack_perms::Untrusted;

use crate::error::Warning;
use crate::pinned::Pinned;
use crate::{Error, keyfile};

/// No honest file of this kind is larger.
const LIMIT: u64 = 256 * 1024;

/// A declared installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extra {
    /// its name
    pub(crate) id: String,
    /// its top directory
    pub(crate) path: PathBuf,
    /// higher is searched first
    pub(crate) priority: i64,
}

/// Reads all files of the directory in the order of their names. What is wrong is reported and passed
/// over, as Flatpak does: one bad file must not make every app of the machine unusable.
pub(crate) fn read(directory: &Path) -> (Vec<Extra>, Vec<Warning>) {
    let (mut found, mut warnings) = (Vec::new(), Vec::new());
    let names = match Pinned::open(directory) {
        Ok(Some(dir)) => dir.names(),
        Ok(None) => Ok(Vec::new()),
        Err(e) => Err(e),
    };
    let names = names.unwrap_or_else(|e| {
        warnings.push(Warning::new(directory, e.to_string()));
        Vec::new()
    });
    for name in names.iter().filter(|name| name.ends_with(".conf")) {
        let path = directory.join(name);
        match read_file(&path) {
            Ok(bytes) => parse(&bytes, &path, &mut found, &mut warnings),
            Err(e) => warnings.push(Warning::new(path, e.to_string())),
        }
    }
    (found, warnings)
}

/// Administrators do link their configuration, so the file itself may be a link: it is resolved first.
fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let real = path
        .canonicalize()
        .map_err(|e| Error::io("open", path, e))?;
    let missing = || Error::damaged(path, "is not a regular file");
    let (parent, name) = real.parent().zip(real.file_name()).ok_or_else(missing)?;
    let parent = Pinned::open(parent)?.ok_or_else(missing)?;
    parent.read(name, LIMIT)?.ok_or_else(missing)
}

/// Reads one file.
fn parse(bytes: &[u8], file: &Path, found: &mut Vec<Extra>, warnings: &mut Vec<Warning>) {
    let mut warn = |text: String| warnings.push(Warning::new(file, text));
    let groups = match keyfile::parse(bytes) {
        Ok(groups) => groups,
        Err(problem) => return warn(format!("line {} {}", problem.line, problem.what)),
    };
    for group in &groups {
        let Some(rest) = group.name.strip_prefix("Installation ") else {
            continue;
        };
        let id = match id_of(rest) {
            Ok(id) => id,
            Err(why) => {
                warn(format!(
                    "group `[{}]` is ignored: {why}",
                    Untrusted(&group.name)
                ));
                continue;
            }
        };
        if found.iter().any(|other| other.id == id) {
            warn(format!(
                "installation `{id}` is already declared and is ignored here"
            ));
            continue;
        }
        let Some(path) = group.get("Path") else {
            // Flatpak reads no further either
            return warn(format!(
                "installation `{id}` has no Path; the rest is ignored"
            ));
        };
        let path = PathBuf::from(path);
        if !path.is_absolute() {
            warn(format!(
                "installation `{id}` is ignored: its Path is not absolute"
            ));
            continue;
        }
        let priority = group.get("Priority").map_or(0, |text| {
            leading_number(text).unwrap_or_else(|| {
                warn(format!(
                    "Priority of installation `{id}` is not a number and counts as 0"
                ));
                0
            })
        });
        found.push(Extra {
            id: id.to_owned(),
            path,
            priority,
        });
    }
}

/// The name between the quotes.
fn id_of(quoted: &str) -> Result<&str, &'static str> {
    let id = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let id = id.ok_or("the name is not in quotes")?;
    if id.is_empty() || id.len() > 80 {
        return Err("the name has not 1 to 80 characters");
    }
    if !id
        .bytes()
        .all(|b| b.is_ascii_graphic() && !matches!(b, b'/' | b'"'))
    {
        return Err("the name holds a space, a slash or something that is not ASCII");
    }
    if matches!(id, "user" | "default" | "system") {
        return Err("the name is reserved");
    }
    Ok(id)
}

/// A number the way C reads one: what follows it does not count.
fn leading_number(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let digits = text.trim_start_matches(['+', '-']);
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let number: i64 = text[..text.len() - digits.len() + end].parse().ok()?;
    Some(number)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn parsed(text: &str) -> (Vec<Extra>, Vec<String>) {
        let (mut found, mut warnings) = (Vec::new(), Vec::new());
        parse(
            text.as_bytes(),
            Path::new("x.conf"),
            &mut found,
            &mut warnings,
        );
        (found, warnings.into_iter().map(|w| w.problem).collect())
    }

    #[test]
    fn one_file_may_declare_several_installations() {
        let (found, warnings) = parsed(
            "[Installation \"a\"]\nPath=/a\nPriority=10\nStorageType=network\n\
             [Installation \"b\"]\nPath=/b\n[Something else]\nPath=/c\n",
        );
        assert_eq!(warnings, [""; 0]);
        assert_eq!(
            found[0],
            Extra {
                id: "a".into(),
                path: "/a".into(),
                priority: 10
            }
        );
        assert_eq!(
            found[1],
            Extra {
                id: "b".into(),
                path: "/b".into(),
                priority: 0
            }
        );
    }

    #[test]
    fn names_must_be_quoted_and_must_not_be_reserved() {
        for group in [
            "Installation a",
            "Installation \"\"",
            "Installation \"user\"",
            "Installation \"default\"",
            "Installation \"system\"",
            "Installation \"a b\"",
            "Installation \"a/b\"",
            "Installation \"ä\"",
        ] {
            let (found, warnings) = parsed(&format!("[{group}]\nPath=/a\n"));
            assert!(
                found.is_empty() && warnings.len() == 1,
                "{group}: {found:?} {warnings:?}"
            );
        }
        let long = format!("[Installation \"{}\"]\nPath=/a\n", "x".repeat(81));
        assert!(parsed(&long).0.is_empty());
    }

    #[test]
    fn a_missing_path_ends_the_file_and_a_second_name_is_ignored() {
        let (found, warnings) = parsed(
            "[Installation \"a\"]\nPath=/a\n[Installation \"b\"]\n[Installation \"c\"]\nPath=/c\n",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(warnings.len(), 1);
        let mut found = found;
        let mut warnings = Vec::new();
        let again = b"[Installation \"a\"]\nPath=/other\n";
        parse(again, Path::new("y.conf"), &mut found, &mut warnings);
        assert_eq!((found.len(), warnings.len()), (1, 1));
        assert_eq!(found[0].path, Path::new("/a"));
    }

    #[test]
    fn a_relative_path_and_an_odd_priority_are_reported() {
        let (found, warnings) = parsed("[Installation \"a\"]\nPath=a/../b\n");
        assert_eq!((found.len(), warnings.len()), (0, 1));
        let (found, warnings) = parsed("[Installation \"a\"]\nPath=/a\nPriority=high\n");
        assert_eq!((found[0].priority, warnings.len()), (0, 1));
        assert_eq!(leading_number("12 apples"), Some(12));
        assert_eq!(leading_number("-3"), Some(-3));
    }

    #[test]
    fn a_bad_file_does_not_spoil_the_good_one_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("10-bad.conf"), "no group\n").unwrap();
        fs::write(
            dir.path().join("20-good.conf"),
            "[Installation \"g\"]\nPath=/g\n",
        )
        .unwrap();
        fs::write(dir.path().join("30-note.txt"), "ignored").unwrap();
        fs::create_dir(dir.path().join("40-dir.conf")).unwrap();
        std::os::unix::fs::symlink("nowhere", dir.path().join("50-dangling.conf")).unwrap();
        let (found, warnings) = read(dir.path());
        assert_eq!(found.len(), 1);
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert!(read(&dir.path().join("none")).1.is_empty());
    }
}
