//! What the probe printed, without what differs from start to start.

use std::collections::BTreeMap;

use flatrack_testbed::Testbed;

/// Facts by field.
pub(crate) type Facts = BTreeMap<String, String>;

/// Reads a dump of an app with that id, and replaces what is new at each start: ids, numbers of namespaces and pipes,
/// the testbed's path, names of generated files.
pub(crate) fn read(text: &str, bed: &Testbed, app: &str) -> Result<Facts, String> {
    let raw: Facts = serde_json::from_str(text).map_err(|error| format!("{error} in: {text}"))?;
    let root = bed.root().display().to_string();
    let mut names = vec![
        (format!("{root}/run/.flatpak/{app}"), "SHARED-BY-INSTANCES"),
        (
            format!("{root}/run/flatrack/apps/{app}"),
            "SHARED-BY-INSTANCES",
        ),
        (format!("/run/flatrack/apps/{app}"), "SHARED-BY-INSTANCES"),
        // as a mount's root it is seen from the file system that it lies on
        (format!("/flatrack/apps/{app}"), "SHARED-BY-INSTANCES"),
        (root, "/BED"),
        (app.to_owned(), "APP"),
    ];
    let name = bed.root().file_name().unwrap_or_default();
    names.push((name.to_string_lossy().into_owned(), "BED"));
    // each testbed has its own build of the app
    if let Some(commit) = raw.get("info [Instance] app-commit") {
        names.push((commit.clone(), "COMMIT"));
    }
    // a short number could stand anywhere
    let instance = raw.get("info [Instance] instance-id");
    if let Some(instance) = instance.filter(|id| id.len() > 4) {
        names.insert(0, (instance.clone(), "INSTANCE"));
    }
    let rename = |text: &str| {
        names
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let mut facts: Facts = raw
        .iter()
        .map(|(field, value)| (rename(field), settled(field, &rename(value))))
        .filter(|(field, value)| field != "info [Instance] extra-args" || !value.is_empty())
        // the machine's shared memory has what other tests leave there for a while
        .filter(|(field, _)| !SHARED_MEMORY.iter().any(|start| field.starts_with(start)))
        .collect();
    generated_files(&mut facts);
    Ok(facts)
}

/// What Flatpak and flatrack keep for an app in the machine's shared memory.
const SHARED_MEMORY: [&str; 2] = ["path /dev/shm/flatpak-", "path /dev/shm/flatrack-"];

/// A value without numbers that say nothing.
fn settled(field: &str, value: &str) -> String {
    let (topic, subject) = field.split_once(' ').unwrap_or((field, ""));
    match topic {
        "namespace" => {
            let kind = subject.split(' ').next().unwrap_or(subject);
            let host = std::fs::read_link(format!("/proc/self/ns/{kind}"));
            let same = host.is_ok_and(|link| link.to_string_lossy() == value);
            if same { "the host's" } else { "its own" }.to_owned()
        }
        "fd" => value.split(":[").next().unwrap_or(value).to_owned(),
        // the order of these lists says nothing
        "info" if value.ends_with(';') => {
            let items = value.split_terminator(';');
            // newer Flatpaks always write two empty lists of USB devices into `extra-args`
            let mut items: Vec<&str> = items.filter(|item| *item != "--usb-list=").collect();
            items.sort_unstable();
            items.join(";")
        }
        _ => value.to_owned(),
    }
}

/// What each start makes for itself, and each engine in a place of its own: the file systems of such mounts say nothing.
fn generated_files(facts: &mut Facts) {
    let made: Vec<(String, &str)> = facts
        .iter()
        .filter_map(|(field, value)| {
            let point = field.strip_prefix("mounted ")?;
            // unlinked temporary files in one engine, files of the bundle in the other
            let file = value.contains(":/bindfile") || value.contains("/bundle/files/");
            let proxy = value.contains("/.dbus-proxy/") || value.contains("/bus/s");
            let what = match (file, proxy) {
                (true, _) => "a generated file",
                (_, true) => "a socket of the proxy's",
                _ => return None,
            };
            Some((point.to_owned(), what))
        })
        .collect();
    for (point, what) in made {
        facts.insert(format!("mounted {point}"), what.to_owned());
        if let Some(options) = facts.get_mut(&format!("mount {point}")) {
            *options = options
                .split_once(' ')
                .map_or("", |(_, rest)| rest)
                .to_owned();
        }
    }
}

/// A field in which two dumps differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) field: String,
    pub(crate) flatpak: Option<String>,
    pub(crate) flatrack: Option<String>,
}

/// Every field that differs. Of a tree that only one side has, the top is named.
pub(crate) fn compare(flatpak: &Facts, flatrack: &Facts) -> Vec<Finding> {
    let mut findings: Vec<Finding> = flatpak
        .keys()
        .chain(
            flatrack
                .keys()
                .filter(|field| !flatpak.contains_key(*field)),
        )
        .filter(|field| flatpak.get(*field) != flatrack.get(*field))
        .filter(|field| !follows(field, flatpak, flatrack))
        .map(|field| Finding {
            field: field.clone(),
            flatpak: flatpak.get(field).cloned(),
            flatrack: flatrack.get(field).cloned(),
        })
        .collect();
    findings.sort();
    findings
}

/// Whether a difference is the consequence of another one: it lies in a directory, or on a mount, that one side lacks.
fn follows(field: &str, flatpak: &Facts, flatrack: &Facts) -> bool {
    let one_sided = |field: &str| flatpak.contains_key(field) != flatrack.contains_key(field);
    let (topic, path) = field.split_once(' ').unwrap_or((field, ""));
    match topic {
        "mounted" | "propagation" => one_sided(&format!("mount {path}")),
        "path" | "mount" if one_sided(field) => std::path::Path::new(path)
            .ancestors()
            .skip(1)
            .any(|above| one_sided(&format!("{topic} {}", above.display()))),
        _ => false,
    }
}
