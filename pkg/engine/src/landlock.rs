//! Landlock: what the program may open, connect to and listen on, whatever its user may.
//!
//! The rules come in the document's annotation [`ANNOTATION`], so that they are shown, stored and given again to every further process
//! like everything else; runtimes that do not know it pass over it. They can only take away, so an image that brings its own harms itself.
//!
//! Everything asked for is a hard requirement: a kernel that cannot give all of it refuses the start.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use flatrack_sys::path::{is_directory, open_following};
use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
    make_bitflags,
};
use oci_spec::runtime::Spec;
use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::failure::{At, SetupFailure, Step, nothing};

/// The annotation's name.
pub const ANNOTATION: &str = "org.flatrack.landlock";

/// The content of the annotation, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rules {
    /// The version of Landlock that the rules were made for; of the rights that it knows, those that no rule gives are withheld.
    pub abi: u32,
    /// What may be opened; `None` withholds nothing.
    #[serde(default)]
    pub files: Option<Vec<FileRule>>,
    /// TCP ports to connect to and to bind, as ranges with both ends; `None` withholds nothing.
    #[serde(default)]
    pub tcp: Option<Tcp>,
    /// Abstract sockets of processes outside of the container cannot be connected to.
    #[serde(default)]
    pub own_abstract_sockets: bool,
}

/// A file or a tree, and what may be done with it. A path that is not there gives nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// As the program sees it.
    pub path: PathBuf,
    /// What may be done.
    pub access: FileAccess,
}

/// What may be done with a file or a tree. Making device nodes never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileAccess {
    /// Directories are listed.
    List,
    /// Listed, read and executed.
    Read,
    /// All that and written, made, renamed, removed.
    Change,
    /// What is there is listed, read, written and asked by ioctl: kernel files and devices.
    Use,
    /// A device is read from.
    ReadDevice,
    /// A device is written to.
    WriteDevice,
}

/// TCP ports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tcp {
    /// To connect to.
    pub connect: Vec<(u16, u16)>,
    /// To listen on.
    pub bind: Vec<(u16, u16)>,
}

/// Every port there is.
const ALL_PORTS: (u16, u16) = (1, u16::MAX);

/// The rules of a document, if it has any.
pub(crate) fn of(spec: &Spec) -> Result<Option<Rules>> {
    let found = spec
        .annotations()
        .as_ref()
        .and_then(|all: &HashMap<_, _>| all.get(ANNOTATION));
    let Some(text) = found else {
        return Ok(None);
    };
    let field = || format!("annotations[{ANNOTATION}]");
    let rules: Rules = serde_json::from_str(text).map_err(|error| Error::InvalidSpec {
        field: field(),
        why: error.to_string(),
    })?;
    let no_new_privs = spec
        .process()
        .as_ref()
        .is_some_and(|process| process.no_new_privileges() == Some(true));
    if no_new_privs {
        Ok(Some(rules))
    } else {
        Err(Error::InvalidSpec {
            field: field(),
            why: "it needs process.noNewPrivileges".into(),
        })
    }
}

impl FileAccess {
    fn rights(self) -> BitFlags<AccessFs> {
        match self {
            Self::List => AccessFs::ReadDir.into(),
            Self::Read => AccessFs::from_read(ABI::V1),
            Self::Change => {
                AccessFs::from_all(ABI::V3) & !make_bitflags!(AccessFs::{MakeChar | MakeBlock})
            }
            Self::Use => {
                make_bitflags!(AccessFs::{ReadDir | ReadFile | WriteFile | Truncate | IoctlDev})
            }
            Self::ReadDevice => make_bitflags!(AccessFs::{ReadFile | IoctlDev}),
            Self::WriteDevice => make_bitflags!(AccessFs::{WriteFile | Truncate | IoctlDev}),
        }
    }
}

