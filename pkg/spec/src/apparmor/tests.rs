use super::*;
use crate::apparmor::pattern::below;

#[test]
fn a_path_cannot_end_its_quotes_or_become_a_pattern() {
    assert_eq!(quoted("/srv/a b".as_ref()), "\"/srv/a b\"");
    assert_eq!(
        quoted("/srv/\",/** rw,\n\"".as_ref()),
        "\"/srv/\\042\\,/\\*\\* rw\\,\\012\\042\""
    );
    assert_eq!(below("/a[1]".as_ref()), "\"/a\\[1\\]/**\"");
    assert_eq!(quoted("/@{HOME}".as_ref()), "\"/\\100\\{HOME\\}\"");
}

#[test]
fn a_label_lists_its_profiles_once_and_in_order() {
    let label = Label::new(["two".to_owned(), "one".to_owned(), "two".to_owned()]).unwrap();
    assert_eq!(label.to_string(), "one//&two");
    assert!(Label::new([]).is_none());
}

#[test]
fn words_of_an_app_stay_in_the_comment() {
    let profile = Profile {
        name: "flatrack.org.a.B".into(),
        mode: ProfileMode::Complain,
        attach_disconnected: true,
        rules: vec![Rule {
            text: "/ r".into(),
            why: "x\n  /** rw,".into(),
        }],
    };
    let text = profile.to_string();
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(
        text.contains("flags=(attach_disconnected,complain) {"),
        "{text}"
    );
}
