//! Metadata, overrides and options on a machine in memory, to rights, plan and document.
//!
//! A case is a directory below `tests/golden`: `metadata`, `override` (the user's, for this app) and `options` (one
//! a line), of which only the first must be there. What comes out is compared with the snapshots.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use flatrack_metadata::{AppMetadata, SourceText, layer, options};
use flatrack_perms::{
    Branch, Bus, Conditions, Layer, LayerStack, Permission, Policy, ProfileMode, Resolved, Source,
    XdgDir,
};
use flatrack_spec::apparmor::profile;
use flatrack_spec::{
    CgroupVersion, Deployment, Facts, FileKind, Input, Launch, Linker, MapHost, Plan, Services,
    Session, Tree, User, WaylandSocket, plan, render,
};

fn text(path: &Path) -> SourceText {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    SourceText::new(name, &fs::read(path).unwrap()).unwrap()
}

fn resolved(case: &Path) -> (AppMetadata, Resolved) {
    let (metadata, _) = AppMetadata::parse(&text(&case.join("metadata")), Source::App).unwrap();
    let mut layers = vec![metadata.layer.clone()];
    if case.join("override").exists() {
        layers.push(
            layer::parse(Source::UserApp, &text(&case.join("override")))
                .unwrap()
                .0,
        );
    }
    if case.join("sandbox").exists() {
        layers = layers.into_iter().map(Layer::sandboxed).collect();
    }
    if let Ok(lines) = fs::read_to_string(case.join("options")) {
        let args: Vec<String> = lines.lines().map(str::to_owned).collect();
        layers.push(options::parse_args(Source::CommandLine, &args).unwrap());
    }
    let stack = LayerStack::new(layers);
    let (resolved, _) = stack
        .resolve(&conditions(case), &Policy::default())
        .unwrap();
    (metadata, resolved)
}

/// The session has Wayland where the case has a file of that name.
fn conditions(case: &Path) -> Conditions {
    Conditions {
        has_wayland: case.join("has-wayland").exists(),
        ..Conditions::default()
    }
}

fn host() -> MapHost {
    let mut host = MapHost::default();
    for dir in [
        "/rt/bin",
        "/rt/lib",
        "/rt/etc/ssl",
        "/rt/share/zoneinfo",
        "/home/user/.var/app",
        "/home/user/docs",
        "/home/user/.local/share/flatpak",
        "/srv",
        "/usr/share/fonts",
        "/usr/share/zoneinfo",
        "/sys/class",
        "/dev/dri",
        "/proc/sys",
        "/proc/irq",
    ] {
        host = host.with(dir, FileKind::Dir);
    }
    for file in [
        "/rt/share/zoneinfo/UTC",
        "/etc/hosts",
        "/etc/resolv.conf",
        "/etc/machine-id",
        "/etc/os-release",
    ] {
        host = host.with(file, FileKind::File);
    }
    for socket in [
        "/tmp/.X11-unix/X0",
        "/run/user/1000/pulse/native",
        "/run/user/1000/agent",
        "/run/pcscd/pcscd.comm",
        "/run/cups/cups.sock",
        "/run/user/1000/gnupg/S.gpg-agent",
        "/run/systemd/journal/socket",
    ] {
        host = host.with(socket, FileKind::Socket);
    }
    host = host.with("/dev/snd", FileKind::Dir);
    host.with("/var/run", FileKind::Symlink("../run".into()))
        .with(
            "/rt/etc/alternatives",
            FileKind::Symlink("/usr/lib/alternatives".into()),
        )
        .with("/dev/kvm", FileKind::Device)
        .with("/dev/shm", FileKind::Dir)
}

fn facts() -> Facts {
    Facts {
        user: User {
            uid: 1000,
            gid: 1000,
            name: "user".into(),
            group: Some("users".into()),
            real_name: "A User".into(),
            home: "/home/user".into(),
        },
        privileged: false,
        environment: BTreeMap::from([
            ("HOME".into(), "/home/user".into()),
            ("LANG".into(), "C.UTF-8".into()),
            ("LD_PRELOAD".into(), "/evil.so".into()),
            ("DISPLAY".into(), ":0".into()),
            ("WAYLAND_DISPLAY".into(), "wayland-1".into()),
            ("SSH_AUTH_SOCK".into(), "/run/user/1000/agent".into()),
            ("XDG_DATA_HOME".into(), "/home/user/.local/share".into()),
        ]),
        zone: "UTC".into(),
        user_dirs: BTreeMap::from([(XdgDir::Documents, "/home/user/docs".into())]),
        runtime_dir: Some("/run/user/1000".into()),
        cgroups: CgroupVersion::V2,
        landlock: 7,
    }
}

/// A session with a server of each kind.
fn session(resolved: &Resolved) -> Session {
    let mut session = Session {
        xauthority: b"cookie".to_vec(),
        gpg_agent: Some("/run/user/1000/gnupg/S.gpg-agent".into()),
        ..Session::default()
    };
    if resolved.has(Permission::Wayland) {
        session.wayland = WaylandSocket::Restricted("/run/user/1000/flatrack/7/wayland".into());
    }
    session
}

