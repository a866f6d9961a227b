//! Bytes read from and written to disks.

use super::{Cgroup, Error, Result, files};

/// Bytes read and written, from a file of the kernel.
type Sum = fn(&str) -> (u64, u64);

impl Cgroup {
    /// Bytes read and written so far, of all disks together; `None` where no controller counts them.
    pub(super) fn disk(&self) -> Result<Option<(u64, u64)>> {
        const V1: &str = "blkio.throttle.io_service_bytes_recursive";
        let file = |controller: &str, name: &str, sum: Sum| {
            let directory = self.with(controller)?;
            Some((directory.path.join(name), sum))
        };
        let Some((path, sum)) = file("io", "io.stat", sum_v2).or_else(|| file("blkio", V1, sum_v1))
        else {
            return Ok(None);
        };
        match files::read(&path) {
            Ok(text) => Ok(Some(sum(&text))),
            Err(Error::Io { source, .. }) if files::gone(&source) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// `8:0 rbytes=1 wbytes=2 rios=…` a line.
fn sum_v2(text: &str) -> (u64, u64) {
    let all = |key: &str| {
        text.split_whitespace()
            .filter_map(|word| word.strip_prefix(key)?.parse::<u64>().ok())
            .sum()
    };
    (all("rbytes="), all("wbytes="))
}

/// `8:0 Read 1` a line.
fn sum_v1(text: &str) -> (u64, u64) {
    let all = |kind: &str| {
        text.lines()
            .filter_map(|line| {
                let mut words = line.split(' ').skip(1);
                (words.next()? == kind).then(|| words.next()?.parse::<u64>().ok())?
            })
            .sum()
    };
    (all("Read"), all("Write"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_are_added_up() {
        let v2 = "8:0 rbytes=1 wbytes=2 rios=9 wios=9 dbytes=0 dios=0\n8:16 rbytes=10 wbytes=20 rios=1 wios=1";
        assert_eq!(sum_v2(v2), (11, 22));
        let v1 = "8:0 Read 1\n8:0 Write 2\n8:0 Sync 3\n8:0 Total 3\n8:16 Read 10\nTotal 13";
        assert_eq!(sum_v1(v1), (11, 2));
    }
}
