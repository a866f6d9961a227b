//! One source of grants, and the pile of them.

use serde::Serialize;

use crate::vocabulary::Family;
use crate::{
    AppArmorGrant, BusPolicy, Condition, DconfPath, DeviceRule, Direction, EnvName, FsRule, Limit,
    NameOnBus, NarrowedPath, Narrowing, Origin, Permission, PersistPath, PolicyItem, PortRule,
    Source, UsbQuery,
};

/// One thing that a layer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// a name is switched on or off
    Permission {
        /// which
        permission: Permission,
        /// on or off
        allow: bool,
        /// on only while this holds; always `None` with off
        condition: Option<Condition>,
    },
    /// a place of the host's file system
    Filesystem(FsRule),
    /// a directory of the home directory
    Persist(PersistPath),
    /// a variable is set, or with `None` removed
    Env {
        /// the variable
        name: EnvName,
        /// its value
        value: Option<String>,
    },
    /// a resource limit
    Limit(Limit),
    /// a value of a policy that portals read
    Policy {
        /// which
        item: PolicyItem,
        /// given or taken away
        allow: bool,
    },
    /// USB devices for the USB portal
    Usb {
        /// which
        query: UsbQuery,
        /// listed, or hidden even where another query lists them
        listed: bool,
    },
    /// what may be done with a name on a bus
    BusName {
        /// the name, and the bus it is on
        name: NameOnBus,
        /// what
        policy: BusPolicy,
    },
    /// a port to leave; the first one of a layer drops what lower layers left
    Port {
        /// who begins
        direction: Direction,
        /// which; `None` narrows nothing
        rule: Option<PortRule>,
    },
    /// a device, or with `None` none of what lower layers gave
    Device(Option<DeviceRule>),
    /// a path is narrowed, or with `None` none is in this way
    Narrow(Narrowing, Option<NarrowedPath>),
    /// settings that the app may read, or with `None` none of what lower layers gave
    Dconf(Option<DconfPath>),
    /// settings of the user that become the app's own at its first start
    DconfMigrate(Option<DconfPath>),
    /// an AppArmor profile
    AppArmor(AppArmorGrant),
    /// a grant of a family that is known and not enforced yet
    NotYet {
        /// the family
        family: Family,
        /// what in the family; a later layer replaces by this
        key: String,
        /// what is said of it, item by item; empty takes it back
        values: Vec<String>,
        /// whether it gives something; what only takes away is harmless
        allow: bool,
    },
}

/// A grant and the place where it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// the grant
    pub grant: Grant,
    /// where it was written
    pub origin: Origin,
}

/// One source of grants, in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Layer {
    /// the layer's place in the order of precedence
    pub source: Source,
    /// what it says
    pub entries: Vec<Entry>,
}

impl Layer {
    /// A layer that says nothing yet.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            entries: Vec::new(),
        }
    }

    /// Adds a grant that is not in a file.
    pub fn push(&mut self, grant: Grant) {
        self.entries.push(Entry {
            grant,
            origin: Origin::of(self.source),
        });
    }

    /// What of a runtime's metadata counts for its apps: the environment, never permissions.
    pub fn environment_only(mut self) -> Self {
        self.entries
            .retain(|entry| matches!(entry.grant, Grant::Env { .. }));
        self
    }
}

impl Layer {
    /// What `--sandbox` leaves of a layer: nothing that lets the app reach further than its own files. What
    /// narrows an app stays, and so does what cannot give anything by itself.
    pub fn sandboxed(mut self) -> Self {
        self.entries.retain(|entry| match &entry.grant {
            Grant::Permission { permission, .. } => *permission == Permission::Multiarch,
            Grant::Env { .. }
            | Grant::Usb { .. }
            | Grant::Limit(_)
            | Grant::Port { .. }
            | Grant::Narrow(..) => true,
            Grant::AppArmor(grant) => grant.confines(),
            Grant::NotYet { .. }
            | Grant::Filesystem(_)
            | Grant::Persist(_)
            | Grant::BusName { .. }
            | Grant::Device(_)
            | Grant::Dconf(_)
            | Grant::DconfMigrate(_)
            | Grant::Policy { .. } => false,
        });
        self
    }
}

/// Layers, lowest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct LayerStack {
    layers: Vec<Layer>,
}

impl LayerStack {
    /// Piles layers up; they are put in the order of their [`Source`].
    pub fn new(mut layers: Vec<Layer>) -> Self {
        layers.sort_by_key(|layer| layer.source);
        Self { layers }
    }

    /// The layers, lowest first.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Whether a permission depends on the USB portal, for which somebody has to be asked.
    #[must_use]
    pub fn asks_usb_portal(&self) -> bool {
        let mut entries = self.layers.iter().flat_map(|layer| &layer.entries);
        entries.any(|entry| match &entry.grant {
            Grant::Permission { condition, .. } => {
                condition.as_ref().is_some_and(Condition::asks_usb_portal)
            }
            _ => false,
        })
    }
}
