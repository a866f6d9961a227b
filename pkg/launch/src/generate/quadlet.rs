//! A quadlet (podman-systemd.unit(5), Podman 4.4 and later).

use super::{Subject, own_program, unit};
use crate::Error;

pub(super) fn write(subject: &Subject<'_>) -> Result<String, Error> {
    let runtime = own_program()?.with_file_name("flatrack-oci");
    let id = &subject.id;
    let mut options = Vec::new();
    if let Some(bytes) = subject.memory() {
        options.push(format!("--memory={bytes}b"));
    }
    if let Some(thousandths) = subject.cpu() {
        options.push(format!(
            "--cpus={}.{:03}",
            thousandths / 1000,
            thousandths % 1000
        ));
    }
    if let Some(count) = subject.pids() {
        options.push(format!("--pids-limit={count}"));
    }
    let mut text = format!(
        "# /etc/containers/systemd/{id}.container; `systemctl daemon-reload` makes a service of it.\n{}",
        subject.remarks()
    );
    text.push_str(&format!(
        "\n[Unit]\nDescription={id} under flatrack\n\n[Container]\nImage={}\nExec={}\nGlobalArgs=--runtime {}\n",
        unit::quoted(&subject.image),
        unit::command(subject.words()),
        unit::quoted(&runtime.display().to_string()),
    ));
    if !subject.network {
        text.push_str("Network=none\n");
    }
    if !options.is_empty() {
        text.push_str(&format!("PodmanArgs={}\n", unit::command(options)));
    }
    Ok(
        text + "NoNewPrivileges=true\nDropCapability=all\n\n[Service]\nRestart=on-failure\n\n[Install]\nWantedBy=default.target\n"
    )
}
