//! Rules as a program, which the kernel asks at each opening of a device and each making of a node.
//!
//! Names and offsets are those of `struct bpf_cgroup_dev_ctx` in the kernel's `linux/bpf.h`.

use flatrack_sys::bpf::Instruction;

use super::{ALL, Rule};
use crate::bpf::{Place, Program, op::*};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Allow,
    Deny,
    /// The rule after this one
    After(usize),
}

impl Place for To {
    const ALLOW: Self = Self::Allow;
    const DENY: Self = Self::Deny;
}

const ACCESS_AND_KIND: i16 = 0;
const MAJOR: i16 = 4;
const MINOR: i16 = 8;

/// Registers: what was asked for and no rule has spoken of yet; the device; a scratch.
const ASKED: u8 = 2;
const KIND_OF: u8 = 3;
const MAJOR_OF: u8 = 4;
const MINOR_OF: u8 = 5;
const SCRATCH: u8 = 6;

/// From the last rule to the first, since the last one counts. Nothing if there are more than jumps can cross.
pub(super) fn of(rules: &[Rule]) -> Option<Vec<Instruction>> {
    let mut program = Program::default();
    program.push(LOAD32, ASKED, 1, ACCESS_AND_KIND, 0);
    program.push(MOVE, KIND_OF, ASKED, 0, 0);
    program.push(AND, KIND_OF, 0, 0, 0xffff);
    program.push(RIGHT, ASKED, 0, 0, 16);
    program.push(LOAD32, MAJOR_OF, 1, MAJOR, 0);
    program.push(LOAD32, MINOR_OF, 1, MINOR, 0);
    for (index, rule) in rules.iter().enumerate().rev() {
        if rule.is_everything() {
            return program.finish(answer(rule));
        }
        let after = To::After(index);
        for (register, wanted) in [
            (KIND_OF, rule.kind.map(|kind| kind as i32)),
            (MAJOR_OF, rule.major),
            (MINOR_OF, rule.minor),
        ] {
            if let Some(wanted) = wanted {
                program.jump(IF_NOT_EQUAL, register, wanted, after);
            }
        }
        if rule.access == ALL {
            program.jump(JUMP, 0, 0, answer(rule));
        } else if rule.allow {
            program.push(AND, ASKED, 0, 0, i32::from(!rule.access & ALL));
            program.jump(IF_EQUAL, ASKED, 0, To::Allow);
        } else {
            program.push(MOVE, SCRATCH, ASKED, 0, 0);
            program.push(AND, SCRATCH, 0, 0, i32::from(rule.access));
            program.jump(IF_NOT_EQUAL, SCRATCH, 0, To::Deny);
        }
        program.here(after);
    }
    program.finish(To::Deny)
}

fn answer(rule: &Rule) -> To {
    if rule.allow { To::Allow } else { To::Deny }
}
