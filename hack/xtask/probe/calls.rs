//! What a few system calls cost where this runs: a line `NAME NANOSECONDS` each. `calls FILE COUNT`; the file is looked at and opened.

use std::fs::{File, metadata};
use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("a file");
    let count: u32 = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .expect("a count");
    let mut zero = File::open("/dev/zero").expect("/dev/zero can be opened");
    let mut byte = [0];
    time("getpid", count, &mut || {
        black_box(std::process::id());
    });
    time("statx", count, &mut || {
        drop(black_box(metadata(&file).expect("the file is there")))
    });
    time("openat+close", count, &mut || {
        drop(black_box(
            File::open(&file).expect("the file can be opened"),
        ))
    });
    time("read", count, &mut || {
        zero.read_exact(black_box(&mut byte))
            .expect("there are always zeros")
    });
}

fn time(name: &str, count: u32, call: &mut dyn FnMut()) {
    for _ in 0..count / 10 {
        call();
    }
    let begin = Instant::now();
    for _ in 0..count {
        call();
    }
    println!(
        "{name} {:.1}",
        begin.elapsed().as_secs_f64() * 1e9 / f64::from(count)
    );
}
