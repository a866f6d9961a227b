# What hack/test and hack/demo share. Sourced by bash, after `set -euo pipefail`.

# shellcheck shell=bash

say() { printf '\n\033[1m── %s\033[0m\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
as_root() { [ "$(id -u)" = 0 ]; }

# What a Debian machine needs to build flatrack, and what the tests compare it with.
BUILD_PACKAGES="protobuf-compiler gcc libc6-dev pkg-config libseccomp-dev ca-certificates"
PEER_PACKAGES="busybox-static flatpak flatpak-builder bubblewrap crun runc dbus bsdutils util-linux \
    weston wayland-utils xvfb xauth x11-utils pulseaudio pulseaudio-utils pipewire pipewire-bin pipewire-pulse wireplumber openssh-client python3 \
    xdg-dbus-proxy xdg-desktop-portal dbus-tests libglib2.0-bin fuse3 mmdebstrap dconf-cli"

# Engines that drive OCI runtimes.
ENGINE_PACKAGES="podman conmon buildah containerd"

# What the suites of other runtimes need (`hack/conformance/run`).
CONFORMANCE_PACKAGES="bats jq gawk dpkg-dev python3 busybox-static"

# What the machine in QEMU needs (`cargo xtask vm`).
VM_PACKAGES="systemd libpam-systemd dbus-user-session qemu-system-x86 qemu-system-common busybox-static lz4 zstd xz-utils"

# Installs those of the named packages that are missing; asks the network only if one is.
need_packages() {
    local missing=() package
    if ! have dpkg-query; then
        warn "no Debian: cannot look for packages ($*)"
        return
    fi
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! as_root; then
        warn "not root, cannot install: ${missing[*]}"
        return
    fi
    say "install ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -qq --yes --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

need_cargo() {
    have cargo && return
    echo "error: cargo is missing" >&2
    echo "hint: install Rust and cargo of at least $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)" >&2
    return 1
}

# The directory that cargo builds into.
target_dir() { cargo metadata --no-deps --format-version=1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'; }

# Whether a cgroup can be made under a controller.
controller() {
    local dir=/sys/fs/cgroup probe=$$
    if [ -e "$dir/$1/tasks" ]; then
        dir=$dir/$1
    else
        grep -qsw "$1" $dir/cgroup.controllers || return 1
    fi
    mkdir "$dir/probe-$probe" 2>/dev/null && rmdir "$dir/probe-$probe"
}

# As nobody when root: that is the user whom the tests take.
as_ordinary_user() {
    if as_root; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

# The socket of the service manager that makes scopes for this user.
service_manager() { if as_root; then echo /run/systemd/private; else echo "/run/user/$(id -u)/systemd/private"; fi; }

# Whether this machine has a capability, by the keywords that the tests use in their skips. Looked up here a second
# time on purpose: a probe that is wrong in the tests would hide them.
capable() {
    case $1 in
        root) as_root ;;
        stock-flatpak) have flatpak && have busybox && have bash && have dbus-run-session && have bwrap ;;
        flatpak-builder | crun | runc | script | dconf) have "$1" ;;
        buildah) have buildah ;;
        containerd) have containerd && have containerd-shim-runc-v2 && have ctr ;;
        python) have python3 ;;
        podman) have podman && have conmon ;;
        session-servers)
            have weston && have wayland-info && have Xvfb && have xauth && have xdpyinfo && have pulseaudio && have pactl \
                && have ssh-agent && have python3
            ;;
        user-namespaces) as_ordinary_user unshare -Ur true 2>/dev/null ;;
        memory-limit) controller memory ;;
        cpu-limit) controller cpu ;;
        pids-limit) controller pids ;;
        io-limit) { controller blkio || controller io; } && have losetup && [ -w /dev/loop-control ] ;;
        huge-pages)
            { [ ! -d /run/systemd/system ] || [ ! -e /sys/fs/cgroup/cgroup.controllers ]; } \
                && { [ -e /sys/fs/cgroup/hugetlb/tasks ] || grep -qsw hugetlb /sys/fs/cgroup/cgroup.controllers /sys/fs/cgroup/unified/cgroup.controllers; }
            ;;
        cgroup2) [ "$(grep -owE 'memory|cpu|pids' /sys/fs/cgroup/cgroup.controllers 2>/dev/null | wc -l)" = 3 ] ;;
        pipewire) have pipewire && have pipewire-pulse && have wireplumber && have pw-cli && have pactl ;;
        landlock) python3 -c "import ctypes; exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 6)" 2>/dev/null ;;
        bus) have dbus-daemon && have dbus-send && have dbus-test-tool && have gdbus && have xdg-dbus-proxy ;;
        portal) [ -x /usr/libexec/xdg-desktop-portal ] && [ -x /usr/libexec/xdg-permission-store ] ;;
        documents) [ -x /usr/libexec/xdg-document-portal ] && [ -r /dev/fuse ] && [ -w /dev/fuse ] ;;
        apparmor) grep -qs Y /sys/module/apparmor/parameters/enabled ;;
        systemd)
            [ -e /sys/fs/cgroup/cgroup.controllers ] && [ -d /run/systemd/system ] && [ -S "$(service_manager)" ]
            ;;
        docker) [ -d "$(target_dir)/debug/testbed/docker-1" ] ;;
        newer-debian) [ -d "$(target_dir)/debug/testbed/debian-forky-3" ] ;;
        *) warn "the capability \`$1\` has no probe in hack/lib.sh" ;;
    esac
}

# Says which skips name something that this machine has after all; fails if one does.
wrong_skips() {
    local wrong=0 capability
    while read -r capability; do
        if capable "$capability"; then
            echo "error: a test was skipped for want of \`$capability\`, which this machine has" >&2
            wrong=1
        fi
    done < <(awk -F': ' '{ print $3 }' "$1" | sort -u)
    return $wrong
}
