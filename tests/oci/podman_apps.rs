//! Images of apps under podman: alone, in a pod, and as the pod that is generated.

use flatrack_testbed::{Testbed, needs};

use crate::client::podman::{ORDINARY, Podman, pulled};
use crate::runtime::until;

#[test]
fn privileged_podman_runs_an_app_from_the_image_that_flatpak_exports() {
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Image";
    let script = "cat /usr/manifest-of-the-test 2>/dev/null; echo app $*; ls / | tr '\\n' ' '
        cat /proc/net/dev | grep -c :; while test \"$1\" = wait; do sleep 0.1; done; exit 5";
    let app = bed.app(id).script(script).finish_arg("--share=network");
    let image = app.finish_arg("--filesystem=host").image();
    let podman = Podman::on_node(bed.system_installation());
    let name = pulled(&podman, &image);
    let start = |options: &[&str], args: &[&str]| {
        podman.run([&["run"], options, &ORDINARY, &[name.as_str(), id], args].concat())
    };
    let said = start(&["--rm"], &["one", "two"]);
    said.assert_code(5);
    // `lib64` is on some machines only
    let tree = "app bin dev etc home lib proc run sys tmp usr var 1";
    let text = said.stdout.replace("lib64 ", "");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_eq!(lines, ["app one two", tree], "{}", said.stderr);
    let data = bed.write("data/file", "of the volume");
    let volume = format!("{}:/data", data.parent().unwrap().display());
    let options = [
        "--detach", "--name", "app", "--volume", &volume, "--user", "77",
    ];
    start(&options, &["wait"]).assert_code(0);
    let inside = |command: &str| podman.run(["exec", "app", "sh", "-c", command]);
    assert_eq!(
        inside("id -u; cat /data/file").assert_success(),
        "77\nof the volume"
    );
    let none = inside("grep -c 'Cap.*:.0000000000000000' /proc/self/status");
    assert_eq!(none.assert_success(), "5");
    podman.run(["stop", "--time", "5", "app"]).assert_code(0);
    podman.run(["start", "app"]).assert_code(0);
    podman
        .run(["rm", "--force", "--time", "0", "app"])
        .assert_code(0);
}

#[test]
fn privileged_an_app_in_a_pod_shares_what_it_has_a_permission_for() {
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let podman = Podman::on_node(bed.system_installation());
    let limits = &ORDINARY[2..];
    let create = ["pod", "create", "--name", "pod", "--network", "none"];
    podman.run(create).assert_code(0);
    let show = "readlink /proc/self/ns/net; readlink /proc/self/ns/ipc; hostname";
    let run = |image: &str, words: &[&str]| {
        let options = [&["run", "--rm", "--pod", "pod"], limits, &[image]].concat();
        podman.run([&options[..], words].concat())
    };
    let plain = run("busy", &["sh", "-c", show]);
    let of_the_pod: Vec<&str> = plain.assert_success().lines().collect();
    for (id, share) in [
        ("org.flatrack.Test.InPod", true),
        ("org.flatrack.Test.Apart", false),
    ] {
        let app = bed.app(id).script("exit 9");
        let app = if share {
            app.finish_arg("--share=network")
        } else {
            app
        };
        let name = pulled(&podman, &app.image());
        let said = run(&name, &["sh", "-c", show]);
        let own: Vec<&str> = said.assert_success().lines().collect();
        assert_eq!(own[0] == of_the_pod[0], share, "{said:?}");
        assert_ne!(own[1], of_the_pod[1]);
        assert_eq!(own[2], of_the_pod[2]);
        run(&name, &[id]).assert_code(9);
    }
    podman
        .run(["pod", "rm", "--force", "--time", "0", "pod"])
        .assert_code(0);
}

#[test]
fn privileged_podman_plays_the_pod_that_is_generated_for_an_app() {
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Played";
    // as long as it runs it is not run again
    let script = "echo played $*; id -u; trap 'exit 0' TERM; while true; do sleep 0.1; done";
    let podman = Podman::on_node(bed.system_installation());
    let name = pulled(&podman, &bed.app(id).script(script).image());
    let dir = bed.root().join(format!("work/build-{id}"));
    let dir = dir.display().to_string();
    let image = format!("localhost/{}:master", id.to_lowercase());
    podman.run(["tag", &name, &image]).assert_code(0);
    let pod = bed.flatrack(["generate", "kube", "--memory-max=64M", &dir, "one two"]);
    let file = bed.write("pod.yaml", pod.assert_success());
    let play = ["play", "kube", "--network", "none", file.to_str().unwrap()];
    podman.run(play).assert_code(0);
    let container = format!("{}-app", id.to_lowercase());
    let logs = || podman.run(["logs", &container]).stdout;
    until(|| logs().contains("\n0"), "the app's words");
    assert_eq!(logs(), "played one two\n0\n");
    let shown = podman.run(["inspect", "--format", "{{.HostConfig.Memory}}", &container]);
    assert_eq!(shown.assert_success(), "67108864");
    let end = ["play", "kube", "--down", file.to_str().unwrap()];
    podman.run(end).assert_code(0);
}

#[test]
fn privileged_a_runtime_that_is_uninstalled_stays_as_long_as_a_container_has_it() {
    const RUNTIME: &str = "org.flatrack.Test.Leaving";
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.runtime(RUNTIME).file("share/text", "is here").install();
    let id = "org.flatrack.Test.Staying";
    let app = bed
        .app(id)
        .runtime(RUNTIME, RUNTIME)
        .script("exec sleep 100");
    let image = app.image();
    // an installation is one, whoever it is for
    let podman = Podman::on_node(bed.user_installation());
    let name = pulled(&podman, &image);
    for container in ["runs", "made"] {
        let verb: &[&str] = match container {
            "runs" => &["run", "--detach"],
            _ => &["create"],
        };
        let words = ["--name", container, &name, id];
        let words = [verb, &ORDINARY, &words].concat();
        podman.run(words).assert_code(0);
    }
    podman.run(["init", "made"]).assert_code(0);
    let uninstall = ["uninstall", "--user", "-y", "--noninteractive", RUNTIME];
    bed.run("flatpak", uninstall).assert_success();
    let inside = podman.run(["exec", "runs", "cat", "/usr/share/text"]);
    assert_eq!(inside.assert_success(), "is here");
    podman
        .run(["rm", "--force", "--time", "0", "runs"])
        .assert_code(0);
    // Flatpak deletes what nobody has any more when it removes the next one
    bed.runtime("org.flatrack.Test.Next").install();
    let next = uninstall.map(|word| word.replace("Leaving", "Next"));
    bed.run("flatpak", next).assert_success();
    let retired = bed.user_installation().join(".removed");
    let left = std::fs::read_dir(&retired).map_or(0, Iterator::count);
    assert_eq!(left, 0, "{}", retired.display());
    // what was not started before is not started from a tree that is gone
    let said = podman.run(["start", "--attach", "made"]);
    assert_eq!(said.code, 125, "{}", said.stderr);
    assert!(
        said.stderr.contains("was updated or removed"),
        "{}",
        said.stderr
    );
    podman
        .run(["rm", "--force", "--time", "0", "made"])
        .assert_code(0);
}
