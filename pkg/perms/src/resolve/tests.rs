use proptest::prelude::*;

use super::*;
use crate::vocabulary::{Family, Support};
use crate::{
    Bus, BusName, Direction, FsRule, Grant, Kind, Layer, LimitKey, NarrowedPath, Narrowing, Source,
};

mod bound;

fn on(name: &str) -> Grant {
    switch(name, true, None)
}

fn off(name: &str) -> Grant {
    switch(name, false, None)
}

fn when(name: &str, condition: &str) -> Grant {
    switch(name, true, Some(condition))
}

fn switch(name: &str, allow: bool, condition: Option<&str>) -> Grant {
    let permission = [Kind::Share, Kind::Device, Kind::Feature, Kind::Socket]
        .into_iter()
        .find_map(|kind| Permission::find(kind, name))
        .unwrap();
    Grant::Permission {
        permission,
        allow,
        condition: condition.map(|c| Condition::parse(c).unwrap()),
    }
}

fn fs(token: &str) -> Grant {
    Grant::Filesystem(FsRule::parse(token).unwrap())
}

fn layer(source: Source, grants: impl IntoIterator<Item = Grant>) -> Layer {
    let mut layer = Layer::new(source);
    grants.into_iter().for_each(|grant| layer.push(grant));
    layer
}

fn resolve(layers: Vec<Layer>) -> Parts {
    LayerStack::new(layers)
        .resolve(&Conditions::default(), &Policy::default())
        .unwrap()
        .0
        .0
}

#[test]
fn an_override_takes_away_what_the_app_asked_for() {
    let app = layer(Source::App, [on("network"), on("dri")]);
    let user = layer(Source::UserApp, [off("network")]);
    let parts = resolve(vec![user, app]);
    assert_eq!(
        parts.permissions.keys().collect::<Vec<_>>(),
        [&Permission::Dri]
    );
}

#[test]
fn the_user_override_for_all_apps_beats_the_system_override_for_one() {
    let system = layer(Source::SystemApp, [on("kvm")]);
    let user = layer(Source::UserGlobal, [off("kvm")]);
    assert!(resolve(vec![system, user]).permissions.is_empty());
}

#[test]
fn every_right_knows_who_granted_it() {
    let parts = resolve(vec![
        layer(Source::App, [on("network"), fs("home:ro")]),
        layer(Source::CommandLine, [fs("home")]),
    ]);
    assert_eq!(parts.permissions[&Permission::Network].source, Source::App);
    assert_eq!(
        parts.filesystems[&FsPlace::Home].origin.source,
        Source::CommandLine
    );
    assert_eq!(parts.filesystems[&FsPlace::Home].value, FsAccess::ReadWrite);
}

#[test]
fn who_has_it_anyway_does_not_need_it_under_a_condition() {
    let parts = resolve(vec![layer(Source::App, [on("kvm"), when("kvm", "false")])]);
    assert!(parts.permissions.contains_key(&Permission::Kvm));
    let parts = resolve(vec![layer(Source::App, [when("kvm", "false"), on("kvm")])]);
    assert!(parts.permissions.contains_key(&Permission::Kvm));
}

#[test]
fn a_condition_alone_narrows_what_a_lower_layer_gave() {
    let app = layer(Source::App, [on("kvm")]);
    let user = layer(Source::UserApp, [when("kvm", "has-wayland")]);
    assert!(resolve(vec![app.clone(), user]).permissions.is_empty());
    let user = layer(Source::UserApp, [when("kvm", "!has-wayland")]);
    assert!(
        resolve(vec![app, user])
            .permissions
            .contains_key(&Permission::Kvm)
    );
}

#[test]
fn unknown_conditions_never_hold() {
    for condition in ["no-such-thing", "!no-such-thing", "!true"] {
        assert!(
            resolve(vec![layer(Source::App, [when("kvm", condition)])])
                .permissions
                .is_empty()
        );
    }
}

