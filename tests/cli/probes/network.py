"""Tries every way out of the sandbox by network, one line each: its name, and `open` or the kernel's error."""

import ctypes
import errno
import os
import socket as S

OPEN, SHUT = 8001, 8002
MSG_FASTOPEN, IPPROTO_MPTCP, AF_PACKET, AF_VSOCK, AF_SMC, SOCK_PACKET = 0x20000000, 262, 17, 40, 43, 10
libc = ctypes.CDLL(None, use_errno=True)


def tcp(port, family=S.AF_INET, host="127.0.0.1"):
    sock = S.socket(family)
    sock.settimeout(5)
    sock.connect((host, port))


def udp(port, connected=False):
    sock = S.socket(S.AF_INET, S.SOCK_DGRAM)
    sock.settimeout(5)
    if connected:
        sock.connect(("127.0.0.1", port))
        sock.send(b"ping")
    else:
        sock.sendto(b"ping", ("127.0.0.1", port))
    sock.recv(16)


def udp_stranger():
    """Hears on the port that the kernel chose for sending from somebody who was never sent to."""
    sock = S.socket(S.AF_INET, S.SOCK_DGRAM)
    sock.settimeout(5)
    sock.sendto(b"ping", ("127.0.0.1", OPEN))
    sock.recv(16)
    ask(b"u%d" % sock.getsockname()[1])
    sock.settimeout(1)
    sock.recv(16)


def ask(text):
    """What somebody outside does on request, and whether that went well."""
    outside = S.socket(S.AF_UNIX)
    outside.connect(os.environ["DOOR"])
    outside.settimeout(10)
    outside.send(text)
    return outside.recv(1) == b"y"


def fast_open_connect():
    sock = S.socket()
    sock.setsockopt(S.IPPROTO_TCP, 30, 1)
    sock.connect(("127.0.0.1", SHUT))
    sock.send(b"x")


def send_many():
    """sendmmsg(2) with MSG_FASTOPEN; the message itself is never looked at where the call is refused."""
    sock = S.socket()
    header = ctypes.create_string_buffer(64)
    if libc.syscall(307, sock.fileno(), header, 1, MSG_FASTOPEN) < 0:
        raise OSError(ctypes.get_errno(), "sendmmsg")


def abstract():
    S.socket(S.AF_UNIX).connect("\0flatrack-test-outside")


def io_uring():
    if libc.syscall(425, 4, ctypes.create_string_buffer(256)) < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")


def bind(port, kind=S.SOCK_STREAM):
    S.socket(S.AF_INET, kind).bind(("127.0.0.1", port))


def listen_bound(port):
    sock = S.socket()
    sock.bind(("127.0.0.1", port))
    sock.listen()


def listen_unbound():
    """Listens on a port of the kernel's choice. It is open only if somebody gets through to it."""
    sock = S.socket()
    sock.listen()
    if not ask(b"t%d" % sock.getsockname()[1]):
        raise OSError(errno.ETIMEDOUT, "nobody comes through")


PROBES = {
    "tcp-listed": lambda: tcp(OPEN),
    "tcp-other": lambda: tcp(SHUT),
    "tcp6-other": lambda: tcp(SHUT, S.AF_INET6, "::ffff:127.0.0.1"),
    "udp-listed": lambda: udp(OPEN),
    "udp-other": lambda: udp(SHUT),
    "udp-connected": lambda: udp(SHUT, True),
    "udp-stranger": udp_stranger,
    "mptcp": lambda: S.socket(S.AF_INET, S.SOCK_STREAM, IPPROTO_MPTCP).connect(("127.0.0.1", SHUT)),
    "udp-lite": lambda: S.socket(S.AF_INET, S.SOCK_DGRAM, 136),
    "raw": lambda: S.socket(S.AF_INET, S.SOCK_RAW, 1),
    "ping": lambda: S.socket(S.AF_INET, S.SOCK_DGRAM, 1),
    "packet": lambda: S.socket(AF_PACKET, S.SOCK_RAW, 0x300),
    "old-packet": lambda: S.socket(S.AF_INET, SOCK_PACKET, 0x300),
    "vsock": lambda: S.socket(AF_VSOCK, S.SOCK_STREAM),
    "smc": lambda: S.socket(AF_SMC, S.SOCK_STREAM),
    "fast-open-sendto": lambda: S.socket().sendto(b"x", MSG_FASTOPEN, ("127.0.0.1", SHUT)),
    "fast-open-sendmsg": lambda: S.socket().sendmsg([b"x"], [], MSG_FASTOPEN, ("127.0.0.1", SHUT)),
    "fast-open-sendmmsg": send_many,
    "fast-open-connect": fast_open_connect,
    "bind-listed": lambda: listen_bound(8003),
    "bind-other": lambda: listen_bound(8004),
    "bind-any": lambda: bind(0),
    "bind-udp-listed": lambda: bind(8003, S.SOCK_DGRAM),
    "bind-udp-other": lambda: bind(8004, S.SOCK_DGRAM),
    "listen-unbound": listen_unbound,
    "abstract": abstract,
    "io-uring": io_uring,
}

for name, probe in PROBES.items():
    try:
        probe()
        print(name, "open")
    except OSError as error:
        print(name, errno.errorcode.get(error.errno, str(error)).replace(" ", "-"))
