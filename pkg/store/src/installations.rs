//! Which installations there are, in the order in which they are searched.

use std::path::PathBuf;

use flatrack_perms::Arch;
use flatrack_perms::Source;

use crate::environment::default_arch;
use crate::error::Warning;
use crate::overrides::OverrideDir;
use crate::{Environment, Error, Pinned, Place, extra};

/// Which installations are searched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// the user's own, then those of the system
    #[default]
    All,
    /// the user's own only (`--user`)
    User,
    /// the default one of the system only (`--system`)
    System,
    /// one of the system by its name (`--installation=NAME`); `default` is the default one
    Named(String),
}

/// An installation that exists.
#[derive(Debug)]
pub(crate) struct Installation {
    pub(crate) place: Place,
    pub(crate) root: Pinned,
}

/// The installations of a scope, opened.
#[derive(Debug)]
pub struct Installations {
    /// in the order of search
    pub(crate) list: Vec<Installation>,
    /// top of the host's file system
    pub(crate) host: PathBuf,
    default_arch: Arch,
    user_dir: Option<PathBuf>,
    system_dir: PathBuf,
    warnings: Vec<Warning>,
}

/// A place and its directory, which may not exist.
type Candidate = (Place, PathBuf);

impl Installations {
    /// Finds the installations: the user's first, then those of the system by descending priority. Where
    /// priorities are equal, declared installations come in the order of their files and before the
    /// default one, as in Flatpak.
    ///
    /// Declarations that are wrong and directories that cannot be opened are
    /// [warnings](Self::warnings); a directory that does not exist is an installation with nothing in it.
    ///
    /// # Errors
    /// If the scope names an installation that is not declared.
    pub fn find(environment: &Environment, scope: &Scope) -> Result<Self, Error> {
        let (mut system, mut warnings) = system(environment);
        let user = environment.user_dir().map(|path| (Place::User, path));
        let candidates: Vec<Candidate> = match scope {
            Scope::All => user.into_iter().chain(system).collect(),
            Scope::User => user.into_iter().collect(),
            Scope::System => {
                system.retain(|(place, _)| place.name() == "default");
                system
            }
            Scope::Named(name) => {
                let known = system
                    .iter()
                    .map(|(place, _)| place.name().to_owned())
                    .collect();
                system.retain(|(place, _)| place.name() == name);
                if system.is_empty() {
                    return Err(Error::NoInstallation {
                        name: name.clone(),
                        known,
                    });
                }
                system
            }
        };
        let mut list = Vec::new();
        for (place, path) in candidates {
            match Pinned::open(&path) {
                Ok(Some(root)) => list.push(Installation { place, root }),
                Ok(None) => {}
                Err(e) => warnings.push(Warning::new(path, e.to_string())),
            }
        }
        Ok(Self {
            list,
            host: environment.host.clone(),
            default_arch: default_arch()?,
            user_dir: environment.user_dir(),
            system_dir: environment.system_dir(),
            warnings,
        })
    }

    /// The arch used where none is given.
    #[must_use]
    pub fn default_arch(&self) -> &Arch {
        &self.default_arch
    }

    /// What was passed over.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The places that are searched, in order.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.list.iter().map(|installation| &installation.place)
    }

    /// Where the overrides for an app of that place are, lowest first. They do not depend on the scope
    /// of the search, and those of the system are always in its default installation.
    pub(crate) fn override_dirs(&self, place: &Place) -> Vec<OverrideDir> {
        let mut dirs = Vec::new();
        if matches!(place, Place::System { .. }) {
            dirs.push(OverrideDir {
                installation: self.system_dir.clone(),
                global: Source::SystemGlobal,
                app: Source::SystemApp,
            });
        }
        dirs.extend(self.user_dir.clone().map(|installation| OverrideDir {
            installation,
            global: Source::UserGlobal,
            app: Source::UserApp,
        }));
        dirs
    }
}

/// The system installations in the order of search.
fn system(environment: &Environment) -> (Vec<Candidate>, Vec<Warning>) {
    let (declared, warnings) = extra::read(&environment.installations_d());
    let mut system: Vec<(i64, Candidate)> = declared
        .into_iter()
        .map(|e| {
            (
                e.priority,
                (
                    Place::System {
                        id: e.id,
                        path: e.path.clone(),
                    },
                    e.path,
                ),
            )
        })
        .collect();
    let path = environment.system_dir();
    system.push((
        0,
        (
            Place::System {
                id: "default".to_owned(),
                path: path.clone(),
            },
            path,
        ),
    ));
    system.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
    (
        system.into_iter().map(|(_, candidate)| candidate).collect(),
        warnings,
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::testing::Store;

    fn names(installations: &Installations) -> Vec<&str> {
        installations.places().map(Place::name).collect()
    }

    fn declare(store: &Store, id: &str, priority: &str) {
        let path = store.extra(id);
        fs::create_dir_all(&path).unwrap();
        store.conf(
            &format!("{id}.conf"),
            &format!(
                "[Installation \"{id}\"]\nPath={}\nPriority={priority}\n",
                path.display()
            ),
        );
    }

    #[test]
    fn the_user_comes_first_and_then_the_system_by_priority() {
        let store = Store::new();
        declare(&store, "high", "10");
        declare(&store, "equal", "0");
        declare(&store, "low", "-1");
        assert_eq!(
            names(&store.find()),
            ["user", "high", "equal", "default", "low"]
        );
    }

    #[test]
    fn a_scope_leaves_only_what_it_names() {
        let store = Store::new();
        declare(&store, "disk", "5");
        assert_eq!(names(&store.scoped(&Scope::User)), ["user"]);
        assert_eq!(names(&store.scoped(&Scope::System)), ["default"]);
        assert_eq!(
            names(&store.scoped(&Scope::Named("disk".to_owned()))),
            ["disk"]
        );
        assert_eq!(
            names(&store.scoped(&Scope::Named("default".to_owned()))),
            ["default"]
        );
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let store = Store::new();
        declare(&store, "disk", "5");
        let wrong = Scope::Named("dsik".to_owned());
        let error = Installations::find(&store.environment(), &wrong).unwrap_err();
        assert_eq!(error.hint().unwrap(), "known are: `disk`, `default`");
    }

    #[test]
    fn bad_declarations_are_warnings_and_the_rest_is_found() {
        let store = Store::new();
        store.conf("bad.conf", "Path=/nowhere\n");
        declare(&store, "good", "1");
        let found = store.find();
        assert_eq!(names(&found), ["user", "good", "default"]);
        assert_eq!(found.warnings().len(), 1);
    }

    #[test]
    fn an_installation_that_is_a_file_is_a_warning() {
        let store = Store::new();
        fs::write(store.top().join("file"), "").unwrap();
        let path = store.top().join("file");
        store.conf(
            "f.conf",
            &format!("[Installation \"f\"]\nPath={}\n", path.display()),
        );
        let found = store.find();
        assert_eq!(names(&found), ["user", "default"]);
        assert_eq!(found.warnings().len(), 1);
    }
}
