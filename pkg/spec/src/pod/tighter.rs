//! Of two limits the tighter one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use oci_spec::runtime::{
    LinuxBlockIo, LinuxCpu, LinuxHugepageLimit, LinuxMemory, LinuxPids, LinuxResources,
    LinuxThrottleDevice, PosixRlimit, PosixRlimitBuilder,
};

use super::PodError;

/// Files of cgroup v2 that say the same as a field of the document.
const DIRECT: [&str; 5] = [
    "cpu.max",
    "cpuset.cpus",
    "memory.max",
    "memory.swap.max",
    "pids.max",
];

/// What an app would have at the cost of others: the pod's alone to say, as are the fields for shares and reservations.
const SHARING: [&str; 4] = ["cpu.weight", "io.weight", "memory.low", "memory.min"];

/// Both together.
pub(super) fn resources(
    pod: &LinuxResources,
    app: &LinuxResources,
) -> Result<LinuxResources, PodError> {
    let mut both = pod.clone();
    no_limit_beside(pod, app)?;
    if let Some(ours) = app.memory() {
        both.set_memory(Some(memory(pod.memory().unwrap_or_default(), ours)));
    }
    if let Some(ours) = app.cpu() {
        both.set_cpu(Some(cpu(pod.cpu().clone().unwrap_or_default(), ours)?));
    }
    if let Some(ours) = app.pids() {
        let theirs = pod.pids().map(|pids| pids.limit());
        let mut pids = LinuxPids::default();
        pids.set_limit(least(theirs, Some(ours.limit())).unwrap_or(-1));
        both.set_pids(Some(pids));
    }
    if let Some(ours) = app.hugepage_limits() {
        let theirs = pod.hugepage_limits().as_deref().unwrap_or_default();
        both.set_hugepage_limits(Some(huge_pages(theirs, ours)));
    }
    if let Some(ours) = app.block_io() {
        let theirs = pod.block_io().clone().unwrap_or_default();
        both.set_block_io(Some(block_io(theirs, ours)));
    }
    if let Some(ours) = app.unified() {
        both.set_unified(Some(unified(pod, ours)));
    }
    if pod.devices().as_ref().is_none_or(Vec::is_empty) {
        both.set_devices(app.devices().clone());
    }
    Ok(both)
}

/// A limit that is set by the name of its file cannot be compared with one that is not.
pub(super) fn no_limit_beside(pod: &LinuxResources, app: &LinuxResources) -> Result<(), PodError> {
    let direct = |name: &&str| {
        let set = pod.unified().as_ref();
        set.is_some_and(|set| set.contains_key(*name))
    };
    match DIRECT.into_iter().find(direct) {
        Some(name) if has_limits(app) => Err(PodError::Unified(name)),
        _ => Ok(()),
    }
}

fn has_limits(app: &LinuxResources) -> bool {
    app.memory().is_some() || app.cpu().is_some() || app.pids().is_some() || app.unified().is_some()
}

/// The smaller number of two, of which those that are not positive are no limit.
fn least(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    let limit = |number: Option<i64>| number.filter(|number| *number > 0);
    limit(one).into_iter().chain(limit(other)).min()
}

fn memory(mut pod: LinuxMemory, app: &LinuxMemory) -> LinuxMemory {
    let limit = least(pod.limit(), app.limit());
    // memory and swap count together, so less memory must not become more swap
    let beyond = [&pod, app].into_iter().filter_map(swap_alone).min();
    let of_both = limit
        .zip(beyond)
        .map(|(limit, beyond)| limit.saturating_add(beyond));
    // never less than the memory, which the kernel would refuse
    let swap =
        least(least(pod.swap(), app.swap()), of_both).map(|swap| swap.max(limit.unwrap_or(0)));
    pod.set_limit(limit.or(pod.limit()));
    pod.set_swap(swap.or(pod.swap()));
    pod
}

