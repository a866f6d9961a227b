//! The document with the app in it.

use std::collections::BTreeSet;

use oci_spec::runtime::{
    Linux, LinuxDevice, LinuxNamespace, LinuxNamespaceBuilder, LinuxNamespaceType as Kind, Mount,
    Process, Scheduler, Spec,
};

use super::{ANNOTATION, PodError, tighter};
use crate::{NamespaceKind, Plan, Reason};

/// Names of annotations that only this program writes. Engines hand labels of images on as annotations.
const OURS: &str = "org.flatrack.";

/// Puts a rendered plan into the document of an engine: the tree, the program and its rights are the app's, what they run in is the
/// document's, and of limits the tighter one counts.
///
/// # Errors
/// See [`PodError`].
pub fn join(document: &Spec, plan: &Plan, rendered: &Spec) -> Result<Spec, PodError> {
    let part = |name| move || PodError::Document(name);
    let theirs = document.process().as_ref().ok_or_else(part("process"))?;
    let ours = rendered.process().as_ref().ok_or_else(part("process"))?;
    let mut spec = document.clone();
    spec.set_process(Some(process(theirs, ours)?));
    spec.set_mounts(Some(mounts(document, plan, rendered)?));
    let linux = document.linux().as_ref().ok_or_else(part("linux"))?;
    let of_the_app = rendered.linux().as_ref().ok_or_else(part("linux"))?;
    spec.set_linux(Some(self::linux(linux, of_the_app, plan)?));
    let mut annotations = document.annotations().clone().unwrap_or_default();
    annotations.retain(|name, _| !name.starts_with(OURS));
    annotations.extend(rendered.annotations().clone().unwrap_or_default());
    annotations.insert(ANNOTATION.to_owned(), "app".to_owned());
    spec.set_annotations(Some(annotations));
    Ok(spec)
}

/// The app's program, with its rights; the pod says as whom, at which terminal and with which standing it runs.
fn process(pod: &Process, app: &Process) -> Result<Process, PodError> {
    let mut process = app.clone();
    process
        .set_user(pod.user().clone())
        .set_terminal(pod.terminal())
        .set_console_size(pod.console_size())
        .set_selinux_label(pod.selinux_label().clone())
        .set_io_priority(*pod.io_priority())
        .set_exec_cpu_affinity(pod.exec_cpu_affinity().clone());
    process.set_scheduler(scheduler(pod, app));
    // killed sooner, never later than either says, or than everybody is
    let asked = app.oom_score_adj().map(|score| score.max(0));
    process.set_oom_score_adj(match pod.oom_score_adj() {
        Some(score) => Some(score.max(app.oom_score_adj().unwrap_or(score))),
        None => asked,
    });
    let limits = [pod, app].map(|of| of.rlimits().as_deref().unwrap_or_default());
    process.set_rlimits(Some(tighter::rlimits(limits[0], limits[1])?));
    Ok(process)
}

/// The pod's; else the app's, which can stand back for others and not go before them.
fn scheduler(pod: &Process, app: &Process) -> Option<Scheduler> {
    if pod.scheduler().is_some() {
        return pod.scheduler().clone();
    }
    let nice = |asked: &Scheduler| asked.nice().is_some_and(|nice| nice > 0);
    app.scheduler().clone().filter(nice)
}

fn mounts(document: &Spec, plan: &Plan, rendered: &Spec) -> Result<Vec<Mount>, PodError> {
    let theirs = document.mounts().as_deref().unwrap_or_default();
    let ours = rendered.mounts().as_deref().unwrap_or_default();
    let both = plan.mounts.iter().zip(ours);
    both.map(|(planned, rendered)| match planned.reason {
        Reason::Pod { mount } => {
            let own = theirs.get(mount).ok_or(PodError::Document("mounts"))?;
            let mut own = own.clone();
            own.set_destination(planned.destination.clone());
            let mut options = own.options().clone().unwrap_or_default();
            let further = match options.iter().any(|option| option == "rbind") {
                true => ["rnosuid", "rnodev"],
                false => ["nosuid", "nodev"],
            };
            options.retain(|option| !["suid", "dev", "rsuid", "rdev"].contains(&option.as_str()));
            options.extend(further.map(str::to_owned));
            own.set_options(Some(options));
            Ok(own)
        }
        _ => Ok(rendered.clone()),
    })
    .collect()
}

fn linux(pod: &Linux, app: &Linux, plan: &Plan) -> Result<Linux, PodError> {
    let mut linux = pod.clone();
    let namespaces = pod.namespaces().as_deref().unwrap_or_default();
    let both = |one: &Option<Vec<String>>, other: &Option<Vec<String>>| {
        let all = one.iter().chain(other).flatten().cloned();
        Some(all.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>())
    };
    let [theirs, ours] = [pod, app].map(|of| of.resources().clone().unwrap_or_default());
    linux
        .set_namespaces(Some(self::namespaces(namespaces, plan)?))
        .set_resources(Some(tighter::resources(&theirs, &ours)?))
        .set_masked_paths(both(pod.masked_paths(), app.masked_paths()))
        .set_readonly_paths(both(pod.readonly_paths(), app.readonly_paths()))
        .set_rootfs_propagation(app.rootfs_propagation().clone())
        .set_devices(devices(pod, plan));
    if pod.seccomp().is_none() {
        linux.set_seccomp(app.seccomp().clone());
    }
    Ok(linux)
}

/// Those that are in the plan too.
fn devices(pod: &Linux, plan: &Plan) -> Option<Vec<LinuxDevice>> {
    let given = |device: &&LinuxDevice| {
        let mut planned = plan.devices.iter().filter(|planned| planned.of_pod);
        planned.any(|planned| planned.path.as_ref() == Some(device.path()))
    };
    let all = pod.devices().as_ref()?;
    Some(all.iter().filter(given).cloned().collect())
}

/// What the app has no permission for is private, whatever the pod shares; everything else is as the pod has it.
fn namespaces(pod: &[LinuxNamespace], plan: &Plan) -> Result<Vec<LinuxNamespace>, PodError> {
    let private = |kind: Kind| plan.namespaces.contains(&known(kind));
    let new = |kind: Kind| LinuxNamespaceBuilder::default().typ(kind).build();
    let mut all: Vec<LinuxNamespace> = Vec::new();
    for namespace in pod {
        let kind = namespace.typ();
        all.push(match kind {
            Kind::Network | Kind::Ipc if private(kind) => new(kind)?,
            _ => namespace.clone(),
        });
    }
    for kind in [Kind::Mount, Kind::Pid, Kind::Ipc, Kind::Network] {
        if private(kind) && !all.iter().any(|namespace| namespace.typ() == kind) {
            all.push(new(kind)?);
        }
    }
    Ok(all)
}

/// The plan's word for a kind that it can make private; any other is the mount namespace's, which always is.
fn known(kind: Kind) -> NamespaceKind {
    match kind {
        Kind::Pid => NamespaceKind::Pid,
        Kind::Ipc => NamespaceKind::Ipc,
        Kind::Network => NamespaceKind::Network,
        _ => NamespaceKind::Mount,
    }
}
