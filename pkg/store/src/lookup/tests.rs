use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;
use crate::Place;
use crate::testing::{ARCH, COMMIT, Store, app_id, no_commit};

const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

fn app(store: &Store) -> Result<Deploy, Error> {
    let arch = Arch::parse(ARCH).unwrap();
    let branch = Branch::parse("master").unwrap();
    store
        .find()
        .app(&app_id(), Some(&arch), Some(&branch), no_commit())
}

fn app_base(installation: &Path) -> std::path::PathBuf {
    installation.join(format!("app/org.example.App/{ARCH}/master"))
}

fn pref(text: &str) -> Pref {
    Pref::parse(text).unwrap()
}

#[test]
fn the_users_app_is_found_before_the_systems() {
    let store = Store::new();
    store.deploy(
        &store.system(),
        &format!("app/org.example.App/{ARCH}/master"),
        OTHER,
    );
    let deploy = app(&store).unwrap();
    assert_eq!(
        (deploy.place.name(), deploy.commit.as_str()),
        ("default", OTHER)
    );
    store.user_app("master");
    let deploy = app(&store).unwrap();
    assert_eq!(
        (deploy.place, deploy.commit.as_str()),
        (Place::User, COMMIT)
    );
}

#[test]
fn an_installation_of_higher_priority_is_found_before_the_default_one() {
    let store = Store::new();
    let name = format!("app/org.example.App/{ARCH}/master");
    store.deploy(&store.system(), &name, COMMIT);
    store.deploy(&store.extra("disk"), &name, OTHER);
    let path = store.extra("disk");
    let conf = |priority: i32| {
        format!(
            "[Installation \"disk\"]\nPath={}\nPriority={priority}\n",
            path.display()
        )
    };
    store.conf("d.conf", &conf(1));
    assert_eq!(app(&store).unwrap().place.name(), "disk");
    store.conf("d.conf", &conf(-1));
    assert_eq!(app(&store).unwrap().place.name(), "default");
}

#[test]
fn a_deploy_comes_with_its_files_and_its_metadata() {
    let store = Store::new();
    let dir = store.user_app("master");
    let deploy = app(&store).unwrap();
    assert_eq!(deploy.dir.path(), dir);
    assert_eq!(deploy.files.path(), dir.join("files"));
    assert_eq!(deploy.metadata.path, dir.join("metadata"));
    assert!(deploy.metadata.bytes.starts_with(b"[Application]"));
    assert_eq!(deploy.origin.as_deref(), Some("flathub"));
    assert_eq!(
        deploy.full_ref.to_string(),
        "app/org.example.App/x86_64/master"
    );
}

#[test]
fn the_current_link_gives_what_was_not_asked_for() {
    let store = Store::new();
    store.user_app("beta");
    store.deploy(&store.user(), "app/org.example.App/arm/stable", COMMIT);
    symlink(
        "arm/stable",
        store.user().join("app/org.example.App/current"),
    )
    .unwrap();
    let found = store.find();
    let deploy = found.app(&app_id(), None, None, no_commit()).unwrap();
    assert_eq!(deploy.full_ref.pref, pref("org.example.App/arm/stable"));
    let (arch, branch) = (Arch::parse(ARCH).unwrap(), Branch::parse("beta").unwrap());
    let deploy = found
        .app(&app_id(), Some(&arch), Some(&branch), no_commit())
        .unwrap();
    assert_eq!(deploy.full_ref.pref, pref("org.example.App/x86_64/beta"));
    // the arch of the link goes with the branch of the caller
    let error = found
        .app(&app_id(), None, Some(&branch), no_commit())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "app/org.example.App/arm/beta is not installed"
    );
}

#[test]
fn the_first_current_link_decides_even_for_an_app_of_a_later_installation() {
    let store = Store::new();
    fs::create_dir_all(store.user().join("app/org.example.App")).unwrap();
    symlink(
        format!("{ARCH}/beta"),
        store.user().join("app/org.example.App/current"),
    )
    .unwrap();
    store.deploy(
        &store.system(),
        &format!("app/org.example.App/{ARCH}/beta"),
        COMMIT,
    );
    symlink(
        format!("{ARCH}/none"),
        store.system().join("app/org.example.App/current"),
    )
    .unwrap();
    let deploy = store
        .find()
        .app(&app_id(), None, None, no_commit())
        .unwrap();
    assert_eq!(deploy.full_ref.pref.branch.as_str(), "beta");
}

#[test]
fn without_a_current_link_it_is_the_default_arch_and_master() {
    let store = Store::new();
    let arch = store.find().default_arch().clone();
    store.deploy(
        &store.system(),
        &format!("app/org.example.App/{arch}/master"),
        COMMIT,
    );
    assert!(store.find().app(&app_id(), None, None, no_commit()).is_ok());
}

