//! The node's policy: what its files take away, and what `flatrack policy` says of them.

use std::path::PathBuf;
use std::process::Command;

use flatrack_testbed::{Bus, Outcome, Testbed, User, needs};

use crate::support::{Running, json};

const ID: &str = "org.flatrack.Test.Policy";

/// A machine of one's own: these files are in `/etc/flatrack/policy.d`, and the kernel looks like one without AppArmor,
/// for one command.
struct Node<'b> {
    bed: &'b Testbed,
    files: Vec<(&'static str, String)>,
    has_apparmor: bool,
}

impl<'b> Node<'b> {
    fn new(bed: &'b Testbed) -> Self {
        Self {
            bed,
            files: Vec::new(),
            has_apparmor: false,
        }
    }

    /// With the kernel's own AppArmor.
    fn with_apparmor(mut self) -> Self {
        self.has_apparmor = true;
        self
    }

    /// A file of the administrator's.
    fn file(mut self, name: &'static str, text: &str) -> Self {
        self.files.push((name, text.to_owned()));
        self
    }

    #[track_caller]
    fn flatrack(&self, args: &[&str]) -> Outcome {
        self.run(&self.bed.flatrack_command(args))
    }

    #[track_caller]
    fn run(&self, command: &Command) -> Outcome {
        self.command(command).output().unwrap().into()
    }

    fn command(&self, command: &Command) -> Command {
        let etc = self.bed.root().join("etc");
        let script = "set -e; top=$1; shift; [ -d \"$top\" ] || cp -a /etc \"$top\"; mkdir -p \"$top/flatrack/policy.d\"; \
             rm -f \"$top\"/flatrack/policy.d/*; mount --bind \"$top\" /etc; \
             [ ! -d \"$HIDDEN\" ] || mount -t tmpfs none \"$HIDDEN\"; unset HIDDEN; \
             while [ \"$1\" != -- ]; do printf %s \"$2\" >/etc/flatrack/policy.d/$1; shift 2; done; shift; exec \"$@\"";
        let mut wrapped = Command::new("unshare");
        wrapped.args(["-m", "--propagation=private", "sh", "-c", script, "sh"]);
        wrapped.arg(etc);
        for (name, text) in &self.files {
            wrapped.args([name, text.as_str()]);
        }
        wrapped
            .arg("--")
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear();
        wrapped.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        if !self.has_apparmor {
            wrapped.env("HIDDEN", "/sys/module/apparmor");
        }
        wrapped
    }
}

/// An app that asks for a little of everything.
fn app(bed: &Testbed) -> String {
    bed.write("home/shared/note", "");
    let dir: PathBuf = bed
        .host_build_dir(ID)
        .lines("[Context]\nshared=network;ipc;\nfilesystems=~/shared;\n[X-Resources]\nmemory-max=128M\npids-max=20\n")
        .script("readlink /proc/self/ns/net; touch $HOME/shared/x 2>/dev/null && echo wrote; true")
        .write();
    dir.display().to_string()
}

const STRICT: &str = "[[app]]\nid = \"org.flatrack.*\"\ndeny = [\"shared=network\"]\nfilesystem = \"ro\"\n\
    [app.limits]\nmemory-max = \"64M\"\n";

