#!/bin/sh
# Bounded by itself too: where no limit holds, it stops at 200. A shell that gets no process ends at once.
started=0
pids=
trap 'echo "started $started"; kill $pids' EXIT
while [ "$started" -lt 200 ]; do
    sleep 20 &
    pids="$pids $!"
    started=$((started + 1))
done
