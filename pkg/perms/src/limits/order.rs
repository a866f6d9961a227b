//! Which of two limits allows more.

use super::Limit;

impl Limit {
    /// Whether this allows more than another limit of the same key. What has no order counts as more unless equal.
    pub(crate) fn exceeds(&self, ceiling: &Self) -> bool {
        match (self, ceiling) {
            (Limit::MemoryMax(a), Limit::MemoryMax(b))
            | (Limit::MemoryHigh(a), Limit::MemoryHigh(b))
            | (Limit::MemoryLow(a), Limit::MemoryLow(b))
            | (Limit::MemorySwapMax(a), Limit::MemorySwapMax(b)) => a > b,
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
}
