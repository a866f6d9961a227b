//! `delete`: what is left of a container whose shim is gone.

use std::io::Write as _;
use std::time::SystemTime;

use prost::Message as _;

use crate::arguments::Arguments;
use crate::error::{Error, Result};
use crate::messages::task::Deleted;
use crate::rootfs;
use crate::runtime::Runtime;
use crate::saved::Saved;

/// What a shell reports for SIGKILL.
const KILLED: u32 = 137;

/// Ends the container and takes its root file system off; answers on standard output.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let bundle = match arguments.bundle.as_os_str().is_empty() {
        true => std::env::current_dir()
            .map_err(|error| Error::unknown(format!("where am I: {error}")))?,
        false => arguments.bundle.clone(),
    };
    let options = Saved::read(&bundle);
    let runtime = Runtime::new(&options, &arguments.namespace, &bundle);
    let mut command = runtime.verb("delete");
    command.arg("--force").arg(&arguments.id);
    // a container that was never made is no error
    let ended = command.status();
    ended.map_err(|error| Error::unknown(format!("the runtime: {error}")))?;
    rootfs::unmount_all(&bundle.join("rootfs"));
    let deleted = Deleted {
        pid: 0,
        exit_status: KILLED,
        exited_at: Some(SystemTime::now().into()),
    };
    let written = std::io::stdout().write_all(&deleted.encode_to_vec());
    written.map_err(|error| Error::unknown(format!("standard output: {error}")))
}
