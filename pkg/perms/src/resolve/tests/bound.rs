//! Claims about the node's policy.

use super::*;
use crate::{
    DeniedPermission, DeviceBound, IfUnavailable, OnExcess, PortBound, PortRule, ProfileName,
    RequiredAppArmor, Requirement,
};

fn by() -> Origin {
    Origin::of(Source::Policy)
}

fn said<T>(value: T) -> Granted<T> {
    Granted {
        value,
        origin: by(),
    }
}

fn limit(text: &str) -> crate::Limit {
    let (key, value) = text.split_once('=').unwrap();
    LimitKey::find(key).unwrap().parse(value).unwrap()
}

#[test]
fn a_policy_that_denies_x11_denies_it_as_a_fallback_too() {
    let stack = LayerStack::new(vec![layer(Source::App, [on("fallback-x11")])]);
    let policy = Policy {
        deny: [DeniedPermission(Granted {
            value: Permission::X11,
            origin: Origin::of(Source::Policy),
        })]
        .into(),
        ..Policy::default()
    };
    let (resolved, _) = stack.resolve(&Conditions::default(), &policy).unwrap();
    assert!(resolved.0.permissions.is_empty() && resolved.0.stated.is_empty());
}

#[test]
fn a_ceiling_lowers_and_refuses() {
    let limit = |v: &str| LimitKey::MemoryMax.parse(v).unwrap();
    let stack = LayerStack::new(vec![layer(
        Source::CommandLine,
        [Grant::Limit(limit("1G"))],
    )]);
    let mut policy = Policy {
        ceilings: vec![Granted {
            value: limit("64M"),
            origin: Origin::of(Source::Policy),
        }],
        ..Policy::default()
    };
    let (resolved, warnings) = stack.resolve(&Conditions::default(), &policy).unwrap();
    assert_eq!(resolved.parts().limits.list()[0].value, limit("64M"));
    assert_eq!(warnings[0].asked, "memory-max=1G");
    policy.on_excess = OnExcess::Refuse;
    assert!(stack.resolve(&Conditions::default(), &policy).is_err());
}

/// What becomes of a limit, and of none, under a ceiling.
#[test]
fn a_ceiling_never_gives_more_than_there_was() {
    for (asked, ceiling, given) in [
        (
            Some("memory-max=1G"),
            "memory-max=64M",
            Ok("memory-max=64M"),
        ),
        (None, "memory-max=64M", Ok("memory-max=64M")),
        // everyone has a share of 100
        (None, "cpu-weight=500", Ok("")),
        (None, "cpu-weight=50", Ok("cpu-weight=50")),
        (Some("io-weight=900"), "io-weight=500", Ok("io-weight=500")),
        (None, "memory-low=64M", Ok("")),
        (
            Some("memory-low=1G"),
            "memory-low=64M",
            Ok("memory-low=64M"),
        ),
        // a lower score is more
        (None, "oom-score-adj=-500", Ok("")),
        (None, "oom-score-adj=300", Ok("oom-score-adj=300")),
        (
            Some("oom-score-adj=-5"),
            "oom-score-adj=0",
            Ok("oom-score-adj=0"),
        ),
        (
            Some("oom-score-adj=9"),
            "oom-score-adj=0",
            Ok("oom-score-adj=9"),
        ),
        (Some("cpuset=0"), "cpuset=0-1", Ok("cpuset=0")),
        (Some("cpuset=0-2,5-7"), "cpuset=1-6", Ok("cpuset=1-2,5-6")),
        (Some("cpuset=3"), "cpuset=0-1", Err("cpuset=3")),
        (None, "cpuset=0-1", Ok("cpuset=0-1")),
        (Some("nofile=10:100"), "nofile=20:50", Ok("nofile=10:50")),
        (
            Some("cpu-max=200%"),
            "cpu-max=50000 50000",
            Ok("cpu-max=50000 50000"),
        ),
    ] {
        let grants = asked.map(|text| Grant::Limit(limit(text)));
        let stack = LayerStack::new(vec![layer(Source::CommandLine, grants)]);
        let policy = Policy {
            ceilings: vec![said(limit(ceiling))],
            ..Policy::default()
        };
        let outcome = stack.resolve(&Conditions::default(), &policy);
        let outcome = outcome
            .as_ref()
            .map(|(resolved, _)| {
                let limits = resolved.parts().limits.list();
                limits
                    .first()
                    .map_or(String::new(), |limit| limit.value.to_string())
            })
            .map_err(|refusal| match refusal {
                Refusal::Forbidden { what, .. } => what.as_str(),
                other => panic!("{other}"),
            });
        assert_eq!(
            outcome.as_deref(),
            given.as_ref().copied(),
            "{asked:?} {ceiling}"
        );
    }
}

