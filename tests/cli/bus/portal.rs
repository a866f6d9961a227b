//! Who an app is to the stock portal, and to the stock `flatpak`.

use std::process::Command;

use flatrack_testbed::{Bus, Leftovers, Testbed, User, needs};

use super::{inside, until};
use crate::support::Running;

const STORE: &str = "org.freedesktop.impl.portal.PermissionStore";
const BACKEND: &str = "org.freedesktop.impl.portal.desktop.flatracktest";

/// Puts the store, a backend that answers nothing, and the portal on the bus.
#[track_caller]
fn portal(bed: &Testbed, bus: &mut Bus<'_>) {
    bed.write(
        "portals/flatracktest.portal",
        format!(
            "[portal]\nDBusName={BACKEND}\nInterfaces=org.freedesktop.impl.portal.Notification;\nUseIn=test;\n"
        ),
    );
    let libexec = |name: &str| bus_command(bus, &format!("/usr/libexec/{name}"));
    let (store, portal) = (
        libexec("xdg-permission-store"),
        libexec("xdg-desktop-portal"),
    );
    bus.serve(STORE, store);
    bus.echo(BACKEND);
    let mut portal = portal;
    portal
        .env("XDG_DESKTOP_PORTAL_DIR", bed.root().join("portals"))
        .env("XDG_CURRENT_DESKTOP", "test");
    bus.serve("org.freedesktop.portal.Desktop", portal);
}

/// A program that is not in PATH.
fn bus_command(bus: &Bus<'_>, program: &str) -> Command {
    bus.command("env", [program])
}

const NOTIFY: &str = "gdbus call --session -d org.freedesktop.portal.Desktop -o /org/freedesktop/portal/desktop \
                      -m org.freedesktop.portal.Notification.AddNotification one \"{'title': <'x'>}\"";

/// The apps for which the store holds an answer about notifications: the portal writes one by the app's id.
fn known_apps(bus: &Bus<'_>) -> String {
    let path = "/org/freedesktop/impl/portal/PermissionStore";
    let method = format!("{STORE}.Lookup");
    let said = bus.call(STORE, path, &method, &["notifications", "notification"]);
    said.stdout
}

#[test]
fn the_portal_takes_an_app_for_its_id_and_needs_no_permission() {
    needs!(Bus, Portal);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let id = "org.flatrack.Test.PortalId";
    let dir = bed.host_build_dir(id).write();
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    let known = known_apps(&bus);
    assert!(known.contains(&format!("'{id}': ['yes']")), "{known}");
}

