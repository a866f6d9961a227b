//! Ceilings, and limits for those who ask for none.

use super::super::{Parts, Refusal};
use super::Excess;
use crate::{Granted, Limit, LimitKey, Policy};

pub(super) fn apply(
    parts: &mut Parts,
    policy: &Policy,
    excess: &mut Excess,
) -> Result<(), Refusal> {
    for key in LimitKey::all() {
        let of = |list: &[Granted<Limit>]| list.iter().find(|l| l.value.key() == key).cloned();
        let ceiling = of(&policy.ceilings);
        let limit = match (of(&parts.limits.list()), ceiling) {
            (Some(asked), Some(ceiling)) => lower(asked, &ceiling, excess)?,
            (Some(asked), None) => asked,
            (None, ceiling) => match unasked(of(&policy.default_limits), ceiling)? {
                Some(limit) => limit,
                None => continue,
            },
        };
        parts.limits.set(limit);
    }
    Ok(())
}

fn lower(
    asked: Granted<Limit>,
    ceiling: &Granted<Limit>,
    excess: &mut Excess,
) -> Result<Granted<Limit>, Refusal> {
    if !asked.value.exceeds(&ceiling.value) {
        return Ok(asked);
    }
    let limit = both(&asked, ceiling)?;
    excess.lower(
        asked.value.to_string(),
        &asked.origin,
        Some(limit.value.value()),
        &ceiling.origin,
    )?;
    Ok(limit)
}

/// Where nobody asks, the lower of default and ceiling becomes the limit, unless that is more than to have none.
fn unasked(
    default: Option<Granted<Limit>>,
    ceiling: Option<Granted<Limit>>,
) -> Result<Option<Granted<Limit>>, Refusal> {
    let limit = match (default, ceiling) {
        (Some(default), Some(ceiling)) => Some(both(&default, &ceiling)?),
        (default, ceiling) => default.or(ceiling),
    };
    Ok(limit.filter(|limit| !limit.value.allows_unset()))
}

/// What is within both: nothing refuses the start, since anything else would be more than one of them says.
fn both(asked: &Granted<Limit>, ceiling: &Granted<Limit>) -> Result<Granted<Limit>, Refusal> {
    match asked.value.and(&ceiling.value) {
        Some(value) if value == asked.value => Ok(asked.clone()),
        Some(value) => Ok(Granted {
            value,
            origin: ceiling.origin.clone(),
        }),
        None => Err(Refusal::Forbidden {
            what: asked.value.to_string(),
            origin: asked.origin.clone(),
            by: ceiling.origin.clone(),
        }),
    }
}