#[test]
fn a_policy_puts_its_profiles_on_top_of_what_was_asked_for() {
    let by = Origin::of(Source::Policy);
    let by = Requirement {
        origin: by,
        if_unavailable: IfUnavailable::Refuse,
    };
    let mut policy = Policy::default();
    policy.apparmor.generated = Some(by.clone());
    policy.apparmor.enforce = Some(by.clone());
    let site = crate::ProfileName::parse("site").unwrap();
    policy.apparmor.profiles.insert(site, by);
    for (asked, stacked, lowered) in [
        (vec![], vec!["site"], 0),
        (vec![armor("profile", "mine")], vec!["mine", "site"], 0),
        (
            vec![armor("profile", "unconfined"), armor("mode", "complain")],
            vec!["site"],
            2,
        ),
    ] {
        let stack = LayerStack::new(vec![layer(Source::CommandLine, asked)]);
        let (resolved, warnings) = stack.resolve(&Conditions::default(), &policy).unwrap();
        let got = &resolved.parts().apparmor;
        let names: Vec<&str> = got.stack.keys().map(crate::ProfileName::as_str).collect();
        assert_eq!(names, stacked);
        assert_eq!(warnings.len(), lowered);
        assert_eq!(
            got.profile.as_ref().unwrap().value,
            crate::ProfileChoice::Generated
        );
        assert_eq!(
            got.mode.as_ref().unwrap().value,
            crate::ProfileMode::Enforce
        );
    }
}

#[test]
fn a_default_is_for_those_who_ask_for_nothing_and_stays_below_the_ceiling() {
    for (asked, default, ceiling, given) in [
        (None, "pids-max=64", None, "pids-max=64"),
        (Some("pids-max=500"), "pids-max=64", None, "pids-max=500"),
        (
            Some("pids-max=500"),
            "pids-max=64",
            Some("pids-max=100"),
            "pids-max=100",
        ),
        (None, "pids-max=64", Some("pids-max=9"), "pids-max=9"),
        (None, "pids-max=9", Some("pids-max=64"), "pids-max=9"),
        // to have none is less
        (None, "memory-low=1G", None, ""),
    ] {
        let grants = asked.map(|text| Grant::Limit(limit(text)));
        let stack = LayerStack::new(vec![layer(Source::App, grants)]);
        let policy = Policy {
            default_limits: vec![said(limit(default))],
            ceilings: ceiling.map(|text| said(limit(text))).into_iter().collect(),
            ..Policy::default()
        };
        let (resolved, warnings) = stack.resolve(&Conditions::default(), &policy).unwrap();
        let limits = resolved.parts().limits.list();
        let limits: Vec<String> = limits.iter().map(|limit| limit.value.to_string()).collect();
        assert_eq!(limits.concat(), given, "{asked:?} {default} {ceiling:?}");
        // nobody is told of what nobody asked for
        assert_eq!(
            warnings.len(),
            usize::from(asked.is_some() && ceiling.is_some())
        );
    }
}

