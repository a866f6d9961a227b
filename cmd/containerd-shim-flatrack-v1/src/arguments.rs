//! The command line that containerd uses: options with one dash, as Go writes them, then a verb.

use std::path::PathBuf;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Answer with the address of the pod's shim, which is started if need be.
    Start,
    /// Clean up after a shim that is gone.
    Delete,
    /// Be the shim; its listening socket is standard input.
    Serve,
    /// Say which version this is.
    Version,
    /// Say what the runtime can do.
    Info,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) verb: Verb,
    pub(crate) namespace: String,
    pub(crate) id: String,
    /// containerd's own socket
    pub(crate) address: String,
    pub(crate) bundle: PathBuf,
    pub(crate) debug: bool,
}

impl Arguments {
    /// Reads the words behind the program's name.
    ///
    /// # Errors
    /// A sentence for people.
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self {
            verb: Verb::Serve,
            namespace: String::new(),
            id: String::new(),
            address: String::new(),
            bundle: PathBuf::new(),
            debug: false,
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix('-') else {
                arguments.verb = verb(&word)?;
                continue;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            let (name, given) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            let mut value = || {
                let value = given.clone().or_else(|| words.next());
                value.ok_or_else(|| format!("`-{name}` needs a value"))
            };
            match name {
                "namespace" => arguments.namespace = value()?,
                "id" => arguments.id = value()?,
                "address" => arguments.address = value()?,
                "bundle" => arguments.bundle = value()?.into(),
                // events go to the socket that the environment names
                "publish-binary" | "socket" => drop(value()?),
                "debug" => arguments.debug = given.is_none_or(|value| value == "true"),
                "v" => arguments.verb = Verb::Version,
                "info" => arguments.verb = Verb::Info,
                _ => return Err(format!("`-{}` is no option", name.escape_default())),
            }
        }
        Ok(arguments)
    }
}

fn verb(word: &str) -> Result<Verb, String> {
    match word {
        "start" => Ok(Verb::Start),
        "delete" => Ok(Verb::Delete),
        _ => Err(format!("`{}` is no verb", word.escape_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containerds_words_are_understood() {
        let line = "-namespace k8s.io -address /run/c.sock -publish-binary /bin/c -id one -debug -bundle /b delete";
        let read = Arguments::parse(line.split(' ').map(str::to_owned)).unwrap();
        let (verb, id) = (Verb::Delete, "one".to_owned());
        assert_eq!((read.verb, read.id, read.debug), (verb, id, true));
        assert_eq!(read.bundle, PathBuf::from("/b"));
        assert!(Arguments::parse(["-id".to_owned()]).is_err());
        assert!(Arguments::parse(["-other".to_owned()]).is_err());
        assert!(Arguments::parse(["stop".to_owned()]).is_err());
    }
}
