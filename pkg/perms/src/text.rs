//! Text that someone else wrote is escaped before a person sees it.

use std::fmt;

/// Shows foreign text with everything escaped that could steer a terminal or hide what is there:
/// control characters, line breaks, bidirectional marks and other invisible characters (the class of
/// CVE-2023-28101).
///
/// ```
/// use flatrack_perms::Untrusted;
/// assert_eq!(Untrusted("plain ü").to_string(), "plain ü");
/// assert_eq!(Untrusted("a\x1b[2Kb\n").to_string(), "a\\u{1b}[2Kb\\n");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Untrusted<'a>(pub &'a str);

impl fmt::Display for Untrusted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if is_harmless(c) {
                write!(f, "{c}")?;
            } else {
                write!(f, "{}", c.escape_default())?;
            }
        }
        Ok(())
    }
}

/// Whether a character shows as itself and nothing else.
pub(crate) fn is_harmless(c: char) -> bool {
    let invisible = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}');
    !c.is_control() && !invisible
}