#[test]
fn ports_are_what_both_the_app_and_every_rule_list_and_none_is_no_network() {
    let rules = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
    let bound = |connect: &[&str], bind: &[&str]| PortBound {
        connect: rules(connect),
        bind: rules(bind),
        origin: by(),
    };
    let port = |direction, text: &str| Grant::Port {
        direction,
        rule: Some(text.parse().unwrap()),
    };
    let https = || port(Direction::Connect, "tcp:443");
    let wide = || port(Direction::Connect, "tcp:1-1000");
    let serve = || port(Direction::Bind, "tcp:8080");
    let split = bound(&["tcp:1-400", "tcp:401-900"], &[]);
    for (asked, bounds, left) in [
        (vec![], vec![bound(&["tcp:443"], &[])], "connect=tcp:443"),
        (
            vec![https()],
            vec![bound(&["tcp:1-1000"], &[])],
            "connect=tcp:443",
        ),
        (
            vec![https(), serve()],
            vec![bound(&["tcp:443"], &[])],
            "connect=tcp:443",
        ),
        (
            vec![https(), serve()],
            vec![bound(&[], &["tcp:1-65535"])],
            "bind=tcp:8080",
        ),
        (vec![wide()], vec![split], "connect=tcp:1-900"),
        (
            vec![wide()],
            vec![
                bound(&["tcp:1-500"], &[]),
                bound(&["tcp:400-2000", "udp:5"], &[]),
            ],
            "connect=tcp:400-500",
        ),
        // two empty lists would be the whole network
        (vec![https()], vec![bound(&["tcp:80"], &[])], "none"),
        (vec![], vec![bound(&[], &[])], "none"),
        (
            vec![https()],
            vec![bound(&["udp:443"], &["tcp:443"])],
            "none",
        ),
        (
            vec![],
            vec![bound(&["tcp:80"], &[]), bound(&["tcp:81"], &[])],
            "none",
        ),
    ] {
        let grants = asked.iter().cloned().chain([on("network")]);
        let stack = LayerStack::new(vec![layer(Source::App, grants)]);
        let mut policy = Policy {
            ports: bounds,
            ..Policy::default()
        };
        let (resolved, warnings) = stack.resolve(&Conditions::default(), &policy).unwrap();
        let parts = resolved.parts();
        let rights: Vec<String> = parts.rights().into_iter().map(|right| right.what).collect();
        let expected: Vec<&str> = match left {
            "none" => Vec::new(),
            left => vec!["shared=network", left],
        };
        assert_eq!(rights, expected, "{asked:?}");
        policy.on_excess = OnExcess::Refuse;
        let refused = stack.resolve(&Conditions::default(), &policy).is_err();
        assert_eq!(refused, !warnings.is_empty(), "{asked:?}");
    }
}

#[test]
fn a_bounded_name_is_not_to_be_had_by_a_pattern_or_a_whole_bus() {
    let bounds = |name: &str, most| Policy {
        bus_names: [(on_bus(Bus::Session, name), said(most))].into(),
        ..Policy::default()
    };
    let none = BusPolicy::None;
    for (asked, policy, left) in [
        ("org.a.B", bounds("org.a.B", none), None),
        ("org.a.B", bounds("org.a.*", none), None),
        ("org.a.*", bounds("org.a.B", none), None),
        ("org.a.*", bounds("org.a.B.C", BusPolicy::See), Some("see")),
        ("org.a.B", bounds("org.a.B", BusPolicy::Own), Some("talk")),
        ("org.a.B", bounds("org.a.Bc", none), Some("talk")),
        ("org.a.B", bounds("org.a.B.*", none), None),
    ] {
        let grants = [
            named(Bus::Session, asked, BusPolicy::Talk),
            named(Bus::System, "org.a.B", BusPolicy::Talk),
            on("session-bus"),
            on("system-bus"),
        ];
        let stack = LayerStack::new(vec![layer(Source::App, grants)]);
        let (resolved, _) = stack.resolve(&Conditions::default(), &policy).unwrap();
        let names = &resolved.parts().bus_names;
        let word = names[&on_bus(Bus::Session, asked)].value;
        assert_eq!(
            Some(word.as_str()).filter(|word| *word != "none"),
            left,
            "{asked}"
        );
        // the other bus is another matter
        assert!(resolved.has(Permission::SystemBus));
        assert_eq!(
            names[&on_bus(Bus::System, "org.a.B")].value,
            BusPolicy::Talk
        );
        let bounded = policy
            .bus_names
            .values()
            .any(|most| most.value < BusPolicy::Own);
        assert_eq!(resolved.has(Permission::SessionBus), !bounded, "{asked}");
    }
}

