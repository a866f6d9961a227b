//! Places of the host's file system that an app may see (`--filesystem`).

use std::fmt;

use serde::Serialize;

use crate::ValueError;

/// How a place is shown. The order is Flatpak's rank: where two rules meet at one path, the higher wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FsAccess {
    /// not shown (`!place`, `--nofilesystem`)
    Hidden,
    /// read only (`:ro`)
    ReadOnly,
    /// read and write (`:rw`, the default)
    ReadWrite,
    /// read and write, and made if it is not there (`:create`)
    Create,
}

impl FsAccess {
    const SUFFIXES: [(&str, Self); 3] = [
        ("ro", Self::ReadOnly),
        ("rw", Self::ReadWrite),
        ("create", Self::Create),
    ];
}

/// A user directory that the host may keep anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum XdgDir {
    /// `xdg-desktop`
    Desktop,
    /// `xdg-documents`
    Documents,
    /// `xdg-download`
    Download,
    /// `xdg-music`
    Music,
    /// `xdg-pictures`
    Pictures,
    /// `xdg-public-share`
    PublicShare,
    /// `xdg-templates`
    Templates,
    /// `xdg-videos`
    Videos,
    /// `xdg-data`, `$XDG_DATA_HOME`
    Data,
    /// `xdg-config`, `$XDG_CONFIG_HOME`
    Config,
    /// `xdg-cache`, `$XDG_CACHE_HOME`
    Cache,
}

impl XdgDir {
    /// Every directory with its token and, for those of user-dirs.dirs, the variable's name there.
    pub const TABLE: [(&'static str, Self, Option<&'static str>); 11] = [
        ("xdg-desktop", Self::Desktop, Some("XDG_DESKTOP_DIR")),
        ("xdg-documents", Self::Documents, Some("XDG_DOCUMENTS_DIR")),
        ("xdg-download", Self::Download, Some("XDG_DOWNLOAD_DIR")),
        ("xdg-music", Self::Music, Some("XDG_MUSIC_DIR")),
        ("xdg-pictures", Self::Pictures, Some("XDG_PICTURES_DIR")),
        (
            "xdg-public-share",
            Self::PublicShare,
            Some("XDG_PUBLICSHARE_DIR"),
        ),
        ("xdg-templates", Self::Templates, Some("XDG_TEMPLATES_DIR")),
        ("xdg-videos", Self::Videos, Some("XDG_VIDEOS_DIR")),
        ("xdg-data", Self::Data, None),
        ("xdg-config", Self::Config, None),
        ("xdg-cache", Self::Cache, None),
    ];

    /// The token's first part.
    #[must_use]
    pub fn token(self) -> &'static str {
        Self::TABLE
            .iter()
            .find(|row| row.1 == self)
            .map_or("", |row| row.0)
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FsPlace {
    /// all of the host but its system directories; those appear below `/run/host`
    Host,
    /// the host's `/usr`, below `/run/host`
    HostOs,
    /// the host's `/etc`, below `/run/host`
    HostEtc,
    /// the host's `/`, at `/run/host/root`
    HostRoot,
    /// the home directory
    Home,
    /// a path below the home directory
    HomePath(String),
    /// a user directory, or a path below it
    Xdg(XdgDir, Option<String>),
    /// a path below the host's `$XDG_RUNTIME_DIR`
    XdgRun(String),
    /// an absolute path
    Path(String),
}

impl fmt::Display for FsPlace {
    /// The token that Flatpak would read back as the same place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("host"),
            Self::HostOs => f.write_str("host-os"),
            Self::HostEtc => f.write_str("host-etc"),
            Self::HostRoot => f.write_str("host-root"),
            Self::Home => f.write_str("home"),
            Self::HomePath(sub) => write!(f, "~/{}", escape(sub)),
            Self::Xdg(dir, None) => f.write_str(dir.token()),
            Self::Xdg(dir, Some(sub)) => write!(f, "{}/{}", dir.token(), escape(sub)),
            Self::XdgRun(sub) => write!(f, "xdg-run/{}", escape(sub)),
            Self::Path(path) => f.write_str(&escape(path)),
        }
    }
}

/// One token: a place and how it is shown, or the reset of everything lower layers gave.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FsRule {
    /// show or hide a place
    Show(FsPlace, FsAccess),
    /// `!host:reset`: drop what lower layers gave, and `host` with it
    Reset,
}

impl FsRule {
    /// Reads one token of `filesystems=`; a leading `!` hides.
    ///
    /// # Errors
    /// An unknown place, `..`, `/` itself, an unknown suffix, or invisible characters. Where Flatpak warns and
    /// goes on with the wider meaning, this refuses.
    pub fn parse(token: &str) -> Result<Self, ValueError> {
        let (negated, body) = match token.strip_prefix('!') {
            Some(body) => (true, body),
            None => (false, token),
        };
        let shift = usize::from(negated);
        Self::parse_body(negated, body).map_err(|e| e.shifted(shift))
    }

