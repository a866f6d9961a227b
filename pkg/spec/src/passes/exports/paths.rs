//! Paths by their text.

use std::path::{Component, Path, PathBuf};

/// A path without `.` and `..`, by its text.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut done = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::ParentDir => {
                done.pop();
            }
            Component::Normal(name) => done.push(name),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    done
}

/// How to get from one directory to a path.
pub(super) fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let down = to.components().skip(common);
    let path: PathBuf = up.chain(down).collect();
    if path.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        path
    }
}
