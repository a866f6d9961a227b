//! Limits of setrlimit(2).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::amount::ByteLimit;
use super::written::serialize_as_written;
use crate::ValueError;

macro_rules! rlimits {
    ($($variant:ident $key:literal $oci:literal $doc:literal),* $(,)?) => {
        /// Which limit of setrlimit(2).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum RlimitKind { $(#[doc = $doc] $variant),* }

        impl RlimitKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The key in `[X-Resources]`.
            #[must_use]
            pub fn key(self) -> &'static str { match self { $(Self::$variant => $key),* } }

            /// The name in an OCI document.
            #[must_use]
            pub fn oci_name(self) -> &'static str { match self { $(Self::$variant => $oci),* } }

            /// One line for help texts.
            #[must_use]
            pub fn doc(self) -> &'static str { match self { $(Self::$variant => $doc),* } }
        }
    };
}

rlimits! {
    Core "core" "RLIMIT_CORE" "size of a core file in bytes",
    Cpu "cpu" "RLIMIT_CPU" "processor time of a process in seconds",
    Fsize "fsize" "RLIMIT_FSIZE" "size of a file in bytes",
    Memlock "memlock" "RLIMIT_MEMLOCK" "locked memory in bytes",
    Nofile "nofile" "RLIMIT_NOFILE" "open descriptors of a process",
    Nproc "nproc" "RLIMIT_NPROC" "processes of the user",
    Stack "stack" "RLIMIT_STACK" "size of a stack in bytes",
}

/// A limit of setrlimit(2), soft and hard; `None` is `infinity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rlimit {
    /// the limit that counts
    pub soft: Option<u64>,
    /// how far a process may raise it
    pub hard: Option<u64>,
}

impl FromStr for Rlimit {
    type Err = ValueError;

    /// `LIMIT` for both, or `SOFT:HARD`; each a number with an optional `K`, `M`, `G`, or `infinity`.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let one = |part: &str| -> Result<Option<u64>, ValueError> {
            match part {
                "infinity" | "unlimited" => Ok(None),
                part => match part.parse::<ByteLimit>() {
                    Ok(ByteLimit::Bytes(number)) => Ok(Some(number)),
                    _ => Err(ValueError::whole(part, "this is not a number")
                        .hint("a number, `SOFT:HARD`, or `infinity`")),
                },
            }
        };
        let (soft, hard) = match text.split_once(':') {
            Some((soft, hard)) => (
                one(soft)?,
                one(hard).map_err(|e| e.shifted(soft.len() + 1))?,
            ),
            None => (one(text)?, one(text)?),
        };
        if hard.is_some_and(|hard| soft.is_none_or(|soft| soft > hard)) {
            return Err(ValueError::whole(
                text,
                "the soft limit is above the hard one",
            ));
        }
        Ok(Self { soft, hard })
    }
}

impl fmt::Display for Rlimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |limit: Option<u64>| limit.map_or("infinity".to_owned(), |l| l.to_string());
        if self.soft == self.hard {
            f.write_str(&one(self.soft))
        } else {
            write!(f, "{}:{}", one(self.soft), one(self.hard))
        }
    }
}

serialize_as_written!(Rlimit);
