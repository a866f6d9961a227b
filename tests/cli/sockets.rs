//! Servers of the session: reached with the permission by a real client, not there without it, and never another
//! one than the user's own.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use flatrack_testbed::{Bus, Outcome, Testbed, User, needs};

use crate::compositor::{Compositor, Manners, Names, Seen};
use crate::servers::{Server, silent};

/// An app on the host's own `/usr`, which has the clients.
fn app(bed: &Testbed) -> PathBuf {
    bed.host_build_dir("org.flatrack.Test.Sockets").write()
}

/// Runs a shell command in the app.
#[track_caller]
fn sh(bed: &Testbed, options: &[&str], env: &[(&str, &str)], script: &str) -> Outcome {
    let dir = app(bed);
    let mut args = vec!["run"];
    args.extend(options);
    args.extend(["--command=sh", dir.to_str().unwrap(), "-c", script]);
    let mut command = bed.flatrack_command(args);
    command.envs(env.iter().copied());
    Outcome::from(command.output().unwrap())
}

/// As root and as an ordinary user.
fn beds() -> [Testbed; 2] {
    [Testbed::new(), Testbed::of(User::ordinary())]
}

#[test]
fn a_wayland_client_reaches_the_compositor_with_the_permission_only() {
    needs!(SessionServers, UserNamespaces);
    for bed in beds() {
        let _weston = Server::weston(&bed, "wayland-5");
        let env = [("WAYLAND_DISPLAY", "wayland-5"), ("WAYLAND_SOCKET", "77")];
        let script = "echo $WAYLAND_DISPLAY $XDG_RUNTIME_DIR ${WAYLAND_SOCKET-unset}; \
             wayland-info | grep -m1 -o wl_compositor";
        let said = sh(&bed, &["--socket=wayland"], &env, script);
        let uid = bed.user().uid;
        let expected = format!("wayland-5 /run/user/{uid} unset\nwl_compositor");
        assert_eq!(said.assert_success(), expected);
        let script = "echo ${WAYLAND_DISPLAY-unset}; ls /run/flatpak/wayland-5";
        let said = sh(&bed, &[], &env, script);
        assert_eq!(said.stdout.trim(), "unset");
        assert_ne!(said.code, 0);
    }
}

#[test]
fn a_compositor_that_does_not_answer_is_no_compositor_and_takes_bounded_time() {
    needs!(UserNamespaces);
    for bed in beds() {
        let _silent = silent(&bed, &bed.runtime_dir().join("wayland-0"));
        let script = "ls /run/flatpak/wayland-0 || echo none";
        let said = sh(&bed, &["--socket=wayland"], &[], script);
        assert_eq!(said.assert_success(), "none");
        assert!(said.stderr.contains("does not answer"), "{}", said.stderr);
    }
}

#[test]
fn a_compositor_is_told_who_the_app_is_and_when_it_has_ended() {
    needs!(SessionServers);
    let bed = Testbed::new();
    let compositor = Compositor::listen(&bed.runtime_dir().join("wayland-0"), Manners::Good);
    let script = "sed -n 's/instance-id=//p' /.flatpak-info; wayland-info";
    let said = sh(&bed, &["--socket=wayland"], &[], script);
    let text = said.assert_success();
    assert!(!text.contains("security_context"), "{text}");
    let names = Names {
        engine: "org.flatpak".to_owned(),
        app: "org.flatrack.Test.Sockets".to_owned(),
        instance: text.lines().next().unwrap().to_owned(),
    };
    // flatrack itself comes through the compositor's own socket, the app through its context and no other way
    assert_eq!(compositor.next(), Seen::Client(None));
    assert_eq!(compositor.next(), Seen::Context(names.clone()));
    assert_eq!(compositor.next(), Seen::Client(Some(names)));
    assert_eq!(compositor.next(), Seen::Closed);
}

