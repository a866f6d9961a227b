//! `did you mean`.

/// The known word that is nearest to a wrong one, if any is near.
pub(crate) fn nearest<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // longer than any word of ours; the distance would only cost time
    if wrong.len() > 64 {
        return None;
    }
    known
        .into_iter()
        .map(|word| (distance(wrong, word), word))
        .filter(|(distance, word)| *distance <= reach(word))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How wrong a word may be; two letters that changed places are two.
fn reach(word: &str) -> usize {
    (word.len() / 3).max(if word.len() < 4 { 1 } else { 2 })
}

/// A hint that names the nearest word, or else all of them.
pub(crate) fn did_you_mean<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    match nearest(wrong, known.clone()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => {
            let all: Vec<String> = known.into_iter().map(|word| format!("`{word}`")).collect();
            format!("one of {}", all.join(", "))
        }
    }
}

/// Levenshtein's distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word_and_nonsense_finds_none() {
        let known = ["memory-max", "memory-high", "cpu-max"];
        assert_eq!(nearest("memroy-max", known), Some("memory-max"));
        assert_eq!(nearest("cpumax", known), Some("cpu-max"));
        assert_eq!(nearest("elephant", known), None);
        assert_eq!(did_you_mean("zzz", ["a1", "b1"]), "one of `a1`, `b1`");
    }
}