#[test]
fn a_current_link_that_leads_elsewhere_is_refused() {
    for target in [
        "../../../etc",
        "/etc/passwd",
        "x86_64",
        "x86_64/a/b",
        "x86_64/..",
        "../master",
    ] {
        let store = Store::new();
        fs::create_dir_all(store.user().join("app/org.example.App")).unwrap();
        symlink(target, store.user().join("app/org.example.App/current")).unwrap();
        let error = store
            .find()
            .app(&app_id(), None, None, no_commit())
            .unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{target}: {error}");
    }
}

#[test]
fn without_an_active_link_the_next_installation_is_asked() {
    let store = Store::new();
    store.user_app("master");
    fs::remove_file(app_base(&store.user()).join("active")).unwrap();
    assert!(matches!(app(&store), Err(Error::NotInstalled { .. })));
    store.deploy(
        &store.system(),
        &format!("app/org.example.App/{ARCH}/master"),
        OTHER,
    );
    assert_eq!(app(&store).unwrap().commit, OTHER);
    // a link to nothing is the same
    symlink(
        COMMIT.replace('0', "9"),
        app_base(&store.user()).join("active"),
    )
    .unwrap();
    assert_eq!(app(&store).unwrap().commit, OTHER);
}

#[test]
fn an_active_link_that_leads_elsewhere_is_refused_and_nothing_stands_in() {
    for target in ["../../etc", "/etc", "..", ".", "sub/dir", "./x"] {
        let store = Store::new();
        store.deploy(
            &store.system(),
            &format!("app/org.example.App/{ARCH}/master"),
            OTHER,
        );
        store.user_app("master");
        let active = app_base(&store.user()).join("active");
        fs::remove_file(&active).unwrap();
        symlink(target, &active).unwrap();
        let error = app(&store).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{target}: {error}");
        fs::remove_file(&active).unwrap();
        fs::create_dir(&active).unwrap();
        assert!(
            matches!(app(&store), Err(Error::Damaged { .. })),
            "a directory"
        );
    }
}

#[test]
fn the_commit_is_read_from_the_deploy_file_and_not_from_a_name_with_subpaths() {
    let store = Store::new();
    let name = format!("{COMMIT}-de-fr");
    store.deploy(
        &store.user(),
        "runtime/org.example.App.Locale/x86_64/master",
        &name,
    );
    let wanted = pref("org.example.App.Locale/x86_64/master");
    let deploy = store.find().runtime(&wanted, no_commit()).unwrap();
    assert_eq!(deploy.commit, COMMIT);
    assert!(deploy.dir.path().ends_with(name));
}

#[test]
fn no_part_of_a_deploy_may_be_a_symlink() {
    type Spoil = fn(&Path);
    let spoils: [(&str, Spoil); 6] = [
        ("files", |dir| {
            fs::rename(dir.join("files"), dir.join("real")).unwrap();
            symlink("real", dir.join("files")).unwrap();
        }),
        ("metadata", |dir| {
            fs::rename(dir.join("metadata"), dir.join("real")).unwrap();
            symlink("real", dir.join("metadata")).unwrap();
        }),
        ("deploy", |dir| {
            fs::rename(dir.join("deploy"), dir.join("real")).unwrap();
            symlink("real", dir.join("deploy")).unwrap();
        }),
        ("commit", |dir| {
            let real = dir.with_file_name("real");
            fs::rename(dir, &real).unwrap();
            symlink("real", dir).unwrap();
        }),
        ("branch", |dir| {
            let branch = dir.parent().unwrap();
            fs::rename(branch, branch.with_file_name("real")).unwrap();
            symlink("real", branch).unwrap();
        }),
        ("id", |dir| {
            let id = dir.ancestors().nth(3).unwrap();
            fs::rename(id, id.with_file_name("real")).unwrap();
            symlink("real", id).unwrap();
        }),
    ];
    for (part, spoil) in spoils {
        let store = Store::new();
        let dir = store.user_app("master");
        spoil(&dir);
        let error = app(&store).unwrap_err();
        assert!(matches!(error, Error::Symlink { .. }), "{part}: {error}");
    }
}

#[test]
fn an_incomplete_deploy_is_damaged_and_not_absent() {
    for part in ["files", "metadata", "deploy"] {
        let store = Store::new();
        let dir = store.user_app("master");
        fs::rename(dir.join(part), dir.join("elsewhere")).unwrap();
        let error = app(&store).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{part}: {error}");
    }
    let store = Store::new();
    let dir = store.user_app("master");
    fs::write(dir.join("metadata"), vec![b'#'; 1024 * 1024 + 1]).unwrap();
    assert!(matches!(app(&store), Err(Error::TooLarge { .. })));
}

