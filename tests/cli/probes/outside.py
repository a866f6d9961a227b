"""Has a network namespace of its own with something to reach on loopback, and runs a command in it."""

import fcntl
import os
import socket as S
import struct
import subprocess
import sys
import threading

SIOCSIFFLAGS, UP_AND_RUNNING = 0x8914, 0x41


def echo(port):
    sock = S.socket(S.AF_INET, S.SOCK_DGRAM)
    sock.bind(("127.0.0.1", port))
    while True:
        text, sender = sock.recvfrom(64)
        sock.sendto(text, sender)


def knock(listener):
    """Tries the port that somebody names, and says whether it came through."""
    while True:
        caller, _ = listener.accept()
        text = caller.recv(16)
        try:
            if text.startswith(b"u"):
                S.socket(S.AF_INET, S.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", int(text[1:])))
            else:
                S.create_connection(("127.0.0.1", int(text[1:])), timeout=1).close()
            caller.send(b"y")
        except OSError:
            caller.send(b"n")


def unix(name):
    sock = S.socket(S.AF_UNIX)
    sock.bind(name)
    sock.listen(16)
    return sock


with S.socket(S.AF_INET, S.SOCK_DGRAM) as sock:
    fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", UP_AND_RUNNING))
held = [S.create_server(("", port), family=S.AF_INET6, dualstack_ipv6=True) for port in (8001, 8002)]
held.append(unix("\0flatrack-test-outside"))
door = unix(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
for work in (lambda: echo(8001), lambda: echo(8002), lambda: knock(door)):
    threading.Thread(target=work, daemon=True).start()
sys.exit(subprocess.run(sys.argv[2:], timeout=60).returncode)
