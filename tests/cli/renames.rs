//! Apps that go by another name now: a real rename, done by the stock tools.

use flatrack_testbed::{Testbed, needs};

const OLD: &str = "org.flatrack.Test.OldName";
const NEW: &str = "org.flatrack.Test.NewName";

/// An app installed under its old name, and updated to its new one.
fn renamed() -> Testbed {
    let bed = Testbed::new().with_flatpak();
    bed.app(OLD).install();
    let script = "cat $XDG_DATA_HOME/kept; cat $HOME/.var/app/org.flatrack.Test.OldName/data/kept";
    // built after the old one; installed by the update alone
    bed.app(NEW).script(script).install();
    bed.run(
        "flatpak",
        ["uninstall", "--user", "-y", "--noninteractive", NEW],
    )
    .assert_success();
    let repo = bed.root().join("work/repo").display().to_string();
    let arch = std::env::consts::ARCH;
    let [old, new] = [OLD, NEW].map(|id| format!("app/{id}/{arch}/stable"));
    let rebase = format!("--end-of-life-rebase={OLD}={NEW}");
    let source = format!("--src-repo={repo}");
    let _names = (&old, &new);
    bed.run(
        "flatpak",
        [
            "build-commit-from",
            "--force",
            &rebase,
            &source,
            &repo,
            &old,
        ],
    )
    .assert_success();
    let script = "DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec flatpak update --user -y --noninteractive";
    bed.run("dbus-run-session", ["--", "sh", "-c", script])
        .assert_success();
    bed
}

#[test]
fn an_app_with_a_new_name_keeps_its_data_and_the_old_path_leads_there() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = renamed();
    let kept = bed.home().join(format!(".var/app/{OLD}/data/kept"));
    bed.write(&kept, "kept\n");
    for options in [&["run", NEW][..], &["run", "--filesystem=home", NEW]] {
        let outcome = bed.flatrack(options);
        assert_eq!(outcome.assert_success(), "kept\nkept");
        assert_eq!(outcome.stderr, "");
    }
    let link = std::fs::read_link(bed.home().join(".var/app").join(OLD));
    assert_eq!(link.unwrap(), std::path::Path::new(NEW));
    let theirs = bed.run("flatpak", ["run", "--no-session-bus", NEW]);
    assert_eq!(theirs.assert_success(), "kept\nkept");
}

#[test]
fn data_under_the_new_name_is_never_replaced() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = renamed();
    bed.write(
        bed.home().join(format!(".var/app/{OLD}/data/kept")),
        "old\n",
    );
    bed.write(
        bed.home().join(format!(".var/app/{NEW}/data/kept")),
        "new\n",
    );
    assert_eq!(bed.flatrack(["run", NEW]).assert_success(), "new\nold");
}
