#!/bin/sh
# Prints the app's own view of its sandbox.
status() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }
# a limit is shown where the sandbox shows its cgroup
limit() { name=$1; shift; for file in "$@"; do if [ -r "$file" ]; then echo "$name$(cat "$file")"; return; fi; done; }

echo "id             ${FLATPAK_ID:-none}"
echo "uid            $(id -u)"
echo "capabilities   $(status CapEff) (effective), $(status CapBnd) (bounding)"
echo "NoNewPrivs     $(status NoNewPrivs)"
echo "Seccomp        $(status Seccomp)"
limit "memory limit   " /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes
limit "pids limit     " /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max
echo "processes      $(ls -d /proc/[0-9]* | wc -l) visible"
echo "network        $(sed -n '3,$s/:.*//p' /proc/net/dev | tr -d ' ' | sort | tr '\n' ' ')"
