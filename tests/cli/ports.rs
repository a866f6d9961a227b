//! `[X-Network]`: an app that tries every way past it, and the same ways without it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use flatrack_testbed::{Outcome, Testbed, User, needs};

const PROBE: &str = include_str!("probes/network.py");
const OUTSIDE: &str = include_str!("probes/outside.py");
const ID: &str = "org.flatrack.Test.Ports";

/// What each way out said.
type Ways = BTreeMap<String, String>;

/// The command in a network namespace of its own, where something waits on ports 8001 and 8002.
fn outside(bed: &Testbed, command: &Command) -> Command {
    let door = bed.home().join("door");
    let mut wrapped = Command::new("unshare");
    wrapped
        .arg("-n")
        .args(["--", "python3", "-c", OUTSIDE])
        .arg(door);
    wrapped.arg(command.get_program()).args(command.get_args());
    wrapped.env_clear();
    wrapped.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    wrapped
}

fn app(bed: &Testbed, lines: &str) -> std::path::PathBuf {
    bed.host_build_dir(ID)
        .lines(lines)
        .script("exec python3 -c \"$PROBE\"")
        .write()
}

#[track_caller]
fn run(bed: &Testbed, app: &Path, options: &[&str]) -> Outcome {
    let door = bed.home().join("door").display().to_string();
    let mut args: Vec<String> = ["run", "--share=network"].map(str::to_owned).to_vec();
    args.extend([
        format!("--filesystem={door}"),
        format!("--env=DOOR={door}"),
        format!("--env=PROBE={PROBE}"),
    ]);
    args.extend(options.iter().map(|option| (*option).to_owned()));
    args.push(app.display().to_string());
    outside(bed, &bed.flatrack_command(args))
        .output()
        .unwrap()
        .into()
}

#[track_caller]
fn ways(said: &Outcome) -> Ways {
    let lines = said.assert_success().lines();
    let ways: Ways = lines
        .filter_map(|line| line.split_once(' '))
        .map(|(name, way)| (name.into(), way.into()))
        .collect();
    assert_eq!(
        ways.len(),
        PROBE.matches("\": ").count(),
        "every probe says something: {ways:?}\n{}",
        said.stderr
    );
    ways
}

/// The names of the ways that are open.
fn open(ways: &Ways) -> Vec<&str> {
    ways.iter()
        .filter(|(_, way)| *way == "open")
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn without_a_narrowing_the_same_ways_are_open() {
    needs!(Root, Landlock, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        let ways = ways(&run(&bed, &app(&bed, ""), &[]));
        for name in [
            "tcp-listed",
            "tcp-other",
            "tcp6-other",
            "udp-listed",
            "udp-other",
            "udp-connected",
            "udp-stranger",
            "fast-open-sendto",
            "fast-open-sendmsg",
            "fast-open-connect",
            "bind-listed",
            "bind-other",
            "bind-any",
            "bind-udp-other",
            "listen-unbound",
            "abstract",
            "io-uring",
        ] {
            assert_eq!(ways[name], "open", "{name} as {}", user.uid);
        }
    }
}

#[test]
fn only_the_listed_port_is_reached() {
    needs!(Root, Landlock, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        let ways = ways(&run(&bed, &app(&bed, ""), &["--allow-connect=tcp:8001"]));
        assert_eq!(open(&ways), ["tcp-listed"], "as {}: {ways:?}", user.uid);
    }
}

#[test]
fn root_has_udp_and_ports_to_listen_on_withheld_one_by_one() {
    needs!(Root, Landlock);
    let bed = Testbed::new();
    let app = app(
        &bed,
        "[X-Network]\nconnect=udp:8001;tcp:1;\nbind=tcp:8003;udp:8000-8003;",
    );
    let ways = ways(&run(&bed, &app, &[]));
    let expected = ["bind-listed", "bind-udp-listed", "udp-listed"];
    assert_eq!(open(&ways), expected, "{ways:?}");
}

#[test]
fn every_port_of_one_protocol_is_no_port_of_another() {
    needs!(Root, Landlock);
    let bed = Testbed::new();
    let app = app(&bed, "[X-Network]\nconnect=tcp:1-65535;\nbind=tcp:1-65535;");
    let ways = ways(&run(&bed, &app, &[]));
    let expected = [
        "bind-any",
        "bind-listed",
        "bind-other",
        "listen-unbound",
        "tcp-listed",
        "tcp-other",
        "tcp6-other",
    ];
    assert_eq!(open(&ways), expected, "{ways:?}");
}

#[test]
fn metadata_narrows_as_the_option_does() {
    needs!(Root, Landlock);
    let bed = Testbed::new();
    let app = app(&bed, "[X-Network]\nconnect=tcp:7000-8001;unix-abstract;");
    assert_eq!(
        open(&ways(&run(&bed, &app, &[]))),
        ["abstract", "tcp-listed"]
    );
}

#[test]
fn a_user_cannot_have_what_only_root_can_withhold() {
    needs!(Landlock, UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let app = app(&bed, "");
    for option in ["--allow-connect=udp:53", "--allow-bind=tcp:8003"] {
        let args = [
            "run".as_ref(),
            "--share=network".as_ref(),
            option.as_ref(),
            app.as_os_str(),
        ];
        bed.flatrack(args).assert_refused(&["hint:", "root"]);
    }
}

#[test]
fn without_the_network_there_is_nothing_to_narrow() {
    needs!(UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let app = bed
        .host_build_dir(ID)
        .lines("[X-Network]\nconnect=udp:53")
        .write();
    bed.flatrack(["run".as_ref(), app.as_os_str()])
        .assert_success();
}

#[test]
fn a_further_process_is_under_the_same_rules() {
    needs!(Root, Landlock, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        let id = format!("org.flatrack.Test.PortsOfExec{}", user.uid);
        let app = bed.host_build_dir(&id).script("exec sleep 60").write();
        let door = bed.home().join("door").display().to_string();
        let flatrack = bed.flatrack_command(["--version"]);
        let words: Vec<_> = std::iter::once(flatrack.get_program())
            .chain(flatrack.get_args())
            .collect();
        let flatrack = words[words.len() - 2].to_str().unwrap();
        let script = "\"$0\" run --share=network --allow-connect=tcp:8001 --filesystem=\"$3\" \"$1\" >/dev/null & \
            n=0; until \"$0\" exec $2 true 2>/dev/null; do n=$((n + 1)); [ $n -lt 100 ] || exit 9; sleep 0.1; done; \
            \"$0\" exec --env=DOOR=\"$3\" $2 python3 -c \"$4\"; \"$0\" stop $2; wait";
        let args = [
            "-c",
            script,
            flatrack,
            app.to_str().unwrap(),
            &id,
            &door,
            PROBE,
        ];
        let said = outside(&bed, &bed.command("sh", args))
            .output()
            .unwrap()
            .into();
        assert_eq!(open(&ways(&said)), ["tcp-listed"], "as {}", user.uid);
    }
}
