//! A reader of GLib key files, as much of it as `installations.d` needs: groups, keys, escapes.

/// One `[group]` with its keys; a group that is opened twice is one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// what stands between the brackets
    pub(crate) name: String,
    keys: Vec<(String, String)>,
}

impl Group {
    /// The value of a key; of several the last.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.keys
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }
}

/// A file that is not a key file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// the line, counted from 1
    pub(crate) line: usize,
    /// what is wrong with it
    pub(crate) what: &'static str,
}

/// Reads a file; as in GLib one bad line spoils all of it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Group>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|e| Problem {
        line: 1 + bytes[..e.valid_up_to()]
            .iter()
            .filter(|b| **b == b'\n')
            .count(),
        what: "is not UTF-8",
    })?;
    let mut groups: Vec<Group> = Vec::new();
    let mut current = None;
    for (index, line) in text.lines().enumerate() {
        let problem = |what| Problem {
            line: index + 1,
            what,
        };
        if line.contains('\0') {
            // C programs would read another value than Rust programs
            return Err(problem("holds a NUL"));
        }
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = rest
                .trim_end()
                .strip_suffix(']')
                .ok_or(problem("has no closing `]`"))?;
            if name.is_empty() || name.contains(['[', ']']) || name.contains(char::is_control) {
                return Err(problem("is not a group"));
            }
            let known = groups.iter().position(|group| group.name == name);
            current = Some(known.unwrap_or_else(|| {
                groups.push(Group {
                    name: name.to_owned(),
                    keys: Vec::new(),
                });
                groups.len() - 1
            }));
            continue;
        }
        let (key, value) = line
            .split_once('=')
            .ok_or(problem("is not of the form key=value"))?;
        let key = key.trim_end();
        if key.is_empty() {
            return Err(problem("has no key"));
        }
        let group = current.ok_or(problem("stands before the first group"))?;
        let value = unescape(value.trim()).ok_or(problem("has an unknown escape"))?;
        if let Some(group) = groups.get_mut(group) {
            group.keys.push((key.to_owned(), value));
        }
    }
    Ok(groups)
}

fn unescape(value: &str) -> Option<String> {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next()? {
                's' => ' ',
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            other => other,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_groups_merge_and_the_last_key_wins() {
        let groups = parse(b"# note\n[a]\nk = 1\n[b]\nk=2\n[a]\nk=\\s3\n").unwrap();
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].get("k"), Some(" 3"));
        assert_eq!(groups[1].get("k"), Some("2"));
        assert_eq!(groups[1].get("none"), None);
    }

    #[test]
    fn a_bad_line_is_named() {
        for (bytes, line) in [
            (&b"k=v\n"[..], 1),
            (b"[a]\nplain\n", 2),
            (b"[a\n", 1),
            (b"[a]\n\n=v", 3),
            (b"[a]\nk=\\q", 2),
            (b"[a]\nk=v\0w", 2),
            (b"[a]\nk=\xff", 2),
        ] {
            assert_eq!(parse(bytes).unwrap_err().line, line, "{bytes:?}");
        }
    }
}
