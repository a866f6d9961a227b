# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_flatrack_oci_global_optspecs
    string join \n root= log= log-format= debug systemd-cgroup cgroup-manager= v/version rootless= criu= h/help
end

function __fish_flatrack_oci_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_flatrack_oci_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_flatrack_oci_using_subcommand
    set -l cmd (__fish_flatrack_oci_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l rootless -d 'Accepted as runc does; whether the user is an ordinary one is looked up' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l criu -d 'Accepted as runc does; checkpoints are not supported' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -s v -l version -d 'Show the version'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "create" -d 'Make a container that waits for its start'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "start" -d 'Have a created container run its program'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "state" -d 'Show a container\'s state'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "kill" -d 'Send a signal to a container'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "delete" -d 'Remove a container'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "run" -d 'Make a container and run its program'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "list" -d 'Show all containers'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "exec" -d 'Run a further program in a container'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "ps" -d 'Show a container\'s processes'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "pause" -d 'Freeze a container'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "resume" -d 'Let a frozen container run again'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "update" -d 'Change a container\'s limits while it runs'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "events" -d 'Show what a container uses, as it goes on'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "spec" -d 'Write a document to begin with'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "features" -d 'Show what this runtime can do'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "gen" -d 'Write man pages and completions'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "checkpoint" -d 'Not supported'
complete -c flatrack-oci -n "__fish_flatrack_oci_needs_command" -f -a "restore" -d 'Not supported'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -s b -l bundle -d 'The bundle\'s directory [default: the current one]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -s f -l config -d 'The document, if it is not the bundle\'s `config.json`' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l console-socket -d 'Socket that the terminal\'s master side is sent to' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l pid-file -d 'File for the first process\'s number' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l preserve-fds -d 'Hand on this many descriptors besides the standard streams, from number 3 on' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l no-pivot -d 'Not supported: without a change of the root the host\'s files stay within reach'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l no-new-keyring -d 'Leave the container in the caller\'s session keyring'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand state" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -s a -l all -d 'To every process of the container, not to its first alone'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand kill" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -s f -l force -d 'Kill it first if it runs; one that does not exist is no error'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -s b -l bundle -d 'The bundle\'s directory [default: the current one]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -s f -l config -d 'The document, if it is not the bundle\'s `config.json`' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l console-socket -d 'Socket that the terminal\'s master side is sent to' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l pid-file -d 'File for the first process\'s number' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l preserve-fds -d 'Hand on this many descriptors besides the standard streams, from number 3 on' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -s d -l detach -d 'Do not wait for the container\'s end'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l keep -d 'Leave the container\'s state behind when it has ended'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l no-subreaper -d 'Accepted as runc does: orphans of the container are not taken care of here either way'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l no-pivot -d 'Not supported: without a change of the root the host\'s files stay within reach'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l no-new-keyring -d 'Leave the container in the caller\'s session keyring'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -s f -l format -d 'Form of the list' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -s q -l quiet -d 'Names alone'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l console-socket -d 'Socket that the terminal\'s master side is sent to' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l cwd -d 'Directory to start in' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s e -l env -d 'A variable' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s u -l user -d 'Numbers of the user and the group' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s g -l additional-gids -d 'A further group\'s number' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s p -l process -d 'File with a whole `process` of the OCI document' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l pid-file -d 'File for the process\'s number' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l process-label -d 'Not supported: a label of SELinux' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l apparmor -d 'Profile of AppArmor instead of the container\'s' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s c -l cap -d 'A capability in addition to the container\'s' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l preserve-fds -d 'Hand on this many descriptors besides the standard streams, from number 3 on' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l cgroup -d 'Not supported: a cgroup below the container\'s' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s t -l tty -d 'With a terminal'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s d -l detach -d 'Do not wait for the program\'s end'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l no-new-privs -d 'Without the possibility of gaining rights, where the container has it'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l ignore-paused -d 'Wait for a paused container to run again instead of refusing'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -s f -l format -d 'Form of the list' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand ps" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -s r -l resources -d 'File with the `resources` of the OCI document, `-` for standard input; no other option counts then' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l blkio-weight -d 'Weight of disk traffic, 10 to 1000' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-period -d 'Length of a period, in µs' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-quota -d 'Processor time in a period, in µs' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-burst -d 'Processor time that may be saved up, in µs' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-share -l cpu-shares -d 'Share of processor time, 2 to 262144' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-rt-period -d 'Length of a period of real-time tasks, in µs' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-rt-runtime -d 'Processor time of real-time tasks in a period, in µs' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpu-idle -d 'Run only where nothing else wants to: 1' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpuset-cpus -d 'Processors' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cpuset-mems -d 'Memory nodes' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l memory -d 'Most memory, in bytes; a number with k, m, g; -1 for no limit' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l memory-reservation -d 'Memory that is taken back first above it' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l memory-swap -d 'Most memory and swap together' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l pids-limit -d 'Most processes and threads; -1 for no limit' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l interval -d 'Time between two lines, such as `5s` or `1m`' -r
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l stats -d 'One line, at once'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -s b -l bundle -d 'The bundle\'s directory [default: the current one]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l rootless -d 'For an ordinary user'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand spec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand features" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand gen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand checkpoint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -l root -d 'Directory of the containers\' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -l log -d 'File that messages are added to, besides standard error' -r -F
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -l log-format -d 'Form of that file\'s lines' -r -f -a "text\t'`time="…" level=error msg="…"`'
json\t'`{"level":"error","msg":"…","time":"…"}`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -l cgroup-manager -d 'Who makes the cgroups, in crun\'s words' -r -f -a "cgroupfs\t'This program'
systemd\t'As with `--systemd-cgroup`'"
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -l debug -d 'Log what is done too'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -l systemd-cgroup -d 'Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then'
complete -c flatrack-oci -n "__fish_flatrack_oci_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
