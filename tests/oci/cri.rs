//! Pods and containers of a kubelet with the runtime handler `flatrack`.

use std::os::unix::fs::MetadataExt;

use flatrack_testbed::{Testbed, Tree, needs, skip};
use k8s_cri::v1::ContainerState;

use crate::client::containerd::{Containerd, IMAGE, Setup};
use crate::client::kubelet::{Kubelet, Said};
use crate::runtime::until;

#[test]
fn privileged_a_kubelet_takes_a_pod_through_its_life() {
    needs!(Root, Containerd);
    life(None);
}

#[test]
fn newer_a_kubelet_takes_a_pod_through_its_life() {
    needs!(Root, Containerd);
    match Tree::newer_debian() {
        Ok(tree) => life(Some(tree)),
        Err(reason) => skip!(NewerDebian, reason),
    }
}

const WAITS: &str = "echo said; trap 'exit 9' TERM; while true; do sleep 0.1; done";

fn life(tree: Option<Tree>) {
    let containerd = Containerd::of(Setup {
        tree,
        cri: true,
        ..Setup::default()
    });
    let kubelet = Kubelet::of(&containerd);
    let pod = kubelet.pod("life");
    let one = pod.start("one", IMAGE, &["sh", "-c", WAITS], 64);
    until(|| pod.log("one").contains("stdout F said"), "the log");
    assert_eq!(kubelet.state(&one).0, ContainerState::ContainerRunning);
    let beside = kubelet.exec_sync(&one, &["sh", "-c", "echo inside; echo error >&2; exit 6"]);
    assert_eq!(beside.stdout, b"inside\n");
    assert_eq!(beside.stderr, b"error\n");
    assert_eq!(beside.exit_code, 6);
    streams(&kubelet, &one);
    assert!(kubelet.memory_of(&one) > 0);
    kubelet.limit_memory(&one, 48);
    assert_eq!(kubelet.memory_limit(&one), 48);
    let short = pod.start("short", IMAGE, &["sh", "-c", "exit 4"], 32);
    let ended = (ContainerState::ContainerExited, 4);
    until(|| kubelet.state(&short) == ended, "the end");
    kubelet.end(&short);
    kubelet.end(&one);
}

fn streams(kubelet: &Kubelet, container: &str) {
    let script = "read line; echo got $line; echo aside >&2; exit 7";
    let mut plain = kubelet.exec(container, &["sh", "-c", script], false);
    plain.write("a line\n");
    let said = Said {
        stdout: "got a line\n".to_owned(),
        stderr: "aside\n".to_owned(),
        code: 7,
    };
    assert_eq!(plain.finish(), said);
    let script = "until [ \"$(stty size)\" = '33 99' ]; do sleep 0.1; done; tty";
    let mut terminal = kubelet.exec(container, &["sh", "-c", script], true);
    terminal.resize(99, 33);
    let said = terminal.finish();
    assert!(said.stdout.contains("/dev/"), "{said:?}");
    assert_eq!(said.code, 0);
}

/// An app in a pod, beside a container of a plain image.
#[test]
fn privileged_a_kubelet_runs_an_app_in_a_pod() {
    needs!(Root, Containerd, StockFlatpak, MemoryLimit);
    app(None);
}

#[test]
fn newer_a_kubelet_runs_an_app_in_a_pod() {
    needs!(Root, Containerd, StockFlatpak, MemoryLimit);
    match Tree::newer_debian() {
        Ok(tree) => app(Some(tree)),
        Err(reason) => skip!(NewerDebian, reason),
    }
}

fn app(tree: Option<Tree>) {
    let bed = Testbed::new().with_flatpak();
    let app = "org.flatrack.Test.Cri";
    let script = "echo app $*; ls /app/bin; while true; do sleep 0.1; done";
    let described = bed.app(app).metadata("X-Resources", "memory-max", "40M");
    let layout = described.script(script).image();
    let containerd = Containerd::of(Setup {
        tree,
        installation: Some(bed.system_installation().to_owned()),
        cri: true,
    });
    let image = "docker.io/local/app:1";
    containerd.import_layout(&layout, image);
    let kubelet = Kubelet::of(&containerd);
    let pod = kubelet.pod("app");
    let beside = pod.start("beside", IMAGE, &["sh", "-c", WAITS], 64);
    let one = pod.start("app", image, &[app, "one"], 64);
    until(|| pod.log("app").contains("stdout F app one"), "the app");
    // the app's own limit is the tighter one, then the pod's
    assert_eq!(kubelet.memory_limit(&one), 40);
    kubelet.limit_memory(&one, 32);
    assert_eq!(kubelet.memory_limit(&one), 32);
    // its metadata asks for no network
    let network = |of: &str| {
        let said = kubelet.exec_sync(of, &["readlink", "/proc/self/ns/net"]);
        assert_eq!(said.exit_code, 0, "{said:?}");
        String::from_utf8(said.stdout).unwrap()
    };
    assert_ne!(network(&one), network(&beside));
    kubelet.end(&one);
    kubelet.end(&beside);
}

/// What containerd 1.6 does not know yet.
#[test]
fn newer_a_pod_with_users_of_its_own_has_volumes_of_others() {
    needs!(Root, Containerd);
    let tree = match Tree::newer_debian() {
        Ok(tree) => tree,
        Err(reason) => skip!(NewerDebian, reason),
    };
    let containerd = Containerd::of(Setup {
        tree: Some(tree),
        cri: true,
        ..Setup::default()
    });
    let kubelet = Kubelet::of(&containerd);
    let features = kubelet.features();
    // without this a cluster sends no such pod here
    assert!(features.user_namespaces && features.recursive_read_only_mounts);
    let pod = kubelet.pod_with_users("users", 400_000);
    let volume = containerd.place("volume");
    std::fs::create_dir(&volume).unwrap();
    let script = "touch /volume/made; stat -c %u /volume/made; cat /proc/self/uid_map; sleep 1000";
    let mounts = vec![pod.volume(&volume, "/volume")];
    let one = pod.start_with("one", IMAGE, &["sh", "-c", script], 64, mounts);
    until(|| pod.log("one").lines().count() == 2, "the words");
    let words: Vec<String> = pod
        .log("one")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    assert!(
        words.ends_with(&["0", "400000", "65536"].map(str::to_owned)),
        "{words:?}"
    );
    assert_eq!(words[3], "0");
    assert_eq!(std::fs::metadata(volume.join("made")).unwrap().uid(), 0);
    kubelet.end(&one);
}
