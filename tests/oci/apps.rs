//! Flatpak images under the OCI runtime's door: the app's sandbox, inside of what the engine's document gives.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use flatrack_testbed::{Outcome, needs};
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::runtime::{Runtime, until};

const APP: &str = "org.flatrack.Test.Pod";

/// The bundle of an engine that has unpacked an image of an app: its command is the script.
fn app(metadata: &str, script: &str) -> Bundle {
    let bundle = Bundle::new("");
    fs::remove_dir_all(bundle.inside("")).unwrap();
    let bin = bundle.inside("files/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir(bundle.inside("export")).unwrap();
    let arch = std::env::consts::ARCH;
    let head = format!(
        "[Application]\nname={APP}\nruntime=org.flatrack.Host.Platform/{arch}/1\ncommand=main\n"
    );
    fs::write(bundle.inside("metadata"), format!("{head}{metadata}\n")).unwrap();
    fs::write(bin.join("main"), format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(bin.join("main"), PermissionsExt::from_mode(0o755)).unwrap();
    bundle.set("/process/args", json!([APP]))
}

fn run(bundle: &Bundle) -> Outcome {
    Runtime::ours().run_bundle(bundle)
}

/// A directory of the host's, with a file in it.
fn host_directory() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o777)).unwrap();
    fs::write(dir.path().join("secret"), "of the host\n").unwrap();
    dir
}

fn bind(source: &Path, destination: &str, access: &str) -> Value {
    json!({"type": "bind", "source": source, "destination": destination, "options": ["rbind", access]})
}

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
fn privileged_of_two_limits_the_tighter_one_counts() {
    needs!(Root, MemoryLimit);
    let runtime = Runtime::ours();
    let limit = |image: &str, pod: Value| {
        let bundle = app(&format!("[X-Resources]\n{image}"), "").set("/linux/resources", pod);
        runtime.create(&bundle).assert_code(0);
        let events = runtime.run(["events", "--stats", &bundle.id]);
        let events: Value = serde_json::from_str(events.assert_success()).unwrap();
        runtime.end(&bundle.id);
        let limit = |pointer: &str| events.pointer(pointer).and_then(Value::as_u64);
        (limit("/data/memory/usage/limit"), limit("/data/pids/limit"))
    };
    let memory =
        |megabytes: u64| json!({"memory": {"limit": megabytes << 20}, "pids": {"limit": 40}});
    let is = |megabytes: u64, pids: u64| (Some(megabytes << 20), Some(pids));
    assert_eq!(limit("memory-max=32M\npids-max=50", memory(64)), is(32, 40));
    assert_eq!(
        limit("memory-max=128M\npids-max=30", memory(64)),
        is(64, 30)
    );
    assert_eq!(limit("memory-max=16M\npids-max=20", json!({})), is(16, 20));
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
fn privileged_nothing_is_left_of_an_apps_container() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100");
    let made = bundle.path().join("flatrack");
    runtime.create(&bundle).assert_code(0);
    assert!(made.join("files/init").exists());
    runtime.run(["kill", &bundle.id, "KILL"]).assert_code(0);
    runtime.until(&bundle.id, "stopped");
    runtime.run(["delete", &bundle.id]).assert_code(0);
    assert!(!made.exists());
    run(&app("", "true")).assert_code(0);
    // refused after its files were made
    let wrong = app("", "true").mount(bind(Path::new("/no/such"), "/data", "ro"));
    runtime.create(&wrong).assert_code(1);
    assert!(!wrong.path().join("flatrack").exists());
    // what an earlier one left behind is in nobody's way
    let again = app("", "echo again");
    fs::create_dir_all(again.path().join("flatrack/files")).unwrap();
    assert_eq!(run(&again).assert_success(), "again");
}

