//! What other programs need in order to start an app: a pod for Kubernetes, a quadlet for Podman, a unit for systemd.
//!
//! One value holds what all of them say of the app; each writes it down in its own words.

mod kube;
mod quadlet;
mod systemd;
mod unit;

use std::path::PathBuf;

use flatrack_perms::{
    AppId, Branch, ByteLimit, CountLimit, FsAccess, Limits, Parts, Permission, Untrusted,
};

use crate::load::load;
use crate::pipeline::resolve;
use crate::{Error, Machine, Request};

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// a Pod of Kubernetes
    Kube,
    /// a container unit of Podman's
    Quadlet,
    /// a service of systemd's, without an engine
    Systemd,
}

impl Kind {
    /// Every kind by its name on the command line.
    pub const TABLE: [(&'static str, Self); 3] = [
        ("kube", Self::Kube),
        ("quadlet", Self::Quadlet),
        ("systemd", Self::Systemd),
    ];
}

/// An app as its starters see it.
#[derive(Debug)]
struct Subject<'a> {
    id: AppId,
    branch: Branch,
    request: &'a Request,
    image: String,
    limits: Limits,
    network: bool,
    /// permissions that reach nothing in a container of an engine's
    withheld: Vec<String>,
}

/// Writes it.
///
/// # Errors
/// The app is not found, cannot be read, or the node's policy refuses it.
pub fn generate(request: &Request, kind: Kind, image: Option<&str>) -> Result<String, Error> {
    let machine = Machine::probe()?;
    let app = load(request, &machine)?;
    let (resolved, _) = resolve(&app, &machine)?;
    let (id, branch) = (app.deployment.id.clone(), app.deployment.branch.clone());
    let named = || format!("localhost/{}:{branch}", id.as_str().to_lowercase());
    let subject = Subject {
        request,
        image: image.map_or_else(named, str::to_owned),
        limits: resolved.parts().limits.clone(),
        network: resolved.has(Permission::Network),
        withheld: withheld(resolved.parts()),
        id,
        branch,
    };
    match kind {
        Kind::Kube => kube::write(&subject),
        Kind::Quadlet => quadlet::write(&subject),
        Kind::Systemd => systemd::write(&subject),
    }
}

/// What the bound for pods takes away, as it stands in metadata.
fn withheld(parts: &Parts) -> Vec<String> {
    use flatrack_perms::Kind;
    let of_the_machine = |permission: &&Permission| {
        let row = permission.row();
        matches!(row.kind, Kind::Socket | Kind::Device) || **permission == Permission::PerAppDevShm
    };
    let named = parts.permissions.keys().filter(of_the_machine);
    let named = named.map(ToString::to_string);
    let shown = parts.filesystems.iter();
    let shown = shown.filter(|(_, access)| access.value > FsAccess::Hidden);
    let places = shown.map(|(place, _)| {
        let text = format!("filesystems={place}");
        Untrusted(&text).to_string()
    });
    let buses = parts.bus_names.keys();
    let buses = buses.map(|name| Untrusted(&name.to_string()).to_string());
    named.chain(places).chain(buses).collect()
}

/// This program, where it is installed.
fn own_program() -> Result<PathBuf, Error> {
    std::env::current_exe().map_err(|source| Error::Io {
        path: "/proc/self/exe".into(),
        source,
    })
}

impl Subject<'_> {
    /// The words after the image: the app's id stands for its command.
    fn words(&self) -> Vec<String> {
        let first = self.request.command.clone();
        let first = first.unwrap_or_else(|| self.id.to_string());
        std::iter::once(first)
            .chain(self.request.args.iter().cloned())
            .collect()
    }

    fn memory(&self) -> Option<u64> {
        match self.limits.memory_max.as_ref()?.value {
            ByteLimit::Bytes(bytes) => Some(bytes),
            ByteLimit::Max => None,
        }
    }

    fn pids(&self) -> Option<u64> {
        match self.limits.pids_max.as_ref()?.value {
            CountLimit::Count(count) => Some(count),
            CountLimit::Max => None,
        }
    }

    /// Thousandths of a processor, rounded up.
    fn cpu(&self) -> Option<u64> {
        let max = self.limits.cpu_max.as_ref()?.value;
        let quota = max.quota?;
        Some(quota.saturating_mul(1000).div_ceil(max.period.max(1)))
    }

    /// How the image is made, and what it does not get, as comments.
    fn remarks(&self) -> String {
        let (id, branch, image) = (&self.id, &self.branch, &self.image);
        let mut text = format!(
            "# The image: `flatpak build-bundle --oci REPO DIR {id} {branch}`, pulled from `oci:DIR` and tagged\n# `{}`.\n",
            Untrusted(image)
        );
        for one in &self.withheld {
            text.push_str(&format!("# withheld in a container: {one}\n"));
        }
        text
    }
}
