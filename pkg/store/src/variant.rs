//! As much of GVariant's serialization as `deploy` files need. Everything is checked: what does not fit is `None`.
//!
//! Values of variable size are found by the offsets of their ends, which stand at the end of their container, little
//! endian, in as many bytes as the container's length needs.

/// The bytes of an offset in a container of that length.
fn offset_size(length: usize) -> usize {
    match length {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    }
}

/// The offset that starts `back` bytes before the end.
fn offset(bytes: &[u8], back: usize) -> Option<usize> {
    let size = offset_size(bytes.len());
    let start = bytes.len().checked_sub(back)?;
    let digits = bytes.get(start..start.checked_add(size)?)?;
    let number = digits.iter().rev().try_fold(0_u64, |number, digit| {
        Some(number.checked_mul(256)? + u64::from(*digit))
    });
    usize::try_from(number?).ok()
}

/// The dictionary in a value of type `(ssasta{sv})`, which starts aligned.
pub(crate) fn last_member(bytes: &[u8]) -> Option<&[u8]> {
    let size = offset_size(bytes.len());
    // of the ends of the three members of variable size before it, that of the last one stands first
    let list_ends = offset(bytes, 3 * size)?;
    let number = list_ends.checked_next_multiple_of(8)?;
    bytes.get(number.checked_add(8)?..bytes.len().checked_sub(3 * size)?)
}

/// The elements of an array whose elements have variable size.
fn elements(bytes: &[u8], alignment: usize) -> Option<Vec<&[u8]>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let size = offset_size(bytes.len());
    let table = offset(bytes, size)?;
    let room = bytes.len().checked_sub(table)?;
    let mut found = Vec::new();
    let mut start: usize = 0;
    for back in (1..=room / size).rev() {
        start = start.checked_next_multiple_of(alignment)?;
        let end = offset(bytes, back * size)?;
        found.push(bytes.get(..table)?.get(start..end)?);
        start = end;
    }
    Some(found)
}

/// A string, without its NUL.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes.strip_suffix(&[0])?).ok()
}

/// The list of strings under a key of a value of type `a{sv}`.
pub(crate) fn strings<'a>(dictionary: &'a [u8], key: &str) -> Option<Vec<&'a str>> {
    for entry in elements(dictionary, 8)? {
        let size = offset_size(entry.len());
        let key_ends = offset(entry, size)?;
        if text(entry.get(..key_ends)?)? != key {
            continue;
        }
        let start = key_ends.checked_next_multiple_of(8)?;
        let variant = entry.get(start..entry.len().checked_sub(size)?)?;
        let list = variant.strip_suffix(b"\0as")?;
        return elements(list, 1)?.into_iter().map(text).collect();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An array of short strings.
    fn list(items: &[&str]) -> Vec<u8> {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for item in items {
            bytes.extend(item.bytes().chain([0]));
            ends.push(u8::try_from(bytes.len()).unwrap());
        }
        bytes.extend(ends);
        bytes
    }

    fn entry(key: &str, value: &[u8], kind: &str) -> Vec<u8> {
        let mut bytes: Vec<u8> = key.bytes().chain([0]).collect();
        let end = u8::try_from(bytes.len()).unwrap();
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes.extend(value.iter().copied().chain([0]).chain(kind.bytes()));
        bytes.push(end);
        bytes
    }

    fn dictionary(entries: &[Vec<u8>]) -> Vec<u8> {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for entry in entries {
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            bytes.extend(entry);
            ends.push(u8::try_from(bytes.len()).unwrap());
        }
        bytes.extend(ends);
        bytes
    }

    #[test]
    fn a_list_is_found_by_its_key() {
        let bytes = dictionary(&[
            entry("eol", b"text\0", "s"),
            entry("previous-ids", &list(&["org.a.B", "org.a.C"]), "as"),
        ]);
        assert_eq!(
            strings(&bytes, "previous-ids").unwrap(),
            ["org.a.B", "org.a.C"]
        );
        assert_eq!(strings(&bytes, "eol"), None);
        assert_eq!(strings(&bytes, "other"), None);
        assert_eq!(strings(&[], "other"), None);
    }

    #[test]
    fn no_byte_that_is_wrong_leads_out() {
        let good = dictionary(&[entry("previous-ids", &list(&["org.a.B", "x"]), "as")]);
        for at in 0..good.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bad = good.clone();
                bad[at] = value;
                let _any = strings(&bad, "previous-ids");
                let _any = last_member(&bad);
                let _any = strings(&bad[..at], "previous-ids");
            }
        }
    }
}
