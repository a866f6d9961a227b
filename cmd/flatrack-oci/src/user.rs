//! `UID[:GID]`.

use std::str::FromStr;

/// Who a program is to be. Numbers only: a name would be looked up in a file that the container can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) uid: u32,
    /// The container's own if it is not said.
    pub(crate) gid: Option<u32>,
}

impl FromStr for User {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| match part.bytes().all(|byte| byte.is_ascii_digit()) {
            // the highest number means "none" to the kernel
            true => part.parse().ok().filter(|number| *number != u32::MAX),
            false => None,
        };
        let wrong = || {
            format!(
                "`{}` is not UID or UID:GID in numbers",
                text.escape_default()
            )
        };
        match text.split_once(':') {
            None => number(text).map(|uid| Self { uid, gid: None }),
            Some((uid, gid)) => number(uid).zip(number(gid)).map(|(uid, gid)| Self {
                uid,
                gid: Some(gid),
            }),
        }
        .ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_name_a_user() {
        assert_eq!("1".parse(), Ok(User { uid: 1, gid: None }));
        assert_eq!(
            "1:2".parse(),
            Ok(User {
                uid: 1,
                gid: Some(2)
            })
        );
        for text in [
            "",
            ":",
            "1:",
            ":1",
            "root",
            "1:users",
            "-1",
            "+1",
            " 1",
            "4294967295",
            "1:2:3",
        ] {
            assert!(text.parse::<User>().is_err(), "{text}");
        }
    }
}
