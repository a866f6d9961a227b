//! What of the process's environment decides where installations are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use flatrack_perms::Arch;

use crate::Error;

/// Where Flatpak keeps its system installation unless told otherwise.
const SYSTEM_DIR: &str = "/var/lib/flatpak";
/// Where Flatpak keeps its configuration unless told otherwise.
const CONFIG_DIR: &str = "/etc/flatpak";

/// The variables and directories that decide where installations are, as absolute paths; what is unset
/// or empty is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// the home directory; a daemon may have none, and then there is no user installation
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`
    pub xdg_data_home: Option<PathBuf>,
    /// `FLATPAK_USER_DIR`
    pub flatpak_user_dir: Option<PathBuf>,
    /// `FLATPAK_SYSTEM_DIR`
    pub flatpak_system_dir: Option<PathBuf>,
    /// `FLATPAK_CONFIG_DIR`
    pub flatpak_config_dir: Option<PathBuf>,
    /// the top of the host's file system, for the built-in runtime
    pub host: PathBuf,
}

impl Environment {
    /// An environment with nothing set: the system installation only.
    #[must_use]
    pub fn system_only() -> Self {
        Self {
            home: None,
            xdg_data_home: None,
            flatpak_user_dir: None,
            flatpak_system_dir: None,
            flatpak_config_dir: None,
            host: PathBuf::from("/"),
        }
    }

    /// The environment of this process.
    #[must_use]
    pub fn from_process() -> Self {
        Self::from_variables(env::current_dir().ok().as_deref(), |name| env::var_os(name))
    }

    /// The environment that these variables make for a program in the directory `cwd`.
    pub fn from_variables(cwd: Option<&Path>, get: impl Fn(&str) -> Option<OsString>) -> Self {
        // a relative home would be another one in every directory; the XDG specification says so, too
        let absolute = |name| {
            get(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        // Flatpak takes its own variables as they are
        let flatpak = |name| {
            let path = PathBuf::from(get(name).filter(|value| !value.is_empty())?);
            if path.is_absolute() {
                Some(path)
            } else {
                Some(cwd?.join(path))
            }
        };
        Self {
            home: absolute("HOME"),
            xdg_data_home: absolute("XDG_DATA_HOME"),
            flatpak_user_dir: flatpak("FLATPAK_USER_DIR"),
            flatpak_system_dir: flatpak("FLATPAK_SYSTEM_DIR"),
            flatpak_config_dir: flatpak("FLATPAK_CONFIG_DIR"),
            host: PathBuf::from("/"),
        }
    }

    /// The user's own installation, whether it exists or not.
    #[must_use]
    pub fn user_dir(&self) -> Option<PathBuf> {
        let data = || {
            let home = || self.home.as_ref().map(|home| home.join(".local/share"));
            self.xdg_data_home.clone().or_else(home)
        };
        self.flatpak_user_dir
            .clone()
            .or_else(|| Some(data()?.join("flatpak")))
    }

    /// The default system installation, whether it exists or not.
    #[must_use]
    pub fn system_dir(&self) -> PathBuf {
        self.flatpak_system_dir
            .clone()
            .unwrap_or_else(|| PathBuf::from(SYSTEM_DIR))
    }

    /// Where further system installations are declared.
    #[must_use]
    pub fn installations_d(&self) -> PathBuf {
        let config = self.flatpak_config_dir.clone();
        config
            .unwrap_or_else(|| PathBuf::from(CONFIG_DIR))
            .join("installations.d")
    }
}

/// The arch that this program was built for, in Flatpak's spelling. Like Flatpak's it is not the kernel's.
///
/// # Errors
/// None on the architectures that Rust has today.
pub fn default_arch() -> Result<Arch, Error> {
    let little = cfg!(target_endian = "little");
    let name = match env::consts::ARCH {
        "x86" => "i386",
        "arm" if !little => "armeb",
        "mips" if little => "mipsel",
        "mips64" if little => "mips64el",
        "powerpc" => "ppc",
        "powerpc64" if little => "ppc64le",
        "powerpc64" => "ppc64",
        same => same,
    };
    Arch::parse(name).map_err(|e| Error::BadName {
        text: name.to_owned(),
        expected: "an arch",
        source: Some(e),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_variables(Some(Path::new("/cwd")), |name| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_user_dir_is_named_by_the_most_specific_variable() {
        let home = ("HOME", "/home/u");
        let data = ("XDG_DATA_HOME", "/data");
        let user = |variables: &[_]| environment(variables).user_dir();
        assert_eq!(
            user(&[home]).unwrap(),
            Path::new("/home/u/.local/share/flatpak")
        );
        assert_eq!(user(&[home, data]).unwrap(), Path::new("/data/flatpak"));
        let explicit = user(&[home, data, ("FLATPAK_USER_DIR", "/x")]);
        assert_eq!(explicit.unwrap(), Path::new("/x"));
    }

    #[test]
    fn empty_values_and_relative_homes_count_as_unset() {
        let environment = environment(&[
            ("HOME", "/home/u"),
            ("XDG_DATA_HOME", "data"),
            ("FLATPAK_USER_DIR", ""),
            ("FLATPAK_SYSTEM_DIR", ""),
        ]);
        assert_eq!(
            environment.user_dir().unwrap(),
            Path::new("/home/u/.local/share/flatpak")
        );
        assert_eq!(environment.system_dir(), Path::new("/var/lib/flatpak"));
    }

    #[test]
    fn flatpaks_own_variables_may_be_relative_to_the_current_directory() {
        let environment =
            environment(&[("FLATPAK_USER_DIR", "a/b"), ("FLATPAK_CONFIG_DIR", "etc")]);
        assert_eq!(environment.user_dir().unwrap(), Path::new("/cwd/a/b"));
        assert_eq!(
            environment.installations_d(),
            Path::new("/cwd/etc/installations.d")
        );
    }

    #[test]
    fn without_a_home_there_is_no_user_installation() {
        assert_eq!(Environment::system_only().user_dir(), None);
    }

    #[test]
    fn the_default_arch_is_a_flatpak_arch() {
        let arch = default_arch().unwrap();
        assert!(!arch.as_str().is_empty());
    }
}