#[test]
fn an_app_whose_context_was_not_made_gets_no_connection_at_all() {
    let bed = Testbed::new();
    let _compositor = Compositor::listen(&bed.runtime_dir().join("wayland-0"), Manners::Deaf);
    let script = "ls /run/flatpak /run/flatpak/wayland-0 | grep way; echo $?";
    let said = sh(&bed, &["--socket=wayland"], &[], script);
    assert_eq!(said.assert_success(), "1");
    assert!(said.stderr.contains("does not answer"), "{}", said.stderr);
}

#[test]
fn a_compositor_that_is_gone_is_no_compositor() {
    let bed = Testbed::new();
    drop(silent(&bed, &bed.runtime_dir().join("wayland-0")));
    let script = "ls /run/flatpak/wayland-0 || echo none";
    let said = sh(&bed, &["--socket=wayland"], &[], script);
    assert_eq!(said.assert_success(), "none");
    assert!(said.stderr.contains("is not running"), "{}", said.stderr);
}

#[test]
fn an_x_client_gets_the_cookie_of_its_display_and_no_other() {
    needs!(SessionServers, UserNamespaces);
    for bed in beds() {
        let (_x, display, cookies) = Server::x(&bed);
        let cookies = cookies.to_str().unwrap();
        let env = [("DISPLAY", display.as_str()), ("XAUTHORITY", cookies)];
        let script = "xdpyinfo >/dev/null && echo open; xauth list | awk '{ print $3 }'";
        let said = sh(&bed, &["--socket=x11"], &env, script);
        assert_eq!(said.assert_success(), format!("open\n{}", "11".repeat(16)));
        // neither the display nor what stands beside it, even with the host's /tmp
        let script = "echo ${DISPLAY-unset}; ls -A /tmp/.X11-unix";
        let said = sh(&bed, &["--filesystem=/tmp"], &env, script);
        assert_eq!(said.assert_success(), "unset");
    }
}

#[test]
fn x11_as_a_fallback_is_withheld_where_there_is_wayland() {
    needs!(SessionServers);
    let bed = Testbed::new();
    let (_x, display, _) = Server::x(&bed);
    let env = [("DISPLAY", display.as_str())];
    let script = "echo ${DISPLAY-unset}; ls -A /tmp/.X11-unix | wc -l";
    let options = ["--socket=fallback-x11"];
    let said = sh(&bed, &options, &env, script);
    assert_eq!(said.assert_success(), format!("{display}\n1"));
    let _silent = silent(&bed, &bed.runtime_dir().join("wayland-0"));
    let said = sh(&bed, &options, &env, script);
    assert_eq!(said.assert_success(), "unset\n0");
    let said = sh(&bed, &["--socket-if=x11:has-wayland"], &env, script);
    assert_eq!(said.assert_success(), format!("{display}\n1"));
    let said = sh(&bed, &["--socket-if=x11:!has-wayland"], &env, script);
    assert_eq!(said.assert_success(), "unset\n0");
}

#[test]
fn a_sound_client_reaches_the_server_with_the_permission_only() {
    needs!(SessionServers, UserNamespaces);
    for bed in beds() {
        let _pulse = Server::pulseaudio(&bed);
        let script = "echo $PULSE_SERVER; cat $PULSE_CLIENTCONFIG; pactl list short sinks | awk '{ print $2 }'; \
             readlink $XDG_RUNTIME_DIR/pulse";
        let said = sh(&bed, &["--socket=pulseaudio"], &[], script);
        let expected =
            "unix:/run/flatpak/pulse/native\nenable-shm=no\nflatrack_test\n../../flatpak/pulse";
        assert_eq!(said.assert_success(), expected);
        let said = sh(&bed, &[], &[], "pactl info");
        assert_ne!(said.code, 0, "{}", said.stdout);
    }
}

