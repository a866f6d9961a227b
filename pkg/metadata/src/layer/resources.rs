//! `[X-Resources]`. A limit that is misspelt would be no limit, so nothing here is ignored.

use flatrack_perms::{Grant, LimitKey};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;
use crate::suggest::did_you_mean;

pub(super) fn limits(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for value in group.values() {
        let text = value.string()?;
        if let Some(key) = LimitKey::find(value.key()) {
            let limit = key
                .parse(text.as_str())
                .map_err(|error| value.wrong(&text, &error))?;
            reader.grant(value, Grant::Limit(limit));
        } else {
            let known: Vec<&str> = LimitKey::all().map(LimitKey::key).collect();
            return Err(value
                .source
                .error(value.key_span(), "there is no such limit")
                .hint(did_you_mean(value.key(), known)));
        }
    }
    Ok(())
}
