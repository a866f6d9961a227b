//! What runs before the app does: a manifest's commands, and the runtime's `ldconfig`.

use std::path::PathBuf;

use flatrack_testbed::{Testbed, needs};

use super::{beside, is_loaded};
use crate::extensions::APP;
use crate::extensions_linker::bed_with_ldconfig;

/// A manifest whose one command is this, and whose app prints what the command left.
fn manifest(bed: &Testbed, id: &str, command: &str) -> PathBuf {
    let text = format!(
        "id: {id}\nruntime: org.flatrack.Host.Platform\nruntime-version: '1'\nsdk: org.flatrack.Host.Platform\n\
         command: cat\nmodules:\n- name: m\n  buildsystem: simple\n  build-commands:\n  - {command}\n"
    );
    bed.write("app.yaml", text)
}

#[test]
fn a_manifests_commands_are_confined_and_their_profile_is_gone_with_them() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let id = format!("org.flatrack.Test.ArmorBuild{}", std::process::id());
    let command = "cat /proc/self/attr/current >/app/label";
    let file = manifest(&bed, &id, command);
    let run = [
        "run".as_ref(),
        file.as_os_str(),
        "/app/label".as_ref(),
        "/proc/self/attr/current".as_ref(),
    ];
    let said = bed.flatrack(run);
    let labels: Vec<&str> = said.assert_success().lines().collect();
    let [step, app] = labels[..] else {
        panic!("{labels:?}");
    };
    assert!(step.starts_with(&format!("flatrack.{id}+build+")), "{step}");
    assert!(step.ends_with(" (enforce)"), "{step}");
    assert_eq!(app, format!("flatrack.{id} (enforce)"));
    assert!(!is_loaded(&bed, "+build+"));
    bed.flatrack(["apparmor", "unload", &id]).assert_success();
}

/// The same command where the profile cannot be loaded, and nobody asked for one, reaches the socket.
#[test]
fn a_manifests_command_gets_no_internet_socket_even_in_its_own_namespace() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let id = format!("org.flatrack.Test.ArmorFetch{}", std::process::id());
    let command = "bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/app/said || true";
    let file = manifest(&bed, &id, command);
    let run = || bed.flatrack_command(["run".as_ref(), file.as_os_str(), "/app/said".as_ref()]);
    let without = beside(&bed, "umount /sys/kernel/security", &run());
    assert!(
        without.assert_success().contains("refused"),
        "{}",
        without.stdout
    );
    let with = flatrack_testbed::Outcome::from(run().output().unwrap());
    assert!(with.assert_success().contains("denied"), "{}", with.stdout);
    bed.flatrack(["apparmor", "unload", &id]).assert_success();
}

#[test]
fn the_runtimes_ldconfig_is_confined_and_its_profile_is_gone_with_it() {
    needs!(AppArmor, Root, StockFlatpak, UserNamespaces);
    // what it leaves in place of a cache is kept, for it begins like one
    let script = "read -r label </proc/self/attr/current; echo \"glibc-ld.so.cache1.1 $label\" >$3";
    let bed = bed_with_ldconfig(script);
    let state = bed.home().join("state");
    let mut command = bed.flatrack_command(["run", APP]);
    command.env("FLATRACK_STATE_DIR", &state);
    let said = flatrack_testbed::Outcome::from(command.output().unwrap());
    assert_eq!(said.assert_success(), "LD_LIBRARY_PATH=", "{}", said.stderr);
    let mut caches = std::fs::read_dir(state.join("cache/ld.so")).unwrap();
    let cache = caches.next().unwrap().unwrap().path().join("ld.so.cache");
    let kept = std::fs::read_to_string(cache).unwrap();
    assert!(kept.contains(&format!("flatrack.{APP}+linker+")), "{kept}");
    assert!(kept.ends_with(" (enforce)\n"), "{kept}");
    assert!(!is_loaded(&bed, "+linker+"));
}
