//! What the argument of `flatrack run` means.

use std::fs;
use std::path::{Path, PathBuf};

use flatrack_perms::{AppId, Arch, Branch, ValueError};

use crate::{Error, RefKind};

/// What exists at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// nothing, or nothing that can be used
    Nothing,
    /// a file
    File,
    /// a directory
    Directory,
    /// a directory with a file `metadata`
    BuildDir,
}

impl Found {
    /// Looks at the file system; relative paths are relative to the current directory.
    #[must_use]
    pub fn look(path: &Path) -> Self {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => Self::File,
            Ok(found) if found.is_dir() => {
                let metadata = fs::symlink_metadata(path.join("metadata"));
                if metadata.is_ok_and(|m| m.is_file()) {
                    Self::BuildDir
                } else {
                    Self::Directory
                }
            }
            _ => Self::Nothing,
        }
    }
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// something installed, by as much of its ref as was given
    Installed {
        /// app or runtime; an app if there is one, where it is not said
        kind: Option<RefKind>,
        /// the id
        id: AppId,
        /// the arch
        arch: Option<Arch>,
        /// the branch
        branch: Option<Branch>,
    },
    /// a directory of `flatpak build-init`
    BuildDir(PathBuf),
    /// a manifest of `flatpak-builder`
    Manifest(PathBuf),
}

impl Target {
    /// Decides what an argument means. The first rule that fits decides:
    ///
    /// 1. `/…`, `./…`, `../…`, `.`, `..` and `…/` are paths: a manifest by the name `*.yaml`, `*.yml`,
    ///    `*.json`, else a build directory.
    /// 2. The name of a manifest that is a file here is that manifest (`org.example.App.json` would be
    ///    an id, too).
    /// 3. `[KIND/]ID[/ARCH[/BRANCH]]`, with empty parts for the default, is a ref, whatever directory of
    ///    that name is here: what runs must not depend on the directory one happens to be in.
    /// 4. A path with a slash that is a directory, or a plain name that is a build directory, is one.
    /// 5. The name of a manifest is a manifest, to be missed when it is opened.
    ///
    /// ```
    /// use flatrack_store::{Found, Target};
    /// let nothing = |_: &std::path::Path| Found::Nothing;
    /// assert!(matches!(Target::parse("org.example.App//beta", nothing), Ok(Target::Installed { .. })));
    /// assert!(matches!(Target::parse("./app", nothing), Ok(Target::BuildDir(_))));
    /// assert!(Target::parse("--help", nothing).is_err());
    /// ```
    ///
    /// # Errors
    /// If no rule fits, with what is wrong with it as an id; if a part of a ref is wrong; if it has the
    /// form of an option.
    pub fn parse(arg: &str, found: impl Fn(&Path) -> Found) -> Result<Self, Error> {
        let path = Path::new(arg);
        if arg.is_empty() || arg.starts_with('-') || arg.contains('\0') {
            return Err(bad(arg, None));
        }
        if is_path(arg) {
            return match (is_manifest(arg), found(path)) {
                (true, Found::File | Found::Nothing) => Ok(Self::Manifest(path.to_owned())),
                (false, Found::File) => Err(Error::BadName {
                    text: arg.to_owned(),
                    expected: "a manifest (*.yaml, *.yml, *.json) or a build directory",
                    source: None,
                }),
                _ => Ok(Self::BuildDir(path.to_owned())),
            };
        }
        if is_manifest(arg) && found(path) == Found::File {
            return Ok(Self::Manifest(path.to_owned()));
        }
        let problem = match parse_ref(arg) {
            Ok(target) => return Ok(target),
            Err(NotARef::Part(e)) => return Err(bad(arg, Some(e))),
            Err(NotARef::Id(e)) => e,
        };
        match found(path) {
            Found::BuildDir => Ok(Self::BuildDir(path.to_owned())),
            Found::Directory if arg.contains('/') => Ok(Self::BuildDir(path.to_owned())),
            _ if is_manifest(arg) => Ok(Self::Manifest(path.to_owned())),
            _ => Err(bad(arg, Some(problem))),
        }
    }
}

/// Why something is not a ref.
enum NotARef {
    /// it does not start with an id
    Id(ValueError),
    /// it does, but another part is wrong
    Part(ValueError),
}

fn parse_ref(arg: &str) -> Result<Target, NotARef> {
    let (kind, rest) = match arg.split_once('/') {
        Some(("app", rest)) => (Some(RefKind::App), rest),
        Some(("runtime", rest)) => (Some(RefKind::Runtime), rest),
        _ => (None, arg),
    };
    let mut parts = rest.split('/');
    let id = AppId::parse(parts.next().unwrap_or_default()).map_err(NotARef::Id)?;
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let arch = part().map(Arch::parse).transpose().map_err(NotARef::Part)?;
    let branch = part()
        .map(Branch::parse)
        .transpose()
        .map_err(NotARef::Part)?;
    if parts.next().is_some() {
        let problem = "a ref has no more than KIND/ID/ARCH/BRANCH";
        return Err(NotARef::Part(
            ValueError::whole(arg, problem).hint("a directory is written with `./` before it"),
        ));
    }
    Ok(Target::Installed {
        kind,
        id,
        arch,
        branch,
    })
}

