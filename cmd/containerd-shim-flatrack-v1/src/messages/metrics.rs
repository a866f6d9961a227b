//! What a container uses, as cgroups v1 and v2 have it (`cgroups/stats/v1/metrics.proto`, `cgroups/cgroup2/stats/metrics.proto`).
//! containerd and the kubelet tell the two apart by the message's name, so the one of the machine's hierarchy is sent.

pub(crate) mod v1 {
    //! Times are in nanoseconds.

    use prost::{Message, Name};

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Metrics {
        #[prost(message, optional, tag = "2")]
        pub(crate) pids: Option<Pids>,
        #[prost(message, optional, tag = "3")]
        pub(crate) cpu: Option<Cpu>,
        #[prost(message, optional, tag = "4")]
        pub(crate) memory: Option<Memory>,
        #[prost(message, optional, tag = "9")]
        pub(crate) oom: Option<Oom>,
    }

    impl Name for Metrics {
        const NAME: &'static str = "Metrics";
        const PACKAGE: &'static str = "io.containerd.cgroups.v1";
        fn type_url() -> String {
            Self::full_name()
        }
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Pids {
        #[prost(uint64, tag = "1")]
        pub(crate) current: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) limit: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Cpu {
        #[prost(message, optional, tag = "1")]
        pub(crate) usage: Option<Usage>,
        #[prost(message, optional, tag = "2")]
        pub(crate) throttling: Option<Throttling>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Usage {
        #[prost(uint64, tag = "1")]
        pub(crate) total: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) kernel: u64,
        #[prost(uint64, tag = "3")]
        pub(crate) user: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Throttling {
        #[prost(uint64, tag = "1")]
        pub(crate) periods: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) throttled_periods: u64,
        #[prost(uint64, tag = "3")]
        pub(crate) throttled_time: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Memory {
        #[prost(uint64, tag = "1")]
        pub(crate) cache: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) rss: u64,
        #[prost(uint64, tag = "9")]
        pub(crate) pg_fault: u64,
        #[prost(uint64, tag = "10")]
        pub(crate) pg_maj_fault: u64,
        #[prost(uint64, tag = "11")]
        pub(crate) inactive_anon: u64,
        #[prost(uint64, tag = "12")]
        pub(crate) active_anon: u64,
        #[prost(uint64, tag = "13")]
        pub(crate) inactive_file: u64,
        #[prost(uint64, tag = "14")]
        pub(crate) active_file: u64,
        #[prost(uint64, tag = "19")]
        pub(crate) total_rss: u64,
        /// What the kubelet takes off the usage to get the working set.
        #[prost(uint64, tag = "29")]
        pub(crate) total_inactive_file: u64,
        #[prost(message, optional, tag = "33")]
        pub(crate) usage: Option<MemoryEntry>,
        #[prost(message, optional, tag = "34")]
        pub(crate) swap: Option<MemoryEntry>,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct MemoryEntry {
        #[prost(uint64, tag = "1")]
        pub(crate) limit: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) usage: u64,
        #[prost(uint64, tag = "3")]
        pub(crate) max: u64,
        #[prost(uint64, tag = "4")]
        pub(crate) failcnt: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Oom {
        #[prost(uint64, tag = "3")]
        pub(crate) oom_kill: u64,
    }
}

pub(crate) mod v2 {
    //! Times are in µs.

    use prost::{Message, Name};

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Metrics {
        #[prost(message, optional, tag = "1")]
        pub(crate) pids: Option<Pids>,
        #[prost(message, optional, tag = "2")]
        pub(crate) cpu: Option<Cpu>,
        #[prost(message, optional, tag = "4")]
        pub(crate) memory: Option<Memory>,
        #[prost(message, optional, tag = "8")]
        pub(crate) memory_events: Option<MemoryEvents>,
    }

    impl Name for Metrics {
        const NAME: &'static str = "Metrics";
        const PACKAGE: &'static str = "io.containerd.cgroups.v2";
        fn type_url() -> String {
            Self::full_name()
        }
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Pids {
        #[prost(uint64, tag = "1")]
        pub(crate) current: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) limit: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Cpu {
        #[prost(uint64, tag = "1")]
        pub(crate) usage_usec: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) user_usec: u64,
        #[prost(uint64, tag = "3")]
        pub(crate) system_usec: u64,
        #[prost(uint64, tag = "4")]
        pub(crate) nr_periods: u64,
        #[prost(uint64, tag = "5")]
        pub(crate) nr_throttled: u64,
        #[prost(uint64, tag = "6")]
        pub(crate) throttled_usec: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct Memory {
        #[prost(uint64, tag = "1")]
        pub(crate) anon: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) file: u64,
        #[prost(uint64, tag = "11")]
        pub(crate) inactive_anon: u64,
        #[prost(uint64, tag = "12")]
        pub(crate) active_anon: u64,
        /// What the kubelet takes off the usage to get the working set.
        #[prost(uint64, tag = "13")]
        pub(crate) inactive_file: u64,
        #[prost(uint64, tag = "14")]
        pub(crate) active_file: u64,
        #[prost(uint64, tag = "18")]
        pub(crate) pgfault: u64,
        #[prost(uint64, tag = "19")]
        pub(crate) pgmajfault: u64,
        #[prost(uint64, tag = "32")]
        pub(crate) usage: u64,
        #[prost(uint64, tag = "33")]
        pub(crate) usage_limit: u64,
        #[prost(uint64, tag = "34")]
        pub(crate) swap_usage: u64,
        #[prost(uint64, tag = "35")]
        pub(crate) swap_limit: u64,
        #[prost(uint64, tag = "36")]
        pub(crate) max_usage: u64,
    }

    #[derive(Clone, PartialEq, Message)]
    pub(crate) struct MemoryEvents {
        #[prost(uint64, tag = "1")]
        pub(crate) low: u64,
        #[prost(uint64, tag = "2")]
        pub(crate) high: u64,
        #[prost(uint64, tag = "3")]
        pub(crate) max: u64,
        #[prost(uint64, tag = "4")]
        pub(crate) oom: u64,
        #[prost(uint64, tag = "5")]
        pub(crate) oom_kill: u64,
    }
}
