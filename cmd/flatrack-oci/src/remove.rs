//! Removing a container, with what was made for it outside of the engine's state.

use flatrack_engine::{ContainerId, Error, StateDir};
use flatrack_launch::pod;

use crate::log::Log;

/// Removes it. What is left of an app's files or profile is told and is in nobody's way.
pub(crate) fn remove(
    state: &StateDir,
    id: &ContainerId,
    force: bool,
    log: &Log,
) -> flatrack_engine::Result<()> {
    // read before it is gone
    let document = state.spec(id).ok().filter(pod::is_app);
    let app = document.zip(flatrack_engine::info(state, id).ok());
    let deleted = flatrack_engine::delete(state, id, force);
    let is_gone = matches!(deleted, Ok(()) | Err(Error::Setup(_)));
    if let Some((document, info)) = app.filter(|_| is_gone)
        && let Err(error) = pod::forget(&info.bundle, &document, id)
    {
        log.warn(&error.whole());
    }
    deleted
}