#[test]
fn privileged_annotations_widen_nothing_and_name_the_app_that_is_meant() {
    needs!(Root);
    let said =
        |annotations: Value, script: &str| run(&app("", script).set("/annotations", annotations));
    let other = said(json!({"org.flatrack.app": "org.example.Other"}), "echo ran");
    other.assert_code(1);
    assert!(
        other.stderr.contains("org.example.Other"),
        "{}",
        other.stderr
    );
    let rules = json!({"org.flatrack.landlock": "{\"abi\":2,\"files\":[{\"path\":\"/\",\"access\":\"change\"}]}", "org.flatrack.app": APP});
    let script = "touch /usr/x /app/x /x 2>/dev/null; ls /x /app/x 2>/dev/null; echo ran";
    let plain = said(json!({}), script);
    assert_eq!(said(rules, script).assert_success(), plain.assert_success());
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
fn privileged_other_images_run_as_they_always_did() {
    needs!(Root);
    let plain = Bundle::new("cat /metadata; ls /files");
    fs::create_dir(plain.inside("files")).unwrap();
    fs::write(plain.inside("metadata"), "not of an app\n").unwrap();
    assert_eq!(run(&plain).assert_success(), "not of an app");
    // links of an image are not followed to find out what it is
    for (link, target) in [("files", "/"), ("metadata", "/etc/passwd")] {
        let bundle = app("", "echo ran");
        let place = bundle.inside(link);
        match place.is_dir() {
            true => fs::remove_dir_all(&place).unwrap(),
            false => fs::remove_file(&place).unwrap(),
        }
        symlink(target, &place).unwrap();
        let said = run(&bundle);
        assert!(
            said.code != 0 && !said.stdout.contains("ran"),
            "{link}: {said:?}"
        );
    }
}

#[test]
fn privileged_a_signal_reaches_the_app_and_its_exit_is_told() {
    needs!(Root);
    let runtime = Runtime::ours();
    let ready = host_directory();
    let script = "trap 'echo bye >/data/bye; exit 9' TERM; touch /data/ready; while true; do sleep 0.1; done";
    let bundle = app("", script).mount(bind(ready.path(), "/data", "rw"));
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    until(|| ready.path().join("ready").exists(), "the app");
    runtime.run(["kill", &bundle.id, "TERM"]).assert_code(0);
    runtime.until(&bundle.id, "stopped");
    assert!(ready.path().join("bye").exists());
    runtime.run(["delete", &bundle.id]).assert_code(0);
}

#[test]
fn privileged_an_image_does_not_choose_to_be_unconfined() {
    needs!(Root);
    let said = run(&app("[X-AppArmor]\nprofile=unconfined", "echo ran"));
    said.assert_code(1);
    assert!(said.stderr.contains("cannot ask for"), "{}", said.stderr);
}

/// A profile of the site's, loaded for as long as this is there.
struct Loaded(String);

impl Loaded {
    fn new(name: &str, rules: &str) -> Self {
        let loaded = Self(format!("profile {name} {{\n{rules}\n}}\n"));
        loaded.parser("--replace");
        loaded
    }

    fn parser(&self, what: &str) {
        use std::io::Write as _;
        let mut parser = std::process::Command::new("/usr/sbin/apparmor_parser")
            .args([what, "--skip-cache"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let text = self.0.as_bytes();
        parser.stdin.take().unwrap().write_all(text).unwrap();
        assert!(parser.wait().unwrap().success());
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        self.parser("--remove");
    }
}

#[test]
fn apparmor_profiles_of_the_pod_and_of_the_app_both_hold() {
    needs!(Root, AppArmor);
    let site = "flatrack-test-pod-site";
    let rules = "file,\nunix,\nsignal,\nptrace,\ndeny /data/theirs rw,";
    let _loaded = Loaded::new(site, rules);
    let host = host_directory();
    fs::write(host.path().join("theirs"), "").unwrap();
    let script = "cat /proc/self/attr/current; cat /data/secret
        cat /data/theirs 2>&1 | grep -o denied";
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100")
        .mount(bind(host.path(), "/data", "rw"))
        .set("/process/apparmorProfile", json!(site));
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let name = format!("flatrack.{APP}+pod.{}", bundle.id);
    let is_loaded = || {
        let all = fs::read_to_string("/sys/kernel/security/apparmor/profiles").unwrap();
        all.contains(&name)
    };
    assert!(is_loaded());
    // by a pipe, as engines do it: a file of the host's is nothing that the profile knows
    let said = runtime.command(["exec", &bundle.id, "sh", "-c", script]);
    let said = String::from_utf8({ said }.output().unwrap().stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].contains(site) && lines[0].contains(&name),
        "{said:?}"
    );
    assert_eq!(lines[1..], ["of the host", "denied"], "{said:?}");
    runtime.end(&bundle.id);
    assert!(!is_loaded(), "the profile of a container that is gone");
    // an engine that wants no profile does not take the app's away
    let alone =
        app("", "cat /proc/self/attr/current").set("/process/apparmorProfile", json!("unconfined"));
    assert!(run(&alone).stdout.contains(&format!("flatrack.{APP}+pod.")));
}

#[test]
fn privileged_an_image_takes_no_better_place_than_the_pod_has() {
    needs!(Root);
    let asks = "[X-Resources]\nnice=-10\noom-score-adj=-900\nnofile=500000";
    let script = "nice; cat /proc/self/oom_score_adj; ulimit -n";
    let plain = run(&app("", script));
    assert_eq!(
        run(&app(asks, script)).stdout,
        plain.assert_success().to_owned() + "\n"
    );
    let modest = run(&app(
        "[X-Resources]\nnice=5\noom-score-adj=700\nnofile=64",
        script,
    ));
    assert_eq!(modest.assert_success(), "5\n700\n64");
    let placed =
        app("[X-Resources]\noom-score-adj=100", script).set("/process/oomScoreAdj", json!(300));
    assert!(run(&placed).assert_success().contains("\n300\n"));
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

/// flatrack-oci on a node with a policy.
fn under(policy: &str) -> (Runtime, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let etc = dir.path().join("etc");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg("/etc")
        .arg(&etc)
        .status();
    assert!(copied.unwrap().success());
    let rules = etc.join("flatrack/policy.d");
    fs::create_dir_all(&rules).unwrap();
    fs::write(rules.join("test.toml"), policy).unwrap();
    let program = dir.path().join("flatrack-oci");
    let script = format!(
        "#!/bin/sh\nexec unshare --mount --propagation private sh -c 'mount --bind {} /etc && exec {} \"$@\"' - \"$@\"\n",
        etc.display(),
        crate::runtime::binary().display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    (Runtime::of(program), dir)
}

fn memory_limit(runtime: &Runtime, id: &str) -> u64 {
    let events = runtime.run(["events", "--stats", id]);
    let events: Value = serde_json::from_str(events.assert_success()).unwrap();
    events["data"]["memory"]["usage"]["limit"].as_u64().unwrap() >> 20
}

#[test]
fn privileged_the_nodes_policy_is_above_the_pod() {
    needs!(Root, MemoryLimit);
    let policy = format!(
        "[[app]]\nid = '{APP}'\ndeny = ['shared=network']\n[app.limits]\nmemory-max = '48M'\n"
    );
    let (runtime, _node) = under(&policy);
    let shared = json!([{"type": "pid"}, {"type": "mount"}]);
    let bundle = app("[Context]\nshared=network;", "sleep 100")
        .set("/linux/namespaces", shared)
        .set("/linux/resources", json!({"memory": {"limit": 64 << 20}}));
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    assert_eq!(memory_limit(&runtime, &bundle.id), 48);
    let net = runtime.run(["exec", &bundle.id, "readlink", "/proc/self/ns/net"]);
    let of_host = fs::read_link("/proc/self/ns/net").unwrap();
    assert_ne!(Path::new(net.assert_success()), of_host);
    // a change does not go above it either, and what is not named stays
    for (option, left) in [
        ("--memory=40m", 40),
        ("--pids-limit=50", 40),
        ("--memory=1g", 48),
        ("--memory=-1", 48),
    ] {
        runtime.run(["update", option, &bundle.id]).assert_code(0);
        assert_eq!(memory_limit(&runtime, &bundle.id), left, "{option}");
    }
    runtime.end(&bundle.id);
    let strict = format!("[[app]]\nid = '{APP}'\ndeny = ['sockets=x11']\non-excess = 'refuse'\n");
    let (runtime, _node) = under(&strict);
    let asking = |sockets: &str| app(&format!("[Context]\nsockets={sockets};"), "echo ran");
    assert_eq!(runtime.run_bundle(&asking("pulseaudio")).stdout, "ran\n");
    runtime.run_bundle(&asking("x11")).assert_code(1);
    let (runtime, _node) = under("[[app]]\nid = '*'\norigins = ['flathub']\n");
    let refused = runtime.create(&app("", "true"));
    refused.assert_code(1);
    assert!(refused.stderr.contains("policy"), "{}", refused.stderr);
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

#[test]
fn privileged_a_name_that_is_taken_touches_nothing_of_the_one_that_has_it() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let label = || {
        fs::read_to_string(format!(
            "/proc/{}/attr/current",
            runtime.state(&bundle.id)["pid"]
        ))
        .unwrap_or_default()
    };
    let (before, files) = (label(), bundle.path().join("flatrack/files/init"));
    let again = runtime.create(&bundle);
    assert!(again.stderr.contains("already exists"), "{}", again.stderr);
    assert!(files.exists());
    assert_eq!(label(), before);
    runtime.end(&bundle.id);
}

#[test]
fn privileged_a_home_that_an_image_names_is_not_looked_into() {
    needs!(Root);
    let home = host_directory();
    let overrides = home.path().join(".config/flatrack/overrides");
    fs::create_dir_all(&overrides).unwrap();
    fs::write(overrides.join(APP), "[Environment]\nTOKEN=of-a-person\n").unwrap();
    let env = json!([format!("HOME={}", home.path().display())]);
    let bundle = app("", "echo token $TOKEN; ls ~").set("/process/env", env);
    assert_eq!(run(&bundle).assert_success(), "token");
}

#[test]
fn privileged_an_image_does_not_pass_for_an_app_by_an_annotation() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("sleep 100").set(
        "/annotations",
        json!({"org.flatrack.pod": "app", "org.flatrack.app": APP}),
    );
    fs::create_dir(bundle.path().join("flatrack")).unwrap();
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let process = bundle.path().join("process.json");
    let none = json!({"user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"], "args": ["grep", "CapEff", "/proc/self/status"], "noNewPrivileges": true});
    fs::write(&process, none.to_string()).unwrap();
    let said = runtime.run(["exec", "--process", process.to_str().unwrap(), &bundle.id]);
    assert!(
        said.assert_success().ends_with("0000000000000000"),
        "{said:?}"
    );
    runtime.end(&bundle.id);
    assert!(bundle.path().join("flatrack").exists());
}
