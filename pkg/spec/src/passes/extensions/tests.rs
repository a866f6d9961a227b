use flatrack_perms::AppId;

use super::*;
use crate::MapHost;

fn host() -> MapHost {
    let mut host = MapHost::default();
    for dir in [
        "/rt/lib/GL/shipped",
        "/rt/lib/one",
        "/ext/compat/GL",
        "/etc",
    ] {
        host = host.with(dir, FileKind::Dir);
    }
    for file in [
        "/ext/a/icd/x.json",
        "/ext/a/icd/y.json",
        "/ext/b/icd/y.json",
    ] {
        host = host.with(file, FileKind::File);
    }
    host.with("/rt/lib64", FileKind::Symlink("lib".into()))
        .with("/rt/out", FileKind::Symlink("/etc".into()))
        .with("/ext/bad/icd", FileKind::Symlink("/etc".into()))
        .with("/ext/up/icd", FileKind::Symlink("../../etc".into()))
}

fn extension(name: &str, directory: &str) -> Extension {
    Extension {
        id: AppId::parse(&format!("org.example.{name}")).unwrap(),
        commit: "c0ffee".to_owned(),
        files: Path::new("/ext").join(name),
        directory: directory.into(),
        suffix: None,
        own_parent: false,
        ld_path: None,
        merge_dirs: Vec::new(),
    }
}

/// One of several below a directory, merging `icd`.
fn driver(name: &str, directory: &str) -> Extension {
    Extension {
        own_parent: true,
        merge_dirs: vec!["icd".into()],
        ..extension(name, directory)
    }
}

/// Mounts and links, a line each.
fn shown(extensions: Vec<Extension>) -> Result<Vec<String>, String> {
    let tree = Tree {
        path: "/rt".into(),
        commit: String::new(),
        extensions,
    };
    let host = host();
    let mut layout = Layout::new(&host, "/usr", &tree);
    let laid = layout
        .mount_all(&tree)
        .and_then(|()| layout.merge_all(&tree));
    laid.map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    for (at, backing) in layout.mounts.iter().skip(1) {
        match backing {
            Backing::Host(files) => lines.push(format!("{} = {}", at.display(), files.display())),
            Backing::Made(entries) => {
                lines.push(format!("{} made", at.display()));
                lines.extend(entries.iter().map(|(path, target)| match target {
                    Some(target) => format!("  {} -> {}", path.display(), target.display()),
                    None => format!("  {}/", path.display()),
                }));
            }
        }
    }
    Ok(lines)
}

#[test]
fn several_below_one_directory_hide_what_was_there_and_the_first_to_merge_a_name_wins() {
    let lines = shown(vec![driver("b", "lib/GL/b"), driver("a", "lib/GL/a")]);
    assert_eq!(
        lines.unwrap(),
        [
            "/usr/lib/GL made",
            "  a/",
            "  b/",
            "  icd/",
            "  icd/x.json -> /usr/lib/GL/a/icd/x.json",
            "  icd/y.json -> /usr/lib/GL/b/icd/y.json",
            "/usr/lib/GL/a = /ext/a",
            "/usr/lib/GL/b = /ext/b",
        ]
    );
}

#[test]
fn an_extension_may_hold_the_mount_point_of_another() {
    let lines = shown(vec![
        driver("a", "lib/one/GL/a"),
        extension("compat", "lib/one"),
    ]);
    assert_eq!(lines.unwrap()[0], "/usr/lib/one = /ext/compat");
}

#[test]
fn a_link_within_the_tree_is_followed() {
    let lines = shown(vec![extension("a", "lib64/one")]);
    assert_eq!(lines.unwrap(), ["/usr/lib/one = /ext/a"]);
}

#[test]
fn what_leads_out_or_is_missing_is_named() {
    let one = |directory: &str| shown(vec![extension("a", directory)]).unwrap_err();
    assert!(one("lib/none").contains("`/usr/lib/none` does not exist"));
    assert!(one("out").contains("leads out of its tree"));
    for name in ["bad", "up"] {
        let error = shown(vec![driver(name, "lib/GL/x")]).unwrap_err();
        assert!(error.contains("leads out of the extension"), "{error}");
    }
    // only a directory that is made for the start can take links
    let mut merging = driver("a", "lib/one");
    merging.own_parent = false;
    assert!(shown(vec![merging]).unwrap_err().contains("read-only"));
}