#[test]
fn a_commit_that_was_asked_for_is_found_beside_the_active_one_and_among_the_retired() {
    let store = Store::new();
    let old = store.user_app("master");
    store.deploy(
        &store.user(),
        &format!("app/org.example.App/{ARCH}/master"),
        OTHER,
    );
    let commit = Commit::parse(COMMIT).unwrap();
    let get = |store: &Store| store.find().app(&app_id(), None, None, Some(&commit));
    assert_eq!(get(&store).unwrap().commit, COMMIT);
    let removed = store.user().join(".removed");
    fs::create_dir(&removed).unwrap();
    fs::rename(&old, removed.join(format!("org.example.App-{COMMIT}"))).unwrap();
    let deploy = get(&store).unwrap();
    assert!(deploy.dir.path().starts_with(&removed));
    assert!(deploy.lock().unwrap().is_some());
    fs::remove_dir_all(&removed).unwrap();
    let error = get(&store).unwrap_err();
    assert!(error.to_string().starts_with("commit 0123"), "{error}");
}

#[test]
fn a_missing_runtime_is_answered_with_its_other_branches() {
    let store = Store::new();
    store.deploy(
        &store.user(),
        "runtime/org.example.Platform/x86_64/23.08",
        COMMIT,
    );
    store.deploy(
        &store.system(),
        "runtime/org.example.Platform/x86_64/23.08",
        COMMIT,
    );
    store.deploy(
        &store.system(),
        "runtime/org.example.Platform/arm/24.08",
        COMMIT,
    );
    let wanted = pref("org.example.Platform/x86_64/24.08");
    let error = store.find().runtime(&wanted, no_commit()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "runtime/org.example.Platform/x86_64/24.08 is not installed"
    );
    assert_eq!(
        error.hint().unwrap(),
        "installed are: `runtime/org.example.Platform/arm/24.08`, \
         `runtime/org.example.Platform/x86_64/23.08`"
    );
}

#[test]
fn an_app_does_not_answer_for_a_runtime() {
    let store = Store::new();
    store.user_app("master");
    let wanted = pref("org.example.App/x86_64/master");
    assert!(store.find().runtime(&wanted, no_commit()).is_err());
}

#[test]
fn a_bare_runtime_needs_no_branch_if_there_is_only_one() {
    let store = Store::new();
    let arch = store.find().default_arch().clone();
    let id = AppId::parse("org.example.Platform").unwrap();
    let get = || store.find().bare_runtime(&id, None, None, no_commit());
    assert!(matches!(get(), Err(Error::NotInstalled { .. })));
    for installation in [store.user(), store.system()] {
        store.deploy(&installation, &format!("runtime/{id}/{arch}/1"), COMMIT);
    }
    store.deploy(&store.user(), &format!("runtime/{id}/vax/9"), COMMIT);
    assert_eq!(get().unwrap().full_ref.pref.branch.as_str(), "1");
    store.deploy(&store.system(), &format!("runtime/{id}/{arch}/2"), COMMIT);
    let hint = get().unwrap_err().hint().unwrap();
    assert!(
        hint.contains("/1`") && hint.contains("/2`") && !hint.contains("vax"),
        "{hint}"
    );
}

#[test]
fn an_app_that_is_updated_over_and_over_is_never_taken_for_missing_or_damaged() {
    let store = Store::new();
    let name = format!("app/org.example.App/{ARCH}/master");
    store.deploy(&store.user(), &name, "0");
    let base = app_base(&store.user());
    let removed = store.user().join(".removed");
    fs::create_dir(&removed).unwrap();
    std::thread::scope(|scope| {
        let updates = scope.spawn(|| {
            for number in 1..300 {
                let (old, new) = ((number - 1).to_string(), number.to_string());
                // made aside, then put into place, as Flatpak does
                let aside = store.deploy(&store.top().join("aside"), &name, &new);
                fs::rename(aside, base.join(&new)).unwrap();
                symlink(&new, base.join(".active-1")).unwrap();
                fs::rename(base.join(".active-1"), base.join("active")).unwrap();
                let retired = removed.join(format!("org.example.App-{old}"));
                fs::rename(base.join(&old), &retired).unwrap();
                fs::remove_dir_all(retired).unwrap();
            }
        });
        while !updates.is_finished() {
            match app(&store).and_then(|deploy| deploy.lock().map(|_| ())) {
                Ok(()) | Err(Error::Changing { .. }) => {}
                Err(e) => panic!("{e}"),
            }
        }
    });
}
