//! System calls that are newer than a profile.
//!
//! A profile that allows what it names answers everything else with its default error, mostly EPERM. For a call that did not exist when it
//! was written that is the wrong answer: libraries go back to an older call on ENOSYS only. So does every other runtime.

use libseccomp::ScmpArch;

const ENOSYS: u32 = 38;

/// `BPF_LD | BPF_W | BPF_ABS` and the jumps of the kernel's `linux/bpf_common.h`.
const LOAD: u16 = 0x20;
const IF_EQUAL: u16 = 0x15;
const IF_MORE: u16 = 0x25;
const IF_NOT_LESS: u16 = 0x35;
const RETURN: u16 = 0x06;

/// Offsets in `struct seccomp_data`.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;

const ERRNO: u32 = 0x0005_0000;
/// Numbers from here on are those of x32, which has the architecture of x86-64.
const X32: u32 = 0x4000_0000;

/// What goes before a program: for each architecture, calls above the highest number that the profile names do not exist.
pub(super) fn unknown(highest: &[(ScmpArch, u32)]) -> Vec<u8> {
    highest
        .iter()
        .filter_map(|(arch, highest)| Some((audit(*arch)?, *highest)))
        .flat_map(|(arch, highest)| {
            [
                (LOAD, 0, 0, ARCHITECTURE),
                (IF_EQUAL, 0, 4, arch),
                (LOAD, 0, 0, NUMBER),
                (IF_NOT_LESS, 2, 0, X32),
                (IF_MORE, 0, 1, highest),
                (RETURN, 0, 0, ERRNO | ENOSYS),
            ]
        })
        .flat_map(|(code, yes, no, value): (u16, u8, u8, u32)| {
            let [a, b] = code.to_ne_bytes();
            let [c, d, e, f] = value.to_ne_bytes();
            [a, b, yes, no, c, d, e, f]
        })
        .collect()
}

/// The kernel's `AUDIT_ARCH_*`; of those that are not here, calls keep the profile's default.
fn audit(arch: ScmpArch) -> Option<u32> {
    [
        (ScmpArch::X8664, 0xc000_003e),
        (ScmpArch::X86, 0x4000_0003),
        (ScmpArch::Aarch64, 0xc000_00b7),
        (ScmpArch::Arm, 0x4000_0028),
        (ScmpArch::Riscv64, 0xc000_00f3),
        (ScmpArch::Ppc64Le, 0xc000_0015),
        (ScmpArch::S390X, 0x8000_0016),
    ]
    .into_iter()
    .find(|(known, _)| *known == arch)
    .map(|(_, number)| number)
}

/// This machine's, if it is one of those above.
pub(super) fn native() -> Option<ScmpArch> {
    [
        ("x86_64", ScmpArch::X8664),
        ("x86", ScmpArch::X86),
        ("aarch64", ScmpArch::Aarch64),
        ("arm", ScmpArch::Arm),
        ("riscv64", ScmpArch::Riscv64),
        ("s390x", ScmpArch::S390X),
    ]
    .into_iter()
    .find(|(name, _)| *name == std::env::consts::ARCH)
    .map(|(_, arch)| arch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the prologue answers to a call; nothing if it leaves it to the profile.
    fn answer(program: &[u8], arch: u32, number: u32) -> Option<u32> {
        let (mut at, mut loaded) = (0, 0);
        loop {
            let bytes: &[u8; 8] = program.get(at * 8..)?.first_chunk()?;
            let code = u16::from_ne_bytes([bytes[0], bytes[1]]);
            let value = u32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
            let jump = |taken: bool| usize::from(if taken { bytes[2] } else { bytes[3] });
            at += 1;
            match code {
                LOAD => loaded = if value == NUMBER { number } else { arch },
                IF_EQUAL => at += jump(loaded == value),
                IF_MORE => at += jump(loaded > value),
                IF_NOT_LESS => at += jump(loaded >= value),
                RETURN => return Some(value),
                other => panic!("{other:#x}"),
            }
        }
    }

    #[test]
    fn calls_above_the_highest_do_not_exist_each_architecture_by_itself() {
        let program = unknown(&[
            (ScmpArch::X8664, 300),
            (ScmpArch::X86, 400),
            (ScmpArch::X32, 1),
        ]);
        let (long, short, other) = (0xc000_003e, 0x4000_0003, 0xc000_00b7);
        let missing = Some(ERRNO | ENOSYS);
        for (arch, number, expected) in [
            (long, 300, None),
            (long, 301, missing),
            (long, X32, None),
            (short, 301, None),
            (short, 401, missing),
            (other, 9999, None),
        ] {
            assert_eq!(
                answer(&program, arch, number),
                expected,
                "{arch:#x} {number}"
            );
        }
    }
}