#[test]
fn x11_as_a_fallback_is_x11_while_there_is_no_wayland() {
    let with = Conditions {
        has_wayland: true,
        ..Conditions::default()
    };
    let rights = |layers: Vec<Layer>, facts: &Conditions| {
        let stack = LayerStack::new(layers);
        let (resolved, _) = stack.resolve(facts, &Policy::default()).unwrap();
        resolved.0.permissions.into_keys().collect::<Vec<_>>()
    };
    let none = Conditions::default();
    let app = || layer(Source::App, [on("x11"), on("fallback-x11")]);
    assert_eq!(
        rights(vec![app()], &none),
        [Permission::X11, Permission::FallbackX11]
    );
    assert_eq!(rights(vec![app()], &with), []);
    // an upper layer that decides on X11 outright is not held back by the fallback below
    let user = layer(Source::UserApp, [on("x11")]);
    assert_eq!(rights(vec![app(), user], &with), [Permission::X11]);
    let user = layer(Source::UserApp, [off("x11")]);
    assert_eq!(rights(vec![app(), user], &none), []);
    // one that only adds a condition leaves the fallback
    let user = layer(Source::UserApp, [when("x11", "false")]);
    assert_eq!(rights(vec![app(), user], &none), [Permission::FallbackX11]);
}

#[test]
fn a_later_value_of_a_policy_replaces_the_same_one_and_goes_last() {
    let say = |text: &str, allow| Grant::Policy {
        item: PolicyItem::parse(text).unwrap(),
        allow,
    };
    let app = layer(
        Source::App,
        [say("s.k=a", true), say("s.k=b", true), say("s.k=c", true)],
    );
    let user = layer(Source::UserApp, [say("s.k=b", false), say("s.k=a", true)]);
    let parts = resolve(vec![app, user]);
    let values: Vec<&str> = parts
        .policies
        .iter()
        .map(|p| p.value.value.as_str())
        .collect();
    assert_eq!(values, ["c", "a"]);
}

#[test]
fn a_sandboxed_layer_keeps_what_cannot_reach_further() {
    let limit = || Grant::Limit(LimitKey::MemoryMax.parse("64M").unwrap());
    let app = layer(
        Source::App,
        [on("network"), on("multiarch"), fs("home"), limit()],
    );
    let parts = resolve(vec![app.sandboxed()]);
    assert_eq!(
        parts.permissions.keys().collect::<Vec<_>>(),
        [&Permission::Multiarch]
    );
    assert!(parts.filesystems.is_empty() && parts.limits.list().len() == 1);
}

#[test]
fn negating_home_leaves_narrower_grants() {
    let app = layer(Source::App, [fs("home"), fs("~/x")]);
    let parts = resolve(vec![app.clone(), layer(Source::UserApp, [fs("!home")])]);
    assert_eq!(parts.filesystems[&FsPlace::Home].value, FsAccess::Hidden);
    assert_eq!(
        parts.filesystems[&FsPlace::HomePath("x".into())].value,
        FsAccess::ReadWrite
    );
    let parts = resolve(vec![
        app,
        layer(Source::UserApp, [fs("~/y"), fs("!host:reset")]),
    ]);
    assert_eq!(
        parts.filesystems.keys().collect::<Vec<_>>(),
        [&FsPlace::HomePath("y".into())]
    );
}

#[test]
fn what_is_not_enforced_yet_is_refused_unless_it_is_taken_back() {
    let grant = |allow| Grant::NotYet {
        family: Family::AppArmor,
        key: "profile".into(),
        values: vec!["x".into()],
        allow,
    };
    let stack = LayerStack::new(vec![layer(Source::App, [grant(true)])]);
    let refusal = stack
        .resolve(&Conditions::default(), &Policy::default())
        .unwrap_err();
    assert!(
        matches!(&refusal, Refusal::NotYet { what, .. } if what.contains("profile")),
        "{refusal}"
    );
    let stack = LayerStack::new(vec![
        layer(Source::App, [grant(true)]),
        layer(Source::CommandLine, [grant(false)]),
    ]);
    assert!(
        stack
            .resolve(&Conditions::default(), &Policy::default())
            .is_ok()
    );
}

