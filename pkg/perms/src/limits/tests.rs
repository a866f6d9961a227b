use super::*;

fn round(key: &str, value: &str) -> Result<String, String> {
    let key = LimitKey::find(key).unwrap();
    key.parse(value).map(|l| l.value()).map_err(|e| e.problem)
}

#[test]
fn values_are_read_and_written_in_their_shortest_form() {
    for (key, value, written) in [
        ("memory-max", "64M", "64M"),
        ("memory-max", "65536k", "64M"),
        ("memory-max", "1000", "1000"),
        ("memory-max", "0", "0"),
        ("memory-max", "max", "max"),
        ("cpu-max", "50%", "50%"),
        ("cpu-max", "1.5", "150%"),
        ("cpu-max", "12.5%", "12500 100000"),
        ("cpu-max", "20000 50000", "20000 50000"),
        ("cpu-weight", "100", "100"),
        ("cpuset", "0-2,4", "0-2,4"),
        ("pids-max", "64", "64"),
        ("nofile", "1024:4K", "1024:4096"),
        ("core", "infinity", "infinity"),
        ("oom-score-adj", "-5", "-5"),
        ("nice", "-20", "-20"),
        ("oom-group", "true", "true"),
        ("hugetlb-2MB-max", "8M", "8M"),
        ("io-max", "/dev/sda rbps=10M", "/dev/sda rbps=10M"),
        ("io-max", " 8:0  wiops=100 rbps=max ;", "8:0 wiops=100"),
        (
            "io-max",
            "/x riops=1;8:16 wbps=1024",
            "8:16 wbps=1K; /x riops=1",
        ),
        ("io-max", "/x rbps=max", "/x rbps=max"),
    ] {
        assert_eq!(round(key, value), Ok(written.to_owned()), "{key}={value}");
    }
}

#[test]
fn nonsense_is_refused() {
    for (key, value) in [
        ("memory-max", ""),
        ("memory-max", "-1"),
        ("memory-max", "64Q"),
        ("memory-max", "64 M"),
        ("memory-max", "1e9"),
        ("memory-max", "99999999999999999999"),
        ("memory-max", "9999999999T"),
        ("cpu-max", "0"),
        ("cpu-max", "half"),
        ("cpu-max", "10 5"),
        ("cpu-weight", "0"),
        ("cpu-weight", "10001"),
        ("cpuset", "3-1"),
        ("cpuset", ""),
        ("pids-max", "0"),
        ("nofile", "4096:1024"),
        ("oom-score-adj", "1001"),
        ("nice", "20"),
        ("oom-group", "yes"),
        ("hugetlb-2MB-max", "many"),
        ("io-max", ""),
        ("io-max", "/dev/sda"),
        ("io-max", "sda rbps=1"),
        ("io-max", "8:x rbps=1"),
        ("io-max", "/dev/sda rbps=0"),
        ("io-max", "/dev/sda rate=1"),
        ("io-max", "/dev/sda rbps=1; /dev/sda wbps=1"),
    ] {
        assert!(round(key, value).is_err(), "{key}={value}");
    }
}

#[test]
fn every_key_is_found_by_its_name() {
    for key in LimitKey::all() {
        assert_eq!(LimitKey::find(key.key()), Some(key));
        assert!(!key.doc().is_empty());
    }
}

#[test]
fn what_both_allow_is_above_neither() {
    let limit = |key: &str, value: &str| LimitKey::find(key).unwrap().parse(value).unwrap();
    for (key, one, other, both) in [
        (
            "io-max",
            "/a rbps=5",
            "/a rbps=3 wbps=9; /b riops=1",
            "/a rbps=3 wbps=9; /b riops=1",
        ),
        ("io-max", "/a rbps=5", "/b rbps=5", "/a rbps=5; /b rbps=5"),
        ("nofile", "100:5000", "1000:2000", "100:2000"),
        ("nice", "-5", "10", "10"),
        ("oom-group", "true", "false", "true"),
    ] {
        let (one, other) = (limit(key, one), limit(key, other));
        for (one, other) in [(&one, &other), (&other, &one)] {
            let least = one.and(other).unwrap();
            assert_eq!(least, limit(key, both), "{one} and {other}");
            assert!(!least.exceeds(one) && !least.exceeds(other), "{least}");
        }
    }
}
