//! Variables of a program.

/// Some variables with others added; of two with one name the later one stays, which is what a shell would see.
pub(crate) fn with(own: &[String], added: &[String]) -> Vec<String> {
    let name = |variable: &String| variable.split('=').next().unwrap_or_default().to_owned();
    let mut merged: Vec<String> = Vec::with_capacity(own.len() + added.len());
    for variable in own.iter().chain(added) {
        match merged
            .iter_mut()
            .find(|known| name(known) == name(variable))
        {
            Some(known) => known.clone_from(variable),
            None => merged.push(variable.clone()),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_later_of_two_counts() {
        let texts = |list: &[&str]| {
            list.iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        let merged = super::with(&texts(&["A=1", "B=2", "A=3"]), &texts(&["B=4", "C="]));
        assert_eq!(merged, ["A=3", "B=4", "C="]);
    }
}
