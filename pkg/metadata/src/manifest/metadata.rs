//! A manifest to the metadata of the app that it builds.

use flatrack_perms::{Arch, Branch, Pref, ValueError};

use super::finish::{FinishOption, metadata_parts, option};
use super::{Manifest, PartialRef};
use crate::keyfile::Writer;
use crate::options::{MetadataWriter, next_arg};

const MAIN: &str = "Application";

pub(super) fn write(manifest: &Manifest, arch: &Arch) -> Result<String, ValueError> {
    let mut writer = Writer::default();
    let pref = |partial: &PartialRef, version: &Branch| Pref {
        id: partial.id.clone(),
        arch: partial.arch.as_ref().unwrap_or(arch).clone(),
        branch: partial.branch.as_ref().unwrap_or(version).clone(),
    };
    let version = &manifest.runtime_version;
    writer.set(MAIN, "name", manifest.id.as_str())?;
    writer.set(
        MAIN,
        "runtime",
        &pref(&manifest.runtime, version).to_string(),
    )?;
    writer.set(MAIN, "sdk", &pref(&manifest.sdk, version).to_string())?;
    writer.set_list(MAIN, "tags", &manifest.tags)?;
    if let Some(command) = &manifest.command {
        writer.set(MAIN, "command", command)?;
    }
    let args = &manifest.finish_args_text;
    let is_version = |arg: &String| match option(arg) {
        Some((FinishOption::RequireVersion, version)) => Some(version.to_owned()),
        _ => None,
    };
    let versions: Vec<String> = args.iter().filter_map(is_version).collect();
    writer.set_list(MAIN, "required-flatpak", &versions)?;
    let mut writer = MetadataWriter::new(writer);
    let mut index = 0;
    while index < args.len() {
        match option(&args[index]) {
            Some((FinishOption::Metadata, value)) => {
                let (group, key, value) = metadata_parts(value)?;
                writer.set(group, key, value)?;
                index += 1;
            }
            Some(_) => index += 1,
            None => writer.add(&next_arg(args, &mut index).map_err(|error| error.error)?)?,
        }
    }
    Ok(writer.finish()?.to_string())
}
