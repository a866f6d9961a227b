//! Which names an app reaches, and which it does not.

use flatrack_testbed::{Bus, Testbed, User, needs};

use super::{OWNER, call, inside, proxies};
use crate::support::Running;

const TALK: &str = "org.flatrack.test.Talk";
const OTHER: &str = "org.flatrack.test.Other";

#[test]
fn without_a_name_and_without_a_portal_there_is_no_bus_and_no_proxy() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(OTHER);
    let id = "org.flatrack.Test.BusNone";
    let dir = bed.host_build_dir(id).write();
    let line = "echo bus=$DBUS_SESSION_BUS_ADDRESS; ls /run/flatpak/bus /run/user/*/bus 2>&1 | grep -c /; exit 0";
    let said = inside(&bus, &[], &dir, line);
    // the link of an earlier instance would be there; nothing is behind it
    assert_eq!(said.assert_success(), "bus=\n2");
    let path = dir.to_str().unwrap();
    let words = ["run", "--command=sh", path, "-c", "echo up; exec sleep 60"];
    let running = Running::start(bus.flatrack_command(words));
    assert!(proxies(id).is_empty());
    running.signal("TERM");
    running.end().assert_code(143);
}

#[test]
fn a_name_to_talk_to_can_be_called_and_another_is_not_even_there() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    bus.echo(OTHER);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusTalk")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let said = inside(&bus, &[], &dir, &call(TALK));
    assert!(said.assert_success().starts_with("method return"));
    let refused = inside(&bus, &[], &dir, &call(OTHER));
    assert!(refused.stderr.contains("ServiceUnknown"), "{refused:?}");
    let list =
        "gdbus call --session -d org.freedesktop.DBus -o / -m org.freedesktop.DBus.ListNames";
    let names = inside(&bus, &[], &dir, list);
    let names = names.assert_success();
    assert!(names.contains(TALK) && !names.contains(OTHER), "{names}");
}

#[test]
fn the_same_holds_for_an_ordinary_user() {
    needs!(Bus, UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    bus.echo(OTHER);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusUser")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let said = inside(&bus, &[], &dir, &call(TALK));
    assert!(said.assert_success().starts_with("method return"));
    let refused = inside(&bus, &[], &dir, &call(OTHER));
    assert!(refused.stderr.contains("ServiceUnknown"), "{refused:?}");
}

#[test]
fn a_name_to_see_is_seen_and_cannot_be_called() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusSee")
        .lines(&format!("[Session Bus Policy]\n{TALK}=see"))
        .write();
    let seen = inside(&bus, &[], &dir, &format!("{OWNER}{TALK}"));
    assert!(seen.assert_success().contains("string \":"));
    let refused = inside(&bus, &[], &dir, &call(TALK));
    assert!(refused.stderr.contains("AccessDenied"), "{refused:?}");
}

#[test]
fn an_app_owns_what_it_may_own_and_no_other_name() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let id = "org.flatrack.Test.BusOwn";
    let dir = bed
        .host_build_dir(id)
        .lines("[Session Bus Policy]\norg.flatrack.test.Mine=own\norg.flatrack.test.Talked=talk")
        .write();
    let own = |name: &str| {
        let line = format!(
            "dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
             org.freedesktop.DBus.RequestName string:{name} uint32:4"
        );
        inside(&bus, &[], &dir, &line)
    };
    for good in [
        id,
        "org.flatrack.Test.BusOwn.Part",
        "org.flatrack.test.Mine",
    ] {
        assert!(own(good).assert_success().contains("uint32 1"), "{good}");
    }
    for bad in [
        "org.flatrack.Test.BusOwner",
        "org.flatrack.Test",
        "org.flatrack.test.Talked",
        "org.freedesktop.portal.Desktop",
    ] {
        assert_ne!(own(bad).code, 0, "{bad}");
    }
}

#[test]
fn nobody_listens_in_on_the_bus() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusMonitor")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let monitor = "gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
                   -m org.freedesktop.DBus.Monitoring.BecomeMonitor '@as []' 0";
    let refused = inside(&bus, &[], &dir, monitor);
    assert!(refused.stderr.contains("AccessDenied"), "{refused:?}");
    let eavesdrop = "gdbus call --session -d org.freedesktop.DBus -o / \
                     -m org.freedesktop.DBus.AddMatch \"eavesdrop='true'\"";
    let refused = inside(&bus, &[], &dir, eavesdrop);
    assert!(refused.stderr.contains("AccessDenied"), "{refused:?}");
}

#[test]
fn an_override_and_an_option_take_a_name_away() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusTaken")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let without = format!("--no-talk-name={TALK}");
    let line = "echo bus=$DBUS_SESSION_BUS_ADDRESS";
    for options in [without.as_str(), "--no-session-bus"] {
        assert_eq!(
            inside(&bus, &[options], &dir, line).assert_success(),
            "bus="
        );
    }
    let with = inside(&bus, &["--session-bus"], &dir, line);
    assert_eq!(with.assert_success(), "bus=unix:path=/run/flatpak/bus");
}

