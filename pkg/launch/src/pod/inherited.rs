//! Limits of setrlimit(2), which a container inherits: an image lowers them and does not raise them.

use flatrack_engine::oci::{PosixRlimit, PosixRlimitBuilder, PosixRlimitType as Type, Spec};
use flatrack_perms::{Rlimit, RlimitKind};

use crate::facts;

/// What metadata can name.
const KINDS: [(Type, RlimitKind); 7] = [
    (Type::RlimitCore, RlimitKind::Core),
    (Type::RlimitCpu, RlimitKind::Cpu),
    (Type::RlimitFsize, RlimitKind::Fsize),
    (Type::RlimitMemlock, RlimitKind::Memlock),
    (Type::RlimitNofile, RlimitKind::Nofile),
    (Type::RlimitNproc, RlimitKind::Nproc),
    (Type::RlimitStack, RlimitKind::Stack),
];

/// Lowers the limits of a rendered document to those of this process.
pub(super) fn bound(rendered: &mut Spec) {
    if let Some(process) = rendered.process_mut() {
        let limits = process.rlimits().iter().flatten();
        let limits = limits.filter_map(lowered).collect();
        process.set_rlimits(Some(limits));
    }
}

/// `None` for a kind whose own limit is not known.
fn lowered(limit: &PosixRlimit) -> Option<PosixRlimit> {
    let (_, kind) = KINDS.iter().find(|(typ, _)| *typ == limit.typ())?;
    let Rlimit { soft, hard } = facts::rlimit(*kind);
    let least = |asked: u64, own: Option<u64>| own.map_or(asked, |own| own.min(asked));
    PosixRlimitBuilder::default()
        .typ(limit.typ())
        .soft(least(limit.soft(), soft))
        .hard(least(limit.hard(), hard))
        .build()
        .ok()
}