#[test]
fn what_a_file_takes_away_is_told_before_it_is_deployed_and_gone_afterwards() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let tried = bed.write("home/site.toml", STRICT).display().to_string();
    let said = Node::new(&bed).flatrack(&["policy", "test", "--json", "--file", &tried, &app]);
    let trial = &json(&said)[0];
    assert_eq!(trial["now"]["verdict"], "allowed");
    assert_eq!(trial["then"]["verdict"], "allowed");
    let mut changes: Vec<(&str, Option<&str>, u64)> = trial["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (
                change["now"].as_str().unwrap(),
                change["then"].as_str(),
                change["by"]["line"].as_u64().unwrap(),
            )
        })
        .collect();
    changes.sort_unstable();
    let expected = [
        ("filesystems=~/shared", Some("filesystems=~/shared:ro"), 4),
        ("memory-max=128M", Some("memory-max=64M"), 6),
        ("shared=network", None, 3),
    ];
    assert_eq!(changes, expected);

    // deployed, the same holds for a run
    let host = std::fs::read_link("/proc/self/ns/net").unwrap();
    let host = host.to_str().unwrap();
    let without = Node::new(&bed).flatrack(&["run", &app]);
    assert!(without.assert_success().contains(host) && without.stdout.contains("wrote"));
    let node = Node::new(&bed).file("site.toml", STRICT);
    let said = node.flatrack(&["run", &app]);
    assert!(!said.assert_success().contains(host));
    assert!(!said.stdout.contains("wrote"), "{}", said.stdout);
    assert!(said.stderr.contains("site.toml:3"), "{}", said.stderr);
    // and nothing is left to be changed
    let said = node.flatrack(&["policy", "test", "--file", &tried, &app]);
    assert!(said.assert_success().contains("nothing changes"));
}

#[test]
fn an_app_that_would_be_refused_is_told_with_the_exit_code_of_its_start() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let text = format!("{STRICT}[[app]]\nid = \"*\"\non-excess = \"refuse\"\n");
    let tried = bed.write("home/site.toml", &text).display().to_string();
    let node = Node::new(&bed);
    let said = node.flatrack(&["policy", "test", "--file", &tried, &app]);
    said.assert_code(125);
    for words in ["would be refused", "`shared=network`", "site.toml:3"] {
        assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
    }
    let said = Node::new(&bed)
        .file("site.toml", &text)
        .flatrack(&["run", &app]);
    said.assert_refused(&["`shared=network`", "site.toml:3"]);
    // one that replaces it and says less mends that
    let tried = bed.write("home/site.toml", STRICT).display().to_string();
    let node = Node::new(&bed).file("site.toml", &text);
    let said = node.flatrack(&["policy", "test", "--file", &tried, &app]);
    assert!(said.assert_success().contains("would no longer be refused"));
}

#[test]
fn a_bad_file_is_shown_with_its_place_and_keeps_every_app_from_starting() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let bad = STRICT.replace("memory-max", "memroy-max");
    let bad = format!("{bad}[[app]]\nid = \"x\"\n");
    let file = bed.write("home/bad.toml", &bad).display().to_string();
    let good = bed.write("home/good.toml", STRICT).display().to_string();
    let node = Node::new(&bed);
    let said = node.flatrack(&["policy", "check", &good, &file]);
    said.assert_code(125);
    assert!(said.stdout.contains("good.toml: 1 rule"), "{}", said.stdout);
    // each rule that is wrong is told of
    for words in [
        "bad.toml:6:1",
        "^^^^^^^^^^",
        "did you mean `memory-max`",
        "bad.toml:8:7",
    ] {
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
    node.flatrack(&["policy", "check", &good]).assert_success();
    let said = node.flatrack(&["policy", "check", "--json", &file]);
    assert!(said.stdout.contains("bad.toml:6:1"), "{}", said.stdout);
    said.assert_code(125);
    let node = Node::new(&bed).file("bad.toml", &bad);
    node.flatrack(&["run", &app])
        .assert_refused(&["bad.toml:6:1"]);
}

#[test]
fn ceilings_that_cannot_both_hold_are_found_where_their_patterns_meet() {
    let bed = Testbed::new();
    let rule = |name: &str, apps: &str, cpus: &str| {
        let text = format!("[[app]]\nid = \"{apps}\"\n[app.limits]\ncpuset = \"{cpus}\"\n");
        let path = bed.write(format!("home/{name}.toml"), text);
        path.display().to_string()
    };
    let wide = rule("wide", "org.a.*", "0");
    let narrow = rule("narrow", "org.a.b.*", "1");
    let beside = rule("beside", "org.ab.*", "1");
    bed.flatrack(["policy", "check", &wide, &beside])
        .assert_success();
    let said = bed.flatrack(["policy", "check", &wide, &narrow]);
    said.assert_code(125);
    assert!(said.stderr.contains("cannot both hold"), "{}", said.stderr);
}

