//! `gen`: man pages, completions and the reference, written by the binaries from their own tables of options.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::{self, Metadata};
use crate::{Result, tool};

/// Options of `gen`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail if a file is not what would be written
    #[arg(long)]
    pub(crate) check: bool,
}

/// Writes or compares `hack/docs/generated`.
pub(crate) fn run(options: &Options) -> Result {
    let kept = workspace::root().join("hack/docs/generated");
    let made = tempfile::tempdir()?;
    for name in ["flatrack", "flatrack-oci"] {
        tool::cargo(&format!("build --package {name} --bin {name}"))?;
        let binary = Metadata::load()?.binary("debug", name);
        tool::succeed(Command::new(binary).arg("gen").arg(made.path()))?;
    }
    let new = tree(made.path())?;
    if options.check {
        return compare(&tree(&kept)?, &new);
    }
    if kept.is_dir() {
        fs::remove_dir_all(&kept)?;
    }
    for (name, content) in &new {
        let path = kept.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&kept))?;
        fs::write(path, content)?;
    }
    println!("gen: {} files in hack/docs/generated", new.len());
    Ok(())
}

type Tree = BTreeMap<PathBuf, Vec<u8>>;

fn tree(dir: &Path) -> Result<Tree> {
    let mut found = Tree::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(current) = waiting.pop() {
        if !current.is_dir() {
            continue;
        }
        for entry in current.read_dir()? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.strip_prefix(dir)?.to_owned(), fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

fn compare(kept: &Tree, new: &Tree) -> Result {
    let mut wrong = Vec::new();
    for (name, content) in new {
        match kept.get(name) {
            None => wrong.push(format!("`{}` is missing", name.display())),
            Some(old) if old != content => {
                wrong.push(format!("`{}` is out of date", name.display()))
            }
            Some(_) => {}
        }
    }
    let gone = kept.keys().filter(|name| !new.contains_key(*name));
    wrong.extend(gone.map(|name| format!("`{}` is no longer generated", name.display())));
    if wrong.is_empty() {
        println!("gen: {} files are up to date", new.len());
        return Ok(());
    }
    Err(format!(
        "hack/docs/generated: {}\nhint: cargo xtask gen",
        wrong.join(", ")
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::{Tree, compare};

    fn tree(files: &[(&str, &str)]) -> Tree {
        files
            .iter()
            .map(|(name, text)| (name.into(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn each_difference_is_named_with_the_command_to_mend_it() {
        let kept = tree(&[("a", "1"), ("b", "1"), ("d", "1")]);
        let new = tree(&[("a", "1"), ("b", "2"), ("c", "1")]);
        let said = compare(&kept, &new).unwrap_err().to_string();
        for words in [
            "`b` is out of date",
            "`c` is missing",
            "`d` is no longer",
            "cargo xtask gen",
        ] {
            assert!(said.contains(words), "{said}");
        }
        assert!(!said.contains("`a`"), "{said}");
        compare(&new, &new).unwrap();
    }
}
