//! `changelog`: a change that users see is told in the same commit.

use std::process::Command;

use crate::{Result, tool, workspace};

/// Where code lives that users may notice.
const CODE: [&str; 3] = ["cmd/", "pkg/", "configs/"];

/// Warns when code differs from HEAD and CHANGELOG.md does not.
pub(crate) fn run() -> Result {
    let Some(changed) = changed()? else {
        println!("changelog: nothing is committed yet");
        return Ok(());
    };
    let code: Vec<_> = changed.iter().filter(|file| is_code(file)).collect();
    if !code.is_empty() && !changed.iter().any(|file| file == "CHANGELOG.md") {
        println!("warning: `{}` changed and CHANGELOG.md did not", code[0]);
        println!("hint: add a line below `## Unreleased`, if users can notice the change");
    }
    Ok(())
}

/// Files that differ from HEAD, untracked ones too; none before the first commit.
fn changed() -> Result<Option<Vec<String>>> {
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(args).current_dir(workspace::root());
        command
    };
    if !git(&["rev-parse", "--quiet", "--verify", "HEAD"])
        .output()?
        .status
        .success()
    {
        return Ok(None);
    }
    let mut text = tool::output(&mut git(&["diff", "--name-only", "HEAD"]))?;
    text += &tool::output(&mut git(&["ls-files", "--others", "--exclude-standard"]))?;
    Ok(Some(text.lines().map(str::to_owned).collect()))
}

fn is_code(file: &str) -> bool {
    CODE.iter().any(|dir| file.starts_with(dir))
        && !file.contains("/tests/")
        && !file.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn tests_are_no_news_for_users() {
        assert!(is_code("pkg/spec/src/plan.rs"));
        assert!(is_code("configs/seccomp/app.json"));
        assert!(!is_code("pkg/spec/tests/golden.rs"));
        assert!(!is_code("pkg/perms/src/resolve/tests.rs"));
        assert!(!is_code("hack/demo"));
    }
}