/// The swap of one side, without its memory.
fn swap_alone(memory: &LinuxMemory) -> Option<i64> {
    let positive = |number: Option<i64>| number.filter(|number| *number > 0);
    let (swap, limit) = (positive(memory.swap())?, positive(memory.limit())?);
    Some(swap.saturating_sub(limit).max(0))
}

fn cpu(mut pod: LinuxCpu, app: &LinuxCpu) -> Result<LinuxCpu, PodError> {
    if let Some((quota, period)) = share(app) {
        let of_the_pod = share(&pod);
        // quotas of different periods are compared as fractions
        let ours = |(q, p): (i64, u64)| {
            i128::from(quota) * i128::from(p) < i128::from(q) * i128::from(period)
        };
        if of_the_pod.is_none_or(ours) {
            pod.set_quota(Some(quota)).set_period(Some(period));
            // more than the quota for a moment was for the pod's own
            pod.set_burst(None);
        }
    }
    if let Some(ours) = app.cpus() {
        let left = match pod.cpus().as_deref().filter(|list| !list.is_empty()) {
            Some(theirs) => in_both(theirs, ours)?,
            None => ours.clone(),
        };
        pod.set_cpus(Some(left));
    }
    if pod.mems().is_none() {
        pod.set_mems(app.mems().clone());
    }
    Ok(pod)
}

/// A quota that limits, and its period; the kernel's default is 100 ms.
fn share(cpu: &LinuxCpu) -> Option<(i64, u64)> {
    let quota = cpu.quota().filter(|quota| *quota > 0)?;
    let period = cpu.period().filter(|period| *period > 0);
    Some((quota, period.unwrap_or(100_000)))
}

fn in_both(pod: &str, app: &str) -> Result<String, PodError> {
    let (theirs, ours) = (numbers(pod)?, numbers(app)?);
    let both: Vec<String> = theirs.intersection(&ours).map(u32::to_string).collect();
    match both.is_empty() {
        true => Err(PodError::NoCpu {
            pod: pod.to_owned(),
            app: app.to_owned(),
        }),
        false => Ok(both.join(",")),
    }
}

/// A list as in `0-3,8` (the kernel's Documentation/admin-guide/cputopology).
fn numbers(list: &str) -> Result<BTreeSet<u32>, PodError> {
    const MOST: u32 = 8192;
    let wrong = || PodError::Document("linux.resources.cpu.cpus");
    let number = |text: &str| -> Result<u32, PodError> {
        let number: u32 = text.trim().parse().map_err(|_| wrong())?;
        (number < MOST).then_some(number).ok_or_else(wrong)
    };
    let mut all = BTreeSet::new();
    for part in list.split(',').filter(|part| !part.trim().is_empty()) {
        match part.split_once('-') {
            Some((first, last)) => all.extend(number(first)?..=number(last)?),
            None => all.extend([number(part)?]),
        }
    }
    Ok(all)
}

fn huge_pages(pod: &[LinuxHugepageLimit], app: &[LinuxHugepageLimit]) -> Vec<LinuxHugepageLimit> {
    let mut all: BTreeMap<String, LinuxHugepageLimit> = BTreeMap::new();
    for limit in pod.iter().chain(app) {
        let known = all.entry(limit.page_size().clone());
        let known = known.or_insert_with(|| limit.clone());
        // a negative number is no limit
        let least = [known.limit(), limit.limit()].into_iter();
        known.set_limit(least.filter(|number| *number >= 0).min().unwrap_or(-1));
    }
    all.into_values().collect()
}

