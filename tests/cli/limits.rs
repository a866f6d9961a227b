//! Limits hold before the app's first instruction, wherever they were asked for.

use flatrack_testbed::{HELLO, Limit, LoopDisk, Testbed, User, cgroup, needs};

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

/// How many bytes an app writes to a disk in two seconds.
#[track_caller]
fn written(bed: &Testbed, disk: &LoopDisk, options: &[&str]) -> u64 {
    let node = format!("--device-node={}:rw", disk.node());
    let script = format!(
        "timeout -s INT 2 dd if=/dev/zero of={} bs=64k count=1000 oflag=direct 2>&1 | sed -n 's/ bytes.*//p'",
        disk.node()
    );
    let dir = bed.host_build_dir("org.flatrack.Test.Writer").write();
    let mut words = vec!["run", &node];
    words.extend(options);
    words.extend(["--command=sh", dir.to_str().unwrap(), "-c", &script]);
    let said = bed.flatrack(words);
    said.assert_success().trim().parse().unwrap()
}

#[test]
fn an_app_writes_no_more_to_a_disk_than_it_may() {
    needs!(Root, IoLimit);
    let bed = Testbed::new();
    let disk = LoopDisk::attach(&bed, 64 * MIB);
    let limit = format!("--io-max={} wbps=1M", disk.node());
    let (limited, free) = (written(&bed, &disk, &[&limit]), written(&bed, &disk, &[]));
    assert!(limited <= 6 * MIB && limited < free, "{limited} of {free}");
}

#[test]
fn huge_pages_and_the_order_of_processes_are_limited() {
    needs!(Root, HugePages);
    let bed = Testbed::new();
    let dir = bed.host_build_dir("org.flatrack.Test.Huge").write();
    let dir = dir.to_str().unwrap();
    let options = ["--hugetlb-2MB-max=4M", "--nice=7"];
    let _running = Running::marked(&bed, &options, dir, "60.09");
    let files = cgroup("hugetlb", "60.09").unwrap();
    let limit = ["hugetlb.2MB.max", "hugetlb.2MB.limit_in_bytes"]
        .into_iter()
        .find_map(|name| std::fs::read_to_string(files.join(name)).ok());
    assert_eq!(limit.unwrap().trim(), (4 * MIB).to_string());
    let inside = ["exec", "org.flatrack.Test.Huge", "nice"];
    assert_eq!(bed.flatrack(inside).assert_success(), "7");
    let sooner = ["run", "--nice=-1", "--command=nice", dir];
    assert_eq!(bed.flatrack(sooner).assert_success(), "-1");
}

#[test]
fn an_ordinary_user_goes_after_others_and_not_before_them() {
    needs!(UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let dir = bed.host_build_dir("org.flatrack.Test.Nice").write();
    let run = |option| bed.flatrack(["run", option, "--command=nice", dir.to_str().unwrap()]);
    assert_eq!(run("--nice=7").assert_success(), "7");
    let said = run("--nice=-1");
    said.assert_code(125);
    assert!(said.stderr.contains("nice -1"), "{}", said.stderr);
}

#[test]
fn the_kernel_kills_all_of_an_app_or_one_process() {
    needs!(Root, Cgroup2);
    let bed = Testbed::new();
    let dir = bed
        .host_build_dir("org.flatrack.Test.Together")
        .script("tail /dev/zero; echo the rest lives")
        .write();
    let run = |option| {
        let dir = dir.to_str().unwrap();
        bed.flatrack(["run", "--memory-max=32M", option, dir])
    };
    let apart = run("--oom-group=false");
    assert!(apart.stdout.contains("the rest lives"), "{}", apart.stderr);
    let together = run("--oom-group=true");
    together.assert_code(137);
    assert_eq!(together.stdout, "");
}

#[test]
fn killing_one_process_only_can_be_asked_for_everywhere() {
    needs!(MemoryLimit);
    let bed = Testbed::new();
    let dir = bed.host_build_dir("org.flatrack.Test.Single").write();
    let words = [
        "run",
        "--memory-max=32M",
        "--oom-group=false",
        "--command=sh",
    ];
    let script = ["-c", "tail /dev/zero; exit 7"];
    let dir = [dir.to_str().unwrap()];
    bed.flatrack([words.as_slice(), &dir, &script].concat())
        .assert_code(7);
}
