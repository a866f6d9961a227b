//! Options that come with a container: runc's own, and a document of the node's configuration.

use prost::Message;
use prost_types::Any;
use serde::Deserialize;

/// `runtime.v1 runc Options` (`containerd.runc.v1.Options`).
#[derive(Clone, PartialEq, Message)]
struct Runc {
    #[prost(string, tag = "6")]
    binary_name: String,
    #[prost(string, tag = "7")]
    root: String,
    #[prost(bool, tag = "9")]
    systemd_cgroup: bool,
}

/// `runtimeoptions.v1.Options`: what stands in the node's configuration for runtimes that containerd does not know.
#[derive(Clone, PartialEq, Message)]
struct Document {
    #[prost(string, tag = "2")]
    path: String,
    #[prost(bytes = "vec", tag = "3")]
    body: Vec<u8>,
}

/// What they say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Options {
    /// Another program than the flatrack-oci beside the shim.
    pub(crate) binary_name: String,
    /// Directory for the containers' state.
    pub(crate) root: String,
    /// systemd makes the cgroups.
    pub(crate) systemd_cgroup: bool,
}

impl Options {
    /// Reads them.
    ///
    /// # Errors
    /// A sentence for people.
    pub(crate) fn read(any: Option<&Any>) -> Result<Self, String> {
        let Some(any) = any else {
            return Ok(Self::default());
        };
        let garbled = |error: prost::DecodeError| format!("the runtime's options: {error}");
        match any.type_url.rsplit('/').next().unwrap_or_default() {
            "containerd.runc.v1.Options" => {
                let runc = Runc::decode(any.value.as_slice()).map_err(garbled)?;
                Ok(Self {
                    binary_name: runc.binary_name,
                    root: runc.root,
                    systemd_cgroup: runc.systemd_cgroup,
                })
            }
            "runtimeoptions.v1.Options" => {
                let document = Document::decode(any.value.as_slice()).map_err(garbled)?;
                let text = match (document.path.as_str(), document.body) {
                    ("", body) => String::from_utf8(body).map_err(|error| error.to_string())?,
                    (path, _) => std::fs::read_to_string(path)
                        .map_err(|error| format!("`{}`: {error}", path.escape_default()))?,
                };
                toml::from_str(&text).map_err(|error| format!("the runtime's options: {error}"))
            }
            "" if any.value.is_empty() => Ok(Self::default()),
            other => Err(format!(
                "options of the type `{}` are not understood",
                other.escape_default()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_say_the_same() {
        let wanted = Options {
            binary_name: "/x/oci".to_owned(),
            root: String::new(),
            systemd_cgroup: true,
        };
        let runc = Runc {
            binary_name: "/x/oci".to_owned(),
            systemd_cgroup: true,
            ..Runc::default()
        };
        let any = |type_url: &str, value| Any {
            type_url: type_url.to_owned(),
            value,
        };
        let one = any("containerd.runc.v1.Options", runc.encode_to_vec());
        assert_eq!(Options::read(Some(&one)), Ok(wanted.clone()));
        let body = b"BinaryName = '/x/oci'\nSystemdCgroup = true\n".to_vec();
        let document = Document {
            path: String::new(),
            body,
        };
        let other = any(
            "type.googleapis.com/runtimeoptions.v1.Options",
            document.encode_to_vec(),
        );
        assert_eq!(Options::read(Some(&other)), Ok(wanted));
        assert_eq!(Options::read(None), Ok(Options::default()));
        assert!(Options::read(Some(&any("x.Options", Vec::new()))).is_err());
        let typo = Document {
            path: String::new(),
            body: b"BinryName = 'x'".to_vec(),
        };
        let typo = any("runtimeoptions.v1.Options", typo.encode_to_vec());
        assert!(Options::read(Some(&typo)).is_err());
    }
}
