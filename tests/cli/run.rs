//! `flatrack run`: apps are found where Flatpak keeps them, and run.

use flatrack_testbed::{HELLO, Testbed, User, needs};

use crate::support::example;

#[test]
fn an_app_that_stock_flatpak_installed_runs() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    assert_eq!(
        bed.flatrack(["run", HELLO]).assert_success(),
        format!("hello from {HELLO}")
    );
}

#[test]
fn an_ordinary_user_runs_an_app_of_the_system() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::of(User::ordinary()).with_flatpak();
    let said = bed.flatrack(["run", "--command=id", HELLO, "-u"]);
    assert_eq!(said.assert_success(), bed.user().uid.to_string());
}

#[test]
fn the_users_installation_comes_before_the_systems() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.app(HELLO).script("echo mine").install();
    assert_eq!(bed.flatrack(["run", HELLO]).assert_success(), "mine");
}

#[test]
fn a_build_directory_runs() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let dir = bed
        .build_dir("org.flatrack.Test.Dir")
        .script("echo from $FLATPAK_ID")
        .write();
    let said = bed.flatrack(["run".as_ref(), dir.as_os_str()]);
    assert_eq!(said.assert_success(), "from org.flatrack.Test.Dir");
}

#[test]
fn the_built_in_runtime_needs_no_installation() {
    let bed = Testbed::new();
    let dir = bed
        .host_build_dir("org.flatrack.Test.Host")
        .script("echo $FLATPAK_ID")
        .write();
    let said = bed.flatrack(["run".as_ref(), dir.as_os_str()]);
    assert_eq!(said.assert_success(), "org.flatrack.Test.Host");
}

#[test]
fn a_manifest_runs() {
    let bed = Testbed::new();
    let said = bed.flatrack([
        "run".as_ref(),
        example("hello/org.flatrack.Hello.yaml").as_os_str(),
    ]);
    assert!(said.assert_success().contains("org.flatrack.Hello"));
}

#[test]
fn arguments_reach_the_app_as_they_are() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let words = [
        "run",
        "--command=printf",
        HELLO,
        "[%s]",
        "a b",
        "",
        "--help",
        "--",
        "ü\n",
    ];
    assert_eq!(
        bed.flatrack(words).assert_success(),
        "[a b][][--help][--][ü\n]"
    );
}

#[test]
fn standard_input_reaches_the_app() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let text = bed.write("in", "one\ntwo\n");
    let mut command = bed.flatrack_command(["run", "--command=wc", HELLO, "-l"]);
    let output = command
        .stdin(std::fs::File::open(text).unwrap())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "2");
}

#[test]
fn a_fast_exit_is_never_lost() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    for code in 0..20 {
        let said = bed.flatrack(["run", "--command=sh", HELLO, "-c", &format!("exit {code}")]);
        said.assert_code(code);
    }
}
