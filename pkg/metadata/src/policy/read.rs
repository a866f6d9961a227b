//! TOML to rules.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use flatrack_perms::vocabulary::NAMES;
use flatrack_perms::{
    Allowed, Bus, BusName, BusPolicy, Ceiling, DeniedPermission, DeviceBound, DeviceRule,
    Direction, FsAccess, Granted, IdPattern, Kind, LimitKey, NameOnBus, OnExcess, Origin,
    Permission, Policy, PortBound, PortRule, ProfileChoice, ProfileMode, ProfileName,
    RequiredAppArmor, Source, ValueError,
};
use serde::Deserialize;
use toml::Spanned;

use super::{PolicyFile, Rule};
use crate::suggest::did_you_mean;
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
    #[serde(default)]
    deny: Vec<Spanned<String>>,
    filesystem: Option<Spanned<String>>,
    device_nodes: Option<Spanned<Vec<Spanned<String>>>>,
    connect: Option<Spanned<Vec<Spanned<String>>>>,
    bind: Option<Spanned<Vec<Spanned<String>>>>,
    runtimes: Option<Spanned<Vec<Spanned<String>>>>,
    origins: Option<Spanned<Vec<Spanned<String>>>>,
    on_excess: Option<Spanned<String>>,
    apparmor: Option<AppArmor>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppArmor {
    profile: Option<Spanned<String>>,
    mode: Option<Spanned<String>>,
    #[serde(default)]
    stack: Vec<Spanned<String>>,
}

/// `"256M"` or `64`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Amount {
    Text(String),
    Number(u64),
}

const ACCESS: [(&str, FsAccess); 3] = [
    ("none", FsAccess::Hidden),
    ("ro", FsAccess::ReadOnly),
    ("rw", FsAccess::ReadWrite),
];

const ON_EXCESS: [(&str, OnExcess); 2] = [("lower", OnExcess::Lower), ("refuse", OnExcess::Refuse)];

pub(super) fn parse(text: &SourceText) -> Result<PolicyFile, Diagnostic> {
    let file: File = toml::from_str(text.text())
        .map_err(|error| text.error(error.span().unwrap_or(0..0), error.message()))?;
    let rules = file
        .app
        .into_iter()
        .map(|app| rule(text, app))
        .collect::<Result<_, _>>()?;
    Ok(PolicyFile { rules })
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
    let apparmor = app.apparmor.as_ref().map(|table| apparmor(text, table));
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
    Ok(Rule { apps, bound })
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

/// A policy requires profiles; it cannot require that there is none.
fn apparmor(text: &SourceText, table: &AppArmor) -> Result<RequiredAppArmor, Diagnostic> {
    let mut required = RequiredAppArmor::default();
    if let Some(word) = &table.profile {
        let origin = origin(text, word.span());
        match ProfileChoice::parse(word.get_ref()).map_err(|error| wrong(text, word, &error))? {
            ProfileChoice::Generated => required.generated = Some(origin),
            ProfileChoice::Named(name) => drop(required.profiles.insert(name, origin)),
            ProfileChoice::Unconfined => {
                return Err(text
                    .error(word.span(), "a policy only takes away")
                    .hint("`generated`, or a profile's name"));
            }
        }
    }
    if let Some(word) = &table.mode {
        const REQUIRED: [(&str, ProfileMode); 1] = [("enforce", ProfileMode::Enforce)];
        choose(text, word, &REQUIRED)?;
        required.enforce = Some(origin(text, word.span()));
    }
    for word in &table.stack {
        let name = ProfileName::parse(word.get_ref()).map_err(|error| wrong(text, word, &error))?;
        required.profiles.insert(name, origin(text, word.span()));
    }
    Ok(required)
}

/// `shared=network`
fn denied(text: &str) -> Result<Permission, ValueError> {
    let keys = Kind::TABLE.iter().map(|row| row.key);
    let Some((key, name)) = text.split_once('=') else {
        return Err(ValueError::whole(text, "this is not a permission")
            .hint("permissions look like `shared=network`"));
    };
    let Some(row) = Kind::TABLE.iter().find(|row| row.key == key) else {
        return Err(
            ValueError::part(0..key.len(), "there is no such kind of permission")
                .hint(did_you_mean(key, keys)),
        );
    };
    Permission::find(row.kind, name).ok_or_else(|| {
        let known = NAMES
            .iter()
            .filter(|known| known.kind == row.kind)
            .map(|known| known.name);
        let problem = format!("`{key}` has no such name");
        ValueError::part(key.len() + 1..text.len(), problem).hint(did_you_mean(name, known))
    })
}

fn ceiling(
    text: &SourceText,
    key: &Spanned<String>,
    amount: &Spanned<Amount>,
) -> Result<Ceiling, Diagnostic> {
    let Some(limit) = LimitKey::find(key.get_ref()) else {
        let known: Vec<&str> = LimitKey::all().map(LimitKey::key).collect();
        return Err(text
            .error(key.span(), "there is no such limit")
            .hint(did_you_mean(key.get_ref(), known)));
    };
    let value = match amount.get_ref() {
        Amount::Text(value) => limit
            .parse(value)
            .map_err(|error| text.wrong_at(place(text, amount.span(), value, &error), &error)),
        Amount::Number(number) => limit
            .parse(&number.to_string())
            .map_err(|error| text.wrong_at(amount.span(), &error)),
    };
    Ok(Granted {
        value: value?,
        origin: origin(text, key.span()),
    })
}

fn choose<T: Copy>(
    text: &SourceText,
    word: &Spanned<String>,
    table: &[(&'static str, T)],
) -> Result<T, Diagnostic> {
    table
        .iter()
        .find(|row| row.0 == word.get_ref())
        .map(|row| row.1)
        .ok_or_else(|| {
            let known: Vec<&str> = table.iter().map(|row| row.0).collect();
            text.error(word.span(), "this word is not known here")
                .hint(did_you_mean(word.get_ref(), known))
        })
}

fn origin(text: &SourceText, span: Range<usize>) -> Origin {
    Origin::line(
        Source::Policy,
        text.name().clone(),
        text.line_of(span.start),
    )
}

fn wrong(text: &SourceText, value: &Spanned<String>, error: &ValueError) -> Diagnostic {
    text.wrong_at(place(text, value.span(), value.get_ref(), error), error)
}

/// The wrong part of a quoted string, or all of it where it is written with escapes.
fn place(text: &SourceText, span: Range<usize>, value: &str, error: &ValueError) -> Range<usize> {
    let inner = span.start + 1;
    match text.text().get(inner..inner + value.len()) == Some(value) {
        true => inner + error.range.start..inner + error.range.end,
        false => span,
    }
}
