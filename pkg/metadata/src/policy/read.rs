//! TOML to rules.

mod apparmor;
mod values;

use std::collections::BTreeMap;
use std::str::FromStr;

use flatrack_perms::{
    Allowed, Bus, BusName, BusPolicy, DeniedPermission, DeviceBound, DeviceRule, Direction,
    FsAccess, Granted, IdPattern, NameOnBus, OnExcess, Policy, PortBound, PortRule, ValueError,
};
use serde::Deserialize;
use toml::Spanned;

use self::values::{Amount, ceiling, choose, denied, origin, wrong};
use super::{PolicyFile, Rule};
use crate::{Diagnostic, SourceText};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    app: Vec<App>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct App {
    id: Spanned<String>,
    why: Option<String>,
    #[serde(default)]
    deny: Vec<Spanned<String>>,
    filesystem: Option<Spanned<String>>,
    device_nodes: Option<Spanned<Vec<Spanned<String>>>>,
    connect: Option<Spanned<Vec<Spanned<String>>>>,
    bind: Option<Spanned<Vec<Spanned<String>>>>,
    runtimes: Option<Spanned<Vec<Spanned<String>>>>,
    origins: Option<Spanned<Vec<Spanned<String>>>>,
    on_excess: Option<Spanned<String>>,
    apparmor: Option<apparmor::Table>,
    #[serde(default)]
    session_bus: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    system_bus: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    a11y_bus: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    limits: BTreeMap<Spanned<String>, Spanned<Amount>>,
    #[serde(default)]
    default_limits: BTreeMap<Spanned<String>, Spanned<Amount>>,
}

const ACCESS: [(&str, FsAccess); 3] = [
    ("none", FsAccess::Hidden),
    ("ro", FsAccess::ReadOnly),
    ("rw", FsAccess::ReadWrite),
];

const ON_EXCESS: [(&str, OnExcess); 2] = [("lower", OnExcess::Lower), ("refuse", OnExcess::Refuse)];

/// The rules that are understood, and of each other one its first problem.
///
/// # Errors
/// Text that is no TOML, or with keys that are not known: nothing is told of the rules then.
pub(super) fn parse(text: &SourceText) -> Result<(PolicyFile, Vec<Diagnostic>), Diagnostic> {
    let file: File = toml::from_str(text.text())
        .map_err(|error| text.error(error.span().unwrap_or(0..0), error.message()))?;
    let mut read = PolicyFile::default();
    let mut wrong = Vec::new();
    for app in file.app {
        match rule(text, app) {
            Ok(rule) => read.rules.push(rule),
            Err(problem) => wrong.push(problem),
        }
    }
    Ok((read, wrong))
}

fn rule(text: &SourceText, app: App) -> Result<Rule, Diagnostic> {
    let apps = IdPattern::parse(app.id.get_ref()).map_err(|error| wrong(text, &app.id, &error))?;
    let deny = app.deny.iter().map(|item| {
        let value = denied(item.get_ref()).map_err(|error| wrong(text, item, &error))?;
        let origin = origin(text, item.span());
        Ok(DeniedPermission(Granted { value, origin }))
    });
    let filesystem = app.filesystem.as_ref().map(|word| {
        let value = choose(text, word, &ACCESS)?;
        Ok(Granted {
            value,
            origin: origin(text, word.span()),
        })
    });
    let devices = app.device_nodes.as_ref().map(|list| {
        let rule = |item: &Spanned<String>| {
            item.get_ref()
                .parse::<DeviceRule>()
                .map_err(|error| wrong(text, item, &error))
        };
        Ok(DeviceBound {
            rules: list.get_ref().iter().map(rule).collect::<Result<_, _>>()?,
            origin: origin(text, list.span()),
        })
    });
    let on_excess = app
        .on_excess
        .as_ref()
        .map(|word| choose(text, word, &ON_EXCESS));
    let apparmor = app.apparmor.as_ref().map(|table| table.read(text));
    let limits = |table: &BTreeMap<Spanned<String>, Spanned<Amount>>| {
        let limits = table.iter();
        limits
            .map(|(key, amount)| ceiling(text, key, amount))
            .collect::<Result<Vec<_>, _>>()
    };
    let bound = Policy {
        deny: deny.collect::<Result<_, _>>()?,
        filesystem: filesystem.transpose()?,
        devices: devices.transpose()?.into_iter().collect(),
        on_excess: on_excess.transpose()?.unwrap_or_default(),
        apparmor: apparmor.transpose()?.unwrap_or_default(),
        ports: ports(text, &app)?.into_iter().collect(),
        bus_names: bus_names(text, &app)?,
        runtimes: allowed(text, app.runtimes.as_ref())?,
        origins: allowed(text, app.origins.as_ref())?,
        ceilings: limits(&app.limits)?,
        default_limits: limits(&app.default_limits)?,
    };
    let why = app.why;
    Ok(Rule { apps, why, bound })
}

/// A list of which one item must match.
fn allowed<T: FromStr<Err = ValueError>>(
    text: &SourceText,
    list: Option<&Spanned<Vec<Spanned<String>>>>,
) -> Result<Vec<Allowed<T>>, Diagnostic> {
    let item = |item: &Spanned<String>| {
        let read = item.get_ref().parse();
        read.map_err(|error| wrong(text, item, &error))
    };
    let one = |list: &Spanned<Vec<Spanned<String>>>| {
        Ok(Allowed {
            items: list.get_ref().iter().map(item).collect::<Result<_, _>>()?,
            origin: origin(text, list.span()),
        })
    };
    list.into_iter().map(one).collect()
}

/// As in `[X-Network]`: where one of the lists stands, what neither of them names is withheld.
fn ports(text: &SourceText, app: &App) -> Result<Option<PortBound>, Diagnostic> {
    let Some(first) = app.connect.as_ref().or(app.bind.as_ref()) else {
        return Ok(None);
    };
    let of = |direction, list: Option<&Spanned<Vec<Spanned<String>>>>| {
        let items = list.into_iter().flat_map(Spanned::get_ref);
        let rule = |item: &Spanned<String>| {
            PortRule::parse(direction, item.get_ref()).map_err(|error| wrong(text, item, &error))
        };
        items.map(rule).collect::<Result<Vec<_>, _>>()
    };
    Ok(Some(PortBound {
        connect: of(Direction::Connect, app.connect.as_ref())?,
        bind: of(Direction::Bind, app.bind.as_ref())?,
        origin: origin(text, first.span()),
    }))
}

fn bus_names(
    text: &SourceText,
    app: &App,
) -> Result<BTreeMap<NameOnBus, Granted<BusPolicy>>, Diagnostic> {
    let words = BusPolicy::ALL.map(|policy| (policy.as_str(), policy));
    let mut bounds = BTreeMap::new();
    for (bus, names) in [
        (Bus::Session, &app.session_bus),
        (Bus::System, &app.system_bus),
        (Bus::A11y, &app.a11y_bus),
    ] {
        for (name, word) in names {
            let origin = origin(text, name.span());
            let value = choose(text, word, &words)?;
            let name = BusName::parse(name.get_ref()).map_err(|error| wrong(text, name, &error))?;
            bounds.insert(NameOnBus { bus, name }, Granted { value, origin });
        }
    }
    Ok(bounds)
}
