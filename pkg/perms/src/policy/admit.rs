//! What files an app may be made of: its runtime, and where everything was installed from.
//!
//! Nothing here can be lowered, so what is not listed is refused whatever `on-excess` says.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::Policy;
use crate::{Arch, Branch, IdPattern, Origin, Pref, Refusal, Untrusted, ValueError};

/// A list of what is allowed, and where it was written. An empty one allows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allowed<T> {
    /// the items; one must match
    pub items: Vec<T>,
    /// who wrote the list
    pub origin: Origin,
}

/// Runtimes: `ID[/ARCH[/BRANCH]]`. `ID` may be a pattern; a part that is empty, `*` or not there is any.
///
/// ```
/// use flatrack_perms::{Pref, RuntimePattern};
/// let pattern: RuntimePattern = "org.example.*//24.08".parse().unwrap();
/// let pref = |text| Pref::parse(text).unwrap();
/// assert!(pattern.matches(&pref("org.example.Platform/x86_64/24.08")));
/// assert!(!pattern.matches(&pref("org.example.Platform/x86_64/23.08")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimePattern {
    id: IdPattern,
    arch: Option<Arch>,
    branch: Option<Branch>,
}

impl RuntimePattern {
    /// Whether a runtime is meant.
    #[must_use]
    pub fn matches(&self, pref: &Pref) -> bool {
        self.id.matches(&pref.id)
            && self.arch.as_ref().is_none_or(|arch| *arch == pref.arch)
            && (self.branch.as_ref()).is_none_or(|branch| *branch == pref.branch)
    }
}

impl FromStr for RuntimePattern {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut parts = text.splitn(3, '/');
        let id = parts.next().unwrap_or_default();
        let given = |part: &&str| !matches!(*part, "" | "*");
        let (arch, branch) = (parts.next().unwrap_or_default(), parts.next());
        let at = id.len() + 1;
        let shifted = |by: usize| move |error: ValueError| error.shifted(by);
        Ok(Self {
            id: IdPattern::parse(id)?,
            arch: (Some(arch).filter(given))
                .map(|arch| Arch::parse(arch).map_err(shifted(at)))
                .transpose()?,
            branch: branch
                .filter(given)
                .map(|branch| Branch::parse(branch).map_err(shifted(at + arch.len() + 1)))
                .transpose()?,
        })
    }
}

impl fmt::Display for RuntimePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        let arch = self.arch.as_ref().map_or("*", Arch::as_str);
        match (&self.arch, &self.branch) {
            (None, None) => Ok(()),
            (Some(_), None) => write!(f, "/{arch}"),
            (_, Some(branch)) => write!(f, "/{arch}/{branch}"),
        }
    }
}

/// Whose hands files were in before they are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// an installation of the system
    System,
    /// the user's own installation. The user can write whatever into it, the name of a remote too
    User,
    /// a directory or a manifest that the caller names
    Caller,
    /// the machine itself, which is what the policy protects
    Machine,
}

impl Keeper {
    /// What stands before the remote.
    const PREFIXES: [(&str, Self); 2] = [("user", Self::User), ("dir", Self::Caller)];
}

/// Origins: `REMOTE` for what the system's installations have from it, `user:REMOTE` for the user's own, `dir:*` for
/// directories and manifests that the caller names; `*` for every remote, and for what has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginPattern {
    keeper: Keeper,
    /// `None` is any
    remote: Option<String>,
}

impl OriginPattern {
    /// Whether a tree is meant.
    #[must_use]
    pub fn matches(&self, tree: &Tree) -> bool {
        let remote = self.remote.as_ref();
        tree.keeper == self.keeper
            && remote.is_none_or(|remote| tree.remote.as_ref() == Some(remote))
    }
}

impl FromStr for OriginPattern {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        const FORM: &str = "`REMOTE`, `user:REMOTE` or `dir:*`; `*` stands for every remote";
        let (keeper, at) = match text.split_once(':') {
            None => (Keeper::System, 0),
            Some((prefix, _)) => {
                let known = Keeper::PREFIXES.iter().find(|row| row.0 == prefix);
                let Some((_, keeper)) = known else {
                    let problem = "this is not a keeper of files";
                    return Err(ValueError::part(0..prefix.len(), problem).hint(FORM));
                };
                (*keeper, prefix.len() + 1)
            }
        };
        let remote = &text[at..];
        if remote == "*" {
            let remote = None;
            return Ok(Self { keeper, remote });
        }
        if keeper == Keeper::Caller {
            let problem = "a directory has no remote";
            return Err(ValueError::part(at..text.len(), problem).hint("`dir:*`"));
        }
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if remote.is_empty() || !remote.chars().all(good) {
            let problem = "this is not the name of a remote";
            return Err(ValueError::part(at..text.len(), problem).hint(FORM));
        }
        let remote = Some(remote.to_owned());
        Ok(Self { keeper, remote })
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = Keeper::PREFIXES.iter().find(|row| row.1 == self.keeper);
        if let Some((prefix, _)) = prefix {
            write!(f, "{prefix}:")?;
        }
        f.write_str(self.remote.as_deref().unwrap_or("*"))
    }
}

macro_rules! serialize_as_written {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

serialize_as_written!(RuntimePattern OriginPattern);

/// What an app is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// the runtime that is used; `None` where a directory stands in for it
    pub runtime: Option<Pref>,
    /// the app, the runtime, extensions, and what stands in for one of them
    pub trees: Vec<Tree>,
}