impl Rules {
    /// Puts this process, and all that come of it, under the rules for ever. Called in the container, before the filter.
    pub(crate) fn apply(&self) -> std::result::Result<(), SetupFailure> {
        let step = Step::Landlock;
        let handled = AccessFs::from_all(known(self.abi));
        let mut rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        if self.files.is_some() {
            rules = rules.handle_access(handled).at(step, || "files".into())?;
        }
        // a right that all ports have is not withheld at all: one rule for each of them would take longer than the whole start
        let tcp: Vec<(AccessNet, &[(u16, u16)])> = self
            .tcp
            .iter()
            .flat_map(|tcp| {
                [
                    (AccessNet::ConnectTcp, tcp.connect.as_slice()),
                    (AccessNet::BindTcp, tcp.bind.as_slice()),
                ]
            })
            .filter(|(_, ranges)| *ranges != [ALL_PORTS])
            .collect();
        for (right, _) in &tcp {
            rules = rules
                .handle_access(*right)
                .at(step, || "TCP ports".into())?;
        }
        if self.own_abstract_sockets {
            rules = rules
                .scope(Scope::AbstractUnixSocket)
                .at(step, || "abstract sockets".into())?;
        }
        if self.files.is_none() && tcp.is_empty() && !self.own_abstract_sockets {
            return Ok(());
        }
        let mut rules = rules.create().at(step, nothing)?.no_new_privs(false);
        for rule in self.files.iter().flatten() {
            // What is missing, or cannot be reached by this user, gives nothing.
            if let Ok(found) = open_following(&rule.path) {
                let rights = rule.access.rights() & handled;
                add(&mut rules, found, rights).at(step, || rule.path.display().to_string())?;
            }
        }
        if self.files.is_some() {
            standard_streams(&mut rules, handled);
        }
        for (right, ranges) in tcp {
            for port in ranges.iter().flat_map(|(first, last)| *first..=*last) {
                (&mut rules)
                    .add_rule(NetPort::new(port, right))
                    .at(step, || format!("tcp:{port}"))?;
            }
        }
        let status = rules.restrict_self().at(step, nothing)?;
        match status.ruleset {
            RulesetStatus::FullyEnforced => Ok(()),
            other => Err(SetupFailure::new(
                step,
                "",
                format!("the kernel reports `{other:?}`"),
            )),
        }
    }
}

/// The newest version up to this one whose rights for files are used here; later ones bring rights that no rule could give.
fn known(abi: u32) -> ABI {
    ABI::from(i32::try_from(abi.min(5)).unwrap_or(0))
}

fn add(
    rules: &mut RulesetCreated,
    file: OwnedFd,
    rights: BitFlags<AccessFs>,
) -> std::result::Result<(), RulesetError> {
    let rights = match is_directory(&file) {
        Ok(true) => rights,
        _ => rights & AccessFs::from_file(ABI::V5),
    };
    if !rights.is_empty() {
        rules.add_rule(PathBeneath::new(file, rights))?;
    }
    Ok(())
}

/// The files that the caller handed over as standard streams may be opened again, as `/dev/stderr` does, for what they are open for. A
/// directory may not: through it the caller's file system would be open.
fn standard_streams(rules: &mut RulesetCreated, handled: BitFlags<AccessFs>) {
    use rustix::stdio::{stderr, stdin, stdout};
    for stream in [stdin(), stdout(), stderr()] {
        let (Ok(facts), Ok(flags)) = (fstat(stream), fcntl_getfl(stream)) else {
            continue;
        };
        if !matches!(
            FileType::from_raw_mode(facts.st_mode),
            FileType::RegularFile | FileType::CharacterDevice
        ) {
            continue;
        }
        let mut rights = BitFlags::from(AccessFs::IoctlDev);
        let mode = flags & OFlags::ACCMODE;
        if mode != OFlags::WRONLY {
            rights |= AccessFs::ReadFile;
        }
        if mode != OFlags::RDONLY {
            rights |= AccessFs::WriteFile | AccessFs::Truncate;
        }
        // A file that is nowhere in a file system, such as one in memory, takes no rule and needs none.
        if let Ok(file) = stream.try_clone_to_owned() {
            drop(add(rules, file, rights & handled));
        }
    }
}
