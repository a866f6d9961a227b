//! What is joined has no more than either side.

use std::path::Path;

use oci_spec::runtime::{
    LinuxCpuBuilder, LinuxMemoryBuilder, LinuxPidsBuilder, LinuxResources, LinuxResourcesBuilder,
    MountBuilder, Spec,
};
use proptest::option::of;
use proptest::prelude::*;

use super::{PodError, mounts, tighter};
use crate::{Access, Shape};

/// Numbers as documents have them: none, "no limit", and limits.
fn number() -> impl Strategy<Value = Option<i64>> {
    of(prop_oneof![Just(-1), Just(0), 1..1_000_000_i64])
}

fn resources() -> impl Strategy<Value = LinuxResources> {
    let cpu = (number(), of(1_000..1_000_000_u64), of(2..10_000_u64));
    (number(), number(), cpu, number()).prop_map(|(memory, swap, (quota, period, shares), pids)| {
        let mut of_memory = LinuxMemoryBuilder::default().build().unwrap();
        of_memory.set_limit(memory).set_swap(swap);
        let mut cpu = LinuxCpuBuilder::default().build().unwrap();
        cpu.set_quota(quota).set_period(period).set_shares(shares);
        let mut all = LinuxResourcesBuilder::default()
            .memory(of_memory)
            .cpu(cpu)
            .build()
            .unwrap();
        let limit = |limit| LinuxPidsBuilder::default().limit(limit).build().unwrap();
        all.set_pids(pids.map(limit));
        all
    })
}

fn bounds(of: &LinuxResources) -> [Option<i64>; 3] {
    let limit = |number: Option<i64>| number.filter(|number| *number > 0);
    [
        limit(of.memory().and_then(|memory| memory.limit())),
        limit(of.memory().and_then(|memory| memory.swap())),
        limit(of.pids().map(|pids| pids.limit())),
    ]
}

/// Thousandths of a processor, without the fraction.
fn share(of: &LinuxResources) -> Option<i128> {
    let cpu = of.cpu().as_ref()?;
    let quota = cpu.quota().filter(|quota| *quota > 0)?;
    Some(i128::from(quota) * 1_000_000 / i128::from(cpu.period().unwrap_or(100_000)))
}

proptest! {
    #[test]
    fn no_limit_is_wider_than_on_either_side(pod in resources(), app in resources()) {
        let both = tighter::resources(&pod, &app).unwrap();
        let memory = bounds(&both)[0].unwrap_or(0);
        for side in [&pod, &app] {
            for (at, (joined, own)) in bounds(&both).into_iter().zip(bounds(side)).enumerate() {
                // memory and swap together are never less than the memory, or the kernel would refuse them
                let own = own.map(|own| if at == 1 { own.max(memory) } else { own });
                prop_assert!(own.is_none() || joined.is_some_and(|joined| Some(joined) <= own));
            }
            prop_assert!(share(side).is_none() || share(&both) <= share(side) && share(&both).is_some());
        }
        let shares = |of: &LinuxResources| of.cpu().as_ref().and_then(|cpu| cpu.shares());
        prop_assert_eq!(shares(&both), shares(&pod));
    }

    #[test]
    fn no_mount_of_a_document_is_over_a_part_of_the_sandbox(
        destination in "(/(app|usr|etc|dev|proc|run|flatrack|init|data|var|\\.flatpak-info|x)){1,3}",
    ) {
        let mount = MountBuilder::default()
            .destination(&destination).typ("bind").source("/some")
            .options(vec!["rbind".to_owned()]).build().unwrap();
        let mut document = Spec::default();
        document.set_mounts(Some(vec![mount]));
        if let Ok(kept) = mounts(&document, &|_| Shape::Tree) {
            for own in super::OWN {
                prop_assert!(!Path::new(own).starts_with(&kept[0].destination));
            }
        }
    }
}

#[test]
fn a_mount_that_is_no_path_or_of_an_unknown_kind_is_refused() {
    let with = |destination: &str, typ: &str| {
        let mount = MountBuilder::default().destination(destination).typ(typ);
        let mut document = Spec::default();
        document.set_mounts(Some(vec![mount.source("s").build().unwrap()]));
        mounts(&document, &|_| Shape::File)
    };
    for wrong in ["data", "/data/../usr", "/data/./x/.."] {
        assert!(
            matches!(with(wrong, "bind"), Err(PodError::Document(_))),
            "{wrong}"
        );
    }
    assert!(matches!(
        with("/data", "nfs"),
        Err(PodError::MountType { .. })
    ));
    assert!(with("/run", "tmpfs").unwrap().is_empty());
    assert!(with("/sys/fs/cgroup", "cgroup").unwrap().is_empty());
    let kept = with("/var/run/secrets", "bind").unwrap();
    assert_eq!(kept[0].destination, Path::new("/run/secrets"));
    assert_eq!(kept[0].access, Access::ReadWrite);
    assert!(with("/cache", "tmpfs").unwrap()[0].memory);
}

