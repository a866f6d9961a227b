//! Values in unit files of systemd's (systemd.syntax(7), systemd.service(5)).

/// Words of a command line.
pub(super) fn command(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words = words.into_iter().map(|word| quoted(word.as_ref()));
    words.collect::<Vec<_>>().join(" ")
}

/// One word: specifiers (`%`) and variables (`$`) are taken literally.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+.,:/=@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let mut text = String::from('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '%' => text.push_str("%%"),
            '$' => text.push_str("$$"),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    text.push_str(&format!("\\x{byte:02x}"));
                }
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word_and_one_line() {
        assert_eq!(command(["run", "--x=/a", "b c"]), "run --x=/a \"b c\"");
        assert_eq!(quoted("50% of $HOME"), "\"50%% of $$HOME\"");
        assert_eq!(quoted("a\nExecStop=b"), "\"a\\x0aExecStop=b\"");
        assert_eq!(quoted("\\\""), "\"\\\\\\\"\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
