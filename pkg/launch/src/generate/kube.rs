//! A Pod (Kubernetes core/v1).

use std::collections::BTreeMap;

use serde::Serialize;

use super::Subject;
use crate::Error;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pod {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: Spec,
}

#[derive(Debug, Serialize)]
struct Metadata {
    name: String,
    annotations: BTreeMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    runtime_class_name: &'static str,
    containers: [Container; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    name: &'static str,
    image: String,
    args: Vec<String>,
    #[serde(skip_serializing_if = "Resources::is_empty")]
    resources: Resources,
    security_context: SecurityContext,
}

#[derive(Debug, Serialize)]
struct Resources {
    limits: BTreeMap<&'static str, String>,
}

impl Resources {
    fn is_empty(&self) -> bool {
        self.limits.is_empty()
    }
}

/// What the app has anyway, said where admission controllers look for it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SecurityContext {
    allow_privilege_escalation: bool,
    capabilities: Capabilities,
}

#[derive(Debug, Serialize)]
struct Capabilities {
    drop: [&'static str; 1],
}

const MIB: u64 = 1 << 20;

pub(super) fn write(subject: &Subject<'_>) -> Result<String, Error> {
    let memory = subject.memory().map(|bytes| match bytes % MIB {
        0 => format!("{}Mi", bytes / MIB),
        _ => bytes.to_string(),
    });
    let cpu = subject.cpu().map(|thousandths| format!("{thousandths}m"));
    let limits = [("cpu", cpu), ("memory", memory)].into_iter();
    let pod = Pod {
        api_version: "v1",
        kind: "Pod",
        metadata: Metadata {
            name: name(subject.id.as_str()),
            annotations: BTreeMap::from([("org.flatrack.app", subject.id.to_string())]),
        },
        spec: Spec {
            runtime_class_name: "flatrack",
            containers: [Container {
                name: "app",
                image: subject.image.clone(),
                args: subject.words(),
                resources: Resources {
                    limits: limits.filter_map(|(name, it)| Some((name, it?))).collect(),
                },
                security_context: SecurityContext {
                    allow_privilege_escalation: false,
                    capabilities: Capabilities { drop: ["ALL"] },
                },
            }],
        },
    };
    let text = serde_yaml_ng::to_string(&pod).map_err(|error| Error::Io {
        path: "-".into(),
        source: std::io::Error::other(error),
    })?;
    Ok(format!("{}{text}", subject.remarks()))
}

/// A name as Kubernetes has them (RFC 1123): small letters, digits, `-` and `.`, at most 253 characters.
fn name(id: &str) -> String {
    let name = id.to_lowercase().replace('_', "-");
    let parts = name.split('.').map(|part| part.trim_matches('-'));
    let mut name = parts.collect::<Vec<_>>().join(".");
    name.truncate(253);
    name.trim_end_matches(['.', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_pod_has_a_name_that_kubernetes_takes() {
        assert_eq!(name("org.example.My_App"), "org.example.my-app");
        assert_eq!(name("org._x._App_"), "org.x.app");
    }
}
