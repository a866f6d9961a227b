//! Bundles of one app, as `flatrack bundle` exports it, with one layer or another taken out.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use flatrack_testbed::Testbed;
use serde_json::Value;

use crate::Result;

/// A protection that a bundle's document asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Limits,
    Filter,
    Landlock,
    AppArmor,
}

impl Layer {
    /// All that this machine's kernel gives a bundle, besides namespaces, mounts and capabilities, which are always there.
    pub(crate) const ALL: [Self; 4] = [Self::Limits, Self::Filter, Self::Landlock, Self::AppArmor];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits and device rules",
            Self::Filter => "system call filter",
            Self::Landlock => "Landlock",
            Self::AppArmor => "AppArmor",
        }
    }

    /// Where it stands in the document.
    fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Limits => ("/linux", "resources"),
            Self::Filter => ("/linux", "seccomp"),
            Self::Landlock => ("/annotations", "org.flatrack.landlock"),
            Self::AppArmor => ("/process", "apparmorProfile"),
        }
    }

    /// Whether a document has it.
    pub(crate) fn is_in(self, document: &Value) -> bool {
        let (parent, key) = self.place();
        let parent = document.pointer(parent).and_then(Value::as_object);
        parent.is_some_and(|parent| parent.contains_key(key))
    }

    fn remove(self, document: &mut Value) {
        let (parent, key) = self.place();
        if let Some(parent) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
            parent.remove(key);
        }
    }
}

/// A bundle on disk, with its document.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) document: Value,
    pub(crate) dir: PathBuf,
}

impl Exported {
    /// `flatrack bundle` with these words.
    pub(crate) fn new(bed: &Testbed, name: &str, words: &[&str]) -> Result<Self> {
        let dir = bed.root().join(name);
        let mut export = bed.flatrack_command([&["bundle"], words].concat());
        crate::tool::succeed(export.arg(&dir))?;
        let document = serde_json::from_str(&fs::read_to_string(dir.join("config.json"))?)?;
        Ok(Self { document, dir })
    }

    /// A command that runs a copy of it without these layers.
    pub(crate) fn without(&self, bed: &Testbed, name: &str, layers: &[Layer]) -> Result<Command> {
        self.without_and(bed, name, layers, &[])
    }

    /// The same with further arguments for the app's command.
    pub(crate) fn without_and(
        &self,
        bed: &Testbed,
        name: &str,
        layers: &[Layer],
        arguments: &[String],
    ) -> Result<Command> {
        let mut document = self.document.clone();
        if let Some(Value::Array(words)) = document.pointer_mut("/process/args") {
            words.extend(arguments.iter().cloned().map(Value::String));
        }
        layers.iter().for_each(|layer| layer.remove(&mut document));
        // each is a container of its own, with a cgroup of its own
        if let Some(linux) = document
            .pointer_mut("/linux")
            .and_then(Value::as_object_mut)
        {
            linux.remove("cgroupsPath");
        }
        let dir = bed.root().join(format!("variant-{name}"));
        crate::tool::succeed(Command::new("cp").arg("-a").arg(&self.dir).arg(&dir))?;
        fs::write(dir.join("config.json"), serde_json::to_vec(&document)?)?;
        let mut command = bed.command(&runtime(bed).display().to_string(), ["--root"]);
        command.arg(bed.runtime_dir().join("state-oci")).arg("run");
        command.arg("--bundle").arg(&dir);
        command.arg(format!("bench-{name}-{}", std::process::id()));
        Ok(command)
    }
}

/// The flatrack-oci beside the flatrack that is measured.
pub(crate) fn runtime(bed: &Testbed) -> PathBuf {
    let program = bed.flatrack_command([""; 0]);
    PathBuf::from(program.get_program()).with_file_name("flatrack-oci")
}
