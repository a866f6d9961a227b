//! What the parser made is kept over a boot, and is only used for the text that it was made of.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use flatrack_testbed::{Testbed, needs};

use super::{App, parser};

const CACHE: &str = "/var/cache/flatrack/apparmor";

/// Files below a directory that are kept for an app.
fn kept(id: &str, dir: &Path) -> Vec<PathBuf> {
    let prefix = format!("flatrack.{id}+");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(kept(id, &path));
        } else if path
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(&prefix)
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_profile_is_compiled_once_for_each_text() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Cache");
    let (text, made) = (Path::new(CACHE).join("text"), Path::new(CACHE).join("made"));
    let confined = format!("flatrack.{} (enforce)", app.id);
    let run = |options: &[&str]| {
        // as after a boot: the kernel knows of nothing
        parser("--replace", &format!("profile flatrack.{} {{ }}\n", app.id));
        let said = app.run(options, "cat /proc/self/attr/current");
        assert_eq!(said.assert_success(), confined);
        let files = kept(&app.id, &made);
        assert_eq!(files.len(), 1, "{files:?}");
        let found = files[0].metadata().unwrap();
        (found.ino(), found.ctime(), found.ctime_nsec())
    };
    let first = run(&[]);
    assert_eq!(run(&[]), first, "it is not made again");
    // under the right name, but what was made is not of this text
    std::fs::write(&kept(&app.id, &text)[0], "profile other { }").unwrap();
    let second = run(&[]);
    assert_ne!(second, first);
    // other permissions are another text
    assert_ne!(run(&["--share=network"]), second);
    bed.flatrack(["apparmor", "unload", &app.id])
        .assert_success();
    assert_eq!(kept(&app.id, Path::new(CACHE)), Vec::<PathBuf>::new());
}
