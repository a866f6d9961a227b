//! Which of two limits allows more, and what both allow.

use super::{Limit, Rlimit};

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
            (Limit::PidsMax(a), Limit::PidsMax(b)) => a > b,
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

    /// What is left of this under a ceiling that it exceeds: no part of it is above either.
    pub(crate) fn under(&self, ceiling: &Self) -> Self {
        self.and(ceiling).unwrap_or_else(|| ceiling.clone())
    }

    /// What both allow, of two limits of the same key; `None` where neither says it and there is nothing between.
    #[must_use]
    pub fn and(&self, other: &Self) -> Option<Self> {
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
            (a, b) if !a.exceeds(b) => Some(a.clone()),
            (a, b) if !b.exceeds(a) => Some(b.clone()),
            _ => None,
        }
    }
}