#[test]
fn the_same_holds_for_an_ordinary_user() {
    needs!(Bus, Portal, UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let id = "org.flatrack.Test.PortalUser";
    let dir = bed.host_build_dir(id).write();
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    let known = known_apps(&bus);
    assert!(known.contains(&format!("'{id}': ['yes']")), "{known}");
}

#[test]
fn an_app_cannot_pass_for_another_one() {
    needs!(Bus, Portal);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let id = "org.flatrack.Test.PortalLiar";
    let dir = bed.host_build_dir(id).write();
    let forge = "
        sed s/PortalLiar/PortalVictim/ /.flatpak-info >/tmp/forged
        number=$(sed -n s/^instance-id=//p /.flatpak-info)
        for place in /.flatpak-info /run/flatpak/.flatpak/$number/info /run/user/*/flatpak-info; do
            cp /tmp/forged $place && echo written $place
            mv /tmp/forged $place && echo moved $place
            rm -f $place && echo removed $place
            mount --bind /tmp/forged $place && echo mounted $place
            unshare -Urm true && echo unshared
            umount $place && echo unmounted $place
        done 2>/dev/null
        export FLATPAK_ID=org.flatrack.Test.PortalVictim
    ";
    let said = inside(
        &bus,
        &[],
        &dir,
        &format!("{forge}\ncat /.flatpak-info\n{NOTIFY}"),
    );
    let stdout = said.assert_success();
    assert!(stdout.contains(&format!("name={id}")), "{stdout}");
    for word in [
        "written /.f",
        "moved /.f",
        "removed /.f",
        "mounted",
        "unshared",
        "unmounted",
    ] {
        assert!(!stdout.contains(word), "{stdout}");
    }
    let known = known_apps(&bus);
    assert!(
        known.contains(id) && !known.contains("PortalVictim"),
        "{known}"
    );
}

/// It would start the app once more by `flatpak run`, outside of the limits that it is under here.
#[test]
fn the_portal_that_starts_apps_is_out_of_reach() {
    needs!(Bus, Portal);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let name = "org.freedesktop.portal.Flatpak";
    bus.echo(name);
    let dir = bed.host_build_dir("org.flatrack.Test.PortalSpawn").write();
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    let refused = inside(&bus, &[], &dir, &super::call(name));
    assert!(refused.stderr.contains("ServiceUnknown"), "{refused:?}");
    let asked = format!("--talk-name={name}");
    let said = inside(&bus, &[&asked], &dir, &super::call(name));
    assert!(said.assert_success().starts_with("method return"));
}

/// Portals that find no process for an instance reject its calls, and an app's first act may be a call.
#[test]
fn an_instance_is_complete_from_the_apps_first_moment() {
    needs!(Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let dir = bed.host_build_dir("org.flatrack.Test.PortalFirst").write();
    let line =
        "cd /run/flatpak/.flatpak/*/ && cat bwrapinfo.json && diff info /.flatpak-info && ls -A";
    let said = inside(&bus, &[], &dir, line);
    let stdout = said.assert_success();
    assert!(stdout.starts_with("{\"child-pid\":"), "{stdout}");
    assert!(
        stdout.ends_with("}.ref\nbwrapinfo.json\ninfo\npid"),
        "{stdout}"
    );
}

#[test]
fn the_portal_knows_whether_an_app_has_the_network() {
    needs!(Bus, Portal);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let dir = bed.host_build_dir("org.flatrack.Test.PortalNet").write();
    let ask = "gdbus call --session -d org.freedesktop.portal.Desktop -o /org/freedesktop/portal/desktop \
               -m org.freedesktop.portal.NetworkMonitor.GetAvailable";
    let refused = inside(&bus, &[], &dir, ask);
    assert!(refused.stderr.contains("NotAllowed"), "{refused:?}");
    inside(&bus, &["--share=network"], &dir, ask).assert_success();
}

/// Whether an app has all devices, if that depends on the USB portal.
#[track_caller]
fn device_if(bus: &Bus<'_>, dir: &str, condition: &str) -> bool {
    let option = format!("--device-if=all:{condition}");
    let script = "test -e /dev/kmsg && echo yes || echo no";
    let said = bus.flatrack(["run", &option, "--command=sh", dir, "-c", script]);
    said.assert_success() == "yes"
}

#[test]
fn a_permission_can_depend_on_the_portal_for_usb() {
    needs!(Portal, Bus);
    let bed = Testbed::new();
    let dir = bed.host_build_dir("org.flatrack.Test.UsbPortal").write();
    let dir = dir.to_str().unwrap();
    let mut bus = Bus::start(&bed, "bus");
    let both = |bus: &Bus<'_>| {
        ["has-usb-portal", "!has-usb-portal"].map(|condition| device_if(bus, dir, condition))
    };
    assert_eq!(both(&bus), [false, true], "there are no portals");
    portal(&bed, &mut bus);
    assert_eq!(both(&bus), [false, true], "the portal has no part for USB");
    drop(bus);
    let mut bus = Bus::start(&bed, "other");
    bus.black_hole("org.freedesktop.portal.Desktop");
    assert_eq!(both(&bus), [false, false], "nobody knows");
}

#[test]
fn an_app_sees_its_own_part_of_the_document_portals_files() {
    needs!(Bus, Portal, Documents);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    let store = bus_command(&bus, "/usr/libexec/xdg-permission-store");
    bus.serve(STORE, store);
    let documents = bus_command(&bus, "/usr/libexec/xdg-document-portal");
    bus.serve("org.freedesktop.portal.Documents", documents);
    let dir = bed.host_build_dir("org.flatrack.Test.PortalDocs").write();
    let show = "grep -c ' /by-app/org.flatrack.Test.PortalDocs /run/flatpak/doc .* - fuse' /proc/self/mountinfo; \
                ls $XDG_RUNTIME_DIR/doc/ >/dev/null && echo listed";
    let shown = inside(&bus, &[], &dir, show);
    assert_eq!(shown.assert_success(), "1\nlisted");
    let hidden = inside(
        &bus,
        &["--no-documents-portal"],
        &dir,
        "ls -d /run/flatpak/doc 2>/dev/null; exit 0",
    );
    assert_eq!(hidden.assert_success(), "");
}

/// Flatpak's own list of what runs, and its own way to end it.
#[test]
fn flatpak_lists_and_ends_an_app_of_flatrack() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let running = Running::sleeper(&bed, &[], id);
    let ps = bed.run("flatpak", ["ps", "--columns=application,child-pid"]);
    assert!(ps.assert_success().contains(id.as_str()), "{ps:?}");
    bed.run("flatpak", ["kill", id]).assert_success();
    running.end().assert_code(137);
}

