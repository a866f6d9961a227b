//! Arguments to options: `--x=y` and `--x y`.

use flatrack_perms::{Entry, Layer, Origin, Source, Untrusted, ValueError};

use super::grant::unknown;
use super::{OptionRow, find};

/// An option found among arguments.
#[derive(Debug, Clone, Copy)]
pub struct Arg<'a> {
    /// the option
    pub row: &'static OptionRow,
    /// its value
    pub value: &'a str,
    /// the argument that the value is in
    pub index: usize,
    /// where in that argument the value starts
    pub at: usize,
}

/// An argument that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}`: {error}{}", Untrusted(.arg), hint(.error))]
pub struct ArgError {
    /// the argument's number, counted from 0
    pub index: usize,
    /// the argument
    pub arg: String,
    /// what is wrong with it; the range is within the argument
    pub error: ValueError,
}

fn hint(error: &ValueError) -> String {
    error
        .hint
        .as_ref()
        .map_or(String::new(), |hint| format!("\nhint: {}", Untrusted(hint)))
}

impl ArgError {
    /// An error in an argument.
    #[must_use]
    pub fn new(args: &[String], index: usize, error: ValueError) -> Self {
        Self {
            index,
            arg: args.get(index).cloned().unwrap_or_default(),
            error,
        }
    }
}

impl Arg<'_> {
    /// An error in this option's value.
    #[must_use]
    pub fn error(&self, args: &[String], error: ValueError) -> ArgError {
        ArgError::new(args, self.index, error.shifted(self.at))
    }
}

/// Reads permission options and nothing else.
///
/// # Errors
/// The first argument that is not understood.
pub fn parse_args(source: Source, args: &[String]) -> Result<Layer, ArgError> {
    let mut layer = Layer::new(source);
    let mut index = 0;
    while index < args.len() {
        let arg = next_arg(args, &mut index)?;
        for grant in arg
            .row
            .parse(arg.value)
            .map_err(|error| arg.error(args, error))?
        {
            layer.entries.push(Entry {
                grant,
                origin: Origin::of(source),
            });
        }
    }
    Ok(layer)
}

/// Takes the option at `index`, and its value from the next argument where it has none in its own.
///
/// # Errors
/// An option that is not known or has no value.
pub fn next_arg<'a>(args: &'a [String], index: &mut usize) -> Result<Arg<'a>, ArgError> {
    let at = *index;
    let arg = args.get(at).map(String::as_str).unwrap_or_default();
    let fail = |error| Err(ArgError::new(args, at, error));
    let Some(option) = arg.strip_prefix("--") else {
        return fail(ValueError::whole(arg, "this is not an option"));
    };
    let (name, value) = match option.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (option, None),
    };
    let Some(row) = find(name) else {
        return fail(unknown(name).shifted(2));
    };
    *index += 1;
    if let Some(value) = value {
        return Ok(Arg {
            row,
            value,
            index: at,
            at: name.len() + 3,
        });
    }
    match args.get(at + 1) {
        Some(value) => {
            *index += 1;
            Ok(Arg {
                row,
                value,
                index: at + 1,
                at: 0,
            })
        }
        None => fail(
            ValueError::whole(arg, "this option has no value")
                .hint(format!("--{name}={}", row.value)),
        ),
    }
}
