//! Comparing what two apps may do.

use super::Resolved;
use crate::{BusPolicy, FsAccess, LimitKey, Limits, Permission};

impl Resolved {
    /// Whether nothing here goes beyond `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.0, &other.0);
        mine.permissions
            .keys()
            .all(|p| theirs.permissions.contains_key(p))
            && mine.filesystems.iter().all(|(place, granted)| {
                granted.value == FsAccess::Hidden
                    || theirs
                        .filesystems
                        .get(place)
                        .is_some_and(|t| granted.value <= t.value)
            })
            && (!self.has(Permission::Network) || mine.ports.is_within(&theirs.ports))
            && mine.devices.iter().all(|(name, granted)| {
                let theirs = theirs.devices.get(name);
                theirs.is_some_and(|t| granted.value.access.is_within(t.value.access))
            })
            && theirs.narrowed.iter().all(|(path, theirs)| {
                let mine = mine.narrowed.get(path);
                mine.is_some_and(|mine| mine.value >= theirs.value)
            })
            && mine.persist.keys().all(|p| theirs.persist.contains_key(p))
            && mine
                .policies
                .iter()
                .all(|mine| theirs.policies.iter().any(|t| t.value == mine.value))
            && mine
                .dconf
                .keys()
                .all(|path| theirs.dconf.contains_key(path))
            && mine.dconf_migrate.as_ref().is_none_or(|mine| {
                let theirs = theirs.dconf_migrate.as_ref();
                theirs.is_some_and(|theirs| theirs.value == mine.value)
            })
            && mine.usb.keys().all(|query| theirs.usb.contains_key(query))
            && theirs
                .usb_hidden
                .keys()
                .all(|query| mine.usb_hidden.contains_key(query))
            && mine.bus_names.iter().all(|(name, granted)| {
                granted.value == BusPolicy::None
                    || theirs
                        .bus_names
                        .get(name)
                        .is_some_and(|t| granted.value <= t.value)
            })
            && theirs.bus_bounds.iter().all(|(name, theirs)| {
                let mine = mine.bus_bounds.get(name);
                mine.is_some_and(|mine| mine.value <= theirs.value)
            })
            && mine.apparmor.is_within(&theirs.apparmor)
            && limits_within(&mine.limits, &theirs.limits)
    }
}

fn limits_within(mine: &Limits, theirs: &Limits) -> bool {
    let of = |limits: &Limits, key: LimitKey| {
        let set = limits.list().into_iter().find(|g| g.value.key() == key);
        set.map(|granted| granted.value).or_else(|| key.unset())
    };
    LimitKey::all().all(|key| match (of(mine, key), of(theirs, key)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(mine), Some(theirs)) => !mine.exceeds(&theirs),
    })
}