/// Files that are installed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// what it is, for people
    pub name: String,
    /// who kept it
    pub keeper: Keeper,
    /// the remote it was installed from, in the keeper's words
    pub remote: Option<String>,
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keeper = match self.keeper {
            Keeper::System => "in an installation of the system",
            Keeper::User => "in the user's installation",
            Keeper::Caller => "a directory of the caller's",
            Keeper::Machine => "part of this machine",
        };
        let name = Untrusted(&self.name);
        match &self.remote {
            Some(remote) => write!(f, "`{name}` (from `{}` {keeper})", Untrusted(remote)),
            None => write!(f, "`{name}` ({keeper})"),
        }
    }
}

impl Policy {
    /// Whether an app may be made of this.
    ///
    /// # Errors
    /// The runtime, or the origin of a tree, is not in every list that there is.
    pub fn admit(&self, app: &Provenance) -> Result<(), Refusal> {
        for allowed in &self.runtimes {
            let runtime = app.runtime.as_ref();
            let matches = |runtime| allowed.items.iter().any(|item| item.matches(runtime));
            if !runtime.is_some_and(matches) {
                let what = match runtime {
                    Some(runtime) => format!("the runtime `{runtime}`"),
                    None => "a directory as the runtime".to_owned(),
                };
                return refuse(what, &allowed.origin);
            }
        }
        for allowed in &self.origins {
            let trees = &mut app.trees.iter();
            let unknown = trees.find(|tree| {
                tree.keeper != Keeper::Machine
                    && !allowed.items.iter().any(|item| item.matches(tree))
            });
            if let Some(tree) = unknown {
                return refuse(tree.to_string(), &allowed.origin);
            }
        }
        Ok(())
    }
}

fn refuse(what: String, by: &Origin) -> Result<(), Refusal> {
    let by = by.clone();
    Err(Refusal::NotAllowed { what, by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn list<T: FromStr<Err = ValueError>>(texts: &[&str]) -> Vec<Allowed<T>> {
        vec![Allowed {
            items: texts.iter().map(|text| text.parse().unwrap()).collect(),
            origin: Origin::of(Source::Policy),
        }]
    }

    fn made_of(keeper: Keeper, remote: Option<&str>) -> Provenance {
        let tree = |keeper, remote: Option<&str>| Tree {
            name: "x".to_owned(),
            keeper,
            remote: remote.map(str::to_owned),
        };
        Provenance {
            runtime: Some(Pref::parse("org.a.Platform/x86_64/1").unwrap()),
            trees: vec![tree(Keeper::Machine, None), tree(keeper, remote)],
        }
    }

    #[test]
    fn a_remote_of_the_user_is_not_the_systems_of_that_name() {
        use Keeper::{Caller, System, User};
        for (items, keeper, remote, good) in [
            (&["flathub"][..], System, Some("flathub"), true),
            (&["flathub"], System, Some("other"), false),
            (&["flathub"], System, None, false),
            (&["flathub"], User, Some("flathub"), false),
            (&["*"], User, Some("flathub"), false),
            (&["*"], System, None, true),
            (&["user:flathub"], User, Some("flathub"), true),
            (&["user:flathub"], System, Some("flathub"), false),
            (&["a", "user:*"], User, Some("x"), true),
            (&["*", "user:*"], Caller, None, false),
            (&["dir:*"], Caller, None, true),
            (&[], System, Some("flathub"), false),
        ] {
            let policy = Policy {
                origins: list(items),
                ..Policy::default()
            };
            let admitted = policy.admit(&made_of(keeper, remote));
            assert_eq!(admitted.is_ok(), good, "{items:?} {keeper:?} {remote:?}");
        }
        assert!(Policy::default().admit(&made_of(Caller, None)).is_ok());
    }

    #[test]
    fn every_list_of_runtimes_has_to_have_the_runtime() {
        for (lists, good) in [
            (&[&["*"][..]][..], true),
            (&[&["org.a.*"]], true),
            (&[&["org.a.Platform//1"]], true),
            (&[&["org.a.Platform/*/1"]], true),
            (&[&["org.a.Platform/x86_64"]], true),
            (&[&["org.a.Platform/aarch64"]], false),
            (&[&["org.a.Platform//2", "org.b.*"]], false),
            (&[&["*"], &["org.b.*"]], false),
            (&[&[]], false),
        ] {
            let mut policy = Policy::default();
            for items in lists {
                let runtimes = list(items);
                let more = Policy {
                    runtimes,
                    ..Policy::default()
                };
                policy.and(&more).unwrap();
            }
            let mut app = made_of(Keeper::System, None);
            assert_eq!(policy.admit(&app).is_ok(), good, "{lists:?}");
            app.runtime = None;
            assert!(policy.admit(&app).is_err(), "{lists:?}");
        }
    }

    #[test]
    fn patterns_are_written_as_they_are_read_and_others_are_refused() {
        for text in ["org.a.B", "org.a.*/x86_64", "*/*/24.08", "*"] {
            assert_eq!(text.parse::<RuntimePattern>().unwrap().to_string(), text);
        }
        for text in ["", "org.a", "org.a.B/x/y/z", "org.a.B/../1", "org.a.B//a b"] {
            assert!(text.parse::<RuntimePattern>().is_err(), "{text}");
        }
        for text in ["flathub", "*", "user:flathub", "user:*", "dir:*"] {
            assert_eq!(text.parse::<OriginPattern>().unwrap().to_string(), text);
        }
        for text in ["", "user:", "dir:x", "root:x", "a b", "user:a:b"] {
            assert!(text.parse::<OriginPattern>().is_err(), "{text}");
        }
    }
}
