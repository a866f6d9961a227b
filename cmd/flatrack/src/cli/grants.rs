//! Permissions and limits as options, from the one table of `flatrack-metadata`.

use std::borrow::Cow;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches};
use flatrack_metadata::SourceText;
use flatrack_metadata::options::{Effect, OptionRow, find, table};
use flatrack_perms::{Layer, Source, Untrusted};

use crate::report;

/// What the command line grants.
pub(crate) struct Grants {
    /// the grants, in the order typed
    pub(crate) layer: Layer,
    /// the same as typed, for `/.flatpak-info`
    pub(crate) options: Vec<String>,
}

/// An option for each row.
pub(super) fn args() -> Vec<Arg> {
    let file = Arg::new(USB_FILE)
        .long(USB_FILE)
        .value_name("FILE")
        .help("several of them from a file; `!` hides, `#` is a comment")
        .help_heading("Permissions")
        .action(ArgAction::Append);
    table().iter().map(arg).chain([file]).collect()
}

/// The one option whose value is in a file.
const USB_FILE: &str = "usb-list-file";

/// Options for the limits that can be changed while an app runs.
pub(super) fn limit_args() -> Vec<Arg> {
    table()
        .iter()
        .filter(|row| matches!(row.effect, Effect::Limit(_)))
        .map(arg)
        .collect()
}

fn arg(row: &OptionRow) -> Arg {
    let heading = match row.effect {
        Effect::Limit(_) => "Limits",
        _ => "Permissions",
    };
    Arg::new(row.name)
        .long(row.name)
        .value_name(row.value)
        .help(row.doc.to_string())
        .help_heading(heading)
        .allow_hyphen_values(true)
        .action(ArgAction::Append)
}

/// An option's place on the command line, the option, and its value.
type Typed<'a> = (usize, &'static OptionRow, Cow<'a, str>);

/// What `--env-fd` reads, as if each variable had been typed there.
fn variables(matches: &ArgMatches) -> Result<Vec<Typed<'_>>, ExitCode> {
    let (Ok(Some(fds)), Some(row)) = (matches.try_get_many::<i32>("env-fd"), find("env")) else {
        return Ok(Vec::new());
    };
    let mut typed = Vec::new();
    for (index, fd) in matches.indices_of("env-fd").into_iter().flatten().zip(fds) {
        let variables = flatrack_launch::variables(*fd).map_err(|error| report::error(&error))?;
        typed.extend(
            variables
                .into_iter()
                .map(|text| (index, row, Cow::from(text))),
        );
    }
    Ok(typed)
}

/// What stands in USB lists, as if each query had been typed.
fn usb_files(matches: &ArgMatches) -> Result<Vec<Typed<'_>>, ExitCode> {
    let Ok(Some(files)) = matches.try_get_many::<String>(USB_FILE) else {
        return Ok(Vec::new());
    };
    let mut typed = Vec::new();
    for (index, file) in matches
        .indices_of(USB_FILE)
        .into_iter()
        .flatten()
        .zip(files)
    {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let message = format!("cannot read `{}`: {error}", Untrusted(file));
            report::fail(&message, None)
        })?;
        let items = text.split(['\n', ';']).map(str::trim);
        for item in items.filter(|item| !item.is_empty() && !item.starts_with('#')) {
            let (option, query) = match item.strip_prefix('!') {
                Some(query) => ("nousb", query),
                None => ("usb", item),
            };
            typed.extend(find(option).map(|row| (index, row, Cow::from(query.to_owned()))));
        }
    }
    Ok(typed)
}

/// Reads the options back, in the order typed: a later one wins.
pub(crate) fn collect(matches: &ArgMatches) -> Result<Grants, ExitCode> {
    let mut typed: Vec<Typed<'_>> = Vec::new();
    for row in table() {
        let Ok(Some(values)) = matches.try_get_many::<String>(row.name) else {
            continue;
        };
        let indices = matches.indices_of(row.name).into_iter().flatten();
        typed.extend(
            indices
                .zip(values)
                .map(|(index, value)| (index, row, Cow::from(value))),
        );
    }
    typed.extend(variables(matches)?);
    typed.extend(usb_files(matches)?);
    typed.sort_by_key(|(index, ..)| *index);
    let mut layer = Layer::new(Source::CommandLine);
    let mut options = Vec::new();
    for (_, row, value) in typed {
        let option = format!("--{}={value}", row.name);
        let grants = row.parse(&value).map_err(|error| {
            let start = row.name.len() + "--=".len();
            let place = match SourceText::new("command line", option.as_bytes()) {
                Ok(text) => text.wrong_value(start, &error),
                Err(unreadable) => unreadable,
            };
            report::fail(place.to_string().trim_end(), None)
        })?;
        grants.into_iter().for_each(|grant| layer.push(grant));
        options.push(option);
    }
    Ok(Grants { layer, options })
}
