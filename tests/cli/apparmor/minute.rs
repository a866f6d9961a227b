//! A minute of ordinary work under the generated profile: all of it works, and nothing is denied.

use flatrack_testbed::{Bus, Testbed, needs};

use super::App;
use crate::support::json;

const SERVICE: &str = "org.flatrack.Test.Echo";

#[test]
fn an_app_works_for_a_minute_and_nothing_is_denied() {
    needs!(AppArmor, Root, Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(SERVICE);
    let app = App::new(&bed, "Minute");
    let script = bed.write("work.py", include_str!("../probes/work.py"));
    let shown = format!("--filesystem={}:ro", script.display());
    let talk = format!("--talk-name={SERVICE}");
    let run = |seconds: &str, line: &str| {
        let dir = app.dir.to_str().unwrap();
        let (command, script) = ("--command=bash", script.to_str().unwrap());
        let line = format!("{line} /usr/bin/python3 {script} {seconds} {SERVICE}");
        let words = [
            "run",
            "--share=network",
            &shown,
            &talk,
            command,
            dir,
            "-c",
            &line,
        ];
        json(&bus.flatrack(words))
    };
    let denials = || {
        let found = json(&bed.flatrack(["apparmor", "denials", &app.id, "--json"]));
        found.as_array().unwrap().clone()
    };
    let worked = run("60", "");
    assert!(worked["rounds"].as_u64() > Some(0), "{worked}");
    assert_eq!(denials(), Vec::<serde_json::Value>::new());
    // one thing that it was not given, and it is seen
    run("0", "echo x 2>/dev/null >/run/mine;");
    let found = denials();
    assert!(
        found.iter().any(|row| row["what"] == "/run/mine"),
        "{found:?}"
    );
}
