//! A service that runs the app without an engine.

use std::path::Path;

use flatrack_store::Scope;

use super::{Subject, own_program, unit};
use crate::Error;

pub(super) fn write(subject: &Subject<'_>) -> Result<String, Error> {
    let id = &subject.id;
    // a user's own services are started with the login
    let (place, target) = match rustix::process::geteuid().is_root() {
        true => ("/etc/systemd/system", "multi-user.target"),
        false => ("~/.config/systemd/user", "default.target"),
    };
    let program = own_program()?.display().to_string();
    let command = std::iter::once(program).chain(words(subject)?);
    Ok(format!(
        "# {place}/{id}.service\n\
         [Unit]\nDescription={id} under flatrack\nAfter=network.target\n\n\
         [Service]\nExecStart={}\n\
         # flatrack passes the signal on, and ends with the app's own code\nKillMode=mixed\nRestart=on-failure\n\
         # the app's cgroup is made below this one\nDelegate=yes\n\n\
         [Install]\nWantedBy={target}\n",
        unit::command(command)
    ))
}

/// `run` with everything that was said here, so that the service starts what was looked at.
fn words(subject: &Subject<'_>) -> Result<Vec<String>, Error> {
    let request = subject.request;
    let mut words = vec!["run".to_owned()];
    match &request.scope {
        Scope::All => {}
        Scope::User => words.push("--user".to_owned()),
        Scope::System => words.push("--system".to_owned()),
        Scope::Named(name) => words.push(format!("--installation={name}")),
    }
    let option = |name: &str, value: Option<String>| value.map(|value| format!("--{name}={value}"));
    let named = [
        option("command", request.command.clone()),
        option(
            "cwd",
            request.cwd.as_ref().map(|it| it.display().to_string()),
        ),
        option("arch", request.arch.as_ref().map(ToString::to_string)),
        option("branch", request.branch.as_ref().map(ToString::to_string)),
        option("commit", request.commit.as_ref().map(ToString::to_string)),
        option("runtime", request.runtime.clone()),
        option(
            "runtime-version",
            request.runtime_version.as_ref().map(ToString::to_string),
        ),
        option(
            "runtime-commit",
            request.runtime_commit.as_ref().map(ToString::to_string),
        ),
        request.devel.then(|| "--devel".to_owned()),
    ];
    words.extend(named.into_iter().flatten());
    words.extend(request.options.iter().cloned());
    words.push(target(&request.target)?);
    words.extend(request.args.iter().cloned());
    Ok(words)
}

/// A directory or a manifest by a path that holds wherever the service starts.
fn target(target: &str) -> Result<String, Error> {
    let path = Path::new(target);
    if !target.contains('/') || !path.exists() {
        return Ok(target.to_owned());
    }
    let path = path.canonicalize().map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    Ok(path.display().to_string())
}
