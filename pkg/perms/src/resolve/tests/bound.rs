//! Claims about the node's policy.

use super::*;
use crate::{DeniedPermission, DeviceBound, OnExcess};

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

fn any_policy() -> impl Strategy<Value = Policy> {
    let access = prop::sample::select(vec![None, Some(FsAccess::Hidden), Some(FsAccess::ReadOnly)]);
    let ceilings = prop::sample::subsequence(CEILINGS.to_vec(), 0..3);
    let denied = prop::collection::vec(
        prop::sample::select(vec![Permission::Network, Permission::Kvm]),
        0..3,
    );
    let devices = prop::sample::subsequence(DEVICES.to_vec(), 0..4);
    let devices = prop::collection::vec(devices, 0..3);
    let parts = (access, ceilings, denied, devices);
    parts.prop_map(|(access, ceilings, denied, devices)| Policy {
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
        ceilings: ceilings.into_iter().map(|text| said(limit(text))).collect(),
        ..Policy::default()
    })
}

const CEILINGS: [&str; 8] = [
    "memory-max=1M",
    "memory-max=1G",
    "memory-low=1M",
    "cpu-weight=70",
    "cpu-weight=700",
    "cpuset=0-1",
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
