//! The tree, namespaces, filters and devices of an app in a container.

use std::fs;
use std::os::unix::fs::symlink;

use flatrack_testbed::{Outcome, needs};
use serde_json::{Value, json};

use super::{APP, app, bind, host_directory, run};
use crate::runtime::Runtime;

#[test]
fn privileged_an_image_of_an_app_runs_in_the_apps_own_sandbox() {
    needs!(Root);
    let script = "echo $0 $*; pwd; id -u; id -g; test -e ~/x || touch ~/x && echo kept
        echo $PATH $FLATPAK_ID $FROM_POD $FROM_IMAGE $BOTH
        grep -E 'Cap(Eff|Bnd)|NoNewPrivs|Seccomp:' /proc/self/status | tr -d '\\t'
        grep -c . /usr/bin/env >/dev/null && head -1 /app/bin/main; exit 7";
    let bundle = app("[Environment]\nFROM_IMAGE=i\nBOTH=image", script)
        .set("/process/args", json!([APP, "one", "two"]))
        .set("/process/user", json!({"uid": 1000, "gid": 1001}))
        .set(
            "/process/env",
            json!(["PATH=/bin", "FROM_POD=p", "BOTH=pod"]),
        );
    let said = run(&bundle);
    said.assert_code(7);
    let none = "0000000000000000";
    let wanted = format!(
        "/app/bin/main one two\n/home/app\n1000\n1001\nkept\n/app/bin:/usr/bin {APP} p i pod\n\
         CapEff:{none}\nCapBnd:{none}\nNoNewPrivs:1\nSeccomp:2\n#!/bin/sh\n"
    );
    assert_eq!(said.stdout, wanted, "{}", said.stderr);
    let other = app("", "").set("/process/args", json!(["sh", "-c", "echo other"]));
    assert_eq!(run(&other).assert_success(), "other");
}

#[test]
fn privileged_an_image_reaches_nothing_of_the_host_by_asking_for_it() {
    needs!(Root);
    let host = host_directory();
    let secret = host.path().join("secret");
    let text = secret.display();
    let asks = format!(
        "[Context]\nfilesystems=host;host-os;host-etc;home;{text};\ndevices=all;dri;input;\n\
         sockets=x11;wayland;session-bus;system-bus;ssh-auth;\npersistent=.;\nfeatures=per-app-dev-shm;\n\
         [Session Bus Policy]\norg.freedesktop.*=own"
    );
    let script = format!(
        "cat {text} /run/host{text} 2>/dev/null; ls -d /root/.bashrc /var/lib/dpkg /sys/class 2>/dev/null
        ls /dev | sort | tr '\\n' ' '; env | grep -c -E 'DISPLAY|BUS_ADDRESS|AUTH_SOCK'"
    );
    let said = run(&app(&asks, &script));
    let few = "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero";
    assert_eq!(said.stdout.trim_end(), format!("{few} 0"), "{said:?}");
    assert!(
        said.stderr.contains("`filesystems=host` is lowered"),
        "{}",
        said.stderr
    );
}

#[test]
fn privileged_what_the_pod_mounts_is_there_and_covers_nothing_of_the_sandbox() {
    needs!(Root);
    let host = host_directory();
    let script = "cat /data/secret /run/secrets/one/secret; echo more >/data/more && echo written
        touch /run/secrets/one/x 2>/dev/null || echo closed; cat /etc/resolv.conf";
    let resolver = host.path().join("resolver");
    fs::write(&resolver, "nameserver 192.0.2.1\n").unwrap();
    let bundle = app("", script)
        .mount(bind(host.path(), "/data", "rw"))
        .mount(bind(host.path(), "/var/run/secrets/one", "ro"))
        .mount(bind(&resolver, "/etc/resolv.conf", "ro"));
    let wanted = "of the host\nof the host\nwritten\nclosed\nnameserver 192.0.2.1";
    let said = run(&bundle);
    assert_eq!(said.stdout.trim_end(), wanted, "{}", said.stderr);
    assert!(host.path().join("more").exists());
    for own in [
        "/",
        "/app",
        "/usr",
        "/etc",
        "/proc/self",
        "/run",
        "/run/flatrack/init",
        "/.flatpak-info",
        "/bin",
    ] {
        let said = run(&app("", "echo ran").mount(bind(host.path(), own, "rw")));
        said.assert_code(1);
        assert!(
            said.stderr.contains("would cover"),
            "{own}: {}",
            said.stderr
        );
    }
}

