//! Waiting for a proxy that starts.

use std::io;
use std::os::fd::AsFd;
use std::time::Instant;

use crate::client::wait_readable;

/// A proxy that does not serve.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// It ended instead.
    #[error("the bus proxy ended before it listened")]
    Ended,
    /// It said nothing in time.
    #[error("the bus proxy does not listen in time")]
    Late,
    /// It cannot be heard.
    #[error("the bus proxy cannot be heard")]
    Io(#[from] io::Error),
}

/// Waits until a proxy listens; `sync` is our end of its descriptor.
///
/// # Errors
/// See [`NotReady`].
pub fn wait_until_ready(sync: impl AsFd, deadline: Instant) -> Result<(), NotReady> {
    if !wait_readable(&sync, deadline)? {
        return Err(NotReady::Late);
    }
    let mut byte = [0u8];
    match rustix::io::read(&sync, &mut byte).map_err(io::Error::from)? {
        0 => Err(NotReady::Ended),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_proxy_that_ends_or_says_nothing_is_told_apart_from_one_that_listens() {
        let soon = || Instant::now() + Duration::from_millis(50);
        let (ours, theirs) = rustix::pipe::pipe().unwrap();
        assert!(matches!(
            wait_until_ready(&ours, soon()),
            Err(NotReady::Late)
        ));
        rustix::io::write(&theirs, b"x").unwrap();
        assert!(wait_until_ready(&ours, soon()).is_ok());
        drop(theirs);
        assert!(matches!(
            wait_until_ready(&ours, soon()),
            Err(NotReady::Ended)
        ));
    }
}
