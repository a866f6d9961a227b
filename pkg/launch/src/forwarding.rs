//! `--file-forwarding`: files among the arguments. Only the document portal could show an app a file that its
//! permissions do not; without it the arguments stay as they are, and the user is told.

use std::path::{Path, PathBuf};

use flatrack_perms::Untrusted;
use flatrack_spec::Plan;

use crate::Request;

/// Arguments of the app. The marks around forwarded files are the caller's and not the app's.
pub(crate) fn arguments(request: &Request) -> impl Iterator<Item = String> {
    let forwards = request.run.file_forwarding;
    let is_mark = move |word: &&String| forwards && matches!(word.as_str(), "@@" | "@@u");
    request.args.iter().filter(move |w| !is_mark(w)).cloned()
}

/// Tells of files that the app will not find.
pub(crate) fn warn_of_hidden(request: &Request, plan: &Plan, warn: &mut dyn FnMut(&str)) {
    if !request.run.file_forwarding {
        return;
    }
    for path in files(&request.args).filter(|path| !plan.shows(path)) {
        let shown = path.to_string_lossy();
        let shown = Untrusted(&shown);
        warn(&format!(
            "warning: the app cannot see `{shown}`\nhint: `--filesystem={shown}` shows it"
        ));
    }
}

/// The paths between marks, as files of this machine.
fn files(args: &[String]) -> impl Iterator<Item = PathBuf> {
    let mut mark = None;
    args.iter().filter_map(move |word| {
        match (word.as_str(), mark) {
            ("@@" | "@@u", None) => mark = Some(word.as_str()),
            ("@@", Some(_)) => mark = None,
            (text, Some("@@u")) => return uri_path(text),
            (text, Some(_)) => return std::path::absolute(text).ok(),
            _ => {}
        }
        None
    })
}

/// The path of a `file:` URI, or an absolute path as it is.
fn uri_path(text: &str) -> Option<PathBuf> {
    if text.starts_with('/') {
        return Some(PathBuf::from(text));
    }
    let rest = text.strip_prefix("file:")?;
    let path = match rest.strip_prefix("//") {
        Some(rest) => &rest[rest.find('/')?..],
        None => rest,
    };
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let escaped = (*byte == b'%').then(|| {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        match escaped.flatten() {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => bytes.push(*byte),
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    Path::new(&path).is_absolute().then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_marks_is_a_file() {
        let args = [
            "-x",
            "/a",
            "@@",
            "/b",
            "@@",
            "@@u",
            "file:///c%20d",
            "http://e/f",
            "/g",
            "@@",
            "/h",
        ];
        let args = args.map(str::to_owned);
        let found: Vec<PathBuf> = files(&args).collect();
        assert_eq!(found, ["/b", "/c d", "/g"].map(PathBuf::from));
    }
}
