//! From a name to a deploy.

use flatrack_perms::{AppId, Arch, Branch, Commit, Pref};

use crate::{Deploy, Error, FullRef, Installations, Pinned, RefKind, builtin};

/// The branch where neither the caller nor a `current` link names one.
const DEFAULT_BRANCH: &str = "master";

impl Installations {
    /// Finds an app. What of arch and branch is not given comes from the first `current` link of the id,
    /// else it is the default arch and `master`. The first installation that has the result deployed
    /// wins.
    ///
    /// # Errors
    /// If it is not installed, or if what is there is not as Flatpak leaves it. A damaged installation
    /// is not passed over: that would run another app than the one the user sees.
    pub fn app(
        &self,
        id: &AppId,
        arch: Option<&Arch>,
        branch: Option<&Branch>,
        commit: Option<&Commit>,
    ) -> Result<Deploy, Error> {
        let current = match (arch, branch) {
            (Some(_), Some(_)) => None,
            _ => self.current(id)?,
        };
        let (current_arch, current_branch) = current.unzip();
        let arch = arch
            .cloned()
            .or(current_arch)
            .unwrap_or_else(|| self.default_arch().clone());
        let branch = match branch.cloned().or(current_branch) {
            Some(branch) => branch,
            None => parse_branch(DEFAULT_BRANCH)?,
        };
        let full_ref = FullRef::new(RefKind::App, id.clone(), arch, branch);
        let mut deploy = self.deployed(&full_ref, commit)?;
        deploy.override_dirs = self.override_dirs(&deploy.place);
        Ok(deploy)
    }

    /// Finds a runtime. Nothing stands in for another branch or arch. The
    /// [built-in runtime](builtin) is found without being installed; its [`Place`](crate::Place) says so,
    /// for a policy that does not want it.
    ///
    /// # Errors
    /// As [`app`](Self::app).
    pub fn runtime(&self, pref: &Pref, commit: Option<&Commit>) -> Result<Deploy, Error> {
        if builtin::is_builtin(&pref.id) {
            return builtin::host_platform(&self.host, pref, self.default_arch());
        }
        let full_ref = FullRef {
            kind: RefKind::Runtime,
            pref: pref.clone(),
        };
        self.deployed(&full_ref, commit)
    }

    /// Finds a runtime to be run by itself. What of arch and branch is not given is the default arch, and
    /// the branch that is installed.
    ///
    /// # Errors
    /// As [`app`](Self::app), and if several branches are installed and none was given.
    pub fn bare_runtime(
        &self,
        id: &AppId,
        arch: Option<&Arch>,
        branch: Option<&Branch>,
        commit: Option<&Commit>,
    ) -> Result<Deploy, Error> {
        let arch = arch.unwrap_or(self.default_arch());
        let branch = match branch {
            Some(branch) => branch.clone(),
            None => self.only_branch(id, arch)?,
        };
        self.runtime(
            &Pref {
                id: id.clone(),
                arch: arch.clone(),
                branch,
            },
            commit,
        )
    }

    /// The one branch of a runtime that is installed; `master` if none is, for the message.
    fn only_branch(&self, id: &AppId, arch: &Arch) -> Result<Branch, Error> {
        if builtin::is_builtin(id) {
            return parse_branch(builtin::BRANCH);
        }
        let listing = self.list(Some(RefKind::Runtime)).installed.into_iter();
        let fits = listing.map(|installed| installed.full_ref);
        let mut fits: Vec<FullRef> = fits
            .filter(|r| &r.pref.id == id && &r.pref.arch == arch)
            .collect();
        fits.dedup();
        match fits.as_slice() {
            [] => parse_branch(DEFAULT_BRANCH),
            [only] => Ok(only.pref.branch.clone()),
            several => Err(Error::Ambiguous {
                id: id.as_str().to_owned(),
                installed: several.iter().map(ToString::to_string).collect(),
            }),
        }
    }

    /// The arch and branch that `current` names, in the first installation that has such a link.
    fn current(&self, id: &AppId) -> Result<Option<(Arch, Branch)>, Error> {
        for installation in &self.list {
            if let Some(app) = installation.root.dir(format!("app/{id}"))?
                && let Some(current) = current(&app)?
            {
                return Ok(Some(current));
            }
        }
        Ok(None)
    }

    fn deployed(&self, full_ref: &FullRef, commit: Option<&Commit>) -> Result<Deploy, Error> {
        for installation in &self.list {
            let opened = Deploy::open(&installation.root, &installation.place, full_ref, commit)?;
            if let Some(deploy) = opened {
                return Ok(deploy);
            }
        }
        let what = match commit {
            None => full_ref.to_string(),
            Some(commit) => format!("commit {commit} of {full_ref}"),
        };
        Err(Error::NotInstalled {
            what,
            installed: self.refs_of(full_ref.kind, &full_ref.pref.id),
            commit: commit.map(|commit| commit.as_str().to_owned()),
        })
    }

    /// What is installed of an id, for the hint.
    fn refs_of(&self, kind: RefKind, id: &AppId) -> Vec<String> {
        let listing = self.list(Some(kind)).installed.into_iter();
        let mut refs: Vec<String> = listing
            .filter(|installed| &installed.full_ref.pref.id == id)
            .map(|installed| installed.full_ref.to_string())
            .collect();
        refs.dedup();
        refs
    }
}

/// What the `current` link in an app's directory names.
pub(crate) fn current(app: &Pinned) -> Result<Option<(Arch, Branch)>, Error> {
    let Some(target) = app.link("current")? else {
        return Ok(None);
    };
    let parsed = target.to_str().and_then(|target| {
        let (arch, branch) = target.split_once('/')?;
        Arch::parse(arch).ok().zip(Branch::parse(branch).ok())
    });
    match parsed {
        Some(current) => Ok(Some(current)),
        None => Err(Error::damaged(
            app.path().join("current"),
            "is not a link to ARCH/BRANCH",
        )),
    }
}

fn parse_branch(name: &str) -> Result<Branch, Error> {
    Branch::parse(name).map_err(|e| Error::BadName {
        text: name.to_owned(),
        expected: "a branch",
        source: Some(e),
    })
}

#[cfg(test)]
mod tests;
