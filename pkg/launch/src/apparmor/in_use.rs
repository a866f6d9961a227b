//! Whether anything runs under a profile. The kernel takes the confinement off what does when the profile is removed.

use std::fs;

/// Looks at every process, of whichever user. One that ends meanwhile is in nobody's way.
pub(crate) fn is(profile: &str) -> bool {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| fs::read_to_string(entry.path().join("attr/apparmor/current")).ok())
        .any(|label| has(&label, profile))
}

/// Whether a label as the kernel writes it, `one//&two (enforce)`, has the profile in it.
fn has(label: &str, profile: &str) -> bool {
    let label = label.trim_end();
    let names = label.rsplit_once(" (").map_or(label, |(names, _)| names);
    names.split("//&").any(|name| name == profile)
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn a_profile_is_found_in_a_label_by_its_whole_name() {
        assert!(has("flatrack.org.a.B (enforce)\n", "flatrack.org.a.B"));
        assert!(has(
            "flatrack.org.a.B//&site (enforce)\n",
            "flatrack.org.a.B"
        ));
        assert!(!has("flatrack.org.a.B+7 (enforce)\n", "flatrack.org.a.B"));
        assert!(!has("unconfined\n", "flatrack.org.a.B"));
    }
}