#[test]
fn the_whole_bus_is_given_where_it_is_granted() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(OTHER);
    let id = "org.flatrack.Test.BusWhole";
    let dir = bed
        .host_build_dir(id)
        .lines("[Context]\nsockets=session-bus")
        .write();
    let said = inside(&bus, &[], &dir, &call(OTHER));
    assert!(said.assert_success().starts_with("method return"));
    let info = inside(&bus, &[], &dir, "cat /.flatpak-info");
    let info = info.assert_success();
    assert!(info.contains("sockets=session-bus;"), "{info}");
    assert!(!info.contains("session-bus-proxy"), "{info}");
}

#[test]
fn the_system_bus_has_names_of_its_own() {
    needs!(Bus);
    let bed = Testbed::new();
    let session = Bus::start(&bed, "bus");
    let mut system = Bus::start(&bed, "system");
    system.echo(TALK);
    system.echo(OTHER);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusSystem")
        .lines(&format!("[System Bus Policy]\n{TALK}=talk"))
        .write();
    let run = |options: &[&str], line: &str| {
        let mut words = vec!["run"];
        words.extend(options);
        words.extend(["--command=sh", dir.to_str().unwrap(), "-c", line]);
        let mut command = session.flatrack_command(words);
        command.env("DBUS_SYSTEM_BUS_ADDRESS", system.address());
        flatrack_testbed::Outcome::from(command.output().unwrap())
    };
    let line = call(TALK).replace("--session", "--system");
    assert!(
        run(&[], &line)
            .assert_success()
            .starts_with("method return")
    );
    let other = call(OTHER).replace("--session", "--system");
    assert!(run(&[], &other).stderr.contains("ServiceUnknown"));
    let whole = run(&["--socket=system-bus"], &other);
    assert!(whole.assert_success().starts_with("method return"));
    let show = "echo s=$DBUS_SYSTEM_BUS_ADDRESS; ls /run/dbus 2>/dev/null; exit 0";
    let without = format!("--system-no-talk-name={TALK}");
    assert_eq!(run(&[&without], show).assert_success(), "s=");
}

#[test]
fn the_accessibility_bus_is_filtered_too() {
    needs!(Bus);
    let bed = Testbed::new();
    let session = Bus::start(&bed, "bus");
    let mut a11y = Bus::start(&bed, "a11y");
    a11y.echo("org.a11y.atspi.Registry");
    let id = "org.flatrack.Test.BusA11y";
    let dir = bed.host_build_dir(id).write();
    let run = |options: &[&str], line: &str| {
        let mut words = vec!["run"];
        words.extend(options);
        words.extend(["--command=sh", dir.to_str().unwrap(), "-c", line]);
        let mut command = session.flatrack_command(words);
        command.env("AT_SPI_BUS_ADDRESS", a11y.address());
        flatrack_testbed::Outcome::from(command.output().unwrap())
    };
    let to = |method: &str| {
        format!(
            "dbus-send --bus=$AT_SPI_BUS_ADDRESS --print-reply --dest=org.a11y.atspi.Registry \
             /org/a11y/atspi/registry org.a11y.atspi.Registry.{method}"
        )
    };
    let allowed = run(&[], &to("GetRegisteredEvents"));
    assert!(allowed.assert_success().starts_with("method return"));
    assert!(
        run(&[], &to("RegisterEvent"))
            .stderr
            .contains("AccessDenied")
    );
    let own = format!(
        "dbus-send --bus=$AT_SPI_BUS_ADDRESS --print-reply --dest=org.freedesktop.DBus / \
         org.freedesktop.DBus.RequestName string:{id}.Sub uint32:4"
    );
    assert_ne!(run(&[], &own).code, 0);
    let named = format!("--a11y-own-name={id}.Sub");
    assert!(run(&[&named], &own).assert_success().contains("uint32 1"));
    assert_eq!(
        run(&["--no-a11y-bus"], "echo a=$AT_SPI_BUS_ADDRESS").assert_success(),
        "a="
    );
}

#[test]
fn messages_are_written_to_standard_error_when_asked_for() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(TALK);
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusLog")
        .lines(&format!("[Session Bus Policy]\n{TALK}=talk"))
        .write();
    let said = inside(&bus, &["--log-session-bus"], &dir, &call(TALK));
    assert!(said.assert_success().starts_with("method return"));
    assert!(said.stderr.contains("call org.x.Y.Z at /x"), "{said:?}");
    let quiet = inside(&bus, &[], &dir, &call(TALK));
    assert_eq!(quiet.stderr, "");
}

#[test]
fn permissions_and_explain_name_the_proxy() {
    let bed = Testbed::new();
    let dir = bed
        .host_build_dir("org.flatrack.Test.BusShown")
        .lines("[Session Bus Policy]\norg.a.B=talk\norg.a.C=none")
        .write();
    let shown = bed.flatrack(["explain".as_ref(), dir.as_os_str()]);
    let shown = shown.assert_success();
    let line = shown.lines().find(|line| line.contains("org.a.B"));
    assert!(
        line.is_some_and(|line| line.contains("xdg-dbus-proxy")),
        "{shown}"
    );
    assert!(!shown.contains("org.a.C"), "{shown}");
}
