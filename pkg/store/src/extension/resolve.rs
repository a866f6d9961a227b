//! From the extension points of an app or a runtime to the extensions that are mounted, in the order in which they
//! come first.

use std::collections::BTreeSet;
use std::path::PathBuf;

use flatrack_metadata::{EnableIf, ExtensionPoint, SourceText, extension};
use flatrack_perms::{AppId, Pref};

use super::LOCAL;
use crate::{Deploy, Error, Installations};

/// Of an extension that is kept by hand: before everything that is installed.
const BY_HAND: i32 = 1000;

/// What conditions of extension points may ask of the machine and the session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// graphics drivers in use, as the last elements of extension ids
    pub gl_drivers: Vec<String>,
    /// the theme of the desktop
    pub gtk_theme: Option<String>,
    /// whether there are graphics of Intel
    pub intel_gpu: bool,
    /// what the kernel has loaded
    pub kernel_modules: BTreeSet<String>,
    /// names of the desktop
    pub desktops: Vec<String>,
}

impl Surroundings {
    /// Whether one of the conditions holds for an extension; none at all always does.
    #[must_use]
    pub fn enable(&self, conditions: &[EnableIf], id: &AppId) -> bool {
        conditions.is_empty() || conditions.iter().any(|one| self.holds(one, id))
    }

    fn holds(&self, condition: &EnableIf, id: &AppId) -> bool {
        let last = id.as_str().rsplit('.').next().unwrap_or_default();
        match condition {
            EnableIf::ActiveGlDriver => self.gl_drivers.iter().any(|driver| driver == last),
            EnableIf::ActiveGtkTheme => self.gtk_theme.as_deref() == Some(last),
            EnableIf::HaveIntelGpu => self.intel_gpu,
            EnableIf::HaveKernelModule(module) => self.kernel_modules.contains(module),
            EnableIf::OnXdgDesktop(name) => self
                .desktops
                .iter()
                .any(|desktop| desktop.eq_ignore_ascii_case(name)),
            EnableIf::Unknown(_) => false,
        }
    }
}

/// An extension that is mounted.
#[derive(Debug)]
pub struct Extension {
    /// what is mounted
    pub deploy: Deploy,
    /// the point it belongs to
    pub point: ExtensionPoint,
    /// where, relative to `/app` or `/usr`, without the point's suffix
    pub directory: PathBuf,
    /// the directory above shows nothing but extensions: it is one of several of a point with `subdirectories`
    pub own_parent: bool,
    /// higher comes first
    pub priority: i32,
}

/// An extension that is not mounted.
#[derive(Debug)]
pub struct PassedOver {
    /// its name; for a point where nothing was found, the name that was looked for
    pub pref: Pref,
    /// why
    pub why: Why,
}

/// Why an extension is not mounted.
#[derive(Debug)]
pub enum Why {
    /// nothing is installed
    NotInstalled,
    /// none of these conditions holds
    NotEnabled(Vec<EnableIf>),
    /// what is installed is not as Flatpak leaves it
    Damaged(Error),
}

/// What became of the extension points of one app or runtime.
#[derive(Debug, Default)]
pub struct Extensions {
    /// highest priority first, else in the order of the metadata
    pub mounted: Vec<Extension>,
    /// the rest, in the order of the metadata
    pub passed_over: Vec<PassedOver>,
}

impl Installations {
    /// Finds the extensions of an app or a runtime. One that is only half there is passed over, as if it were not
    /// installed: what it adds is never needed to start.
    ///
    /// # Errors
    /// If an installation cannot be read, or an extension is being replaced right now.
    pub fn extensions(
        &self,
        points: &[ExtensionPoint],
        parent: &Pref,
        around: &Surroundings,
    ) -> Result<Extensions, Error> {
        let mut found = Extensions::default();
        for point in points {
            let own_branch = std::slice::from_ref(&parent.branch);
            let branches = if point.versions.is_empty() {
                own_branch
            } else {
                &point.versions
            };
            for branch in branches {
                let pref = Pref {
                    id: point.name.clone(),
                    arch: parent.arch.clone(),
                    branch: branch.clone(),
                };
                self.at_point(point, pref, around, &mut found)?;
            }
        }
        // stable: equals stay in the order of the metadata
        found
            .mounted
            .sort_by_key(|extension| std::cmp::Reverse(extension.priority));
        Ok(found)
    }

    fn at_point(
        &self,
        point: &ExtensionPoint,
        pref: Pref,
        around: &Surroundings,
        found: &mut Extensions,
    ) -> Result<(), Error> {
        // one of exactly this name stands for all below it, even one that is not enabled
        let exact = self.look(point, &pref, point.directory.clone(), around, found)?;
        if exact {
            return Ok(());
        }
        let below = if point.subdirectories {
            self.extensions_below(&pref.id, &pref.arch, &pref.branch)?
        } else {
            Vec::new()
        };
        if below.is_empty() {
            let why = Why::NotInstalled;
            found.passed_over.push(PassedOver { pref, why });
        }
        for one in below {
            let name = one.id.as_str().strip_prefix(point.name.as_str());
            let name = name.unwrap_or_default().trim_start_matches('.');
            let directory = point.directory.join(name);
            self.look(point, &one, directory, around, found)?;
        }
        Ok(())
    }

    /// Mounts one or passes it over; false if there is none.
    fn look(
        &self,
        point: &ExtensionPoint,
        pref: &Pref,
        directory: PathBuf,
        around: &Surroundings,
        found: &mut Extensions,
    ) -> Result<bool, Error> {
        let mut pass_over = |why| {
            let pref = pref.clone();
            found.passed_over.push(PassedOver { pref, why });
            Ok(true)
        };
        match self.extension(pref) {
            Ok(None) => Ok(false),
            Err(error) if error.is_damage() => pass_over(Why::Damaged(error)),
            Err(error) => Err(error),
            Ok(Some(_)) if !around.enable(&point.enable_if, &pref.id) => {
                pass_over(Why::NotEnabled(point.enable_if.clone()))
            }
            Ok(Some(deploy)) => {
                found.mounted.push(Extension {
                    own_parent: pref.id != point.name,
                    priority: priority(&deploy),
                    point: point.clone(),
                    directory,
                    deploy,
                });
                Ok(true)
            }
        }
    }
}

fn priority(deploy: &Deploy) -> i32 {
    if deploy.commit == LOCAL {
        return BY_HAND;
    }
    let name = deploy.metadata.path.to_string_lossy().into_owned();
    SourceText::new(name, &deploy.metadata.bytes)
        .map(|text| extension::priority(&text))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
