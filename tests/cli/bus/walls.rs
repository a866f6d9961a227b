//! The walls around the proxy itself, and between it and the app.

use std::fs;

use flatrack_testbed::{Bus, Testbed, needs};

use super::{inside, proxies};
use crate::support::Running;

const TALK: &str = "org.flatrack.test.Talk";

struct Beside {
    _running: Running,
    proxy: u32,
}

/// An app that sleeps, with a proxy beside it.
#[track_caller]
fn beside(bed: &Testbed, bus: &Bus<'_>, id: &str, options: &[&str]) -> Beside {
    let dir = bed
        .host_build_dir(id)
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let mut words = vec!["run"];
    words.extend(options);
    words.extend([
        "--command=sh",
        dir.to_str().unwrap(),
        "-c",
        "echo up; exec sleep 60",
    ]);
    let flatrack = bus.flatrack_command(words);
    // with a descriptor that the caller has open by accident
    let mut line = "exec 7</etc/passwd; exec".to_owned();
    for word in std::iter::once(flatrack.get_program()).chain(flatrack.get_args()) {
        line.push_str(&format!(" '{}'", word.to_str().unwrap()));
    }
    let command = bus.command("sh", ["-c", &line]);
    let running = Running::start(command);
    let found = proxies(id);
    assert_eq!(found.len(), 1, "one proxy an instance");
    Beside {
        _running: running,
        proxy: found[0],
    }
}

#[test]
fn the_proxy_has_no_privileges_and_a_filter() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let beside = beside(&bed, &bus, "org.flatrack.Test.WallCaps", &[]);
    let status = fs::read_to_string(format!("/proc/{}/status", beside.proxy)).unwrap();
    for line in status.lines().filter(|line| line.starts_with("Cap")) {
        assert!(line.ends_with("0000000000000000"), "{line}");
    }
    assert!(
        status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"),
        "{status}"
    );
}

#[test]
fn the_proxy_inherits_nothing_of_the_caller() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let beside = beside(&bed, &bus, "org.flatrack.Test.WallFds", &[]);
    let open = fs::read_dir(format!("/proc/{}/fd", beside.proxy)).unwrap();
    for entry in open {
        let path = entry.unwrap().path();
        let target = fs::read_link(&path).unwrap().display().to_string();
        let own = [
            "/dev/null",
            "pipe:",
            "socket:",
            "anon_inode:",
            "/memfd:flatrack-bus",
        ];
        assert!(
            own.iter().any(|own| target.starts_with(own)),
            "{path:?} -> {target}"
        );
    }
    let environment = fs::read(format!("/proc/{}/environ", beside.proxy)).unwrap();
    assert_eq!(String::from_utf8(environment).unwrap(), "PATH=/usr/bin\0");
}

#[test]
fn the_proxy_sees_nothing_of_the_host_but_programs_and_the_bus() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let beside = beside(&bed, &bus, "org.flatrack.Test.WallRoot", &[]);
    let names = |dir: &str| {
        let entries = fs::read_dir(format!("/proc/{}/root/{dir}", beside.proxy)).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let hidden = [
        "home", "tmp", "var", "proc", "sys", "root", "opt", "srv", "mnt", "boot",
    ];
    let root = names("");
    assert!(
        hidden
            .iter()
            .all(|name| !root.iter().any(|one| one == name)),
        "{root:?}"
    );
    assert_eq!(names("etc"), ["ld.so.cache"]);
    assert_eq!(names("run"), ["bus", "flatrack", "proxy"]);
    let info = fs::symlink_metadata(format!("/proc/{}/root/.flatpak-info", beside.proxy)).unwrap();
    assert!(info.is_file());
    let mounts = fs::read_to_string(format!("/proc/{}/mountinfo", beside.proxy)).unwrap();
    let at = |place: &str| {
        let found = mounts
            .lines()
            .find(|line| line.split(' ').nth(4) == Some(place));
        found.map(|line| line.split(' ').nth(5).unwrap().to_owned())
    };
    assert!(at("/usr").unwrap().starts_with("ro,"), "{mounts}");
    assert_eq!(at("/.flatpak-info"), None, "a plain file of the root");
}

#[test]
fn the_proxy_is_in_namespaces_of_its_own() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    // an app that shares these with the host does not share its proxy's
    let beside = beside(
        &bed,
        &bus,
        "org.flatrack.Test.WallSpaces",
        &["--share=network", "--share=ipc"],
    );
    for kind in ["mnt", "pid", "net", "ipc"] {
        let proxys = fs::read_link(format!("/proc/{}/ns/{kind}", beside.proxy)).unwrap();
        let hosts = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap();
        assert_ne!(proxys, hosts, "{kind}");
    }
    let sockets = fs::read_to_string(format!("/proc/{}/net/unix", beside.proxy)).unwrap();
    assert!(!sockets.contains('@'), "an abstract socket: {sockets}");
}

#[test]
fn the_app_reaches_nothing_of_the_proxy_but_its_socket() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let dir = bed
        .host_build_dir("org.flatrack.Test.WallApp")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let line = "
        grep -l xdg-dbus-proxy /proc/[0-9]*/comm 2>/dev/null
        ls /run/proxy /run/bus 2>/dev/null
        rm -f /run/flatpak/bus 2>/dev/null && echo removed
        ln -sf /tmp/x /run/flatpak/bus 2>/dev/null && echo replaced
        ls /proc/self/fd | wc -l
        exit 0";
    // three standard streams and the directory that `ls` reads
    assert_eq!(inside(&bus, &[], &dir, line).assert_success(), "4");
}

#[test]
fn a_limit_on_processes_counts_the_apps_only() {
    needs!(Bus, PidsLimit);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    let dir = bed
        .host_build_dir("org.flatrack.Test.WallPids")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    // the init, the shell and the call
    let said = inside(&bus, &["--pids-max=3"], &dir, &super::call(TALK));
    assert!(said.assert_success().starts_with("method return"));
}
