use std::collections::BTreeMap;

use flatrack_perms::{
    AppId, Arch, Branch, Conditions, Grant, Layer, LayerStack, Policy, Pref, Resolved,
    Source as From,
};

use super::*;
use crate::{CgroupVersion, Deployment, Facts, Launch, Linker, MapHost, Node, Tree, User};

fn host() -> MapHost {
    MapHost::default()
        .with("/home/u/docs/a", FileKind::File)
        .with("/home/u/.var/app", FileKind::Dir)
        .with("/home/u/.local/share/flatpak", FileKind::Dir)
        .with("/run/user/7/flatrack/cache", FileKind::Dir)
        .with("/home/u/.config/some", FileKind::Dir)
        .with("/srv/data", FileKind::Dir)
        .with("/srv/link", FileKind::Symlink("data".into()))
        .with("/srv/loop", FileKind::Symlink("loop".into()))
        .with("/srv/to-etc", FileKind::Symlink("/etc/shadow".into()))
        .with("/etc/shadow", FileKind::File)
        .with("/opt", FileKind::Dir)
        .with("/boot", FileKind::Dir)
        .with("/run/user/7/pipe", FileKind::Socket)
        .with("/run/user/7/.flatpak/3", FileKind::Dir)
        .with("/run/user/7/.dbus-proxy/x", FileKind::Socket)
        .with(
            "/run/user/7/flatrack/instances/3/bus/session",
            FileKind::Socket,
        )
        .with(
            "/srv/other-app",
            FileKind::Symlink("/run/user/7/flatrack/instances/3".into()),
        )
}

fn resolved(tokens: &[&str]) -> Resolved {
    let mut layer = Layer::new(From::App);
    for token in tokens {
        layer.push(Grant::Filesystem(
            flatrack_perms::FsRule::parse(token).unwrap(),
        ));
    }
    LayerStack::new(vec![layer])
        .resolve(&Conditions::default(), &Policy::default())
        .unwrap()
        .0
}

/// What the pass does, a line an operation.
fn shown(tokens: &[&str]) -> Vec<String> {
    let deployment = Deployment {
        id: AppId::parse("org.example.App").unwrap(),
        previous_ids: Vec::new(),
        is_runtime: false,
        arch: Arch::parse("x86_64").unwrap(),
        branch: Branch::parse("1").unwrap(),
        app: None,
        runtime: Pref::parse("org.example.Platform/x86_64/1").unwrap(),
        usr: Tree {
            path: "/rt".into(),
            commit: String::new(),
            extensions: Vec::new(),
        },
        etc: Vec::new(),
        user_installation: "/home/u/.local/share/flatpak".into(),
    };
    let facts = Facts {
        user: User {
            uid: 7,
            gid: 7,
            name: "u".into(),
            group: None,
            real_name: String::new(),
            home: "/home/u".into(),
        },
        privileged: false,
        environment: BTreeMap::new(),
        zone: "UTC".into(),
        user_dirs: BTreeMap::from([(XdgDir::Documents, "/home/u/docs".into())]),
        runtime_dir: Some("/run/user/7".into()),
        cgroups: CgroupVersion::V2,
        landlock: 7,
    };
    let launch = Launch {
        instance: 1,
        command: vec!["x".into()],
        cwd: None,
        caller_cwd: None,
        terminal: false,
        window: None,
        extra_args: Vec::new(),
        state: "/run/user/7/flatrack".into(),
        per_app: "/run/x".into(),
        sandbox: false,
        clear_env: false,
        replaced: crate::Replaced::default(),
        binds: Vec::new(),
        session: crate::Session::default(),
        services: crate::Services::default(),
        settings: crate::Settings::default(),
        linker: Linker::Paths,
        cdi: Vec::new(),
        build: None,
        cgroup: None,
        pod: crate::pod::Pod::default(),
        apparmor: None,
    };
    let (resolved, host) = (resolved(tokens), host());
    let input = Input {
        resolved: &resolved,
        deployment: &deployment,
        launch: &launch,
        facts: &facts,
        host: &host,
    };
    let mut plan = Plan::default();
    pass(&input, &mut plan).unwrap();
    let nodes = plan.nodes.iter().map(|node| match node {
        Node::Dir { path, .. } => format!("dir {}", path.display()),
        Node::File { path, .. } => format!("file {}", path.display()),
        Node::Symlink { path, target } => format!("link {} {}", path.display(), target.display()),
    });
    let mounts = plan.mounts.iter().map(|mount| match &mount.what {
        What::Bind {
            access: Access::ReadOnly,
            ..
        } => format!("ro {}", mount.destination.display()),
        What::Bind { .. } => format!("rw {}", mount.destination.display()),
        _ => format!("hide {}", mount.destination.display()),
    });
    let dirs = plan
        .host_dirs
        .iter()
        .map(|dir| format!("make {}", dir.root.join(&dir.below).display()));
    nodes.chain(mounts).chain(dirs).collect()
}

