# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_flatrack_global_optspecs
    string join \n h/help V/version
end

function __fish_flatrack_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_flatrack_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_flatrack_using_subcommand
    set -l cmd (__fish_flatrack_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c flatrack -n "__fish_flatrack_needs_command" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_needs_command" -s V -l version -d 'Print version'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "run" -d 'Run an app'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "exec" -d 'Run a command in a running app, under the same sandbox'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "ps" -d 'List running apps'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "kill" -d 'End a running app at once, or send it a signal'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "stop" -d 'Ask a running app to end, then end it'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "list" -d 'List installed apps and runtimes'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "info" -d 'Show what an app is and where it comes from'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "permissions" -d 'Show what an app may do'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "override" -d 'Change what an app may do from now on'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "explain" -d 'Show who granted each permission and what enforces it'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "spec" -d 'Print the OCI document that a run would use'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "bundle" -d 'Write a bundle that runs under any OCI runtime'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "generate" -d 'Write what another program needs to start an app'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "update" -d 'Change the limits of a running app'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "stats" -d 'Show what running apps use'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "top" -d 'Watch what running apps use, alive, with small graphs'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "events" -d 'Follow what happens to apps: start, end, limits reached, kills for memory, pressure'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "metrics" -d 'Print what running apps use as OpenMetrics text, for Prometheus'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "apparmor" -d 'Look at AppArmor profiles, load and remove them'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "policy" -d 'Look at the node\'s policy, and try a change of it before it is deployed'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "doctor" -d 'Show what this machine can enforce'
complete -c flatrack -n "__fish_flatrack_needs_command" -f -a "gen" -d 'Write man pages, completions and the reference'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l env-fd -d 'Set the variables that are read here, VAR=VALUE with a NUL between' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l app-path -d 'Use this instead of the app\'s files; nothing if empty' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l app-fd -d 'The same for an open directory' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l usr-path -d 'Use this instead of the runtime\'s files' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l usr-fd -d 'The same for an open directory' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l bind-fd -d 'Show an open file or directory at its own path' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l ro-bind-fd -d 'The same, not to be written to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l instance-id-fd -d 'Write the number of the instance here once it runs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l parent-pid -d 'Refused' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l sandbox -d 'Give the app nothing of what its metadata and overrides grant'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l clear-env -d 'Do not give the app the caller\'s environment'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l file-forwarding -d 'Arguments between @@ and @@ are files for the app, between @@u and @@ URIs'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -s p -l die-with-parent -d 'End the app with the caller, as is always done'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l no-desktop -d 'Does nothing'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l parent-expose-pids -d 'Refused'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -l parent-share-pids -d 'Refused'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -s t -l tty -d 'Give the app a terminal of its own'
complete -c flatrack -n "__fish_flatrack_using_subcommand run" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand exec" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand exec" -l env -d 'Set a variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand exec" -s t -l tty -d 'Give the command a terminal of its own'
complete -c flatrack -n "__fish_flatrack_using_subcommand exec" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand ps" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand ps" -l gc -d 'Remove what ended instances left behind first'
complete -c flatrack -n "__fish_flatrack_using_subcommand ps" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand kill" -s s -l signal -d 'Signal to send' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand kill" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand stop" -l timeout -d 'How long to wait' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand stop" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -l app -d 'Apps only'
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -l only-runtimes -d 'Runtimes only'
complete -c flatrack -n "__fish_flatrack_using_subcommand list" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand info" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand permissions" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l user -d 'For the caller only'
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l system -d 'For all users, which is the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l show -d 'Print what is said'
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -l reset -d 'Take back everything said so far'
complete -c flatrack -n "__fish_flatrack_using_subcommand override" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand explain" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l env-fd -d 'Set the variables that are read here, VAR=VALUE with a NUL between' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l app-path -d 'Use this instead of the app\'s files; nothing if empty' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l app-fd -d 'The same for an open directory' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l usr-path -d 'Use this instead of the runtime\'s files' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l usr-fd -d 'The same for an open directory' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l bind-fd -d 'Show an open file or directory at its own path' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l ro-bind-fd -d 'The same, not to be written to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l instance-id-fd -d 'Write the number of the instance here once it runs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l parent-pid -d 'Refused' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l sandbox -d 'Give the app nothing of what its metadata and overrides grant'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l clear-env -d 'Do not give the app the caller\'s environment'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l file-forwarding -d 'Arguments between @@ and @@ are files for the app, between @@u and @@ URIs'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -s p -l die-with-parent -d 'End the app with the caller, as is always done'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l no-desktop -d 'Does nothing'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l parent-expose-pids -d 'Refused'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -l parent-share-pids -d 'Refused'
complete -c flatrack -n "__fish_flatrack_using_subcommand spec" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand bundle" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l image -d 'The image\'s name [default: localhost/ID:BRANCH, in small letters]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand generate" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand update" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand stats" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand stats" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand top" -l interval -d 'Time between two looks, in milliseconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand top" -l sort -d 'What the apps are ordered by' -r -f -a "cpu\t''
memory\t''
name\t''"
complete -c flatrack -n "__fish_flatrack_using_subcommand top" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand top" -l once -d 'Print one table and end'
complete -c flatrack -n "__fish_flatrack_using_subcommand top" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand events" -l interval -d 'Time between two looks at limits and pressure, in milliseconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand events" -l pressure -d 'Tell of pressure from this share of the time on' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand events" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand events" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand metrics" -l listen -d 'Serve it by HTTP at a socket instead, at /metrics' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand metrics" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and not __fish_seen_subcommand_from show load unload status denials" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and not __fish_seen_subcommand_from show load unload status denials" -f -a "show" -d 'Show the profile that is generated for an app'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and not __fish_seen_subcommand_from show load unload status denials" -f -a "load" -d 'Load it, so that ordinary users\' instances run under it'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and not __fish_seen_subcommand_from show load unload status denials" -f -a "unload" -d 'Remove the profiles of an app from the kernel'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and not __fish_seen_subcommand_from show load unload status denials" -f -a "status" -d 'List generated profiles in the kernel'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and not __fish_seen_subcommand_from show load unload status denials" -f -a "denials" -d 'List what an app\'s profile denied, and the permission that would allow it'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from load" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from unload" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from status" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from status" -l all -d 'List those of others as well'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from denials" -l from -d 'Read this log, or with `-` standard input, instead of the kernel\'s' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from denials" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand apparmor; and __fish_seen_subcommand_from denials" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and not __fish_seen_subcommand_from check show test" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and not __fish_seen_subcommand_from check show test" -f -a "check" -d 'Check policy files, alone and together'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and not __fish_seen_subcommand_from check show test" -f -a "show" -d 'Show what the files of this machine say'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and not __fish_seen_subcommand_from check show test" -f -a "test" -d 'Show what policy files change for installed apps'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from check" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from show" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l installation -d 'Look in this installation only' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l command -d 'Run this instead of the app\'s own command' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l cwd -d 'Directory to start in' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l arch -d 'Run this arch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l branch -d 'Run this branch' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l commit -d 'Run this commit, which must be deployed' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l runtime -d 'Run with this runtime, ID[/ARCH[/BRANCH]]' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l runtime-version -d 'Run with this branch of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l runtime-commit -d 'Run with this commit of the runtime' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l share -d 'grant one of: network, ipc' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l unshare -d 'take away what --share gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l share-if -d 'as --share, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l socket -d 'grant one of: x11, wayland, fallback-x11, pulseaudio, session-bus, system-bus, ssh-auth, pcsc, cups, gpg-agent, inherit-wayland-socket' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nosocket -d 'take away what --socket gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l socket-if -d 'as --socket, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l device -d 'grant one of: dri, input, usb, kvm, shm, all' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nodevice -d 'take away what --device gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l device-if -d 'as --device, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l allow -d 'grant one of: devel, multiarch, bluetooth, canbus, per-app-dev-shm' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l disallow -d 'take away what --allow gives' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l allow-if -d 'as --allow, while a condition holds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l filesystem -d 'show a place of the host\'s file system' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nofilesystem -d 'hide a place; `host:reset` takes all places back' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l persist -d 'keep a path of the home directory in the app\'s own' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l env -d 'set an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l unset-env -d 'remove an environment variable' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l own-name -d 'own a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l talk-name -d 'talk to a name on the session bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l system-own-name -d 'own a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l system-talk-name -d 'talk to a name on the system bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l system-no-talk-name -d 'do not talk to it' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l a11y-own-name -d 'own a name on the accessibility bus' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l add-policy -d 'add to a policy that portals read' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l remove-policy -d 'remove from a policy' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l usb -d 'USB devices that the USB portal may hand out' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nousb -d 'USB devices that the USB portal hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l usb-list -d 'several of them; `!` hides' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l cdi -d 'device by its CDI name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l memory-max -d 'most memory; beyond it the kernel kills' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l memory-high -d 'memory beyond which the app is slowed (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l memory-low -d 'memory that is spared when the machine runs short' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l memory-swap-max -d 'most swap' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l cpu-max -d 'most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l cpu-weight -d 'share of processor time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l cpuset -d 'the CPUs to run on, such as `0-1,3`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l pids-max -d 'most processes and threads' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l io-weight -d 'share of disk time against others, 1 to 10000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l io-max -d 'most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l hugetlb-64KB-max -d 'most memory in huge pages of 64 KiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l hugetlb-2MB-max -d 'most memory in huge pages of 2 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l hugetlb-32MB-max -d 'most memory in huge pages of 32 MiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l hugetlb-1GB-max -d 'most memory in huge pages of 1 GiB' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l oom-group -d 'whether the kernel kills all processes of the app together (cgroup v2)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nice -d 'priority of processes, -20 (first) to 19 (last)' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l oom-score-adj -d 'how readily the kernel kills the app, -1000 to 1000' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l core -d 'size of a core file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l cpu -d 'processor time of a process in seconds' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l fsize -d 'size of a file in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l memlock -d 'locked memory in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nofile -d 'open descriptors of a process' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l nproc -d 'processes of the user' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l stack -d 'size of a stack in bytes' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l apparmor -d 'AppArmor profile: `generated`, `unconfined`, or a profile\'s name' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l apparmor-mode -d 'whether the profile denies or only reports' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l apparmor-stack -d 'profile to stack on top' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l allow-connect -d 'port to connect to, such as `tcp:443`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l allow-bind -d 'port to listen on, such as `tcp:8080`; all others are withheld' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l device-node -d 'device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l landlock-read-only -d 'path not to write to' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l landlock-no-access -d 'path not to open' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l usb-list-file -d 'several of them from a file; `!` hides, `#` is a comment' -r
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l file -d 'Try this file, as if it were in /etc/flatrack/policy.d; may be given several times' -r -F
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l user -d 'Look in the user\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l system -d 'Look in the system\'s installation only'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -s d -l devel -d 'Run with the SDK, and allow debugging'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l session-bus -d 'Give the app a filtered session bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l no-session-bus -d 'Give the app no filtered session bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l a11y-bus -d 'Give the app a filtered accessibility bus, the default'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l no-a11y-bus -d 'Give the app no accessibility bus'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l no-documents-portal -d 'Do not show the files of the document portal'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l log-session-bus -d 'Write messages on the session bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l log-system-bus -d 'Write messages on the system bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -l log-a11y-bus -d 'Write messages on the accessibility bus to standard error'
complete -c flatrack -n "__fish_flatrack_using_subcommand policy; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand doctor" -l json -d 'Print JSON'
complete -c flatrack -n "__fish_flatrack_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c flatrack -n "__fish_flatrack_using_subcommand gen" -s h -l help -d 'Print help'