#[test]
fn a_gentle_policy_lets_go_only_what_nobody_else_asked_for() {
    let gentle = |policy: &mut Policy| {
        policy.apparmor.generated = Some(required(IfUnavailable::Degrade));
        policy.apparmor.enforce = Some(required(IfUnavailable::Degrade));
        let site = ProfileName::parse("site").unwrap();
        let degrade = required(IfUnavailable::Degrade);
        policy.apparmor.profiles.insert(site, degrade);
    };
    let strict = |policy: &mut Policy| {
        policy.apparmor.enforce = Some(required(IfUnavailable::Refuse));
    };
    let nothing = |_: &mut Policy| ();
    type Say = fn(&mut Policy);
    for (asked, one, other, must) in [
        (vec![], gentle as Say, nothing as Say, false),
        (vec![], gentle, strict, true),
        (vec![], strict, gentle, true),
        (vec![armor("profile", "unconfined")], gentle, nothing, false),
        (vec![armor("profile", "generated")], gentle, nothing, true),
        (vec![armor("profile", "mine")], gentle, nothing, true),
        (vec![armor("stack", "site")], gentle, nothing, true),
        (vec![armor("mode", "enforce")], gentle, nothing, true),
    ] {
        let mut policy = Policy::default();
        for say in [one, other] {
            let mut more = Policy::default();
            say(&mut more);
            policy.and(&more).unwrap();
        }
        let stack = LayerStack::new(vec![layer(Source::CommandLine, asked.clone())]);
        let (resolved, _) = stack.resolve(&Conditions::default(), &policy).unwrap();
        let armor = &resolved.parts().apparmor;
        assert_eq!(armor.must_have().is_some(), must, "{asked:?}");
        assert!(
            !armor.stack.is_empty() && armor.profile.is_some(),
            "{asked:?}"
        );
    }
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let access = prop::sample::select(vec![None, Some(FsAccess::Hidden), Some(FsAccess::ReadOnly)]);
    let denied = prop::collection::vec(
        prop::sample::select(vec![Permission::Network, Permission::Kvm]),
        0..3,
    );
    let devices = prop::sample::subsequence(DEVICES.to_vec(), 0..4);
    let names = (
        prop::sample::select(Bus::ALL.to_vec()),
        prop::sample::select(vec!["org.a.B", "org.a.*", "org.b.C"]),
        prop::sample::select(BusPolicy::ALL.to_vec()),
    );
    let limits = || prop::sample::subsequence(CEILINGS.to_vec(), 0..3);
    let lists = (
        prop::collection::vec(devices, 0..3),
        prop::option::of((any_ports(), any_ports())),
        prop::collection::vec(names, 0..3),
    );
    let bounds = (access, denied, lists, limits(), limits(), any_profiles());
    bounds.prop_map(
        |(access, denied, (devices, ports, names), ceilings, defaults, apparmor)| Policy {
            apparmor,
            deny: denied
                .into_iter()
                .map(|value| DeniedPermission(said(value)))
                .collect(),
            filesystem: access.map(said),
            devices: devices
                .into_iter()
                .map(|rules| DeviceBound {
                    rules: rules
                        .into_iter()
                        .map(|rule| rule.parse().unwrap())
                        .collect(),
                    origin: by(),
                })
                .collect(),
            ports: ports
                .into_iter()
                .map(|(connect, bind)| PortBound {
                    connect,
                    bind,
                    origin: by(),
                })
                .collect(),
            bus_names: names
                .into_iter()
                .map(|(bus, name, most)| (on_bus(bus, name), said(most)))
                .collect(),
            ceilings: once(ceilings),
            default_limits: once(defaults),
            ..Policy::default()
        },
    )
}