#[test]
fn flatpak_does_not_collect_a_running_app() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let running = Running::sleeper(&bed, &[], id);
    // what is younger is left alone in any case
    std::thread::sleep(std::time::Duration::from_secs(4));
    let ps = bed.run("flatpak", ["ps", "--columns=application"]);
    assert!(ps.assert_success().contains(id.as_str()), "{ps:?}");
    running.signal("TERM");
    running.end().assert_code(143);
}

#[test]
fn a_run_with_a_portal_leaves_nothing() {
    needs!(Bus, Portal);
    let bed = Testbed::alone(User::current());
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let dir = bed.host_build_dir("org.flatrack.Test.PortalClean").write();
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    let before = Leftovers::snapshot(&bed);
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    before.assert_none();
}

#[test]
fn a_run_of_an_ordinary_user_with_a_portal_leaves_nothing() {
    needs!(Bus, Portal, UserNamespaces);
    let bed = Testbed::alone(User::ordinary());
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let id = "org.flatrack.Test.PortalCleanUser";
    let dir = bed.host_build_dir(id).write();
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    let before = Leftovers::snapshot(&bed);
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    inside(&bus, &[], &dir, "kill -9 $$").assert_code(137);
    before.assert_none();
    assert!(super::proxies(id).is_empty());
}

#[test]
fn what_a_killed_flatrack_with_a_bus_left_is_cleared_and_leaves_nothing() {
    needs!(Bus, Portal);
    let bed = Testbed::alone(User::current());
    let mut bus = Bus::start(&bed, "bus");
    portal(&bed, &mut bus);
    let id = "org.flatrack.Test.PortalKilled";
    let dir = bed.host_build_dir(id).write();
    let path = dir.to_str().unwrap();
    inside(&bus, &[], &dir, NOTIFY).assert_success();
    let before = Leftovers::snapshot(&bed);
    let words = ["run", "--command=sh", path, "-c", "echo up; exec sleep 60"];
    let running = Running::start(bus.flatrack_command(words));
    assert_eq!(super::proxies(id).len(), 1);
    running.signal("KILL");
    running.end().assert_code(137);
    until("the proxy outlives its instance", || {
        super::proxies(id).is_empty()
    });
    // it is listed as long as its processes are still being ended
    until("the killed instance is still listed", || {
        let listed = bus.flatrack(["ps", "--gc"]);
        !listed.assert_success().contains(id)
    });
    before.assert_none();
}