fn named(bus: Bus, name: &str, policy: BusPolicy) -> Grant {
    let name = BusName::parse(name).unwrap();
    Grant::BusName {
        name: NameOnBus { bus, name },
        policy,
    }
}

#[test]
fn the_last_layer_says_what_may_be_done_with_a_name_on_a_bus() {
    let parts = resolve(vec![
        layer(
            Source::App,
            [
                named(Bus::Session, "org.a.B", BusPolicy::Own),
                named(Bus::Session, "org.a.C", BusPolicy::Talk),
                named(Bus::System, "org.a.B", BusPolicy::Talk),
            ],
        ),
        layer(
            Source::UserApp,
            [
                named(Bus::Session, "org.a.B", BusPolicy::See),
                named(Bus::Session, "org.a.C", BusPolicy::None),
            ],
        ),
    ]);
    let rights: Vec<String> = parts.rights().into_iter().map(|right| right.what).collect();
    assert_eq!(
        rights,
        [
            "[Session Bus Policy] org.a.B=see",
            "[System Bus Policy] org.a.B=talk"
        ]
    );
}

#[test]
fn a_runtime_gives_its_environment_and_nothing_else() {
    let name = EnvName::parse("A").unwrap();
    let runtime = layer(
        Source::Runtime,
        [
            on("network"),
            Grant::Env {
                name: name.clone(),
                value: Some("1".into()),
            },
        ],
    );
    let parts = resolve(vec![runtime.environment_only()]);
    assert!(parts.permissions.is_empty() && parts.environment.contains_key(&name));
}

fn any_grant() -> impl Strategy<Value = Grant> {
    let built: Vec<Permission> = crate::vocabulary::NAMES
        .iter()
        .filter(|row| row.support == Support::Built)
        .map(|row| row.permission)
        .collect();
    let conditions = prop::option::of(prop::sample::select(vec![
        "true",
        "false",
        "has-wayland",
        "!has-wayland",
    ]));
    prop_oneof![
        (prop::sample::select(built), any::<bool>(), conditions).prop_map(
            |(permission, allow, c)| {
                Grant::Permission {
                    permission,
                    allow,
                    condition: c.filter(|_| allow).map(|c| Condition::parse(c).unwrap()),
                }
            }
        ),
        prop::sample::select(vec![
            "home",
            "!home",
            "host:ro",
            "~/x:create",
            "/srv",
            "!/srv",
            "!host:reset"
        ])
        .prop_map(fs),
        prop::sample::select(vec![
            ("memory-max", "64M"),
            ("memory-max", "max"),
            ("memory-low", "8M"),
            ("cpu-max", "50%"),
            ("cpu-weight", "50"),
            ("cpu-weight", "500"),
            ("cpuset", "1-2"),
            ("oom-score-adj", "-5"),
            ("nofile", "10:100"),
            ("pids-max", "9"),
        ])
        .prop_map(|(k, v)| Grant::Limit(LimitKey::find(k).unwrap().parse(v).unwrap())),
        (
            prop::sample::select(Bus::ALL.to_vec()),
            prop::sample::select(vec!["org.a.B", "org.a.*"]),
            prop::sample::select(BusPolicy::ALL.to_vec()),
        )
            .prop_map(|(bus, name, policy)| named(bus, name, policy)),
        (
            prop::sample::select(vec![Direction::Connect, Direction::Bind]),
            prop::option::of(prop::sample::select(PORTS.to_vec())),
        )
            .prop_map(|(direction, rule)| Grant::Port {
                direction,
                rule: rule.map(|rule| rule.parse().unwrap()),
            }),
        prop::option::of(prop::sample::select(DEVICES.to_vec()))
            .prop_map(|rule| Grant::Device(rule.map(|rule| rule.parse().unwrap()))),
        prop::sample::select(vec![
            ("profile", "generated"),
            ("profile", "unconfined"),
            ("profile", "one"),
            ("mode", "complain"),
            ("mode", "enforce"),
            ("stack", "one"),
            ("stack", "two"),
        ])
        .prop_map(|(key, value)| armor(key, value)),
        prop::sample::select(vec![Narrowing::ReadOnly, Narrowing::NoAccess])
            .prop_map(|how| Grant::Narrow(how, Some(NarrowedPath::parse("/srv/x").unwrap()))),
    ]
}

