"""What apps do all day, over and over: `work.py SECONDS BUS-NAME`. Ends with 0 and the number of rounds if all of it worked."""

import ctypes
import fcntl
import json
import mmap
import multiprocessing
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

DATA = os.environ["XDG_DATA_HOME"]
CACHE = os.environ["XDG_CACHE_HOME"]


def data_base():
    path = os.path.join(DATA, "work.sqlite")
    with sqlite3.connect(path) as base:
        base.execute("pragma journal_mode=wal")
        base.execute("create table if not exists t (x)")
        base.executemany("insert into t values (?)", [(n,) for n in range(50)])
        assert base.execute("select count(*) from t").fetchone()[0] % 50 == 0
    base.close()
    os.remove(path)


def files():
    for place in [DATA, CACHE, "/tmp", "/var/tmp", "/dev/shm", os.environ["XDG_RUNTIME_DIR"] + "/app/" + os.environ["FLATPAK_ID"]]:
        if not os.path.isdir(place):
            continue
        with tempfile.TemporaryDirectory(dir=place) as place:
            first, second = place + "/first", place + "/second"
            with open(first, "w+b") as file:
                file.truncate(8192)
                with mmap.mmap(file.fileno(), 8192) as memory:
                    memory[:4] = b"mmap"
                os.lockf(file.fileno(), os.F_LOCK, 0)
            os.link(first, place + "/hard")
            os.symlink(first, place + "/soft")
            os.rename(first, second)
            os.chmod(second, 0o600)
            os.utime(second)
            assert sorted(os.listdir(place)) == ["hard", "second", "soft"]


def locks_of_readers():
    """Readers of databases lock what they cannot write to."""
    own = open(sys.argv[0])
    with own, open("/usr/bin/env", "rb") as program:
        for file in [own, program]:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def own_program():
    """A program that the app has written, as plugins and tools are."""
    path = os.path.join(DATA, "tool")
    with open(path, "w") as file:
        file.write("#!/bin/sh\necho tool\n")
    os.chmod(path, 0o755)
    assert subprocess.check_output([path]) == b"tool\n"
    os.remove(path)


def shell():
    line = "seq 1 200 | sort -rn | head -n 3 | tr '\\n' ' '; ls /usr/bin | wc -l; id -u; df /tmp >/dev/null"
    out = subprocess.check_output(["bash", "-c", line], text=True)
    assert out.startswith("200 199 198 "), out


def processes():
    with multiprocessing.Pool(2) as pool:
        assert pool.map(abs, [-1, -2, -3]) == [1, 2, 3]
    child = subprocess.Popen(["sleep", "60"])
    child.send_signal(signal.SIGTERM)
    assert child.wait() == -signal.SIGTERM
    threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def own_process():
    for name in ["status", "maps", "stat", "cmdline", "fd", "task"]:
        path = "/proc/self/" + name
        os.listdir(path) if os.path.isdir(path) else open(path).read()
    for path in ["/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/etc/passwd", "/etc/resolv.conf", "/.flatpak-info"]:
        if os.path.exists(path):
            open(path).read()
    with open("/proc/self/comm", "w") as file:
        file.write("working")


def talk(server, client):
    server.listen(1)
    client()
    peer, _ = server.accept()
    peer.sendall(b"x")
    peer.close()


def sockets():
    path = os.path.join(CACHE, "socket")
    for address in [path, "\0flatrack-work-" + os.environ["FLATPAK_ID"]]:
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
            server.bind(address)
            talk(server, lambda: client.connect(address))
            assert client.recv(1) == b"x"
    os.remove(path)
    for family, address in [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]:
        try:
            server = socket.socket(family)
            server.bind((address, 0))
        except OSError as error:
            if family == socket.AF_INET6 and error.errno in (97, 99):
                continue  # a machine without IPv6
            raise
        with server, socket.socket(family) as client:
            talk(server, lambda: client.connect(server.getsockname()))
            assert client.recv(1) == b"x"


def watch():
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_CLOEXEC)
    assert descriptor >= 0
    assert libc.inotify_add_watch(descriptor, CACHE.encode(), 0x100) >= 0
    path = os.path.join(CACHE, "watched")
    open(path, "w").close()
    assert b"watched" in os.read(descriptor, 4096)
    os.close(descriptor)
    os.remove(path)


def bus(name):
    words = ["dbus-send", "--session", "--print-reply", "--reply-timeout=20000", "--dest=" + name, "/x", "org.x.Y.Z"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def main():
    until = time.monotonic() + float(sys.argv[1])
    jobs = [data_base, files, locks_of_readers, own_program, shell, processes, own_process, sockets, watch, lambda: bus(sys.argv[2])]
    rounds = 0
    while rounds == 0 or time.monotonic() < until:
        for job in jobs:
            job()
        rounds += 1
    print(json.dumps({"rounds": rounds}))


main()