#[test]
fn every_rule_is_shown_by_file_and_what_they_leave_one_app() {
    needs!(Root);
    let bed = Testbed::new();
    let node = Node::new(&bed)
        .file("20-site.toml", STRICT)
        .file(
            "10-all.toml",
            "[[app]]\nid = \"*\"\n[app.limits]\nmemory-max = \"1G\"\npids-max = 9\n",
        )
        .file("ignored.conf", "nonsense");
    let said = node.flatrack(&["policy", "show"]);
    let text = said.assert_success();
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words}: {text}"))
    };
    assert!(at("10-all.toml") < at("20-site.toml"), "{text}");
    assert!(text.contains("org.flatrack.*") && !text.contains("ignored"));
    let rows = json(&node.flatrack(&["policy", "show", "--json"]));
    assert_eq!(rows[1]["rules"][0]["bounds"][0]["key"], "deny");
    let bounds = json(&node.flatrack(&["policy", "show", "--json", ID]));
    let bounds: Vec<String> = bounds
        .as_array()
        .unwrap()
        .iter()
        .map(|bound| format!("{}={}", bound["key"], bound["value"]).replace('"', ""))
        .collect();
    let expected = [
        "deny=shared=network",
        "filesystem=ro",
        "limits.memory-max=64M",
        "limits.pids-max=9",
    ];
    assert_eq!(bounds, expected);
    let other = json(&node.flatrack(&["policy", "show", "--json", "com.example.Other"]));
    assert_eq!(other.as_array().unwrap().len(), 2);
}