const PORTS: [&str; 4] = ["tcp:443", "tcp:1-500", "udp:53", "unix-abstract"];

const DEVICES: [&str; 5] = [
    "/dev/ttyUSB0",
    "/dev/tty*:r",
    "/dev/i2c-1:rwm",
    "v/c=d",
    "/dev/x:w:optional",
];

fn any_stack() -> impl Strategy<Value = LayerStack> {
    let sources = [
        Source::App,
        Source::SystemApp,
        Source::UserGlobal,
        Source::UserApp,
        Source::CommandLine,
    ];
    prop::collection::vec(prop::collection::vec(any_grant(), 0..6), sources.len()).prop_map(
        move |layers| {
            LayerStack::new(
                sources
                    .iter()
                    .zip(layers)
                    .map(|(s, grants)| layer(*s, grants.into_iter().filter(|g| may_say(*s, g))))
                    .collect(),
            )
        },
    )
}

/// An app that loosens its own profile is refused before any policy is asked.
fn may_say(source: Source, grant: &Grant) -> bool {
    !matches!(grant, Grant::AppArmor(grant) if grant.weakens() && source == Source::App)
}

proptest! {
    #[test]
    fn an_upper_layer_that_only_takes_away_never_adds_a_right(stack in any_stack()) {
        let facts = Conditions::default();
        let (without, _) = stack.resolve(&facts, &Policy::default()).unwrap();
        let mut layers = stack.layers().to_vec();
        layers.push(layer(Source::CommandLine, [
            off("network"),
            fs("!home"),
            fs("!host"),
            named(Bus::Session, "org.a.B", BusPolicy::None),
        ]));
        let (with, _) = LayerStack::new(layers).resolve(&facts, &Policy::default()).unwrap();
        prop_assert!(with.is_within(&without));
    }
}

fn armor(key: &str, value: &str) -> Grant {
    Grant::AppArmor(crate::AppArmorGrant::parse(key, value).unwrap())
}

#[test]
fn an_app_cannot_loosen_its_own_profile_and_others_can() {
    for (key, value) in [
        ("profile", "unconfined"),
        ("profile", "x"),
        ("mode", "complain"),
    ] {
        let stack = LayerStack::new(vec![layer(Source::App, [armor(key, value)])]);
        let refusal = stack.resolve(&Conditions::default(), &Policy::default());
        assert!(
            matches!(refusal, Err(Refusal::Weakening { .. })),
            "{key}={value}"
        );
        let parts = resolve(vec![layer(Source::SystemApp, [armor(key, value)])]);
        assert!(!parts.apparmor.is_empty(), "{key}={value}");
    }
}

#[test]
fn what_a_layer_stacks_is_added_and_an_empty_value_takes_it_back() {
    let app = layer(Source::App, [armor("stack", "one")]);
    let user = layer(Source::UserApp, [armor("stack", "two")]);
    let parts = resolve(vec![app.clone(), user]);
    assert_eq!(parts.apparmor.stack.len(), 2);
    let user = layer(
        Source::UserApp,
        [
            Grant::AppArmor(crate::AppArmorGrant::nothing("stack")),
            armor("stack", "two"),
        ],
    );
    assert_eq!(resolve(vec![app, user]).apparmor.stack.len(), 1);
}

#[test]
fn a_sandboxed_start_keeps_what_confines_and_nothing_that_loosens() {
    let loose = [armor("profile", "unconfined"), armor("mode", "complain")];
    let tight = [armor("profile", "site"), armor("stack", "more")];
    let parts = |grants| resolve(vec![layer(Source::SystemApp, grants).sandboxed()]).apparmor;
    assert!(parts(loose.to_vec()).is_empty());
    assert_eq!(parts(tight.to_vec()).list().len(), 2);
}
