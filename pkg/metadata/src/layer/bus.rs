//! `[Session Bus Policy]` and `[System Bus Policy]`.

use flatrack_perms::{Bus, BusName, BusPolicy, Grant, NameOnBus};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;
use crate::suggest::did_you_mean;

pub(super) fn session(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    policies(reader, group, Bus::Session)
}

pub(super) fn system(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    policies(reader, group, Bus::System)
}

fn policies(reader: &mut Reader, group: GroupRef<'_>, bus: Bus) -> Result<(), Diagnostic> {
    for value in group.values() {
        let name = BusName::parse(value.key())
            .map_err(|error| value.source.wrong_value(value.key_span().start, &error))?;
        let name = NameOnBus { bus, name };
        let word = value.string()?;
        match BusPolicy::find(word.as_str()) {
            Some(policy) => reader.grant(value, Grant::BusName { name, policy }),
            None => {
                let known = BusPolicy::ALL.map(BusPolicy::as_str);
                let hint = did_you_mean(word.as_str(), known);
                let message = "this policy is not known and the line is ignored";
                reader.warn(value.ignored(&word, message).hint(hint));
            }
        }
    }
    Ok(())
}