#[test]
fn pipewire_serves_both_kinds_of_clients() {
    needs!(PipeWire, Bus, UserNamespaces);
    for bed in beds() {
        let bus = Bus::start(&bed, "bus");
        let _servers = Server::pipewire(&bed, &bus);
        let clients = "pw-cli ls Client | sed -n 's/^.*pipewire.access = //p' | sort -u; pactl list short sinks | cut -f2";
        let said = sh(&bed, &["--socket=pulseaudio"], &[], clients);
        assert_eq!(said.assert_success(), "auto_null");
        // there is no permission of its own for it: apps ask for the socket's file
        let socket = bed.runtime_dir().join("pipewire-0");
        let remote = format!("--env=PIPEWIRE_REMOTE={}", socket.display());
        let options = ["--filesystem=xdg-run/pipewire-0", &remote];
        let said = sh(&bed, &options, &[], clients);
        // it takes the app for one of Flatpak's
        assert_eq!(said.assert_success(), "\"flatpak\"\n\"unrestricted\"");
        let said = sh(&bed, &[&remote], &[], clients);
        assert_eq!(said.assert_success(), "");
    }
}

#[test]
fn agents_and_services_are_where_programs_look_for_them() {
    needs!(SessionServers, UserNamespaces);
    for bed in beds() {
        let agent = bed.runtime_dir().join("agent");
        let _agent = Server::ssh_agent(&bed, &agent);
        let (card, printer) = (
            bed.runtime_dir().join("card"),
            bed.runtime_dir().join("printer"),
        );
        let _listeners = (silent(&bed, &card), silent(&bed, &printer));
        let env = [
            ("SSH_AUTH_SOCK", agent.to_str().unwrap()),
            ("PCSCLITE_CSOCK_NAME", card.to_str().unwrap()),
            ("CUPS_SERVER", printer.to_str().unwrap()),
        ];
        let script = "echo $SSH_AUTH_SOCK $PCSCLITE_CSOCK_NAME; ssh-add -l; test -S /run/pcscd/pcscd.comm && \
             test -S /var/run/cups/cups.sock && echo sockets";
        let options = ["--socket=ssh-auth", "--socket=pcsc", "--socket=cups"];
        let said = sh(&bed, &options, &env, script);
        let expected =
            "/run/flatpak/ssh-auth /run/pcscd/pcscd.comm\nThe agent has no identities.\nsockets";
        assert_eq!(said.assert_success(), expected);
        let script = "ls /run/flatpak/ssh-auth /run/pcscd /run/cups";
        assert_eq!(sh(&bed, &[], &env, script).stdout, "");
    }
}

#[test]
fn the_gnupg_agent_is_where_gnupg_says_and_gnupg_has_bounded_time() {
    needs!(UserNamespaces);
    for bed in beds() {
        let agent = bed.write("home/agent/place", "");
        let agent = agent.with_file_name("S.gpg-agent");
        let _listener = silent(&bed, &agent);
        let say = |gpgconf: &str| {
            let program = bed.write("bin/gpgconf", format!("#!/bin/sh\n{gpgconf}\n"));
            let executable = Command::new("chmod").arg("755").arg(&program).status();
            assert!(executable.unwrap().success());
            let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
            let script = "test -S $XDG_RUNTIME_DIR/gnupg/S.gpg-agent && echo there; true";
            let options = ["--socket=gpg-agent"];
            sh(&bed, &options, &[("PATH", path.as_str())], script)
        };
        let agent = agent.display();
        assert_eq!(say(&format!("echo {agent}")).assert_success(), "there");
        assert_eq!(say("exec sleep 100").assert_success(), "");
        // one that leaves somebody behind who holds its output
        let said = say(&format!("sleep 5 & echo {agent}"));
        assert_eq!(said.assert_success(), "there");
        assert_eq!(say("echo relative").assert_success(), "");
    }
}

