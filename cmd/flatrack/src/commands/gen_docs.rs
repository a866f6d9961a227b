//! `flatrack gen`: man pages, completions and the reference, from the same definitions as the parser.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use clap_complete::Shell;
use flatrack_perms::LimitKey;
use flatrack_perms::vocabulary::{FAMILIES, NAMES, Support};

use crate::{cli, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let directory = matches
        .get_one::<String>("DIR")
        .map(String::as_str)
        .unwrap_or_default();
    match write(Path::new(directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::fail(&format!("cannot write the documents: {error}"), None),
    }
}

fn write(directory: &Path) -> io::Result<()> {
    let (man, completions) = (directory.join("man"), directory.join("completions"));
    fs::create_dir_all(&man)?;
    fs::create_dir_all(&completions)?;
    let mut command = cli::command();
    command.build();
    page(&command, "flatrack", &man)?;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        page(verb, &format!("flatrack-{}", verb.get_name()), &man)?;
    }
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut cli::command(), "flatrack", &completions)?;
    }
    fs::write(directory.join("permissions.md"), permissions())
}

fn page(command: &Command, name: &str, directory: &Path) -> io::Result<()> {
    let mut page = Vec::new();
    // clap wants a name that lives as long as the program; a few dozen bytes, once
    let title: &'static str = Box::leak(name.to_owned().into_boxed_str());
    clap_mangen::Man::new(command.clone().name(title))
        .date("")
        .render(&mut page)?;
    fs::write(directory.join(format!("{name}.1")), page)
}

fn permissions() -> String {
    let state = |support| match support {
        Support::Built => "yes",
        Support::NotYet => "refused",
    };
    let mut out = String::from(
        "# Permissions\n\nMade from the vocabulary table.\n\n## On and off\n\n\
         | permission | option | enforced | by | gives | Flatpak |\n|---|---|---|---|---|---|\n",
    );
    for row in NAMES {
        out.push_str(&format!(
            "| `{}` | `--{}={}` | {} | {} | {} | {} |\n",
            row.permission,
            row.kind.row().allow,
            row.name,
            state(row.support),
            row.enforced_by,
            row.doc,
            row.since,
        ));
    }
    out.push_str("\n## With a value\n\n| group | key | option | enforced | by | gives |\n|---|---|---|---|---|---|\n");
    for row in FAMILIES {
        let option = if row.allow.is_empty() {
            String::new()
        } else {
            format!("`--{}`", row.allow)
        };
        out.push_str(&format!(
            "| `[{}]` | {} | {option} | {} | {} | {} |\n",
            row.group.trim_end(),
            row.key,
            state(row.support),
            row.enforced_by,
            row.doc,
        ));
    }
    out.push_str("\n## `[X-Resources]`\n\n| key and option | meaning |\n|---|---|\n");
    for key in LimitKey::all() {
        out.push_str(&format!(
            "| `{0}=`, `--{0}=` | {1} |\n",
            key.key(),
            key.doc()
        ));
    }
    out
}