#[test]
fn an_app_gets_the_ports_that_both_it_and_the_policy_list() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let rights = |options: &[&str], text: &str| {
        let mut words = vec!["permissions"];
        words.extend(options);
        words.push(&app);
        let said = Node::new(&bed).file("net.toml", text).flatrack(&words);
        let lines = said.assert_success().lines();
        let lines = lines.filter(|line| line.contains("network") || line.contains(":"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let web = "[[app]]\nid = \"*\"\nconnect = [\"tcp:80\", \"tcp:443\"]\n";
    let whole = rights(&[], web);
    assert_eq!(
        whole,
        ["shared=network", "connect=tcp:80", "connect=tcp:443"]
    );
    let both = rights(&["--allow-connect=tcp:400-500", "--allow-bind=tcp:9"], web);
    assert_eq!(both, ["shared=network", "connect=tcp:443"]);
    // no port in common is no network, and not the whole of it
    let none = "[[app]]\nid = \"*\"\nconnect = [\"tcp:80\"]\n";
    assert!(rights(&["--allow-connect=tcp:443"], none).is_empty());
    let host = std::fs::read_link("/proc/self/ns/net").unwrap();
    let node = Node::new(&bed).file("net.toml", none);
    let said = node.flatrack(&["run", "--allow-connect=tcp:443", &app]);
    assert!(!said.assert_success().contains(host.to_str().unwrap()));
}

#[test]
fn a_name_that_the_policy_forbids_is_out_of_reach_whatever_the_app_was_granted() {
    needs!(Bus, Root);
    const NAME: &str = "org.flatrack.test.Talk";
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(NAME);
    let dir = bed.host_build_dir(ID).write().display().to_string();
    let call = format!(
        "dbus-send --session --print-reply --reply-timeout=5000 --dest={NAME} /x org.x.Y.Z"
    );
    let forbidden = format!("[[app]]\nid = \"*\"\n[app.session-bus]\n\"{NAME}\" = \"none\"\n");
    for grant in [
        format!("--talk-name={NAME}"),
        "--talk-name=org.flatrack.test.*".to_owned(),
        "--socket=session-bus".to_owned(),
    ] {
        // another name, so that there is a bus in any case
        let words = [
            "run",
            &grant,
            "--talk-name=org.other.Name",
            "--command=sh",
            &dir,
            "-c",
            &call,
        ];
        let command = bus.flatrack_command(words);
        let without = Node::new(&bed).run(&command);
        assert!(
            without.assert_success().starts_with("method return"),
            "{grant}"
        );
        let with = Node::new(&bed).file("bus.toml", &forbidden).run(&command);
        assert_ne!(with.code, 0, "{grant}");
        for words in ["bus.toml:4", "ServiceUnknown"] {
            assert!(
                with.stderr.contains(words),
                "{grant}: {words}: {}",
                with.stderr
            );
        }
    }
}

#[test]
fn a_default_holds_until_somebody_asks() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let text = "[[app]]\nid = \"*\"\n[app.default-limits]\nnofile = 77\npids-max = 5\n";
    let node = Node::new(&bed).file("defaults.toml", text);
    let rights = |options: &[&str]| {
        let mut words = vec!["run", "--command=sh"];
        words.extend(options);
        words.extend([app.as_str(), "-c", "ulimit -Hn"]);
        node.flatrack(&words).assert_success().to_owned()
    };
    assert_eq!(rights(&[]), "77");
    assert_eq!(rights(&["--nofile=99"]), "99");
    let said = node.flatrack(&["permissions", &app]);
    assert!(
        said.assert_success().contains("pids-max=20"),
        "{}",
        said.stdout
    );
}

#[test]
fn a_ceiling_does_not_raise_what_an_app_inherits() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let text = "[[app]]\nid = \"*\"\n[app.limits]\nnofile = \"400:500\"\nstack = \"infinity\"\n";
    let node = Node::new(&bed).file("limits.toml", text);
    let limit = |callers: &str, options: &[&str]| {
        let mut words = vec!["run", "--command=sh"];
        words.extend(options);
        words.extend([app.as_str(), "-c", "echo $(ulimit -Sn):$(ulimit -Hn)"]);
        let flatrack = bed.flatrack_command(words);
        let line = format!("{callers}; exec \"$@\"");
        let mut wrapped = bed.command("sh", ["-c", &line, "sh"]);
        wrapped
            .arg(flatrack.get_program())
            .args(flatrack.get_args());
        node.run(&wrapped).assert_success().to_owned()
    };
    assert_eq!(limit("ulimit -n 300", &[]), "300:300");
    assert_eq!(limit("ulimit -Sn 300", &[]), "300:500");
    // what somebody asks for is another matter
    assert_eq!(limit("ulimit -Sn 300", &["--nofile=450"]), "400:450");
}

#[test]
fn every_installed_app_is_tried_when_none_is_named() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Tried";
    bed.app(id).finish_arg("--share=network").install();
    let tried = bed.write("home/site.toml", STRICT).display().to_string();
    let trials = json(&bed.flatrack(["policy", "test", "--json", "--file", &tried]));
    let trials = trials.as_array().unwrap();
    let find = |id: &str| trials.iter().find(|trial| trial["app"] == id).unwrap();
    assert_eq!(find(id)["changes"][0]["now"], "shared=network");
    assert_eq!(find(flatrack_testbed::HELLO)["then"]["verdict"], "allowed");
    let only = json(&bed.flatrack(["policy", "test", "--json", "--file", &tried, id]));
    assert_eq!(only.as_array().unwrap().len(), 1);
}

