//! The programs. They are short and have no loops: a list of ranges becomes a list of comparisons.
//!
//! Names and offsets are those of `struct bpf_sock_addr`, `struct __sk_buff` and `struct bpf_sock` in the kernel's `linux/bpf.h`.

use flatrack_sys::bpf::Instruction;
use serde::Deserialize;

use crate::bpf::{self, Place, op::*};

/// Ranges of ports by protocol, both ends included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocols {
    /// TCP
    #[serde(default)]
    pub tcp: Vec<(u16, u16)>,
    /// UDP
    #[serde(default)]
    pub udp: Vec<(u16, u16)>,
}

const TCP: i32 = 6;
const UDP: i32 = 17;
/// `TCP_LISTEN`
const LISTEN: i32 = 10;

/// `bpf_sock_addr`
const ADDRESS_PORT: i16 = 24;
const ADDRESS_PROTOCOL: i16 = 36;
/// `__sk_buff`
const PACKET_SOCKET: i16 = 168;
/// `bpf_sock`
const SOCKET_PROTOCOL: i16 = 12;
const SOCKET_PORT: i16 = 44;
const SOCKET_STATE: i16 = 72;
/// Helpers.
const SKB_LOAD_BYTES: i32 = 26;
const SK_FULLSOCK: i32 = 95;

/// A place in the stack, below the frame pointer.
const BUFFER: i16 = -8;

/// Where a jump goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Allow,
    Deny,
    Udp,
    Version6,
    Ports,
}

impl Place for To {
    const ALLOW: Self = Self::Allow;
    const DENY: Self = Self::Deny;
}

type Program = bpf::Program<To>;

impl Program {
    /// Goes to `Allow` if the register is in one of the ranges, else on.
    fn ranges(&mut self, register: u8, ranges: &[(u16, u16)]) {
        for (first, last) in ranges {
            // who may have every port may have one of the kernel's choice
            let first = if (*first, *last) == (1, u16::MAX) {
                &0
            } else {
                first
            };
            self.push(IF_LESS, register, 0, 1, i32::from(*first));
            self.jump(IF_NOT_MORE, register, i32::from(*last), To::Allow);
        }
    }

    /// `bpf_skb_load_bytes(packet, r2, buffer, length)`; a packet that is too short is denied.
    fn bytes(&mut self, length: i32) {
        self.push(MOVE, 1, 6, 0, 0);
        self.push(MOVE, 3, 10, 0, 0);
        self.push(ADD, 3, 0, 0, i32::from(BUFFER));
        self.push(SET, 4, 0, 0, length);
        self.push(CALL, 0, 0, 0, SKB_LOAD_BYTES);
        self.jump(IF_NOT_EQUAL, 0, 0, To::Deny);
    }
}

/// For an address that a socket is bound to, connects to or sends to. `any_udp` lets UDP sockets be bound to a port of the kernel's choice,
/// which they get by sending anyway.
pub(super) fn address(ports: &Protocols, any_udp: bool) -> Option<Vec<Instruction>> {
    let mut program = Program::default();
    program.push(LOAD32, 2, 1, ADDRESS_PROTOCOL, 0);
    program.push(LOAD32, 3, 1, ADDRESS_PORT, 0);
    program.push(FROM_NETWORK, 3, 0, 0, 16);
    program.jump(IF_EQUAL, 2, UDP, To::Udp);
    program.jump(IF_NOT_EQUAL, 2, TCP, To::Deny);
    program.ranges(3, &ports.tcp);
    program.jump(JUMP, 0, 0, To::Deny);
    program.here(To::Udp);
    if any_udp {
        program.jump(IF_EQUAL, 3, 0, To::Allow);
    }
    program.ranges(3, &ports.udp);
    program.finish(To::Deny)
}

/// For a packet that reaches a socket: nobody comes to a port that is not to be listened on, and UDP sockets hear, besides on such ports,
/// from those only that they may send to.
pub(super) fn arriving(connect: &Protocols, bind: &Protocols) -> Option<Vec<Instruction>> {
    let mut program = Program::default();
    program.push(MOVE, 6, 1, 0, 0);
    program.push(LOAD64, 1, 6, PACKET_SOCKET, 0);
    program.jump(IF_EQUAL, 1, 0, To::Allow);
    program.push(CALL, 0, 0, 0, SK_FULLSOCK);
    program.jump(IF_EQUAL, 0, 0, To::Allow);
    program.push(LOAD32, 2, 0, SOCKET_PROTOCOL, 0);
    program.push(LOAD32, 7, 0, SOCKET_PORT, 0);
    program.jump(IF_EQUAL, 2, UDP, To::Udp);
    program.jump(IF_NOT_EQUAL, 2, TCP, To::Allow);
    program.push(LOAD32, 2, 0, SOCKET_STATE, 0);
    program.jump(IF_NOT_EQUAL, 2, LISTEN, To::Allow);
    program.ranges(7, &bind.tcp);
    program.jump(JUMP, 0, 0, To::Deny);
    program.here(To::Udp);
    program.ranges(7, &bind.udp);
    source_port(&mut program);
    program.ranges(3, &connect.udp);
    program.finish(To::Deny)
}

/// The sender's port of a UDP packet to register 3. The packet starts with its IP header.
fn source_port(program: &mut Program) {
    const NEXT_HEADER: i32 = 6;
    program.push(SET, 2, 0, 0, 0);
    program.bytes(1);
    program.push(LOAD8, 2, 10, BUFFER, 0);
    program.push(MOVE, 8, 2, 0, 0);
    program.push(RIGHT, 8, 0, 0, 4);
    program.jump(IF_NOT_EQUAL, 8, 4, To::Version6);
    program.push(AND, 2, 0, 0, 0xf);
    program.push(LEFT, 2, 0, 0, 2);
    program.jump(JUMP, 0, 0, To::Ports);
    program.here(To::Version6);
    // headers between that of IPv6 and that of UDP are not looked through: such a packet is denied
    program.push(SET, 2, 0, 0, NEXT_HEADER);
    program.bytes(1);
    program.push(LOAD8, 2, 10, BUFFER, 0);
    program.jump(IF_NOT_EQUAL, 2, UDP, To::Deny);
    program.push(SET, 2, 0, 0, 40);
    program.here(To::Ports);
    program.bytes(2);
    program.push(LOAD16, 3, 10, BUFFER, 0);
    program.push(FROM_NETWORK, 3, 0, 0, 16);
}