#[test]
fn privileged_networks_and_ipc_are_shared_only_where_both_say_so() {
    needs!(Root);
    let of_host = |kind: &str| fs::read_link(format!("/proc/self/ns/{kind}")).unwrap();
    let script = "readlink /proc/self/ns/net /proc/self/ns/ipc; readlink /proc/self/ns/pid";
    let by_path = |kind: &str, name: &str| json!({"type": kind, "path": format!("/proc/{}/ns/{name}", std::process::id())});
    // with the machine's, and with those of other containers
    let shared = json!([{"type": "pid"}, {"type": "mount"}, {"type": "uts"}]);
    let joined = json!([{"type": "pid"}, {"type": "mount"}, by_path("network", "net"), by_path("ipc", "ipc")]);
    let [net, ipc, pid] = ["net", "ipc", "pid"].map(|kind| of_host(kind).display().to_string());
    let links = |metadata: &str, namespaces: &Value| {
        let said = run(&app(metadata, script).set("/linux/namespaces", namespaces.clone()));
        said.assert_code(0);
        said.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for namespaces in [shared, joined] {
        let without = links("", &namespaces);
        assert!(without[0] != net && without[1] != ipc && without[2] != pid);
        let with = links("[Context]\nshared=network;ipc;", &namespaces);
        assert!(with[0] == net && with[1] == ipc && with[2] != pid);
    }
    let alone = app("[Context]\nshared=network;", script);
    let alone = run(&alone);
    assert!(!alone.assert_success().contains(&net));
}

#[test]
fn privileged_the_filter_of_the_pod_and_that_of_the_app_both_hold() {
    needs!(Root);
    let profile = json!({
        "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
        "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}],
    });
    let script =
        "mkdir /tmp/x 2>&1 | grep -o 'No space'; unshare -U true 2>&1 | grep -o 'not permitted'
        grep Seccomp_filters /proc/self/status | tr -d '\\t'";
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100").set("/linux/seccomp", profile);
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let further = runtime.run(["exec", &bundle.id, "sh", "-c", script]);
    let wanted = "No space\nnot permitted\nSeccomp_filters:2\n";
    assert_eq!(further.stdout, wanted, "{}", further.stderr);
    runtime.end(&bundle.id);
    let first = app("", script).set("/linux/seccomp", bundle.spec["linux"]["seccomp"].clone());
    assert_eq!(run(&first).stdout, wanted);
}

#[test]
fn privileged_a_further_program_has_no_more_than_the_app() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let show = "grep -E 'Cap|NoNewPrivs|Seccomp' /proc/self/status; echo $PATH $HOME $MORE";
    let of_init = runtime.run([
        "exec",
        &bundle.id,
        "sh",
        "-c",
        "grep -E 'Cap|NoNewPrivs|Seccomp' /proc/1/status; echo /app/bin:/usr/bin /home/app 1",
    ]);
    let process = bundle.path().join("process.json");
    let everything = json!(["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_DAC_OVERRIDE"]);
    let asked = json!({
        "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["sh", "-c", show],
        "env": ["PATH=/evil", "HOME=/", "MORE=1"],
        "capabilities": {"bounding": everything, "effective": everything, "permitted": everything},
    });
    fs::write(&process, asked.to_string()).unwrap();
    let said = runtime.run(["exec", "--process", process.to_str().unwrap(), &bundle.id]);
    assert_eq!(said.assert_success(), of_init.assert_success());
    let words = [
        "exec",
        "--cap",
        "CAP_SYS_ADMIN",
        "--env",
        "MORE=1",
        &bundle.id,
        "sh",
        "-c",
        show,
    ];
    assert_eq!(
        runtime.run(words).assert_success(),
        of_init.stdout.trim_end()
    );
    runtime.end(&bundle.id);
}

