//! Everything that is installed.

use flatrack_perms::{AppId, Arch, Branch};
use serde::Serialize;

use crate::deploy;
use crate::deploy_file;
use crate::error::Warning;
use crate::installations::Installation;
use crate::lookup::current;
use crate::{Error, FullRef, Installations, Place, RefKind};

/// One app or runtime of one installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// what it is
    #[serde(rename = "ref")]
    pub full_ref: FullRef,
    /// where it is
    pub place: Place,
    /// the active commit
    pub commit: String,
    /// the remote it came from
    pub origin: String,
    /// whether this is the arch and branch that runs when none is given
    pub current: bool,
}

/// What is installed, and what looked installed but is not in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Listing {
    /// sorted by kind, id, arch and branch, then in the order of search
    pub installed: Vec<Installed>,
    /// what was passed over
    pub warnings: Vec<Warning>,
}

impl Installations {
    /// Lists what is installed: apps, or runtimes and extensions, or all. Something damaged is a warning
    /// and does not hide the rest.
    #[must_use]
    pub fn list(&self, kind: Option<RefKind>) -> Listing {
        let mut listing = Listing::default();
        for installation in &self.list {
            for kind in RefKind::ALL
                .into_iter()
                .filter(|k| kind.is_none_or(|wanted| wanted == *k))
            {
                listing.add_kind(installation, kind);
            }
        }
        // stable: the order of search is kept among equals
        listing
            .installed
            .sort_by(|a, b| a.full_ref.cmp(&b.full_ref));
        listing
    }
}

impl Listing {
    fn add_kind(&mut self, installation: &Installation, kind: RefKind) {
        let root = &installation.root;
        for name in self.names(installation, kind.as_str()) {
            let Ok(id) = AppId::parse(&name) else {
                continue;
            };
            let top = format!("{kind}/{id}");
            let current = match root.dir(&top) {
                Ok(Some(dir)) if kind == RefKind::App => current(&dir),
                Ok(_) => Ok(None),
                Err(e) => {
                    self.warn(installation, &top, &e);
                    continue;
                }
            };
            let current = current.unwrap_or_else(|e| {
                self.warn(installation, &top, &e);
                None
            });
            for arch in self.names(installation, &top) {
                // the link beside the arches would pass for one by its name
                let Ok(arch) = Arch::parse(&arch) else {
                    continue;
                };
                if arch.as_str() == "current" {
                    continue;
                }
                for branch in self.names(installation, &format!("{top}/{arch}")) {
                    let Ok(branch) = Branch::parse(&branch) else {
                        continue;
                    };
                    let is_current = current
                        .as_ref()
                        .is_some_and(|(a, b)| *a == arch && *b == branch);
                    let full_ref = FullRef::new(kind, id.clone(), arch.clone(), branch);
                    self.add(installation, full_ref, is_current);
                }
            }
        }
    }

    fn add(&mut self, installation: &Installation, full_ref: FullRef, current: bool) {
        match installed(installation, &full_ref, current) {
            Ok(found) => self.installed.extend(found),
            Err(e) => self.warn(installation, &full_ref.to_string(), &e),
        }
    }

    fn names(&mut self, installation: &Installation, relative: &str) -> Vec<String> {
        let names = installation.root.dir(relative).and_then(|dir| match dir {
            Some(dir) => dir.names(),
            None => Ok(Vec::new()),
        });
        names.unwrap_or_else(|e| {
            self.warn(installation, relative, &e);
            Vec::new()
        })
    }

    fn warn(&mut self, installation: &Installation, relative: &str, error: &Error) {
        let path = installation.root.path().join(relative);
        self.warnings.push(Warning::new(path, error.to_string()));
    }
}

/// Whether `active/deploy` exists, and what it says.
fn installed(
    installation: &Installation,
    full_ref: &FullRef,
    current: bool,
) -> Result<Option<Installed>, Error> {
    let Some(dir) = deploy::active(&installation.root, full_ref)? else {
        return Ok(None);
    };
    let Some(start) = dir.read_start("deploy", deploy_file::START)? else {
        return Ok(None);
    };
    let provenance = deploy_file::parse(&start)
        .map_err(|problem| Error::damaged(dir.path().join("deploy"), problem))?;
    Ok(Some(Installed {
        full_ref: full_ref.clone(),
        place: installation.place.clone(),
        commit: provenance.commit.as_str().to_owned(),
        origin: provenance.origin,
        current,
    }))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::testing::{ARCH, COMMIT, Store};

    fn refs(listing: &Listing) -> Vec<String> {
        let refs = listing.installed.iter();
        refs.map(|i| format!("{} {}", i.place.name(), i.full_ref.pref))
            .collect()
    }

    #[test]
    fn a_listing_is_sorted_and_knows_the_current_branch() {
        let store = Store::new();
        store.deploy(&store.system(), "app/org.b.App/x86_64/master", COMMIT);
        store.deploy(&store.user(), "app/org.b.App/x86_64/master", COMMIT);
        store.deploy(&store.user(), "app/org.b.App/x86_64/beta", COMMIT);
        store.deploy(&store.user(), "runtime/org.a.Platform/x86_64/1", COMMIT);
        symlink("x86_64/beta", store.user().join("app/org.b.App/current")).unwrap();
        let all = store.find().list(None);
        assert_eq!(
            refs(&all),
            [
                "user org.b.App/x86_64/beta",
                "user org.b.App/x86_64/master",
                "default org.b.App/x86_64/master",
                "user org.a.Platform/x86_64/1",
            ]
        );
        assert!(all.installed[0].current && !all.installed[1].current);
        assert_eq!(all.warnings, []);
        assert_eq!(store.find().list(Some(RefKind::Runtime)).installed.len(), 1);
    }

    #[test]
    fn what_has_no_deploy_file_is_not_installed() {
        let store = Store::new();
        let dir = store.user_app("master");
        fs::remove_file(dir.join("deploy")).unwrap();
        fs::create_dir_all(store.user().join(format!("app/org.c.App/{ARCH}/empty"))).unwrap();
        assert_eq!(store.find().list(None), Listing::default());
    }

    #[test]
    fn temporary_names_are_ignored_and_damage_is_told_without_hiding_the_rest() {
        let store = Store::new();
        store.user_app("master");
        let base = store.user().join(format!("app/org.example.App/{ARCH}"));
        fs::create_dir_all(base.join(".master-XXXXXX")).unwrap();
        fs::create_dir_all(base.join("bad")).unwrap();
        symlink("../../etc", base.join("bad/active")).unwrap();
        symlink("/etc", store.user().join("app/org.example.Linked")).unwrap();
        let listing = store.find().list(None);
        assert_eq!(listing.installed.len(), 1);
        assert_eq!(listing.warnings.len(), 2, "{:?}", listing.warnings);
    }
}