/// On this machine there is every service that a right names.
fn services(resolved: &Resolved) -> Services {
    let names = resolved.parts().bus_names.keys();
    let buses = names.map(|name| {
        (
            name.bus,
            format!("/instance/bus/{}", name.bus.word()).into(),
        )
    });
    let buses: BTreeMap<Bus, _> = buses.collect();
    Services {
        documents: (!buses.is_empty()).then(|| "/run/user/1000/doc/by-app/app".into()),
        identity: (!buses.is_empty()).then(|| "/run/user/1000/.flatpak/7".into()),
        buses,
    }
}

/// The plan of the proxy beside an app.
fn proxy_planned(plan: &Plan) -> Plan {
    let (facts, host) = (facts(), host());
    flatrack_spec::proxy(&flatrack_spec::ProxyInput {
        command: &["/usr/bin/proxy".to_owned(), "--args=9".to_owned()],
        buses: &[("/run/user/1000/bus".into(), "/run/bus/session".into())],
        directory: Path::new("/instance/bus"),
        host_network: false,
        app_info: plan.app_info(),
        cgroup: Some("/flatrack/app-7-bus".into()),
        memory_max: plan.resources.limits.memory_max.clone(),
        facts: &facts,
        host: &host
            .with("/lib", FileKind::Symlink("usr/lib".into()))
            .with("/lib64", FileKind::Dir)
            .with("/etc/ld.so.cache", FileKind::File)
            .with("/instance/bus", FileKind::Dir)
            .with("/run/user/1000/bus", FileKind::Socket),
    })
}

fn planned(case: &Path, metadata: &AppMetadata, resolved: &Resolved) -> Plan {
    let runtime = metadata.runtime.clone().unwrap();
    let deployment = Deployment {
        id: metadata.id.clone(),
        previous_ids: Vec::new(),
        is_runtime: false,
        arch: runtime.arch.clone(),
        branch: Branch::parse("stable").unwrap(),
        app: Some(Tree {
            path: "/apps/app/files".into(),
            commit: "c0ffee".into(),
            extensions: Vec::new(),
        }),
        runtime,
        usr: Tree {
            path: "/rt".into(),
            commit: "beef".into(),
            extensions: Vec::new(),
        },
        etc: Vec::new(),
        user_installation: "/home/user/.local/share/flatpak".into(),
    };
    let launch = Launch {
        instance: 7,
        command: vec![metadata.command.clone().unwrap()],
        cwd: None,
        caller_cwd: None,
        terminal: false,
        window: None,
        extra_args: Vec::new(),
        state: "/run/user/1000/flatrack".into(),
        per_app: "/run/user/1000/flatrack/apps/app".into(),
        sandbox: case.join("sandbox").exists(),
        clear_env: false,
        replaced: flatrack_spec::Replaced::default(),
        binds: Vec::new(),
        session: session(resolved),
        services: services(resolved),
        settings: flatrack_spec::Settings::default(),
        linker: Linker::Paths,
        cdi: Vec::new(),
        build: None,
        cgroup: Some("/flatrack/app-7".into()),
        pod: flatrack_spec::pod::Pod::default(),
        apparmor: None,
    };
    let (facts, host) = (facts(), host());
    let input = Input {
        resolved,
        deployment: &deployment,
        launch: &launch,
        facts: &facts,
        host: &host,
    };
    plan(&input).unwrap()
}

/// Where AppArmor's parser is installed, it compiles the profile; the kernel is not asked.
fn assert_parses(profile: &str) {
    const FEATURES: &str = "/usr/share/apparmor-features/features";
    let parser = Path::new("/usr/sbin/apparmor_parser");
    if !parser.exists() || !Path::new(FEATURES).exists() {
        return;
    }
    let mut child = Command::new(parser)
        .args([
            "--skip-kernel-load",
            "--skip-cache",
            // not `rule-not-enforced`: rules of buses stand in it also for kernels that leave buses alone
            "--Werror=rule-downgraded",
            "--Werror=deprecated",
            "--Werror=config",
            "--config-file=/dev/null",
        ])
        .args([
            format!("--policy-features={FEATURES}"),
            format!("--kernel-features={FEATURES}"),
        ])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(profile.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{profile}");
}

#[test]
fn cases_give_the_recorded_rights_plans_and_documents() {
    let mut cases: Vec<_> = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("metadata").exists())
        .collect();
    cases.sort();
    assert!(cases.len() >= 6, "only {} cases found", cases.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        settings.set_snapshot_path(&case);
        settings.bind(|| {
            let (metadata, resolved) = resolved(&case);
            let plan = planned(&case, &metadata, &resolved);
            let spec = render(&plan, Path::new("/bundle"), "x86_64", CgroupVersion::V2).unwrap();
            insta::assert_json_snapshot!(format!("{name}-resolved"), resolved);
            insta::assert_json_snapshot!(format!("{name}-plan"), plan);
            if !resolved.parts().bus_names.is_empty() {
                let proxy = proxy_planned(&plan);
                insta::assert_json_snapshot!(format!("{name}-proxy-plan"), proxy);
            }
            let profile = profile(&plan, &metadata.id, ProfileMode::Enforce, &[]).to_string();
            assert_parses(&profile);
            insta::assert_snapshot!(format!("{name}-apparmor"), profile);
            let spec = serde_json::to_value(&spec).unwrap();
            insta::assert_json_snapshot!(format!("{name}-spec"), spec);
        });
    }
}