#[test]
fn only_listed_runtimes_and_origins_start() {
    needs!(StockFlatpak, Root);
    let bed = Testbed::new().with_flatpak();
    let hello = flatrack_testbed::HELLO;
    let rule = |line: &str| format!("[[app]]\nid = \"*\"\n{line}\n");
    let node = |line: &str| Node::new(&bed).file("from.toml", &rule(line));
    for line in [
        "runtimes = [\"org.flatrack.*\"]",
        "origins = [\"*\"]",
        "runtimes = [\"org.gnome.*\", \"*//1\"]",
    ] {
        node(line).flatrack(&["run", hello]).assert_success();
    }
    let platform = flatrack_testbed::PLATFORM;
    let other = node("runtimes = [\"org.gnome.*\"]");
    other.flatrack(&["run", hello]).assert_refused(&[
        "the runtime",
        platform,
        "from.toml:3",
        "hint",
    ]);
    let other = node("origins = [\"flathub\"]");
    other.flatrack(&["run", hello]).assert_refused(&[
        hello,
        "in an installation of the system",
        "from.toml:3",
    ]);
    // what the caller brings along is no runtime, and comes from nowhere
    let usr = "--usr-path=/usr";
    node("runtimes = [\"*\"]")
        .flatrack(&["run", usr, hello])
        .assert_refused(&["a directory as the runtime"]);
    node("origins = [\"*\"]")
        .flatrack(&["run", "--app-path=/usr", hello])
        .assert_refused(&["--app-path"]);
    let dir = bed.host_build_dir(ID).write().display().to_string();
    node("origins = [\"*\"]")
        .flatrack(&["run", &dir])
        .assert_refused(&[ID, "a directory of the caller's"]);
    node("origins = [\"dir:*\"]")
        .flatrack(&["run", &dir])
        .assert_success();
    // the same for what is tried
    let tried = bed.write("home/from.toml", rule("origins = []"));
    let tried = tried.display().to_string();
    let said = Node::new(&bed).flatrack(&["policy", "test", "--file", &tried, hello]);
    said.assert_code(125);
    assert!(said.stdout.contains("would be refused"), "{}", said.stdout);
}

/// Whoever starts an app chooses the variables that say where installations are.
#[test]
fn a_users_directory_does_not_pass_for_an_installation_of_the_system() {
    needs!(StockFlatpak, Root);
    let bed = Testbed::new().with_flatpak();
    let copy = bed.home().join("installation");
    bed.run(
        "cp",
        ["-a".as_ref(), bed.system_installation(), copy.as_ref()],
    )
    .assert_success();
    let line = "[[app]]\nid = \"*\"\norigins = [\"testbed\"]\n";
    let run = || {
        let mut command = bed.flatrack_command(["run", flatrack_testbed::HELLO]);
        command.env("FLATPAK_SYSTEM_DIR", &copy);
        Node::new(&bed).file("from.toml", line).run(&command)
    };
    run().assert_success();
    bed.run("chown", ["-R", "12345", copy.to_str().unwrap()])
        .assert_success();
    run().assert_refused(&["from `testbed` in the user's installation", "from.toml:3"]);
}