#[test]
fn a_socket_that_is_not_there_does_not_keep_the_app_from_starting() {
    let bed = Testbed::new();
    let options = [
        "x11",
        "wayland",
        "pulseaudio",
        "ssh-auth",
        "pcsc",
        "cups",
        "gpg-agent",
    ]
    .map(|name| format!("--socket={name}"));
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let env = [
        ("SSH_AUTH_SOCK", "/nowhere"),
        ("PULSE_SERVER", "unix:/nowhere"),
    ];
    let script = "echo ${SSH_AUTH_SOCK-unset} ${PULSE_SERVER-unset} ${DISPLAY-unset}";
    let said = sh(&bed, &options, &env, script);
    assert_eq!(said.assert_success(), "unset unset unset");
}

#[test]
fn another_users_link_is_not_followed_to_a_socket_of_ours() {
    needs!(Root);
    let bed = Testbed::new();
    let ours = bed.root().join("ours");
    let _ours = silent(&bed, &ours);
    // a directory of someone whom root lets say where the servers are
    let link = bed.runtime_dir().join("agent");
    symlink(&ours, &link).unwrap();
    let env = [("SSH_AUTH_SOCK", link.to_str().unwrap())];
    let options = ["--socket=ssh-auth"];
    sh(&bed, &options, &env, "test -S $SSH_AUTH_SOCK").assert_success();
    let owned = Command::new("chown")
        .args(["-h", "54321"])
        .arg(&link)
        .status();
    assert!(owned.unwrap().success());
    let said = sh(&bed, &options, &env, "true");
    said.assert_refused(&["belongs to another user", "--nosocket"]);
}

#[test]
fn another_users_server_is_not_taken_for_ours() {
    needs!(Root);
    let bed = Testbed::new();
    let theirs = bed.runtime_dir().join("wayland-0");
    let _theirs = silent(&bed, &theirs);
    let owned = Command::new("chown").arg("54321").arg(&theirs).status();
    assert!(owned.unwrap().success());
    let said = sh(&bed, &["--socket=wayland"], &[], "true");
    said.assert_refused(&["belongs to another user"]);
}

#[test]
fn a_file_in_the_place_of_a_socket_is_no_socket() {
    let bed = Testbed::new();
    let file = bed.write("run/agent", "secret");
    let env = [("SSH_AUTH_SOCK", file.to_str().unwrap())];
    let script = "cat /run/flatpak/ssh-auth || echo ${SSH_AUTH_SOCK-unset}";
    let said = sh(&bed, &["--socket=ssh-auth"], &env, script);
    assert_eq!(said.assert_success(), "unset");
}

#[test]
fn an_app_cannot_turn_the_links_of_its_runtime_directory_into_a_way_out() {
    needs!(SessionServers);
    let bed = Testbed::new();
    let _pulse = Server::pulseaudio(&bed);
    let outside = bed.write("outside/file", "kept");
    let outside = outside.parent().unwrap().to_str().unwrap();
    let script = format!("rm -f $XDG_RUNTIME_DIR/pulse; ln -s {outside} $XDG_RUNTIME_DIR/pulse");
    sh(&bed, &[], &[], &script).assert_success();
    let said = sh(
        &bed,
        &["--socket=pulseaudio"],
        &[],
        "readlink $XDG_RUNTIME_DIR/pulse",
    );
    assert_eq!(said.assert_success(), "../../flatpak/pulse");
    assert_eq!(std::fs::read_dir(outside).unwrap().count(), 1);
}

#[test]
fn explain_names_who_gave_a_socket_and_what_withholds_it() {
    let bed = Testbed::new();
    let dir = bed
        .host_build_dir("org.flatrack.Test.Explained")
        .lines("[Context]\nsockets=x11;if:pulseaudio:false;")
        .write();
    let said = bed.flatrack(["explain".as_ref(), dir.as_os_str()]);
    let text = said.assert_success();
    let line = |name: &str| {
        let found = text.lines().find(|line| line.contains(name));
        found.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    assert!(line("sockets=x11").contains("metadata"), "{text}");
    let withheld = line("sockets=pulseaudio");
    assert!(withheld.contains("false"), "{withheld}");
}
