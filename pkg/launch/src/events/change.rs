//! What happened between two looks at an app. Pure.

use std::time::Duration;

use flatrack_engine::cgroup::{Counts, Pressure, Stall};

use super::Happening;

/// What was killed for memory.
pub(super) fn killed(before: &Counts, after: &Counts) -> Option<Happening> {
    let kills = after.oom.kills.saturating_sub(before.oom.kills);
    (kills > 0).then_some(Happening::Oom {
        kills,
        limit: after.oom.limit,
        peak: after.oom.peak,
    })
}

/// Limits that held something back.
pub(super) fn hits(before: &Counts, after: &Counts) -> Vec<Happening> {
    let times = after.hits.iter().map(|(hit, times)| {
        let before = before.hits.get(hit).copied().unwrap_or(0);
        (hit.limit(), times.saturating_sub(before))
    });
    times
        .filter(|(_, times)| *times > 0)
        .map(|(limit, times)| Happening::Limit { limit, times })
        .collect()
}

/// Resources that something waited for in at least this share of the time.
pub(super) fn pressure(
    before: &Pressure,
    after: &Pressure,
    elapsed: Duration,
    percent: u8,
) -> Vec<Happening> {
    let resources = [
        ("cpu", before.cpu, after.cpu),
        ("memory", before.memory, after.memory),
        ("io", before.io, after.io),
    ];
    let elapsed = elapsed.as_micros().max(1);
    let share = |(resource, before, after): (_, Option<Stall>, Option<Stall>)| {
        let waited = after?.some_total.saturating_sub(before?.some_total);
        let share = (u128::from(waited) * 100 / elapsed).min(100);
        let share = u8::try_from(share).ok()?;
        (share >= percent).then_some(Happening::Pressure {
            resource,
            percent: share,
        })
    };
    resources.into_iter().filter_map(share).collect()
}

#[cfg(test)]
mod tests {
    use flatrack_engine::cgroup::{Hit, OomFacts};

    use super::*;

    fn counts(kills: u64, hits: &[(Hit, u64)]) -> Counts {
        Counts {
            hits: hits.iter().copied().collect(),
            oom: OomFacts {
                kills,
                peak: Some(2),
                limit: Some(1),
            },
        }
    }

    #[test]
    fn only_what_is_new_is_told() {
        let before = counts(1, &[(Hit::PidsMax, 5), (Hit::CpuMax, 1)]);
        let after = counts(3, &[(Hit::PidsMax, 7), (Hit::CpuMax, 1)]);
        let oom = Happening::Oom {
            kills: 2,
            limit: Some(1),
            peak: Some(2),
        };
        assert_eq!(killed(&before, &after), Some(oom));
        let limit = Happening::Limit {
            limit: "pids-max",
            times: 2,
        };
        assert_eq!(hits(&before, &after), [limit]);
        assert_eq!(killed(&after, &after), None);
        assert_eq!(hits(&after, &after), []);
        // counters that somebody set back, as one can on v1
        assert_eq!(killed(&after, &before), None);
        assert_eq!(hits(&after, &before), []);
    }

    #[test]
    fn pressure_is_a_share_of_the_time_between() {
        let stall = |some_total| {
            Some(Stall {
                some_avg10: 0.0,
                some_total,
            })
        };
        let at = |memory, io| Pressure {
            cpu: None,
            memory: stall(memory),
            io: stall(io),
        };
        let second = Duration::from_secs(1);
        let told = pressure(&at(0, 0), &at(340_000, 90_000), second, 10);
        let expected = Happening::Pressure {
            resource: "memory",
            percent: 34,
        };
        assert_eq!(told, [expected]);
    }
}
