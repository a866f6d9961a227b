//! What a container uses, in the words of the machine's cgroup version.

use prost::{Message, Name};
use prost_types::Any;

use crate::cgroup::Cgroup;
use crate::messages::metrics::{v1, v2};

/// The message.
pub(crate) fn of(cgroup: &Cgroup) -> Any {
    if cgroup.is_v1() {
        any(&on_v1(cgroup))
    } else {
        any(&on_v2(cgroup))
    }
}

fn any<M: Message + Name>(message: &M) -> Any {
    Any {
        type_url: M::type_url(),
        value: message.encode_to_vec(),
    }
}

fn on_v1(cgroup: &Cgroup) -> v1::Metrics {
    let memory = cgroup.keyed("memory", "memory.stat");
    let kept = |key: &str| memory.get(key).copied().unwrap_or(0);
    let entry = |kind: &str| {
        let number = |what: &str| cgroup.number("memory", &format!("memory.{kind}{what}"));
        v1::MemoryEntry {
            limit: number("limit_in_bytes"),
            usage: number("usage_in_bytes"),
            max: number("max_usage_in_bytes"),
            failcnt: number("failcnt"),
        }
    };
    let throttling = cgroup.keyed("cpu", "cpu.stat");
    let throttled = |key: &str| throttling.get(key).copied().unwrap_or(0);
    v1::Metrics {
        pids: Some(v1::Pids {
            current: cgroup.number("pids", "pids.current"),
            limit: cgroup.number("pids", "pids.max"),
        }),
        cpu: Some(v1::Cpu {
            usage: Some(v1::Usage {
                total: cgroup.number("cpuacct", "cpuacct.usage"),
                kernel: cgroup.number("cpuacct", "cpuacct.usage_sys"),
                user: cgroup.number("cpuacct", "cpuacct.usage_user"),
            }),
            throttling: Some(v1::Throttling {
                periods: throttled("nr_periods"),
                throttled_periods: throttled("nr_throttled"),
                throttled_time: throttled("throttled_time"),
            }),
        }),
        memory: Some(v1::Memory {
            cache: kept("cache"),
            rss: kept("rss"),
            pg_fault: kept("pgfault"),
            pg_maj_fault: kept("pgmajfault"),
            inactive_anon: kept("inactive_anon"),
            active_anon: kept("active_anon"),
            inactive_file: kept("inactive_file"),
            active_file: kept("active_file"),
            total_rss: kept("total_rss"),
            total_inactive_file: kept("total_inactive_file"),
            usage: Some(entry("")),
            swap: Some(entry("memsw.")),
        }),
        oom: Some(v1::Oom {
            oom_kill: cgroup.oom_kills(),
        }),
    }
}

fn on_v2(cgroup: &Cgroup) -> v2::Metrics {
    let table = |file: &str| cgroup.keyed("memory", file);
    let (memory, events, cpu) = (
        table("memory.stat"),
        table("memory.events"),
        table("cpu.stat"),
    );
    let kept = |key: &str| memory.get(key).copied().unwrap_or(0);
    let event = |key: &str| events.get(key).copied().unwrap_or(0);
    let used = |key: &str| cpu.get(key).copied().unwrap_or(0);
    let number = |file: &str| cgroup.number("memory", file);
    v2::Metrics {
        pids: Some(v2::Pids {
            current: number("pids.current"),
            limit: number("pids.max"),
        }),
        cpu: Some(v2::Cpu {
            usage_usec: used("usage_usec"),
            user_usec: used("user_usec"),
            system_usec: used("system_usec"),
            nr_periods: used("nr_periods"),
            nr_throttled: used("nr_throttled"),
            throttled_usec: used("throttled_usec"),
        }),
        memory: Some(v2::Memory {
            anon: kept("anon"),
            file: kept("file"),
            inactive_anon: kept("inactive_anon"),
            active_anon: kept("active_anon"),
            inactive_file: kept("inactive_file"),
            active_file: kept("active_file"),
            pgfault: kept("pgfault"),
            pgmajfault: kept("pgmajfault"),
            usage: number("memory.current"),
            usage_limit: number("memory.max"),
            swap_usage: number("memory.swap.current"),
            swap_limit: number("memory.swap.max"),
            max_usage: number("memory.peak"),
        }),
        memory_events: Some(v2::MemoryEvents {
            low: event("low"),
            high: event("high"),
            max: event("max"),
            oom: event("oom"),
            oom_kill: event("oom_kill"),
        }),
    }
}
