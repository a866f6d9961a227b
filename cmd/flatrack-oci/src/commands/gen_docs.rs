//! `gen`: man pages and completions, from the same definitions as the parser.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::failure::{Doing, Result};

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where they go
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    write(&arguments.directory).at("write the documents to", &arguments.directory)
}

fn write(directory: &Path) -> io::Result<()> {
    let (man, completions) = (directory.join("man"), directory.join("completions"));
    fs::create_dir_all(&man)?;
    fs::create_dir_all(&completions)?;
    let mut command = Cli::command();
    command.build();
    page(&command, "flatrack-oci", &man)?;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        page(verb, &format!("flatrack-oci-{}", verb.get_name()), &man)?;
    }
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut Cli::command(), "flatrack-oci", &completions)?;
    }
    Ok(())
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