#[test]
fn a_profile_that_cannot_be_had_refuses_the_start_unless_the_policy_lets_it_go() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let strict =
        "[[app]]\nid = \"*\"\n[app.apparmor]\nprofile = \"generated\"\nstack = [\"site\"]\n";
    let gentle = format!("{strict}if-unavailable = \"degrade\"\n");
    let node = Node::new(&bed).file("aa.toml", strict);
    node.flatrack(&["run", &app])
        .assert_refused(&["AppArmor", "aa.toml:"]);
    let doctor = |node: &Node<'_>| {
        let report = json(&node.flatrack(&["doctor", "--json"]));
        let checks = report["checks"].as_array().unwrap().clone();
        let find = |name: &str| {
            let check = checks.iter().find(|check| check["name"] == name);
            let check = check.unwrap_or_else(|| panic!("{name}: {report}"));
            (check["verdict"].clone(), check["why"].to_string())
        };
        [find("node policy"), find("AppArmor of *")]
    };
    let [whole, profiles] = doctor(&node);
    assert_eq!((whole.0, profiles.0), ("enforced".into(), "refused".into()));

    let node = Node::new(&bed).file("aa.toml", &gentle);
    let said = node.flatrack(&["run", &app]);
    said.assert_success();
    for words in ["degraded", "no AppArmor", "aa.toml:"] {
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
    let said = node.flatrack(&["explain", &app]);
    assert!(
        said.assert_success().contains("degraded: none"),
        "{}",
        said.stdout
    );
    let [_, (verdict, why)] = doctor(&node);
    assert_eq!(verdict, "degraded");
    assert!(why.contains("aa.toml:"), "{why}");
    // what somebody asks for besides is not let go
    node.flatrack(&["run", "--apparmor=generated", &app])
        .assert_refused(&["AppArmor", "command line"]);
    // nor is it where another file is strict
    Node::new(&bed)
        .file("aa.toml", &gentle)
        .file("bb.toml", strict)
        .flatrack(&["run", &app])
        .assert_refused(&["bb.toml:"]);
}

#[test]
fn doctor_and_explain_tell_of_the_policy() {
    needs!(Root);
    let bed = Testbed::new();
    let app = app(&bed);
    let names = "[app.session-bus]\n\"org.freedesktop.Flatpak\" = \"none\"\n";
    let node = Node::new(&bed).file("site.toml", &format!("{STRICT}{names}"));
    let said = node.flatrack(&["explain", &app]);
    let text = said.assert_success();
    let line = |words: &str| {
        let line = text.lines().find(|line| line.contains(words));
        line.unwrap_or_else(|| panic!("{words}: {text}"))
    };
    assert!(line("shared=network").contains("taken away by node policy"));
    assert!(line("memory-max=64M").contains("site.toml:6"));
    assert!(line("org.freedesktop.Flatpak").contains("site.toml:8"));
    let said = Node::new(&bed)
        .file("bad.toml", "[[app]]\nid = 1\n")
        .flatrack(&["doctor"]);
    let text = said.assert_success();
    let line = text.lines().find(|line| line.contains("node policy"));
    let line = line.unwrap();
    assert!(
        line.contains("refused") && line.contains("do not start"),
        "{line}"
    );
}

#[test]
fn a_stacked_profile_that_is_not_loaded_leaves_the_generated_one_in_force() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let id = "org.flatrack.Test.PolicyStacked";
    let script = "cat /proc/self/attr/current";
    let dir = bed.host_build_dir(id).script(script).write();
    let app = dir.display().to_string();
    let strict = "[[app]]\nid = \"*\"\n[app.apparmor]\nstack = [\"flatrack-test-not-loaded\"]\n";
    let node = |text: &str| Node::new(&bed).with_apparmor().file("aa.toml", text);
    node(strict)
        .flatrack(&["run", &app])
        .assert_refused(&["`flatrack-test-not-loaded` is not loaded"]);
    let gentle = node(&format!("{strict}if-unavailable = \"degrade\"\n"));
    let said = gentle.flatrack(&["run", &app]);
    let explained = gentle.flatrack(&["explain", &app]);
    let _gone = bed.flatrack(["apparmor", "unload", id]);
    let label = format!("flatrack.{id} (enforce)");
    assert_eq!(said.assert_success(), label);
    assert!(said.stderr.contains("is not loaded"), "{}", said.stderr);
    let expected = format!("degraded: {label}");
    assert!(explained.stdout.contains(&expected), "{}", explained.stdout);
}