fn is_path(arg: &str) -> bool {
    let starts = ["/", "./", "../"]
        .iter()
        .any(|start| arg.starts_with(start));
    starts || arg.ends_with('/') || matches!(arg, "." | "..")
}

fn is_manifest(arg: &str) -> bool {
    let name = arg.rsplit('/').next().unwrap_or(arg);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    !stem.is_empty() && matches!(extension, "yaml" | "yml" | "json")
}

fn bad(arg: &str, source: Option<ValueError>) -> Error {
    Error::BadName {
        text: arg.to_owned(),
        expected: "an app id, a ref, a build directory or a manifest",
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_in(arg: &str, here: &[(&str, Found)]) -> Result<Target, Error> {
        Target::parse(arg, |path| {
            let hit = here.iter().find(|(name, _)| Path::new(name) == path);
            hit.map_or(Found::Nothing, |(_, found)| *found)
        })
    }

    fn installed(
        kind: Option<RefKind>,
        id: &str,
        arch: Option<&str>,
        branch: Option<&str>,
    ) -> Target {
        Target::Installed {
            kind,
            id: AppId::parse(id).unwrap(),
            arch: arch.map(|a| Arch::parse(a).unwrap()),
            branch: branch.map(|b| Branch::parse(b).unwrap()),
        }
    }

    #[test]
    fn refs_may_leave_parts_out() {
        let id = "org.example.App";
        for (arg, want) in [
            ("org.example.App", installed(None, id, None, None)),
            (
                "org.example.App/arm",
                installed(None, id, Some("arm"), None),
            ),
            (
                "org.example.App/arm/b",
                installed(None, id, Some("arm"), Some("b")),
            ),
            ("org.example.App//b", installed(None, id, None, Some("b"))),
            (
                "app/org.example.App/arm/b",
                installed(Some(RefKind::App), id, Some("arm"), Some("b")),
            ),
            (
                "runtime/org.example.App",
                installed(Some(RefKind::Runtime), id, None, None),
            ),
        ] {
            assert_eq!(parse_in(arg, &[]).unwrap(), want, "{arg}");
        }
    }

    #[test]
    fn a_directory_of_that_name_does_not_take_an_apps_place() {
        let here = [
            ("org.example.App", Found::BuildDir),
            ("./org.example.App", Found::BuildDir),
        ];
        let app = installed(None, "org.example.App", None, None);
        assert_eq!(parse_in("org.example.App", &here).unwrap(), app);
        let dir = parse_in("./org.example.App", &here).unwrap();
        assert_eq!(dir, Target::BuildDir("./org.example.App".into()));
        let completed = parse_in("org.example.App/", &here).unwrap();
        assert_eq!(completed, Target::BuildDir("org.example.App/".into()));
    }

    #[test]
    fn directories_are_told_by_a_slash_or_by_their_metadata() {
        let here = [
            ("build", Found::BuildDir),
            ("plain", Found::Directory),
            ("out/build", Found::Directory),
            ("app/build", Found::Directory),
        ];
        for dir in [
            "build",
            "out/build",
            "app/build",
            ".",
            "..",
            "/srv/x",
            "../x",
        ] {
            assert_eq!(
                parse_in(dir, &here).unwrap(),
                Target::BuildDir(dir.into()),
                "{dir}"
            );
        }
        assert!(parse_in("plain", &here).is_err());
        assert!(parse_in("out/none", &here).is_err());
    }

    #[test]
    fn manifests_are_told_by_their_names() {
        let here = [
            ("org.example.App.json", Found::File),
            ("./script.sh", Found::File),
        ];
        for manifest in ["org.example.App.json", "m.yml", "sub/m.yaml", "/srv/m.json"] {
            let want = Target::Manifest(manifest.into());
            assert_eq!(parse_in(manifest, &here).unwrap(), want, "{manifest}");
        }
        let id = installed(None, "org.example.App.json", None, None);
        assert_eq!(parse_in("org.example.App.json", &[]).unwrap(), id);
        assert!(parse_in("./script.sh", &here).is_err());
    }

    #[test]
    fn what_is_none_of_these_is_told_why() {
        for arg in [
            "",
            "--command=sh",
            "app",
            "org.example",
            "org.example.App/..",
            "org.example.App/x86_64/../../etc",
            "org.example.App/a/b/c",
            "app/org..example/x",
            "org.example.App\0x",
        ] {
            assert!(
                matches!(parse_in(arg, &[]), Err(Error::BadName { .. })),
                "{arg:?}"
            );
        }
        let error = parse_in("org.example", &[]).unwrap_err();
        assert_eq!(
            error.hint().unwrap(),
            "an id has at least two dots: ids look like `org.example.App`"
        );
    }
}
