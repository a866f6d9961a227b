//! The example apps are what the demonstration shows.

use flatrack_testbed::{Testbed, needs};

use crate::support::example;

#[test]
fn the_example_app_shows_its_walls() {
    needs!(MemoryLimit, PidsLimit);
    let bed = Testbed::new();
    let manifest = example("hello/org.flatrack.Hello.yaml");
    let words = [
        "run".as_ref(),
        "--memory-max=64M".as_ref(),
        "--pids-max=32".as_ref(),
        manifest.as_os_str(),
    ];
    let said = bed.flatrack(words);
    let text = said.assert_success();
    let shown = |name: &str, value: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_default();
        assert!(line.contains(value), "{name} is not {value}:\n{text}");
    };
    shown("id", "org.flatrack.Hello");
    shown(
        "capabilities",
        "0000000000000000 (effective), 0000000000000000 (bounding)",
    );
    shown("NoNewPrivs", "1");
    shown("Seccomp", "2");
    shown("network", "lo");
}