fn any_profiles() -> impl Strategy<Value = RequiredAppArmor> {
    let requirement = || {
        let words = IfUnavailable::WORDS.map(|(_, word)| word).to_vec();
        prop::sample::select(words).prop_map(required)
    };
    let profiles = prop::collection::vec(
        (prop::sample::select(vec!["one", "three"]), requirement()),
        0..2,
    );
    let single = || prop::option::of(requirement());
    let parts = (single(), single(), profiles);
    parts.prop_map(|(generated, enforce, profiles)| RequiredAppArmor {
        generated,
        enforce,
        profiles: profiles
            .into_iter()
            .map(|(name, requirement)| (ProfileName::parse(name).unwrap(), requirement))
            .collect(),
    })
}

fn required(if_unavailable: IfUnavailable) -> Requirement {
    Requirement {
        origin: by(),
        if_unavailable,
    }
}

fn any_ports() -> impl Strategy<Value = Vec<PortRule>> {
    let ports = vec!["tcp:80-443", "tcp:440-600", "udp:1-100", "unix-abstract"];
    let ports = prop::sample::subsequence(ports, 0..3);
    ports.prop_map(|list| list.into_iter().map(|text| text.parse().unwrap()).collect())
}

/// One limit for each key, as a table has it.
fn once(texts: Vec<&str>) -> Vec<Granted<crate::Limit>> {
    let mut limits: Vec<_> = texts.into_iter().map(|text| said(limit(text))).collect();
    limits.dedup_by_key(|limit| limit.value.key());
    limits
}

fn on_bus(bus: Bus, name: &str) -> NameOnBus {
    let name = BusName::parse(name).unwrap();
    NameOnBus { bus, name }
}

const CEILINGS: [&str; 9] = [
    "memory-max=1M",
    "memory-max=1G",
    "memory-low=1M",
    "cpu-weight=70",
    "cpu-weight=700",
    "cpuset=0-1",
    "cpuset=1-2",
    "oom-score-adj=-9",
    "nofile=20:50",
];

/// All of them together; `None` where two cannot both hold.
fn together<'p>(policies: impl IntoIterator<Item = &'p Policy>) -> Option<Policy> {
    let mut all = Policy::default();
    for policy in policies {
        all.and(policy).ok()?;
    }
    Some(all)
}

/// What is left, as text; `None` where the app is refused.
fn left(stack: &LayerStack, facts: &Conditions, policy: &Policy) -> Option<Vec<String>> {
    let (resolved, _) = stack.resolve(facts, policy).ok()?;
    let rights = resolved.0.rights();
    Some(rights.into_iter().map(|right| right.what).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_policy_never_adds_a_right(
        stack in any_stack(), policies in prop::collection::vec(any_policy(), 0..4), wayland: bool,
    ) {
        let facts = Conditions { has_wayland: wayland, ..Conditions::default() };
        let mut policy = Policy::default();
        let (mut before, _) = stack.resolve(&facts, &policy).unwrap();
        for more in &policies {
            // what cannot be obeyed refuses, which gives nothing
            if policy.and(more).is_err() {
                return Ok(());
            }
            let Ok((after, _)) = stack.resolve(&facts, &policy) else { return Ok(()) };
            prop_assert!(after.is_within(&before), "{:?}", more);
            before = after;
        }
    }

    #[test]
    fn policies_leave_the_same_in_any_order(
        stack in any_stack(), policies in prop::collection::vec(any_policy(), 0..4),
    ) {
        let facts = Conditions::default();
        let forwards = together(&policies).map(|policy| left(&stack, &facts, &policy));
        let backwards = together(policies.iter().rev()).map(|policy| left(&stack, &facts, &policy));
        prop_assert_eq!(forwards, backwards);
    }
}
