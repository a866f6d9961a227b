//! What surrounds the app: namespaces, variables, limits, devices, ports.

use std::path::PathBuf;

use flatrack_perms::{DeviceAccess, IoRates, Limits, Origin};
use serde::Serialize;

use crate::DeviceNumber;

/// Kinds of namespaces that can be private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NamespaceKind {
    /// file systems
    Mount,
    /// processes
    Pid,
    /// System V IPC and message queues
    Ipc,
    /// network
    Network,
    /// users
    User,
}

/// A variable of the environment, with the one who set it where that is not this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Env {
    /// the value
    pub value: String,
    /// who set it; `None` is inherited or a default
    pub origin: Option<Origin>,
}

/// Resources of the app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ResourcePlan {
    /// the limits
    pub limits: Limits,
    /// disks whose traffic is limited
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<DiskPlan>,
    /// the cgroup, relative to the root of each hierarchy; absent if none is needed
    pub cgroup: Option<PathBuf>,
}

/// The most traffic of a whole disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiskPlan {
    /// the driver
    pub major: u32,
    /// which of its disks
    pub minor: u32,
    /// traffic in a second
    pub rates: IoRates,
}

/// A device that the app gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DevicePlan {
    /// path inside; absent for the devices of a directory that another permission shows
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// path of the node on the host, without links
    pub host: PathBuf,
    /// what it must stand for
    pub number: DeviceNumber,
    /// every device of that driver, not only this one
    pub whole_driver: bool,
    /// what may be done with it
    pub access: DeviceAccess,
    /// made from the document of the pod that the app is in, not from a node of the host's
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_pod: bool,
}

/// Ranges of ports with both ends, by protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PortRanges {
    /// TCP
    pub tcp: Vec<(u16, u16)>,
    /// UDP
    pub udp: Vec<(u16, u16)>,
}

/// What is left of the network. Words and meanings are the engine's (`flatrack_engine::ports`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PortPlan {
    /// to connect and to send to
    pub connect: PortRanges,
    /// to listen on
    pub bind: PortRanges,
}
