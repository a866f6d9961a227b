//! Extensions: runtimes that are mounted into others, and directories that a user keeps by hand.

mod resolve;

use std::collections::BTreeSet;

use flatrack_perms::{AppId, Arch, Branch, Pref};

use crate::deploy::{self, Metadata};
use crate::installations::Installation;
use crate::{Deploy, Error, FullRef, Installations, Pinned, RefKind};

pub use resolve::{Extension, Extensions, PassedOver, Surroundings, Why};

/// The commit recorded for an extension that has none.
const LOCAL: &str = "local";

impl Installations {
    /// Finds an extension: a directory kept by hand (`extension/ID/ARCH/BRANCH`) in any installation, or
    /// else a deployed runtime. The former has the commit `local` and no metadata. A missing extension
    /// is nothing wrong.
    ///
    /// # Errors
    /// If what is there is not as Flatpak leaves it.
    pub fn extension(&self, pref: &Pref) -> Result<Option<Deploy>, Error> {
        for installation in &self.list {
            if let Some(deploy) = unmaintained(installation, pref)? {
                return Ok(Some(deploy));
            }
        }
        let full_ref = FullRef {
            kind: RefKind::Runtime,
            pref: pref.clone(),
        };
        for installation in &self.list {
            let Installation { root, place } = installation;
            if let Some(deploy) = Deploy::open(root, place, &full_ref, None)? {
                return Ok(Some(deploy));
            }
        }
        Ok(None)
    }

    /// The extensions `PREFIX.*` of that arch and branch in all installations, deployed ones first, each
    /// part sorted; for extension points with `subdirectories`.
    ///
    /// # Errors
    /// If an installation cannot be read.
    pub fn extensions_below(
        &self,
        prefix: &AppId,
        arch: &Arch,
        branch: &Branch,
    ) -> Result<Vec<Pref>, Error> {
        let (mut deployed, mut by_hand) = (BTreeSet::new(), BTreeSet::new());
        for installation in &self.list {
            for id in ids_below(&installation.root, "runtime", prefix)? {
                let full_ref = FullRef::new(RefKind::Runtime, id, arch.clone(), branch.clone());
                match deploy::active(&installation.root, &full_ref) {
                    Ok(None) => {}
                    // a damaged one is there; whoever opens it is told
                    Ok(Some(_)) => drop(deployed.insert(full_ref.pref)),
                    Err(error) if error.is_damage() => drop(deployed.insert(full_ref.pref)),
                    Err(error) => return Err(error),
                }
            }
            for id in ids_below(&installation.root, "extension", prefix)? {
                let pref = Pref {
                    id,
                    arch: arch.clone(),
                    branch: branch.clone(),
                };
                match unmaintained(installation, &pref) {
                    Ok(None) => {}
                    Ok(Some(_)) => drop(by_hand.insert(pref)),
                    Err(error) if error.is_damage() => drop(by_hand.insert(pref)),
                    Err(error) => return Err(error),
                }
            }
        }
        let more: Vec<Pref> = by_hand.difference(&deployed).cloned().collect();
        Ok(deployed.into_iter().chain(more).collect())
    }
}

fn ids_below(root: &Pinned, kind: &str, prefix: &AppId) -> Result<Vec<AppId>, Error> {
    let Some(dir) = root.dir(kind)? else {
        return Ok(Vec::new());
    };
    let start = format!("{prefix}.");
    let names = dir.names()?;
    let below = names.iter().filter(|name| name.starts_with(&start));
    Ok(below.filter_map(|name| AppId::parse(name).ok()).collect())
}

/// A directory kept by hand, or one that a link in its place names: its owner chose where that is.
fn unmaintained(installation: &Installation, pref: &Pref) -> Result<Option<Deploy>, Error> {
    let Installation { root, place } = installation;
    let Some(parent) = root.dir(format!("extension/{}/{}", pref.id, pref.arch))? else {
        return Ok(None);
    };
    let name = pref.branch.as_str();
    let open = || match parent.dir(name) {
        Err(Error::Symlink { .. }) => match parent.link(name)? {
            Some(target) => Pinned::open(&parent.path().join(target)),
            None => Ok(None),
        },
        other => other,
    };
    let (Some(dir), Some(files)) = (open()?, open()?) else {
        return Ok(None);
    };
    if !dir.is_same(&files)? {
        return Err(Error::Changing {
            path: dir.path().to_owned(),
        });
    }
    Ok(Some(Deploy {
        full_ref: FullRef {
            kind: RefKind::Runtime,
            pref: pref.clone(),
        },
        place: place.clone(),
        metadata: Metadata {
            path: dir.path().join("metadata"),
            bytes: Vec::new(),
        },
        dir,
        files,
        commit: LOCAL.to_owned(),
        origin: None,
        previous_ids: Vec::new(),
        override_dirs: Vec::new(),
        etc: Vec::new(),
    }))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::testing::{COMMIT, Store};

    fn pref(text: &str) -> Pref {
        Pref::parse(text).unwrap()
    }

    #[test]
    fn a_directory_kept_by_hand_beats_a_deployed_extension() {
        let store = Store::new();
        let wanted = pref("org.example.GL/x86_64/1");
        assert!(store.find().extension(&wanted).unwrap().is_none());
        store.deploy(&store.user(), "runtime/org.example.GL/x86_64/1", COMMIT);
        assert_eq!(
            store.find().extension(&wanted).unwrap().unwrap().commit,
            COMMIT
        );
        let by_hand = store.system().join("extension/org.example.GL/x86_64/1");
        fs::create_dir_all(&by_hand).unwrap();
        let deploy = store.find().extension(&wanted).unwrap().unwrap();
        assert_eq!(
            (deploy.commit.as_str(), deploy.files.path()),
            ("local", by_hand.as_path())
        );
        assert!(deploy.lock().unwrap().is_none());
    }

    #[test]
    fn the_link_of_an_extension_kept_by_hand_is_followed() {
        let store = Store::new();
        let tree = store.top().join("tree");
        fs::create_dir(&tree).unwrap();
        let parent = store.user().join("extension/org.example.GL/x86_64");
        fs::create_dir_all(&parent).unwrap();
        symlink(&tree, parent.join("1")).unwrap();
        let wanted = pref("org.example.GL/x86_64/1");
        let deploy = store.find().extension(&wanted).unwrap().unwrap();
        assert_eq!(deploy.files.path(), tree);
    }

    #[test]
    fn subdirectories_match_whole_elements_of_the_same_arch_and_branch() {
        let store = Store::new();
        for name in [
            "org.example.GL.b/x86_64/1",
            "org.example.GL.a/x86_64/1",
            "org.example.GL.a/x86_64/2",
            "org.example.GL.c/arm/1",
            "org.example.GLX.d/x86_64/1",
        ] {
            store.deploy(&store.user(), &format!("runtime/{name}"), COMMIT);
        }
        fs::create_dir_all(store.system().join("extension/org.example.GL.0/x86_64/1")).unwrap();
        fs::create_dir_all(store.system().join("extension/org.example.GL._/x86_64/1")).unwrap();
        let found = store.find().extensions_below(
            &AppId::parse("org.example.GL").unwrap(),
            &Arch::parse("x86_64").unwrap(),
            &Branch::parse("1").unwrap(),
        );
        let found: Vec<String> = found.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "org.example.GL.a/x86_64/1",
                "org.example.GL.b/x86_64/1",
                "org.example.GL._/x86_64/1"
            ]
        );
    }
}
