//! What conditions of extension points ask of the machine and the session.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flatrack_metadata::{EnableIf, ExtensionPoint};
use flatrack_spec::Facts;
use flatrack_store::Surroundings;

/// How long the desktop's settings may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks, as far as one of the points asks.
pub(crate) fn look(facts: &Facts, points: &[&[ExtensionPoint]]) -> Surroundings {
    let asks = |wanted: fn(&EnableIf) -> bool| {
        let mut conditions = points.iter().copied().flatten().flat_map(|p| &p.enable_if);
        conditions.any(wanted)
    };
    let theme = asks(|condition| *condition == EnableIf::ActiveGtkTheme);
    let modules = asks(|condition| matches!(condition, EnableIf::HaveKernelModule(_)));
    Surroundings {
        gl_drivers: gl_drivers(facts),
        gtk_theme: if theme { gtk_theme() } else { None },
        intel_gpu: ["i915", "xe"]
            .iter()
            .any(|module| Path::new("/sys/module").join(module).exists()),
        kernel_modules: if modules {
            let text = fs::read_to_string("/proc/modules").unwrap_or_default();
            let first = |line: &str| line.split(' ').next().map(str::to_owned);
            text.lines().filter_map(first).collect()
        } else {
            Default::default()
        },
        desktops: split(facts.env("XDG_CURRENT_DESKTOP").unwrap_or_default()),
    }
}

/// What the caller says, else NVIDIA's own if its module is loaded, then what everybody can use.
fn gl_drivers(facts: &Facts) -> Vec<String> {
    if let Some(said) = facts.env("FLATPAK_GL_DRIVERS") {
        return split(said);
    }
    let version = fs::read_to_string("/sys/module/nvidia/version").unwrap_or_default();
    let nvidia = (!version.trim().is_empty())
        .then(|| format!("nvidia-{}", version.trim().replace('.', "-")));
    let all = ["default", "host"].map(str::to_owned);
    nvidia.into_iter().chain(all).collect()
}

fn split(list: &str) -> Vec<String> {
    list.split(':').map(str::to_owned).collect()
}

/// The theme by the desktop's settings; none where they are not there or do not answer.
fn gtk_theme() -> Option<String> {
    let mut child = Command::new("/usr/bin/gsettings")
        .args(["get", "org.gnome.desktop.interface", "gtk-theme"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let until = Instant::now() + PATIENCE;
    while child.try_wait().ok()?.is_none() {
        if Instant::now() > until {
            drop(child.kill().and_then(|()| child.wait()));
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let name = text.trim().trim_matches('\'');
    (output.status.success() && !name.is_empty()).then(|| name.to_owned())
}
