//! Writing programs for cgroups, instruction by instruction, with names for where jumps go.

use flatrack_sys::bpf::Instruction;

/// Operations, on 64 bits where they compute.
pub(crate) mod op {
    /// `r = *(u32 *)(source + offset)`
    pub(crate) const LOAD32: u8 = 0x61;
    /// `r = *(u8 *)(source + offset)`
    pub(crate) const LOAD8: u8 = 0x71;
    /// `r = *(u16 *)(source + offset)`
    pub(crate) const LOAD16: u8 = 0x69;
    /// `r = *(u64 *)(source + offset)`
    pub(crate) const LOAD64: u8 = 0x79;
    /// `r = source`
    pub(crate) const MOVE: u8 = 0xbf;
    /// `r = constant`
    pub(crate) const SET: u8 = 0xb7;
    /// `r += constant`
    pub(crate) const ADD: u8 = 0x07;
    /// `r &= constant`
    pub(crate) const AND: u8 = 0x57;
    /// `r >>= constant`
    pub(crate) const RIGHT: u8 = 0x77;
    /// `r <<= constant`
    pub(crate) const LEFT: u8 = 0x67;
    /// the lowest bits, as many as the constant says, from network order
    pub(crate) const FROM_NETWORK: u8 = 0xdc;
    /// goes on elsewhere
    pub(crate) const JUMP: u8 = 0x05;
    /// jumps if `r == constant`
    pub(crate) const IF_EQUAL: u8 = 0x15;
    /// jumps if `r != constant`
    pub(crate) const IF_NOT_EQUAL: u8 = 0x55;
    /// jumps if `r < constant`
    pub(crate) const IF_LESS: u8 = 0xa5;
    /// jumps if `r <= constant`
    pub(crate) const IF_NOT_MORE: u8 = 0xb5;
    /// `r0 = helper(r1, …)`
    pub(crate) const CALL: u8 = 0x85;
    /// returns `r0`
    pub(crate) const EXIT: u8 = 0x95;
}

use op::{EXIT, SET};

/// Names for places in a program. Two of them end every program.
pub(crate) trait Place: Copy + PartialEq {
    /// The program says yes.
    const ALLOW: Self;
    /// The program says no.
    const DENY: Self;
}

/// A program in the making.
pub(crate) struct Program<P> {
    code: Vec<Instruction>,
    jumps: Vec<(usize, P)>,
    places: Vec<(P, usize)>,
}

impl<P> Default for Program<P> {
    fn default() -> Self {
        Self {
            code: Vec::new(),
            jumps: Vec::new(),
            places: Vec::new(),
        }
    }
}

impl<P: Place> Program<P> {
    pub(crate) fn push(
        &mut self,
        code: u8,
        destination: u8,
        source: u8,
        offset: i16,
        immediate: i32,
    ) {
        self.code.push(Instruction {
            code,
            registers: destination | source << 4,
            offset,
            immediate,
        });
    }

    /// A jump to a place further on.
    pub(crate) fn jump(&mut self, code: u8, register: u8, value: i32, to: P) {
        self.jumps.push((self.code.len(), to));
        self.push(code, register, 0, 0, value);
    }

    /// Names the place of the next instruction.
    pub(crate) fn here(&mut self, place: P) {
        self.places.push((place, self.code.len()));
    }

    /// The whole program, which ends in this answer where it comes to its end. Nothing if a jump is too far for an instruction, or goes
    /// to a place that is not further on.
    pub(crate) fn finish(mut self, answer: P) -> Option<Vec<Instruction>> {
        let other = if answer == P::ALLOW {
            P::DENY
        } else {
            P::ALLOW
        };
        self.answer(answer);
        // the verifier takes no instruction that nothing leads to
        if self.jumps.iter().any(|(_, to)| *to == other) {
            self.answer(other);
        }
        for (at, to) in self.jumps {
            let mut places = self.places.iter();
            let (_, place) = places.find(|(name, place)| *name == to && *place > at)?;
            self.code[at].offset = i16::try_from(place - at - 1).ok()?;
        }
        Some(self.code)
    }

    fn answer(&mut self, answer: P) {
        self.here(answer);
        self.push(SET, 0, 0, 0, i32::from(answer == P::ALLOW));
        self.push(EXIT, 0, 0, 0, 0);
    }
}