    fn parse_body(negated: bool, body: &str) -> Result<Self, ValueError> {
        if let Some((at, c)) = body
            .char_indices()
            .find(|(_, c)| !crate::text::is_harmless(*c))
        {
            return Err(ValueError::part(
                at..at + c.len_utf8(),
                "a file system token has no invisible characters",
            ));
        }
        if negated && body == "host-reset" {
            return Ok(Self::Reset);
        }
        let (name, suffix) = split_suffix(body);
        let access = match suffix {
            None => FsAccess::ReadWrite,
            Some((at, "reset")) => {
                return if negated && name == "host" {
                    Ok(Self::Reset)
                } else {
                    Err(ValueError::part(
                        at..body.len(),
                        "`reset` stands only in `!host:reset`",
                    ))
                };
            }
            Some((at, word)) => FsAccess::SUFFIXES
                .iter()
                .find(|(text, _)| *text == word)
                .map(|(_, access)| *access)
                .ok_or_else(|| {
                    ValueError::part(at..body.len(), "this suffix is not known")
                        .hint("one of `ro`, `rw`, `create`; a colon in a path is written `\\:`")
                })?,
        };
        let place = place(&name).map_err(|problem| ValueError::whole(body, problem))?;
        Ok(Self::Show(
            place,
            if negated { FsAccess::Hidden } else { access },
        ))
    }
}

impl fmt::Display for FsRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reset => f.write_str("!host:reset"),
            Self::Show(place, FsAccess::Hidden) => write!(f, "!{place}"),
            Self::Show(place, FsAccess::ReadWrite) => write!(f, "{place}"),
            Self::Show(place, FsAccess::ReadOnly) => write!(f, "{place}:ro"),
            Self::Show(place, FsAccess::Create) => write!(f, "{place}:create"),
        }
    }
}

/// The name with its escapes undone, and the suffix with the place where it starts.
fn split_suffix(body: &str) -> (String, Option<(usize, &str)>) {
    let mut name = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => name.extend(chars.next().map(|(_, c)| c)),
            ':' => return (name, Some((at + 1, &body[at + 1..]))),
            _ => name.push(c),
        }
    }
    (name, None)
}

fn escape(path: &str) -> String {
    path.replace('\\', "\\\\").replace(':', "\\:")
}

fn place(name: &str) -> Result<FsPlace, String> {
    let simple = match name {
        "host" => Some(FsPlace::Host),
        "host-os" => Some(FsPlace::HostOs),
        "host-etc" => Some(FsPlace::HostEtc),
        "host-root" => Some(FsPlace::HostRoot),
        "home" | "~" => Some(FsPlace::Home),
        _ => None,
    };
    if let Some(place) = simple {
        return Ok(place);
    }
    let (head, rest) = name.split_once('/').unwrap_or((name, ""));
    let sub = components(rest)?;
    if head.is_empty() && name.starts_with('/') {
        return match sub {
            Some(sub) => Ok(FsPlace::Path(format!("/{sub}"))),
            None => Err("`/` cannot be shown as a whole; `host` is what comes nearest".to_owned()),
        };
    }
    match (head, sub) {
        ("~" | "home", Some(sub)) => Ok(FsPlace::HomePath(sub)),
        ("~" | "home", None) => Ok(FsPlace::Home),
        ("xdg-run", Some(sub)) => Ok(FsPlace::XdgRun(sub)),
        ("xdg-run", None) => Err("`xdg-run` needs a path below it".to_owned()),
        (head, sub) => XdgDir::TABLE
            .iter()
            .find(|row| row.0 == head)
            .map(|row| FsPlace::Xdg(row.1, sub))
            .ok_or_else(|| "this place is not known".to_owned()),
    }
}

/// A relative path without `.`, `//` and trailing slashes; `None` when nothing is left.
fn components(rest: &str) -> Result<Option<String>, String> {
    let parts: Vec<&str> = rest
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if parts.contains(&"..") {
        return Err("a place has no `..` in it".to_owned());
    }
    Ok((!parts.is_empty()).then(|| parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_mean_what_flatpak_says() {
        let cases = [
            ("host", "host"),
            ("home/x", "~/x"),
            ("~", "home"),
            ("~/a//b/./c/:ro", "~/a/b/c:ro"),
            ("xdg-data/app:create", "xdg-data/app:create"),
            ("xdg-run/pipewire-0", "xdg-run/pipewire-0"),
            ("/srv/a\\:b:rw", "/srv/a\\:b"),
            ("!home", "!home"),
            ("!home:ro", "!home"),
            ("!host:reset", "!host:reset"),
            ("!host-reset", "!host:reset"),
        ];
        for (token, normal) in cases {
            assert_eq!(
                FsRule::parse(token).map(|r| r.to_string()),
                Ok(normal.to_owned()),
                "{token}"
            );
        }
    }

    #[test]
    fn what_flatpak_warns_about_is_refused() {
        for token in [
            "",
            "/",
            "/..",
            "/a/../b",
            "~/..",
            "xdg-run",
            "host:reset",
            "home:rx",
            "relative/x",
            "h\u{1b}ost",
            "a\nb",
        ] {
            assert!(FsRule::parse(token).is_err(), "{token:?}");
        }
    }
}
