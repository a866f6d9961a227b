use super::*;

#[test]
fn temporary_files_of_an_app_that_starts_stay() {
    let root = tempfile::tempdir().unwrap();
    let state = State {
        root: root.path().to_owned(),
    };
    fs::create_dir(root.path().join("apps")).unwrap();
    let id = AppId::parse("org.flatrack.Test.Starting").unwrap();
    let uid = rustix::process::getuid().as_raw();
    let file = root.path().join("apps").join(id.as_str()).join("tmp/file");
    let held = state.hold_per_app(&id, uid).unwrap();
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(&file, "").unwrap();

    state.forget_temporary_files(|_| Ok(false)).unwrap();
    assert!(file.exists(), "removed while an instance starts");

    drop(held);
    state.forget_temporary_files(|_| Ok(true)).unwrap();
    assert!(file.exists(), "removed while an instance runs");

    state.forget_temporary_files(|_| Ok(false)).unwrap();
    assert!(!file.exists());
}