const NOTHING: [&str; 4] = [
    "dir /home/u",
    "dir /home/u/.local/share/flatpak",
    "dir /home/u/.var/app",
    "rw /home/u/.var/app/org.example.App",
];

#[test]
fn without_permissions_only_the_apps_own_directory_is_there() {
    assert_eq!(shown(&[]), NOTHING);
}

#[test]
fn home_hides_other_apps_and_the_users_installation() {
    assert_eq!(
        shown(&["home"]),
        [
            "rw /home/u",
            "hide /home/u/.local/share/flatpak",
            "hide /home/u/.var/app",
            "rw /home/u/.var/app/org.example.App"
        ]
    );
}

#[test]
fn a_path_can_be_hidden_from_a_place_that_shows_it() {
    let lines = shown(&["home:ro", "!~/docs"]);
    assert!(
        lines.contains(&"ro /home/u".to_owned()) && lines.contains(&"hide /home/u/docs".to_owned())
    );
}

#[test]
fn home_taken_back_from_the_whole_host_is_hidden() {
    let lines = shown(&["host", "!home"]);
    assert!(lines.contains(&"rw /home".to_owned()), "{lines:?}");
    assert!(lines.contains(&"hide /home/u".to_owned()), "{lines:?}");
    assert!(
        !shown(&["/srv", "!home"]).contains(&"hide /home/u".to_owned()),
        "where nothing shows it there is nothing to hide"
    );
}

#[test]
fn a_part_of_the_configuration_lies_on_top_of_the_apps_own() {
    let lines = shown(&["xdg-config/some:ro"]);
    let at = |line: &str| lines.iter().position(|one| one == line);
    let own = at("rw /home/u/.var/app/org.example.App");
    let part = at("ro /home/u/.var/app/org.example.App/config/some");
    assert!(own.is_some() && own < part, "{lines:?}");
}

#[test]
fn links_are_followed_and_shown_as_links() {
    let lines = shown(&["/srv/link:ro"]);
    assert!(lines.contains(&"ro /srv/data".to_owned()), "{lines:?}");
    assert!(
        lines.contains(&"link /srv/link data".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn a_link_to_a_reserved_place_shows_nothing() {
    assert_eq!(
        shown(&[
            "/srv/to-etc",
            "/srv/loop",
            "/etc/shadow",
            "/run",
            "/usr/bin",
            "/sys"
        ]),
        NOTHING
    );
}

#[test]
fn another_apps_state_and_its_proxys_socket_are_out_of_reach() {
    assert_eq!(
        shown(&[
            "xdg-run/flatrack",
            "xdg-run/flatrack/instances/3/bus/session",
            "xdg-run/.flatpak",
            "xdg-run/.dbus-proxy/x",
            "/run/user/7/.flatpak/3",
            "/srv/other-app",
        ]),
        NOTHING
    );
}

#[test]
fn host_leaves_out_system_directories() {
    let lines = shown(&["host"]);
    assert!(
        lines.contains(&"rw /opt".to_owned()) && lines.contains(&"rw /run/host/etc".to_owned())
    );
    assert!(
        !lines.iter().any(|line| line.ends_with("/boot")),
        "{lines:?}"
    );
}

#[test]
fn create_makes_the_directory_below_one_that_is_there() {
    let lines = shown(&["~/new/sub:create"]);
    assert!(
        lines.contains(&"make /home/u/new/sub".to_owned())
            && lines.contains(&"rw /home/u/new/sub".to_owned())
    );
}

#[test]
fn user_directories_and_runtime_sockets_are_found() {
    let lines = shown(&["xdg-documents:ro", "xdg-run/pipe"]);
    assert!(
        lines.contains(&"ro /home/u/docs".to_owned())
            && lines.contains(&"rw /run/user/7/pipe".to_owned())
    );
}

#[test]
fn our_own_state_is_never_shown_whatever_is_asked_for() {
    let about = |tokens: &[&str]| -> Vec<String> {
        let lines = shown(tokens).into_iter();
        lines.filter(|line| line.contains("flatrack")).collect()
    };
    let by_name = [
        "xdg-run/flatrack",
        "xdg-run/flatrack/cache",
        "xdg-run/flatrack/new:create",
    ];
    assert!(about(&by_name).is_empty());
    assert_eq!(about(&["/run/user/7"]), ["hide /run/user/7/flatrack"]);
    let all = [&by_name[..], &["/run/user/7"]].concat();
    assert_eq!(about(&all), ["hide /run/user/7/flatrack"]);
}
