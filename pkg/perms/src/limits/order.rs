//! Which of two limits allows more, and what both allow.

use super::{Limit, LimitKey, Nice, OomGroup, OomScore, Rlimit, Weight};

impl Limit {
    /// Whether this allows more than another limit of the same key. What has no order counts as more unless equal.
    pub(crate) fn exceeds(&self, ceiling: &Self) -> bool {
        match (self, ceiling) {
            (Limit::MemoryMax(a), Limit::MemoryMax(b))
            | (Limit::MemoryHigh(a), Limit::MemoryHigh(b))
            | (Limit::MemoryLow(a), Limit::MemoryLow(b))
            | (Limit::MemorySwapMax(a), Limit::MemorySwapMax(b))
            | (Limit::Hugetlb64K(a), Limit::Hugetlb64K(b))
            | (Limit::Hugetlb2M(a), Limit::Hugetlb2M(b))
            | (Limit::Hugetlb32M(a), Limit::Hugetlb32M(b))
            | (Limit::Hugetlb1G(a), Limit::Hugetlb1G(b)) => a > b,
            (Limit::Nice(a), Limit::Nice(b)) => a < b,
            (Limit::IoMax(a), Limit::IoMax(b)) => a.and(b) != *a,
            (Limit::OomGroup(a), Limit::OomGroup(b)) => !a.get() && b.get(),
            (Limit::CpuMax(a), Limit::CpuMax(b)) => match (a.quota, b.quota) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(qa), Some(qb)) => {
                    u128::from(qa) * u128::from(b.period) > u128::from(qb) * u128::from(a.period)
                }
            },
            (Limit::CpuWeight(a), Limit::CpuWeight(b))
            | (Limit::IoWeight(a), Limit::IoWeight(b)) => a > b,
            (Limit::Cpuset(a), Limit::Cpuset(b)) => !a.cpus().is_subset(&b.cpus()),
            (Limit::PidsMax(a), Limit::PidsMax(b)) => a > b,
            // who has the lower score lives longer
            (Limit::OomScoreAdj(a), Limit::OomScoreAdj(b)) => a < b,
            (Limit::Rlimit(_, a), Limit::Rlimit(_, b)) => {
                let more = |a: Option<u64>, b: Option<u64>| match (a, b) {
                    (_, None) => false,
                    (None, Some(_)) => true,
                    (Some(a), Some(b)) => a > b,
                };
                more(a.soft, b.soft) || more(a.hard, b.hard)
            }
            (a, b) => a != b,
        }
    }

    /// The most that both allow; `None` where they have nothing in common, such as different CPUs.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        if !self.exceeds(other) {
            return Some(self.clone());
        }
        if !other.exceeds(self) {
            return Some(other.clone());
        }
        match (self, other) {
            (Limit::IoMax(a), Limit::IoMax(b)) => Some(Limit::IoMax(a.and(b))),
            (Limit::Rlimit(kind, a), Limit::Rlimit(_, b)) => {
                let least = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).min();
                let both = Rlimit {
                    soft: least(a.soft, b.soft),
                    hard: least(a.hard, b.hard),
                };
                Some(Limit::Rlimit(*kind, both))
            }
            (Limit::Cpuset(a), Limit::Cpuset(b)) => a.and(b).map(Limit::Cpuset),
            _ => None,
        }
    }

    /// Whether an app without any limit of this key has no more than this one allows.
    pub(crate) fn allows_unset(&self) -> bool {
        self.key().unset().is_some_and(|unset| !unset.exceeds(self))
    }
}

impl LimitKey {
    /// What an app has for which this limit is not set; `None` is as much as there is.
    ///
    /// Setting such a limit can give something: a share, a place further back in the row of those to be killed.
    pub(crate) fn unset(self) -> Option<Limit> {
        match self {
            Self::MemoryLow => Some(Limit::MemoryLow(super::ByteLimit::Bytes(0))),
            Self::CpuWeight => Some(Limit::CpuWeight(Weight::NORMAL)),
            Self::IoWeight => Some(Limit::IoWeight(Weight::NORMAL)),
            Self::OomScoreAdj => Some(Limit::OomScoreAdj(OomScore::NORMAL)),
            Self::OomGroup => Some(Limit::OomGroup(OomGroup::APART)),
            Self::Nice => Some(Limit::Nice(Nice::NORMAL)),
            Self::MemoryMax
            | Self::MemoryHigh
            | Self::MemorySwapMax
            | Self::CpuMax
            | Self::Cpuset
            | Self::PidsMax
            | Self::IoMax
            | Self::Hugetlb64K
            | Self::Hugetlb2M
            | Self::Hugetlb32M
            | Self::Hugetlb1G
            | Self::Rlimit(_) => None,
        }
    }
}
