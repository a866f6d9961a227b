//! `-info`: what the runtime can do, as `ctr plugins inspect-runtime` shows it. containerd 2.1 asks on behalf of kubelets only where
//! the runtime's name is runc's, with this shim as its `runtime_path`.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use prost::Message as _;
use prost_types::Any;

use crate::error::{Code, Error, Result};
use crate::messages::info::{FEATURES, RuntimeInfo, RuntimeVersion};
use crate::messages::options::Options;
use crate::runtime::Runtime;

/// Options are on standard input, the answer goes to standard output.
pub(crate) fn run() -> Result<()> {
    let options = options()?;
    // no container, so no state and no messages of one
    let runtime = Runtime::new(&options, "", Path::new("/"));
    let features = runtime
        .plain()
        .arg("features")
        .stderr(Stdio::null())
        .output();
    let features = features.map_err(|error| Error::unknown(format!("flatrack-oci: {error}")))?;
    let features = features.status.success().then_some(features.stdout);
    let info = RuntimeInfo {
        name: "io.containerd.flatrack.v1".to_owned(),
        version: Some(RuntimeVersion {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }),
        features: features.map(|value| Any {
            type_url: FEATURES.to_owned(),
            value,
        }),
    };
    let written = std::io::stdout().write_all(&info.encode_to_vec());
    written.map_err(|error| Error::unknown(format!("standard output: {error}")))
}

/// Those of the node's configuration; who writes none has none.
fn options() -> Result<Options> {
    const MOST: u64 = 1 << 20;
    let mut text = Vec::new();
    let read = std::io::stdin().lock().take(MOST).read_to_end(&mut text);
    read.map_err(|error| Error::unknown(format!("standard input: {error}")))?;
    let wrong = |why: String| Error::new(Code::InvalidArgument, why);
    let any = Any::decode(text.as_slice());
    let any = any.map_err(|error| wrong(format!("standard input: {error}")))?;
    Options::read(Some(&any)).map_err(wrong)
}
