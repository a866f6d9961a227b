//! `user-dirs.dirs` in the app's configuration: where the user's documents, music and so on are, of what the app sees.

use std::collections::BTreeSet;
use std::path::Path;

use flatrack_perms::{FsAccess, FsPlace, XdgDir};

use super::exports::{leads_elsewhere, path_of};
use super::{Input, PlanError, granted};
use crate::{Access, FileKind, Plan, Reason};

const NAME: &str = "user-dirs.dirs";

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let Some(data) = input.app_data() else {
        return Ok(());
    };
    let inside = data.join("config").join(NAME);
    if leads_elsewhere(input, &inside) {
        return Ok(());
    }
    match whole_home(input) {
        Some(reason) => {
            let base = input.facts.base_dir("XDG_CONFIG_HOME", ".config");
            if let Some(real) = input.host.resolve(&base.join(NAME))
                && input.host.kind(&real) == Some(FileKind::File)
            {
                plan.bind(real, inside, Access::ReadOnly, reason);
            }
        }
        None => {
            let lines = granted_dirs(input);
            if !lines.is_empty() {
                plan.file(NAME, inside, lines.into_iter().collect());
            }
        }
    }
    Ok(())
}

/// The grant that shows the home directory, and with it all that the user's own list names.
fn whole_home(input: &Input<'_>) -> Option<Reason> {
    let places = &input.resolved.parts().filesystems;
    [FsPlace::Home, FsPlace::Host]
        .into_iter()
        .find_map(|place| {
            let access = places.get(&place)?;
            (access.value > FsAccess::Hidden)
                .then(|| granted(format!("filesystems={place}"), &access.origin))
        })
}

/// A line for each directory of which the app was granted something that is there.
fn granted_dirs(input: &Input<'_>) -> BTreeSet<String> {
    let places = &input.resolved.parts().filesystems;
    places
        .iter()
        .filter(|(_, access)| access.value > FsAccess::Hidden)
        .filter_map(|(place, _)| {
            let FsPlace::Xdg(dir, _) = place else {
                return None;
            };
            let variable = XdgDir::TABLE.iter().find(|row| row.1 == *dir)?.2?;
            input.host.resolve(&path_of(input, place)?)?;
            let whole = path_of(input, &FsPlace::Xdg(*dir, None))?;
            Some(line(variable, &whole))
        })
        .collect()
}

fn line(variable: &str, path: &Path) -> String {
    format!("{variable}=\"{}\"\n", path.display())
}