#[test]
fn privileged_a_read_only_root_stays_one() {
    needs!(Root);
    let script = "touch ~/x 2>/dev/null || echo closed; touch /tmp/x && echo open";
    let bundle = app("", script)
        .set("/root/readonly", json!(true))
        .mount(json!({"type": "tmpfs", "source": "tmpfs", "destination": "/tmp"}));
    assert_eq!(run(&bundle).assert_success(), "closed\nopen");
}

#[test]
fn privileged_a_runtime_can_come_with_the_pod() {
    needs!(Root);
    let arch = std::env::consts::ARCH;
    let id = "org.flatrack.Test.Brought";
    let brought = tempfile::tempdir().unwrap();
    let bin = brought.path().join("files/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::copy("/bin/busybox", bin.join("busybox")).unwrap();
    for name in ["sh", "cat", "ls", "true"] {
        symlink("busybox", bin.join(name)).unwrap();
    }
    fs::write(brought.path().join("files/mark"), "brought\n").unwrap();
    let metadata = format!("[Runtime]\nname={id}\nruntime={id}/{arch}/1\nsdk={id}/{arch}/1\n");
    fs::write(brought.path().join("metadata"), metadata).unwrap();
    let with = |branch: &str, annotation: &str| {
        let bundle = app("", "cat /usr/mark; ls /volume /run/runtime 2>/dev/null")
            .mount(bind(brought.path(), "/run/runtime", "ro"))
            .set(
                "/annotations",
                json!({"org.flatrack.runtime-mount": annotation}),
            );
        let text = fs::read_to_string(bundle.inside("metadata")).unwrap();
        let text = text.replace(
            &format!("org.flatrack.Host.Platform/{arch}/1"),
            &format!("{id}/{arch}/{branch}"),
        );
        fs::write(bundle.inside("metadata"), text).unwrap();
        run(&bundle)
    };
    assert_eq!(with("1", "/run/runtime").stdout, "brought\n");
    let refused = |said: Outcome, words: &str| {
        said.assert_code(1);
        assert!(said.stderr.contains(words), "{}", said.stderr);
    };
    refused(with("2", "/run/runtime"), "the app wants");
    // a path of the host is no mount of the pod's
    refused(
        with("1", brought.path().to_str().unwrap()),
        "binds nothing there",
    );
    fs::remove_dir_all(brought.path().join("files")).unwrap();
    symlink("/usr", brought.path().join("files")).unwrap();
    refused(with("1", "/run/runtime"), "link");
}

#[test]
fn privileged_of_the_pods_devices_the_app_has_those_that_it_asks_for() {
    needs!(Root);
    let device = |path: &str, minor: u32| json!({"type": "c", "path": path, "major": 1, "minor": minor, "fileMode": 0o666});
    let devices = json!([device("/dev/pod-null", 3), device("/dev/pod-zero", 5)]);
    let script = "for one in null zero; do test -c /dev/pod-$one && echo $one; done
        echo x 2>/dev/null >/dev/pod-null && echo written; head -c 1 /dev/pod-null && echo read";
    let said = |asks: &str| {
        let bundle = app(asks, script).set("/linux/devices", devices.clone());
        run(&bundle)
    };
    assert_eq!(said("").stdout, "");
    assert_eq!(
        said("[X-Devices]\nallow=/dev/pod-null:r").stdout,
        "null\nread\n"
    );
    assert_eq!(
        said("[X-Devices]\nallow=/dev/pod-null:rw").stdout,
        "null\nwritten\nread\n"
    );
    assert_eq!(
        said("[Context]\ndevices=all;").stdout,
        "null\nzero\nwritten\nread\n"
    );
    let none = app(
        "[Context]\ndevices=all;\n[X-Devices]\nallow=/dev/mem:rw",
        "ls /dev/mem /dev/pod-null 2>/dev/null",
    );
    assert_eq!(run(&none).stdout, "");
}
