//! The rules that match an app to one upper bound: all denials, the lowest ceilings.

use flatrack_perms::{
    AppId, Ceiling, Conditions, DeniedPermission, Entry, Grant, Granted, Layer, LayerStack, Limit,
    OnExcess, Origin, Policy, Source,
};

use super::{PolicyFile, Rule};

/// Two ceilings of which none is the lower one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{one}` of {one_origin} and `{other}` of {other_origin} cannot both hold")]
pub struct Conflict {
    /// a ceiling
    pub one: Limit,
    /// who set it
    pub one_origin: Origin,
    /// another one
    pub other: Limit,
    /// who set it
    pub other_origin: Origin,
}

/// What an app gets at most, from all rules that match it. More rules never give more.
///
/// # Errors
/// Two rules with ceilings that cannot both hold, such as different CPUs.
pub fn combine<'p>(
    files: impl IntoIterator<Item = &'p PolicyFile>,
    id: &AppId,
) -> Result<Policy, Box<Conflict>> {
    let mut policy = Policy::default();
    let rules = files.into_iter().flat_map(|file| &file.rules);
    for rule in rules.filter(|rule| rule.apps.matches(id)) {
        add(&mut policy, rule)?;
    }
    Ok(policy)
}

fn add(policy: &mut Policy, rule: &Rule) -> Result<(), Box<Conflict>> {
    for denied in &rule.deny {
        policy.deny.insert(DeniedPermission(denied.clone()));
    }
    if let Some(most) = &rule.filesystem
        && policy
            .filesystem
            .as_ref()
            .is_none_or(|old| most.value < old.value)
    {
        policy.filesystem = Some(most.clone());
    }
    policy.devices.extend(rule.devices.clone());
    if rule.on_excess == Some(OnExcess::Refuse) {
        policy.on_excess = OnExcess::Refuse;
    }
    policy.apparmor.and(&rule.apparmor);
    for ceiling in &rule.ceilings {
        let same = |old: &&mut Ceiling| old.value.key() == ceiling.value.key();
        match policy.ceilings.iter_mut().find(same) {
            Some(old) => *old = lower(old, ceiling)?,
            None => policy.ceilings.push(ceiling.clone()),
        }
    }
    Ok(())
}

fn lower(one: &Ceiling, other: &Ceiling) -> Result<Ceiling, Box<Conflict>> {
    if !exceeds(one, other) {
        return Ok(one.clone());
    }
    if !exceeds(other, one) {
        return Ok(other.clone());
    }
    if let Some(value) = one.value.and(&other.value) {
        let origin = other.origin.clone();
        return Ok(Granted { value, origin });
    }
    Err(Box::new(Conflict {
        one: one.value.clone(),
        one_origin: one.origin.clone(),
        other: other.value.clone(),
        other_origin: other.origin.clone(),
    }))
}

/// Whether a limit would be lowered by a ceiling: the vocabulary is asked, so there is one order of limits.
fn exceeds(limit: &Ceiling, ceiling: &Ceiling) -> bool {
    let mut layer = Layer::new(Source::App);
    let grant = Grant::Limit(limit.value.clone());
    layer.entries.push(Entry {
        grant,
        origin: limit.origin.clone(),
    });
    let policy = Policy {
        ceilings: vec![ceiling.clone()],
        ..Policy::default()
    };
    LayerStack::new(vec![layer])
        .resolve(&Conditions::default(), &policy)
        .is_ok_and(|(_, warnings)| !warnings.is_empty())
}