fn block_io(mut pod: LinuxBlockIo, app: &LinuxBlockIo) -> LinuxBlockIo {
    pod.set_throttle_read_bps_device(throttles(
        pod.throttle_read_bps_device().as_deref(),
        app.throttle_read_bps_device().as_deref(),
    ));
    pod.set_throttle_write_bps_device(throttles(
        pod.throttle_write_bps_device().as_deref(),
        app.throttle_write_bps_device().as_deref(),
    ));
    pod.set_throttle_read_iops_device(throttles(
        pod.throttle_read_iops_device().as_deref(),
        app.throttle_read_iops_device().as_deref(),
    ));
    pod.set_throttle_write_iops_device(throttles(
        pod.throttle_write_iops_device().as_deref(),
        app.throttle_write_iops_device().as_deref(),
    ));
    pod
}

fn throttles(
    pod: Option<&[LinuxThrottleDevice]>,
    app: Option<&[LinuxThrottleDevice]>,
) -> Option<Vec<LinuxThrottleDevice>> {
    if pod.is_none() && app.is_none() {
        return None;
    }
    let mut all: BTreeMap<(i64, i64), LinuxThrottleDevice> = BTreeMap::new();
    for limit in [pod, app].into_iter().flatten().flatten() {
        let known = all.entry((limit.major(), limit.minor()));
        let known = known.or_insert(*limit);
        if limit.rate() < known.rate() {
            *known = *limit;
        }
    }
    Some(all.into_values().collect())
}

/// The file of the swap alone, which a document also says by its memory.
const SWAP: &str = "memory.swap.max";
/// Where the larger number is the stricter one: all are killed instead of one.
const TOGETHER: &str = "memory.oom.group";

/// Of one file the stricter number; `max` is none. What is no number stays as the pod has it.
fn unified(pod: &LinuxResources, app: &HashMap<String, String>) -> HashMap<String, String> {
    let mut all = pod.unified().clone().unwrap_or_default();
    if let Some(memory) = pod.memory().filter(|memory| memory.swap().is_some()) {
        let theirs = swap_alone(&memory).map_or("max".to_owned(), |swap| swap.to_string());
        if app.contains_key(SWAP) {
            all.entry(SWAP.to_owned()).or_insert(theirs);
        }
    }
    let limits = app
        .iter()
        .filter(|(file, _)| !SHARING.contains(&file.as_str()));
    for (file, ours) in limits {
        match all.get(file).map(|theirs| (number(theirs), number(ours))) {
            Some((Some(theirs), Some(number))) if file == TOGETHER && number <= theirs => {}
            Some((Some(theirs), Some(number))) if file != TOGETHER && number >= theirs => {}
            Some((None, _)) => {}
            _ => {
                all.insert(file.clone(), ours.clone());
            }
        }
    }
    all
}

/// As the kernel reads them: `K`, `M`, `G`, `T` are powers of 1024.
fn number(text: &str) -> Option<u64> {
    if text == "max" {
        return Some(u64::MAX);
    }
    let units = [('K', 10), ('M', 20), ('G', 30), ('T', 40)];
    let unit = units.into_iter().find(|(unit, _)| {
        let last = text.chars().next_back();
        last.is_some_and(|last| last.eq_ignore_ascii_case(unit))
    });
    let digits = if unit.is_some() {
        text.get(..text.len() - 1)?
    } else {
        text
    };
    let number: u64 = digits.parse().ok()?;
    Some(number.saturating_mul(1 << unit.map_or(0, |(_, shift)| shift)))
}

/// Limits of setrlimit(2): of one kind the lower numbers.
pub(super) fn rlimits(
    pod: &[PosixRlimit],
    app: &[PosixRlimit],
) -> Result<Vec<PosixRlimit>, PodError> {
    let mut all: Vec<PosixRlimit> = Vec::new();
    for limit in pod.iter().chain(app) {
        match all.iter_mut().find(|known| known.typ() == limit.typ()) {
            Some(known) => {
                *known = PosixRlimitBuilder::default()
                    .typ(limit.typ())
                    .soft(known.soft().min(limit.soft()))
                    .hard(known.hard().min(limit.hard()))
                    .build()?;
            }
            None => all.push(*limit),
        }
    }
    Ok(all)
}
