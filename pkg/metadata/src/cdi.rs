//! Specs of the Container Device Interface (github.com/cncf-tags/container-device-interface, SPEC.md) to what they edit.
//!
//! Strict, as the interface's own library is: a word that is not known is an error, and so is everything that is known and would not be done
//! (hooks, groups, network devices, cache allocation).

use flatrack_perms::{CdiName, DeviceAccess};
use serde::Deserialize;

use crate::{Diagnostic, SourceText};

/// Versions whose words are all understood.
const VERSIONS: [&str; 8] = [
    "0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "1.0.0", "1.1.0",
];

/// How a spec is written, told by the end of its file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CdiSyntax {
    /// `.json`
    Json,
    /// `.yaml`
    Yaml,
}

/// A spec.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CdiSpec {
    /// its devices, each with what it edits besides `common`
    pub devices: Vec<(CdiName, CdiEdits)>,
    /// what every one of them edits
    pub common: CdiEdits,
}

/// What a device edits in a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CdiEdits {
    /// variables, `NAME=VALUE`
    pub env: Vec<(String, String)>,
    /// device nodes
    pub nodes: Vec<CdiNode>,
    /// files and directories
    pub mounts: Vec<CdiMount>,
}

/// A device node. The one of the host is shown, with its own owner and mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CdiNode {
    /// path inside
    pub path: String,
    /// path on the host
    pub host: String,
    /// what it must be, where the spec says so: block or not, major, minor
    pub number: Option<(bool, u32, u32)>,
    /// what may be done with it
    pub access: DeviceAccess,
}

/// Something of the host's file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CdiMount {
    /// path on the host
    pub host: String,
    /// path inside
    pub path: String,
    /// it cannot be written to
    pub read_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    cdi_version: String,
    kind: String,
    #[serde(default, rename = "annotations")]
    _annotations: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    devices: Vec<Device>,
    #[serde(default)]
    container_edits: Edits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Device {
    name: String,
    #[serde(default, rename = "annotations")]
    _annotations: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    container_edits: Edits,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Edits {
    #[serde(default)]
    env: Vec<String>,
    #[serde(default)]
    device_nodes: Vec<Node>,
    #[serde(default)]
    mounts: Vec<Mount>,
    #[serde(default)]
    hooks: Vec<serde_json::Value>,
    #[serde(default)]
    net_devices: Vec<serde_json::Value>,
    #[serde(default, rename = "additionalGids")]
    additional_gids: Vec<u32>,
    intel_rdt: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Node {
    path: String,
    #[serde(default)]
    host_path: String,
    #[serde(default, rename = "type")]
    kind: String,
    major: Option<u32>,
    minor: Option<u32>,
    #[serde(default)]
    permissions: String,
    #[serde(rename = "fileMode")]
    _file_mode: Option<u32>,
    #[serde(rename = "uid")]
    _uid: Option<u32>,
    #[serde(rename = "gid")]
    _gid: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Mount {
    host_path: String,
    container_path: String,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default, rename = "type")]
    kind: String,
}

impl CdiSpec {
    /// Reads a spec.
    ///
    /// # Errors
    /// Another version, a word that is not known, and whatever would not be done.
    pub fn parse(source: &SourceText, syntax: CdiSyntax) -> Result<Self, Diagnostic> {
        let wrong = |message: String| source.error(0..0, format!("this is no CDI spec: {message}"));
        let file: File = match syntax {
            CdiSyntax::Json => {
                serde_json::from_str(source.text()).map_err(|error| wrong(error.to_string()))?
            }
            CdiSyntax::Yaml => {
                serde_yaml_ng::from_str(source.text()).map_err(|error| wrong(error.to_string()))?
            }
        };
        spec(file).map_err(wrong)
    }
}

fn spec(file: File) -> Result<CdiSpec, String> {
    if !VERSIONS.contains(&file.cdi_version.trim_start_matches('v')) {
        return Err(format!("version `{}` is not known here", file.cdi_version));
    }
    let Some((vendor, class)) = CdiName::kind(&file.kind) else {
        return Err(format!("`{}` is not of the form vendor/class", file.kind));
    };
    let mut devices: Vec<(CdiName, CdiEdits)> = Vec::new();
    for device in file.devices {
        if !CdiName::is_name(&device.name) {
            return Err(format!("`{}` is no name of a device", device.name));
        }
        let name = CdiName {
            vendor: vendor.to_owned(),
            class: class.to_owned(),
            name: device.name,
        };
        if devices.iter().any(|(known, _)| *known == name) {
            return Err(format!("`{name}` stands there twice"));
        }
        devices.push((name, edits(device.container_edits)?));
    }
    Ok(CdiSpec {
        devices,
        common: edits(file.container_edits)?,
    })
}

fn edits(edits: Edits) -> Result<CdiEdits, String> {
    for (word, asked) in [
        ("hooks", !edits.hooks.is_empty()),
        ("netDevices", !edits.net_devices.is_empty()),
        ("additionalGids", !edits.additional_gids.is_empty()),
        ("intelRdt", edits.intel_rdt.is_some()),
    ] {
        if asked {
            return Err(format!("`{word}` is not supported"));
        }
    }
    let env = edits
        .env
        .into_iter()
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if !name.is_empty() && !pair.contains('\0') => {
                Ok((name.to_owned(), value.to_owned()))
            }
            _ => Err(format!("`{pair}` is not of the form NAME=VALUE")),
        });
    Ok(CdiEdits {
        env: env.collect::<Result<_, _>>()?,
        nodes: edits
            .device_nodes
            .into_iter()
            .map(node)
            .collect::<Result<_, _>>()?,
        mounts: edits
            .mounts
            .into_iter()
            .map(mount)
            .collect::<Result<_, _>>()?,
    })
}

fn node(node: Node) -> Result<CdiNode, String> {
    let host = if node.host_path.is_empty() {
        node.path.clone()
    } else {
        node.host_path
    };
    check(&node.path, "/dev/")?;
    check(&host, "/dev/")?;
    let access = match node.permissions.as_str() {
        "" => DeviceAccess {
            make: true,
            ..DeviceAccess::READ_WRITE
        },
        letters => DeviceAccess::parse(letters)
            .ok_or_else(|| format!("`{letters}` is no access of a device"))?,
    };
    let block = match node.kind.as_str() {
        "" | "c" | "u" => false,
        "b" => true,
        other => return Err(format!("`{other}` is no type of a device")),
    };
    let number = node
        .major
        .zip(node.minor)
        .filter(|number| *number != (0, 0));
    Ok(CdiNode {
        path: node.path,
        host,
        number: number.map(|(major, minor)| (block, major, minor)),
        access,
    })
}

fn mount(mount: Mount) -> Result<CdiMount, String> {
    if !matches!(mount.kind.as_str(), "" | "bind" | "none") {
        return Err(format!(
            "mounts of the type `{}` are not supported",
            mount.kind
        ));
    }
    check(&mount.host_path, "/")?;
    check(&mount.container_path, "/")?;
    let read_only = mount
        .options
        .iter()
        .any(|option| matches!(option.as_str(), "ro" | "rro"));
    Ok(CdiMount {
        host: mount.host_path,
        path: mount.container_path,
        read_only,
    })
}

/// An absolute path below a directory, without a way back.
fn check(path: &str, top: &str) -> Result<(), String> {
    let below = path.strip_prefix(top);
    match below.is_some_and(|below| {
        below
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."))
            && !path.contains('\0')
    }) {
        true => Ok(()),
        false => Err(format!("`{path}` is not a plain path below `{top}`")),
    }
}
