//! Names of signals.

use std::str::FromStr;

/// A signal's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signal(pub(crate) i32);

/// What `run` and `exec` pass on to the program that they wait for: whatever a user or a service manager sends.
pub(crate) const PASSED_ON: &[i32] = &[1, 2, 3, 10, 12, 14, 15, 18];

const LAST: i32 = 64;

/// Linux has these numbers on x86, ARM, RISC-V and POWER alike.
const NAMES: &[(&str, i32)] = &[
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("TRAP", 5),
    ("ABRT", 6),
    ("IOT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("STKFLT", 16),
    ("CHLD", 17),
    ("CLD", 17),
    ("CONT", 18),
    ("STOP", 19),
    ("TSTP", 20),
    ("TTIN", 21),
    ("TTOU", 22),
    ("URG", 23),
    ("XCPU", 24),
    ("XFSZ", 25),
    ("VTALRM", 26),
    ("PROF", 27),
    ("WINCH", 28),
    ("IO", 29),
    ("POLL", 29),
    ("PWR", 30),
    ("SYS", 31),
    ("RTMIN", 34),
    ("RTMAX", 64),
];

impl FromStr for Signal {
    type Err = String;

    /// `TERM`, `sigterm`, `15`, `RTMIN+3`, `RTMAX-1`.
    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("`{}` is no signal", text.escape_default());
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        let number = |text: &str| text.parse::<i32>().ok();
        let named = |name: &str| {
            NAMES
                .iter()
                .find(|(known, _)| *known == name)
                .map(|known| known.1)
        };
        let found = match (name.strip_prefix("RTMIN+"), name.strip_prefix("RTMAX-")) {
            (Some(above), _) => number(above).and_then(|above| above.checked_add(34)),
            (_, Some(below)) => number(below).and_then(|below| LAST.checked_sub(below)),
            _ => number(name).or_else(|| named(name)),
        };
        found
            .filter(|number| (0..=LAST).contains(number))
            .map(Self)
            .ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_names_and_numbers() {
        for (text, number) in [
            ("KILL", 9),
            ("sigkill", 9),
            ("0", 0),
            ("15", 15),
            ("RTMIN", 34),
            ("SIGRTMIN+3", 37),
            ("RTMAX-1", 63),
        ] {
            assert_eq!(text.parse(), Ok(Signal(number)), "{text}");
        }
        for text in ["", "SIG", "65", "-1", "KILLER", "RTMAX-99"] {
            assert!(text.parse::<Signal>().is_err(), "{text}");
        }
    }
}