#[test]
fn a_change_of_one_limit_stays_within_its_ceiling_and_leaves_the_others_alone() {
    needs!(Root, MemoryLimit, PidsLimit);
    let bed = Testbed::new();
    let id = format!("org.flatrack.Test.Policy{}", std::process::id());
    let dir = bed
        .host_build_dir(&id)
        .script("echo up; exec sleep 60")
        .write();
    let text =
        "[[app]]\nid = \"*\"\n[app.limits]\nmemory-max = \"128M\"\npids-max = 40\nnofile = 400\n";
    let node = Node::new(&bed).file("limits.toml", text);
    let words = ["run", "--memory-max=64M", "--pids-max=16"].map(str::to_owned);
    let words = words.into_iter().chain([dir.display().to_string()]);
    let running = Running::start(node.command(&bed.flatrack_command(words)));
    let limits = || {
        let rows = json(&bed.flatrack(["ps", "--json"]));
        let rows = rows.as_array().unwrap();
        let row = rows.iter().find(|row| row["app"] == *id).unwrap();
        row["limits"].to_string()
    };
    let said = node.flatrack(&["update", &id, "--pids-max=500"]);
    said.assert_success();
    assert!(said.stderr.contains("limits.toml:5"), "{}", said.stderr);
    assert!(limits().contains("pids-max=40"), "{}", limits());
    assert!(limits().contains("memory-max=64M"), "{}", limits());
    bed.flatrack(["stop", &id]).assert_success();
    assert_ne!(running.end().code, 0);
}

#[test]
fn the_commands_that_build_a_manifest_are_under_the_policys_limits() {
    needs!(Root, PidsLimit);
    let bed = Testbed::new();
    let manifest = format!(
        "id: {ID}\nruntime: org.flatrack.Host.Platform\nruntime-version: '1'\nsdk: org.flatrack.Host.Platform\ncommand: cat\n\
         modules:\n- name: m\n  buildsystem: simple\n  build-commands:\n  - ulimit -Hn >/app/said; (for i in 1 2 3 4 5 6 7 8; do sleep 0.1 & done; \
         wait) 2>>/app/said || true\n"
    );
    let file = bed.write("app.yaml", manifest);
    let said = |node: Node<'_>| {
        let run = bed.flatrack_command(["run".as_ref(), file.as_os_str(), "/app/said".as_ref()]);
        node.run(&run).assert_success().to_owned()
    };
    let free = said(Node::new(&bed));
    assert!(!free.contains("fork"), "{free}");
    let text = "[[app]]\nid = \"*\"\n[app.limits]\nnofile = 77\npids-max = 6\n";
    let bound = said(Node::new(&bed).file("limits.toml", text));
    assert!(
        bound.starts_with("77\n") && bound.contains("fork"),
        "{bound}"
    );
}

#[test]
fn an_ordinary_user_is_bound_and_told_by_whom() {
    needs!(Root, UserNamespaces);
    let bed = Testbed::at_home(User::ordinary());
    let dir = bed
        .host_build_dir(ID)
        .lines("[Context]\nshared=network;\n")
        .write();
    let app = dir.display().to_string();
    let text = "[[app]]\nid = \"*\"\ndeny = [\"shared=network\"]\n[app.limits]\nnofile = 77\n";
    let node = Node::new(&bed).file("users.toml", text);
    let run = |options: &[&str]| {
        let mut words = vec!["run", "--command=sh"];
        words.extend(options);
        words.extend([
            app.as_str(),
            "-c",
            "id -u; ulimit -Hn; grep -o '[a-z0-9]*:' /proc/net/dev",
        ]);
        node.flatrack(&words)
    };
    let said = run(&["--nofile=99"]);
    let uid = User::ordinary().uid;
    assert_eq!(said.assert_success(), format!("{uid}\n77\nlo:"));
    assert!(said.stderr.contains("users.toml"), "{}", said.stderr);
    let shown = node.flatrack(&["policy", "show", ID]);
    assert!(
        shown.assert_success().contains("shared=network"),
        "{}",
        shown.stdout
    );
    let tried = node.flatrack(&["policy", "test", &app]);
    assert!(
        tried.assert_success().contains("users.toml"),
        "{}",
        tried.stdout
    );
}
