//! X cookies: the ones an app needs for its display, and no other.
//!
//! An Xauthority file is a row of entries: a family of addresses, then address, display number, method and cookie, each
//! with its length before it; numbers are 16 bits, the high byte first.

use crate::session::XDisplay;

/// Addresses that are names of a machine, for connections that do not leave it.
const LOCAL: u16 = 256;
/// Fits every address.
const WILD: u16 = 65535;

/// Who this machine is in the cookies.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// the name it has now
    pub host: &'a str,
    /// the name it had when the session was started (`XAUTHLOCALHOSTNAME`)
    pub former: Option<&'a str>,
}

struct Entry<'a> {
    family: u16,
    address: &'a [u8],
    number: &'a [u8],
    name: &'a [u8],
    data: &'a [u8],
}

/// The entries of a file that open this display. Local ones get the machine's present name, under which libraries
/// look for them. What follows a damaged entry is passed over.
#[must_use]
pub fn select(file: &[u8], display: &XDisplay, names: Names<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = file;
    while let Some(entry) = take_entry(&mut rest) {
        if !is_for(&entry, display, names) {
            continue;
        }
        let address = match entry.family {
            LOCAL => names.host.as_bytes(),
            _ => entry.address,
        };
        out.extend(entry.family.to_be_bytes());
        for field in [address, entry.number, entry.name, entry.data] {
            let Ok(length) = u16::try_from(field.len()) else {
                return out;
            };
            out.extend(length.to_be_bytes());
            out.extend(field);
        }
    }
    out
}

fn is_for(entry: &Entry<'_>, display: &XDisplay, names: Names<'_>) -> bool {
    let right_display = entry.number.is_empty() || entry.number == display.number.as_bytes();
    let here = entry.address == names.host.as_bytes()
        || names
            .former
            .is_some_and(|name| entry.address == name.as_bytes());
    let right_machine = match (&display.host, entry.family) {
        (_, WILD) => true,
        (None, LOCAL) => here,
        (None, _) | (Some(_), LOCAL) => false,
        (Some(host), _) => is_address(host, entry.address),
    };
    right_display && right_machine
}

/// Whether an entry's address is this host, by name or by number.
fn is_address(host: &str, address: &[u8]) -> bool {
    let octets = match host.trim_matches(['[', ']']).parse() {
        Ok(std::net::IpAddr::V4(ip)) => ip.octets().to_vec(),
        Ok(std::net::IpAddr::V6(ip)) => ip.octets().to_vec(),
        Err(_) => return address == host.as_bytes(),
    };
    address == octets || address == host.as_bytes()
}

fn take_entry<'a>(rest: &mut &'a [u8]) -> Option<Entry<'a>> {
    let family = take_number(rest)?;
    let mut field = || {
        let length = usize::from(take_number(rest)?);
        let (field, after) = rest.split_at_checked(length)?;
        *rest = after;
        Some(field)
    };
    Some(Entry {
        family,
        address: field()?,
        number: field()?,
        name: field()?,
        data: field()?,
    })
}

fn take_number(rest: &mut &[u8]) -> Option<u16> {
    let (number, after) = rest.split_first_chunk::<2>()?;
    *rest = after;
    Some(u16::from_be_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(family: u16, address: &[u8], number: &str, cookie: &str) -> Vec<u8> {
        let mut out = family.to_be_bytes().to_vec();
        for field in [
            address,
            number.as_bytes(),
            b"MIT-MAGIC-COOKIE-1",
            cookie.as_bytes(),
        ] {
            out.extend(u16::try_from(field.len()).unwrap().to_be_bytes());
            out.extend(field);
        }
        out
    }

    fn chosen(file: &[u8], display: &str) -> Vec<String> {
        let names = Names {
            host: "here",
            former: Some("before"),
        };
        let out = select(file, &XDisplay::parse(display).unwrap(), names);
        let mut rest = out.as_slice();
        std::iter::from_fn(|| take_entry(&mut rest))
            .map(|entry| {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                format!("{}={}", text(entry.address), text(entry.data))
            })
            .collect()
    }

    #[test]
    fn only_the_cookies_of_the_display_are_taken() {
        let file = [
            entry(LOCAL, b"here", "0", "mine"),
            entry(LOCAL, b"here", "1", "other display"),
            entry(LOCAL, b"before", "0", "renamed"),
            entry(LOCAL, b"elsewhere", "0", "other machine"),
            entry(0, &[10, 0, 0, 1], "0", "by network"),
            entry(WILD, b"", "", "wild"),
        ]
        .concat();
        assert_eq!(chosen(&file, ":0"), ["here=mine", "here=renamed", "=wild"]);
        assert_eq!(chosen(&file, ":1"), ["here=other display", "=wild"]);
        assert_eq!(chosen(&file, "10.0.0.1:0")[0], "\n\0\0\u{1}=by network");
        assert_eq!(chosen(&file, "10.0.0.2:0"), ["=wild"]);
    }

    #[test]
    fn a_damaged_file_gives_what_stands_before_the_damage() {
        let good = entry(LOCAL, b"here", "0", "mine");
        for end in 0..good.len() {
            let file = [&good[..], &good[..end]].concat();
            assert_eq!(chosen(&file, ":0"), ["here=mine"], "cut at {end}");
        }
    }
}
