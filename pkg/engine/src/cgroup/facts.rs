//! How often a container ran into its limits, and what the kernel's memory killer did.
//!
//! The same numbers are read from a cgroup that is there, and from the texts that were taken out of one before it was removed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Cgroup, files};

/// Facts about memory at the end of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct OomFacts {
    /// Processes killed because the limit was reached.
    pub kills: u64,
    /// The most memory that was ever used, in bytes, if the kernel keeps it.
    pub peak: Option<u64>,
    /// The limit, in bytes; `None` if there is none.
    pub limit: Option<u64>,
}

/// A limit that holds something back, and that the kernel counts the times of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hit {
    /// `memory-max`: memory was to be made free, or a process killed.
    MemoryMax,
    /// `memory-high`: processes were slowed down until memory was free.
    MemoryHigh,
    /// `memory-swap-max`: nothing more could be swapped out.
    MemorySwapMax,
    /// `pids-max`: a process or thread was not made.
    PidsMax,
    /// `cpu-max`: periods at whose end nothing could run.
    CpuMax,
}

impl Hit {
    /// The limit's key in `[X-Resources]`.
    #[must_use]
    pub fn limit(self) -> &'static str {
        match self {
            Self::MemoryMax => "memory-max",
            Self::MemoryHigh => "memory-high",
            Self::MemorySwapMax => "memory-swap-max",
            Self::PidsMax => "pids-max",
            Self::CpuMax => "cpu-max",
        }
    }
}

/// What was counted so far. What the kernel does not count here is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Times that each limit held something back.
    pub hits: BTreeMap<Hit, u64>,
    /// What was killed for memory.
    pub oom: OomFacts,
}

/// v1's way to say "no limit": the largest number of whole pages.
pub(super) const V1_NO_LIMIT: u64 = 1 << 62;

/// A number in a cgroup's files: the file, and the key of its line if it has more than one. v2's comes first, then v1's.
type Source = &'static [(&'static str, Option<&'static str>)];

const OOM_KILLS: Source = &[
    ("memory.events", Some("oom_kill")),
    ("memory.oom_control", Some("oom_kill")),
];
const PEAK: Source = &[("memory.peak", None), ("memory.max_usage_in_bytes", None)];
const LIMIT: Source = &[("memory.max", None), ("memory.limit_in_bytes", None)];
const HITS: [(Hit, Source); 5] = [
    (
        Hit::MemoryMax,
        &[("memory.events", Some("max")), ("memory.failcnt", None)],
    ),
    (Hit::MemoryHigh, &[("memory.events", Some("high"))]),
    (
        Hit::MemorySwapMax,
        &[
            ("memory.swap.events", Some("max")),
            ("memory.memsw.failcnt", None),
        ],
    ),
    (Hit::PidsMax, &[("pids.events", Some("max"))]),
    (Hit::CpuMax, &[("cpu.stat", Some("nr_throttled"))]),
];

impl Counts {
    /// From texts that were taken out of a cgroup: behind a line `=PATH` each, as [`Cgroup::count_files`] names them.
    #[must_use]
    pub fn from_texts(texts: &str) -> Self {
        let files: BTreeMap<&str, &str> = texts
            .split("\n=")
            .filter_map(|file| file.split_once('\n'))
            .map(|(path, text)| (path.rsplit('/').next().unwrap_or(path), text))
            .collect();
        Self::read(&|name| files.get(name).map(|&text| text.to_owned()))
    }

    fn read(file: &dyn Fn(&str) -> Option<String>) -> Self {
        let number = |source: Source| {
            source.iter().find_map(|(name, key)| {
                let text = file(name)?;
                match key {
                    None => text.trim().parse::<u64>().ok(),
                    Some(key) => text.lines().find_map(|line| {
                        let value = line.strip_prefix(key)?.strip_prefix(' ')?;
                        value.trim().parse().ok()
                    }),
                }
            })
        };
        Self {
            hits: HITS
                .iter()
                .filter_map(|(hit, source)| Some((*hit, number(source)?)))
                .collect(),
            oom: OomFacts {
                kills: number(OOM_KILLS).unwrap_or(0),
                peak: number(PEAK),
                limit: number(LIMIT).filter(|limit| *limit < V1_NO_LIMIT),
            },
        }
    }
}

impl Cgroup {
    /// What was counted so far; nothing where the container has no cgroup, or none any more.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read: RefCell<BTreeMap<String, Option<String>>> = RefCell::default();
        Counts::read(&|name| {
            let mut read = read.borrow_mut();
            let text = read
                .entry(name.to_owned())
                .or_insert_with(|| files::read(&self.count_file(name)?).ok());
            text.clone()
        })
    }

    /// The files that [`Counts`] come from, as many as there are here.
    #[must_use]
    pub fn count_files(&self) -> Vec<PathBuf> {
        let sources = HITS.iter().map(|(_, source)| *source);
        let sources = sources.chain([OOM_KILLS, PEAK, LIMIT]).flatten();
        let mut files: Vec<PathBuf> = sources
            .filter_map(|(name, _)| self.count_file(name))
            .filter(|path| path.exists())
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// A file by its name, whose beginning is the controller's.
    fn count_file(&self, name: &str) -> Option<PathBuf> {
        let (controller, _) = name.split_once('.')?;
        Some(self.with(controller)?.path.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_either_version_are_counted() {
        let v2 = "exit 0\napp a\n=/c/memory.events\nlow 0\nhigh 2\nmax 7\noom 1\noom_kill 1\n=/c/memory.peak\n4096\n\
                  =/c/memory.max\nmax\n=/c/pids.events\nmax 3\n";
        let counts = Counts::from_texts(v2);
        assert_eq!(
            counts.hits.into_iter().collect::<Vec<_>>(),
            [(Hit::MemoryMax, 7), (Hit::MemoryHigh, 2), (Hit::PidsMax, 3)]
        );
        let oom = |kills, peak, limit| OomFacts { kills, peak, limit };
        assert_eq!(counts.oom, oom(1, Some(4096), None));
        let v1 = "exit 137\n=/m/memory.oom_control\noom_kill_disable 0\nunder_oom 0\noom_kill 2\n=/m/memory.limit_in_bytes\n65536\n\
                  =/m/memory.failcnt\n9\n=/c/cpu.stat\nnr_periods 5\nnr_throttled 4\nthrottled_time 1\n";
        let counts = Counts::from_texts(v1);
        assert_eq!(counts.oom, oom(2, None, Some(65536)));
        assert_eq!(
            counts.hits.into_iter().collect::<Vec<_>>(),
            [(Hit::MemoryMax, 9), (Hit::CpuMax, 4)]
        );
    }

    #[test]
    fn nothing_is_counted_where_nothing_was_kept() {
        assert_eq!(Counts::from_texts(""), Counts::default());
        assert_eq!(Counts::from_texts("exit 0\napp a\n"), Counts::default());
        assert_eq!(Cgroup::none().counts(), Counts::default());
    }
}