#[test]
fn of_two_sets_of_cpus_those_in_both_are_left() {
    let cpus = |list: &str| {
        let cpu = LinuxCpuBuilder::default().cpus(list).build().unwrap();
        LinuxResourcesBuilder::default().cpu(cpu).build().unwrap()
    };
    let both = |pod: &str, app: &str| tighter::resources(&cpus(pod), &cpus(app));
    let left = both("0-3,8", "2-9").unwrap();
    let left = left.cpu().as_ref().and_then(|cpu| cpu.cpus().clone());
    assert_eq!(left.as_deref(), Some("2,3,8"));
    assert!(matches!(both("0-1", "2-3"), Err(PodError::NoCpu { .. })));
    assert!(matches!(
        both("0-4294967295", "1"),
        Err(PodError::Document(_))
    ));
    assert!(matches!(both("a", "1"), Err(PodError::Document(_))));
}

fn limits(text: &str) -> LinuxResources {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_image_gets_no_swap_that_the_pod_does_not_give() {
    let pod = limits(r#"{"memory": {"limit": 500, "swap": 500}}"#);
    let smaller = limits(r#"{"memory": {"limit": 100}}"#);
    let both = tighter::resources(&pod, &smaller).unwrap();
    let memory = both.memory().unwrap();
    assert_eq!((memory.limit(), memory.swap()), (Some(100), Some(100)));
    // an image that says only what both are together
    let pod_with_swap = limits(r#"{"memory": {"limit": 500, "swap": 900}}"#);
    let together = limits(r#"{"memory": {"swap": 600}}"#);
    let both = tighter::resources(&pod_with_swap, &together).unwrap();
    assert_eq!(both.memory().unwrap().swap(), Some(600));
    for asked in ["max", "900"] {
        let by_file = limits(&format!(
            r#"{{"unified": {{"memory.swap.max": "{asked}"}}}}"#
        ));
        let both = tighter::resources(&pod, &by_file).unwrap();
        assert_eq!(both.unified().as_ref().unwrap()["memory.swap.max"], "0");
    }
}

#[test]
fn files_of_the_cgroup_are_compared_as_what_they_mean() {
    let joined = |pod: &str, app: &str, file: &str| {
        let one = |value| limits(&format!(r#"{{"unified": {{"{file}": "{value}"}}}}"#));
        let both = tighter::resources(&one(pod), &one(app)).unwrap();
        both.unified().as_ref().unwrap()[file].clone()
    };
    assert_eq!(joined("1", "0", "memory.oom.group"), "1");
    assert_eq!(joined("0", "1", "memory.oom.group"), "1");
    assert_eq!(joined("1G", "2000", "memory.high"), "2000");
    assert_eq!(joined("1K", "2000", "memory.high"), "1K");
    assert_eq!(joined("max", "7", "memory.high"), "7");
    let pages = |limit| {
        limits(&format!(
            r#"{{"hugepageLimits": [{{"pageSize": "2MB", "limit": {limit}}}]}}"#
        ))
    };
    let both = tighter::resources(&pages(4096), &pages(-1)).unwrap();
    assert_eq!(both.hugepage_limits().as_ref().unwrap()[0].limit(), 4096);
}

#[test]
fn a_change_stays_within_the_ceilings_however_it_is_written() {
    let most = limits(
        r#"{"memory": {"limit": 100}, "cpu": {"quota": 1000, "period": 10000}, "unified": {"memory.high": "50"}}"#,
    );
    let changed = |asked: &str| super::change(&limits(asked), &most);
    let memory = |asked: &str| changed(asked).unwrap().memory().unwrap().limit();
    assert_eq!(memory(r#"{"memory": {"limit": 500}}"#), Some(100));
    assert_eq!(memory(r#"{"memory": {"limit": -1}}"#), Some(100));
    assert_eq!(memory(r#"{"memory": {"reservation": 5}}"#), None);
    assert!(changed(r#"{"unified": {"memory.max": "max"}}"#).is_err());
    let high = changed(r#"{"unified": {"memory.high": "900G"}}"#).unwrap();
    assert_eq!(high.unified().as_ref().unwrap()["memory.high"], "50");
    let period = changed(r#"{"cpu": {"period": 100}}"#).unwrap();
    let cpu = period.cpu().as_ref().unwrap();
    assert_eq!((cpu.quota(), cpu.period()), (Some(1000), Some(10000)));
    assert!(
        changed(r#"{"pids": {"limit": 7}}"#)
            .unwrap()
            .memory()
            .is_none()
    );
}
