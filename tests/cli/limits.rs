//! Limits hold before the app's first instruction, wherever they were asked for.

use flatrack_testbed::{HELLO, Limit, Testbed, User, needs};

use crate::support::{Running, example, json};

const MIB: u64 = 1 << 20;

#[test]
fn a_memory_hog_is_killed_with_a_message_and_137() {
    needs!(MemoryLimit);
    let bed = Testbed::new();
    let hog = example("hog/org.flatrack.Hog.yaml");
    let said = bed.flatrack(["run".as_ref(), "--memory-max=64M".as_ref(), hog.as_os_str()]);
    said.assert_code(137);
    assert!(
        said.stderr.contains("memory") && said.stderr.contains("64M"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_fork_bomb_stops_at_the_limit() {
    needs!(PidsLimit);
    let bed = Testbed::new();
    let bomb = example("forkbomb/org.flatrack.Forkbomb.yaml");
    let said = bed.flatrack(["run".as_ref(), "--pids-max=24".as_ref(), bomb.as_os_str()]);
    let count = said
        .stdout
        .trim()
        .strip_prefix("started ")
        .and_then(|text| text.parse::<u32>().ok());
    assert!(
        count.is_some_and(|count| (1..24).contains(&count)),
        "{}{}",
        said.stdout,
        said.stderr
    );
}

#[test]
fn metadata_sets_a_limit() {
    needs!(StockFlatpak, MemoryLimit);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Limited";
    bed.app(id)
        .metadata("X-Resources", "memory-max", "48M")
        .install();
    let _running = Running::marked(&bed, &[], id, "60.01");
    assert_eq!(Limit::Memory.of("60.01"), Some(48 * MIB));
}

#[test]
fn an_override_file_sets_a_limit() {
    needs!(StockFlatpak, MemoryLimit);
    let bed = Testbed::new().with_flatpak();
    bed.write_override(HELLO, "[X-Resources]\nmemory-max=40M\n");
    let _running = Running::marked(&bed, &[], HELLO, "60.02");
    assert_eq!(Limit::Memory.of("60.02"), Some(40 * MIB));
}

#[test]
fn an_option_comes_after_the_override_file() {
    needs!(StockFlatpak, MemoryLimit);
    let bed = Testbed::new().with_flatpak();
    bed.write_override(HELLO, "[X-Resources]\nmemory-max=40M\n");
    let _running = Running::marked(&bed, &["--memory-max=32M"], HELLO, "60.03");
    assert_eq!(Limit::Memory.of("60.03"), Some(32 * MIB));
}

#[test]
fn the_kernel_holds_the_app_to_all_limits_at_once() {
    needs!(StockFlatpak, MemoryLimit, CpuLimit, PidsLimit);
    let bed = Testbed::new().with_flatpak();
    let options = ["--memory-max=64M", "--cpu-max=50%", "--pids-max=32"];
    let _running = Running::marked(&bed, &options, HELLO, "60.04");
    assert_eq!(Limit::Memory.of("60.04"), Some(64 * MIB));
    assert_eq!(Limit::CpuQuota.of("60.04"), Some(50_000));
    assert_eq!(Limit::Pids.of("60.04"), Some(32));
}

#[test]
fn update_changes_a_running_app_and_stats_shows_it() {
    needs!(StockFlatpak, MemoryLimit, PidsLimit);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let running = Running::sleeper(&bed, &["--memory-max=64M", "--pids-max=16"], id);
    bed.flatrack(["update", id, "--memory-max=96M"])
        .assert_success();
    let stats = json(&bed.flatrack(["stats", "--json", id])).to_string();
    assert!(stats.contains(&(96 * MIB).to_string()), "{stats}");
    bed.flatrack(["stop", id]).assert_success();
    assert_ne!(running.end().code, 0);
}

#[test]
fn a_limit_that_cannot_be_enforced_is_refused_with_a_hint() {
    needs!(Root, StockFlatpak, UserNamespaces);
    let bed = Testbed::of(User::ordinary()).with_flatpak();
    let said = bed.flatrack(["run", "--memory-max=64M", HELLO]);
    said.assert_refused(&["hint:"]);
}

#[test]
fn without_a_limit_an_ordinary_user_needs_no_cgroup() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::of(User::ordinary()).with_flatpak();
    bed.flatrack(["run", HELLO]).assert_success();
}
