//! Ports that Landlock cannot withhold, by programs on the container's cgroup: those of UDP, and the port that the kernel chooses for a
//! TCP socket that listens without being bound.
//!
//! The rules come in the document's annotation [`ANNOTATION`]. They need cgroup v2 (also beside v1) and root's rights; without, the start
//! is refused.

mod program;

use std::fs::File;

use flatrack_sys::bpf::{self, Hook};
use oci_spec::runtime::Spec;
use serde::Deserialize;

use crate::cgroup::{self, Cgroup};
use crate::error::{Error, Result};
use program::Protocols;

/// The annotation's name.
pub const ANNOTATION: &str = "org.flatrack.ports";

/// The content of the annotation, as JSON: ranges of ports with both ends. What is not in them, and every other protocol with ports, is
/// withheld.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// To connect to, and with UDP to send to and hear from.
    pub connect: Protocols,
    /// To listen on.
    pub bind: Protocols,
}

/// The rules of a document, if it has any.
pub(crate) fn of(spec: &Spec) -> Result<Option<Rules>> {
    let Some(text) = spec
        .annotations()
        .as_ref()
        .and_then(|all| all.get(ANNOTATION))
    else {
        return Ok(None);
    };
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| Error::InvalidSpec {
            field: format!("annotations[{ANNOTATION}]"),
            why: error.to_string(),
        })
}

impl Rules {
    /// Puts the rules on a cgroup, before anything runs in it.
    pub(crate) fn attach(&self, cgroup: &Cgroup) -> Result<()> {
        let refuse = |why: &str, source| cgroup::Error::LimitNotEnforceable {
            limit: "ports".into(),
            why: why.into(),
            source,
        };
        let directory = cgroup
            .unified()
            .ok_or_else(|| refuse("the container has no cgroup v2 to put a program on", None))?;
        let open = File::open(&directory.path).map_err(|source| cgroup::Error::Io {
            what: "open",
            path: directory.path.clone(),
            source,
        })?;
        let to = program::address(&self.connect, false);
        let at = program::address(&self.bind, !self.connect.udp.is_empty());
        let arriving = program::arriving(&self.connect, &self.bind);
        for (hook, program) in [
            (Hook::Connect4, &to),
            (Hook::Connect6, &to),
            (Hook::Send4, &to),
            (Hook::Send6, &to),
            (Hook::Bind4, &at),
            (Hook::Bind6, &at),
            (Hook::Ingress, &arriving),
        ] {
            let program = program
                .as_ref()
                .ok_or_else(|| refuse("too many ports for one program", None))?;
            bpf::attach(&open, hook, program).map_err(|source| {
                refuse("the kernel takes no program on the cgroup", Some(source))
            })?;
        }
        Ok(())
    }
}
