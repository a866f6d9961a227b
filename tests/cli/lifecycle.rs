//! `ps`, `kill` and `stop`.

use flatrack_testbed::{Testbed, needs};

use crate::support::{Running, json};

#[test]
fn ps_shows_an_app_while_it_runs() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let running = Running::sleeper(&bed, &[], id);
    let ps = json(&bed.flatrack(["ps", "--json"]));
    assert!(
        ps.as_array()
            .unwrap()
            .iter()
            .any(|one| one.to_string().contains(id.as_str())),
        "{ps}"
    );
    bed.flatrack(["kill", id]).assert_success();
    assert!(running.end().code > 128);
}

#[test]
fn stop_asks_before_it_kills() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let line = "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.1; done";
    let running = Running::start(bed.flatrack_command(["run", "--command=sh", id, "-c", line]));
    bed.flatrack(["stop", id]).assert_success();
    assert_eq!(running.line(), "asked");
    running.end().assert_code(0);
}

#[test]
fn two_instances_of_one_app_run_beside_each_other() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let both = [
        Running::sleeper(&bed, &[], id),
        Running::sleeper(&bed, &[], id),
    ];
    let ps = json(&bed.flatrack(["ps", "--json"]));
    let count = ps
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one.to_string().contains(id.as_str()))
        .count();
    assert!(count >= both.len(), "{ps}");
}
