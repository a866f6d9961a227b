//! A generated profile lets its own app work: what an app sees and can do under it is what it sees and can do without one, but for
//! what stands in `hack/docs/confined.md`.

use std::fmt::Write as _;

use flatrack_testbed::{User, needs};

use crate::cases::{Case, case};
use crate::differences::{CONFINED, Place, table};
use crate::lane::{Side, bed, unintended};

/// Wide sets, each for rules of another kind: files.
const FILES: [&str; 7] = [
    "",
    "--filesystem=host",
    "--filesystem=home:ro --filesystem=~/Music --persist=.kept",
    "--filesystem=BED/outside --nofilesystem=BED/outside/deep",
    "--filesystem=host-etc:ro --filesystem=/tmp --filesystem=xdg-run/shared-directory:ro",
    "--filesystem=xdg-download --filesystem=xdg-config/some:ro --persist=.",
    "--device=dri --device=input --device=shm",
];

/// Everything else.
const OTHERS: [&str; 7] = [
    "--share=network --share=ipc",
    "--device=all",
    "--devel --allow=multiarch --allow=bluetooth --allow=canbus",
    "--socket=session-bus --socket=system-bus",
    "--own-name=org.flatrack.Test.* --system-talk-name=org.flatrack.*",
    "--socket=wayland --socket=x11 --socket=pulseaudio --socket=ssh-auth",
    "--socket=pcsc --socket=cups --socket=gpg-agent --allow=per-app-dev-shm",
];

const SIDES: [&str; 2] = ["unconfined", "generated"];

fn side_by_side(user: User, sets: &[&str]) {
    let app = format!("org.flatrack.Test.Confined{}", std::process::id());
    let name = if user.uid == 0 { "root" } else { "user" };
    let bed = bed(user, None, &app);
    let side = Side::new("flatrack", &bed);
    let rows = table(CONFINED);
    let mut report = String::new();
    for set in sets {
        let case = case(set, flatrack_perms::vocabulary::Support::Built);
        let under = |profile: &str| {
            let mut case: Case = case.clone();
            case.options.push(format!("--apparmor={profile}"));
            side.facts(&case, &app)
        };
        let place = Place {
            flatpak: String::new(),
            user: name,
            options: case.options.join(" "),
        };
        let wrong = match SIDES.map(under) {
            [Ok(without), Ok(with)] => unintended((&without, &with), SIDES, (&rows, &place)),
            [Err(error), _] | [_, Err(error)] => format!("  {error}\n"),
        };
        if !wrong.is_empty() {
            let _infallible = write!(report, "\n`{set}` as {name}\n{wrong}");
        }
    }
    side.bed
        .flatrack(["apparmor", "unload", &app])
        .assert_code(0);
    side.bed.flatrack(["ps", "--gc"]).assert_code(0);
    assert!(
        report.is_empty(),
        "the profile changes what an app sees; what is intended stands in hack/docs/confined.md\n{report}"
    );
}

#[test]
fn files_are_the_same_with_and_without_a_profile() {
    needs!(Root, AppArmor, StockFlatpak);
    side_by_side(User::current(), &FILES);
}

#[test]
fn devices_sockets_and_calls_are_the_same_with_and_without_a_profile() {
    needs!(Root, AppArmor, StockFlatpak);
    side_by_side(User::current(), &OTHERS);
}
