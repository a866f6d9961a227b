//! Apps in scopes of systemd's, as root and as an ordinary user alike: run as either.

use std::path::Path;
use std::time::{Duration, Instant};

use flatrack_testbed::{Capability, Limit, Testbed, User, needs, systemctl};

use crate::support::{Running, json};

const MIB: u64 = 1 << 20;

/// The units of an app, whatever has become of them.
fn units(id: &str) -> String {
    let pattern = format!("app-flatrack-{id}-*");
    let out = systemctl()
        .args(["list-units", "--all", "--plain", "--no-legend", &pattern])
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

/// systemd forgets a scope a moment after its last process.
#[track_caller]
fn assert_no_units(id: &str) {
    let until = Instant::now() + Duration::from_secs(45);
    loop {
        let left = units(id);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "{left}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn systemd_keeps_a_running_app_and_its_limits_in_a_scope_and_forgets_it() {
    needs!(Systemd);
    let bed = Testbed::new();
    let id = "org.flatrack.Test.Scope";
    let dir = bed.host_build_dir(id).write();
    let limits = ["--memory-max=64M", "--pids-max=20"];
    let running = Running::marked(&bed, &limits, word(&dir), "60.71");
    assert_eq!(Limit::Memory.of("60.71"), Some(64 * MIB));
    assert_eq!(Limit::Pids.of("60.71"), Some(20));
    assert!(
        units(id).contains(".scope loaded active running"),
        "{}",
        units(id)
    );

    bed.flatrack(["update", id, "--memory-max=80M"])
        .assert_success();
    assert_eq!(Limit::Memory.of("60.71"), Some(80 * MIB));
    let stats = json(&bed.flatrack(["stats", "--json", id])).to_string();
    assert!(stats.contains(&(80 * MIB).to_string()), "{stats}");
    assert!(bed.flatrack(["ps"]).assert_success().contains(id));
    bed.flatrack(["exec", id, "sh", "-c", "exit 7"])
        .assert_code(7);

    bed.flatrack(["kill", id]).assert_success();
    running.end().assert_code(137);
    assert_no_units(id);
}

#[test]
fn systemd_keeps_no_failed_scope_of_an_app_that_took_too_much_memory() {
    needs!(Systemd);
    let bed = Testbed::new();
    let id = "org.flatrack.Test.ScopeHog";
    let dir = bed.host_build_dir(id).script("exec tail /dev/zero").write();
    let said = bed.flatrack(["run", "--memory-max=32M", word(&dir)]);
    said.assert_code(137);
    assert!(said.stderr.contains("32M"), "{}", said.stderr);
    assert_no_units(id);
}

#[test]
fn a_user_without_a_service_manager_is_refused_limits_with_a_hint() {
    needs!(Root, Systemd, UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let dir = bed.host_build_dir("org.flatrack.Test.NoManager").write();
    let said = bed.flatrack(["run", "--memory-max=64M", word(&dir)]);
    said.assert_code(125);
    assert!(
        said.stderr.contains("cannot be enforced") && said.stderr.contains("hint: "),
        "{}",
        said.stderr
    );
    // one that asks for no limit needs no cgroup
    bed.flatrack(["run", word(&dir)]).assert_success();
}

#[test]
fn doctor_says_who_makes_cgroups_and_why() {
    let bed = Testbed::new();
    let report = json(&bed.flatrack(["doctor", "--json"]));
    let checks = report["checks"].as_array().unwrap();
    let detail = checks
        .iter()
        .find(|check| check["name"] == "cgroups")
        .unwrap()["detail"]
        .as_str()
        .unwrap();
    let expected = match Capability::Systemd.probe() {
        Ok(()) => "systemd",
        Err(_) => "cgroupfs, because ",
    };
    assert!(detail.starts_with(expected), "{detail}");
}

/// A service that is there as long as the test is.
struct Service {
    file: std::path::PathBuf,
    name: &'static str,
}

impl Service {
    fn of(name: &'static str, text: &str) -> Self {
        let place = match flatrack_testbed::as_root() {
            true => "/run/systemd/system".into(),
            false => Path::new(&std::env::var("XDG_RUNTIME_DIR").unwrap()).join("systemd/user"),
        };
        std::fs::create_dir_all(&place).unwrap();
        let file = place.join(name);
        std::fs::write(&file, text).unwrap();
        let service = Self { file, name };
        assert!(service.systemctl(&["daemon-reload"]));
        service
    }

    fn systemctl(&self, words: &[&str]) -> bool {
        systemctl().args(words).status().unwrap().success()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.systemctl(&["stop", self.name]);
        drop(std::fs::remove_file(&self.file));
        self.systemctl(&["daemon-reload"]);
    }
}

#[test]
fn systemd_runs_the_service_that_is_generated_for_an_app() {
    needs!(Systemd);
    let bed = Testbed::new();
    let mark = bed.write("marks/said", "");
    let script = format!("printf '%s\\n' \"$@\" >{}; sleep 60.73", word(&mark));
    let dir = bed
        .host_build_dir("org.flatrack.Test.Service")
        .script(&script)
        .write();
    let shown = format!("--filesystem={}", word(mark.parent().unwrap()));
    let args = ["a b", "50% of $HOME"];
    let words = [
        "generate",
        "systemd",
        &shown,
        "--memory-max=48M",
        word(&dir),
    ];
    let unit = bed.flatrack(words.into_iter().chain(args));
    let service = Service::of("flatrack-test-generated.service", unit.assert_success());
    assert!(service.systemctl(&["start", service.name]));
    let until = Instant::now() + Duration::from_secs(30);
    let said = || std::fs::read_to_string(&mark).unwrap();
    while said().is_empty() {
        assert!(Instant::now() < until, "the service does not speak");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(said(), "a b\n50% of $HOME\n");
    assert_eq!(Limit::Memory.of("60.73"), Some(48 * MIB));
    assert!(service.systemctl(&["stop", service.name]));
    assert_no_units("org.flatrack.Test.Service");
}
