//! `bench shim`: resident memory of a pod's shim under Debian's containerd, flatrack's beside runc's, each with its own runtime.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flatrack_testbed::{Capability, Testbed};
use serde::Serialize;
use serde_json::json;

use super::bundle::runtime;
use super::figures::table;
use crate::{Result, tool};

/// Options of `bench shim`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Pods of one container that run at the same time
    #[arg(long, value_delimiter = ',', default_values_t = [1, 100])]
    pods: Vec<usize>,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

/// A shim: the runtime's name for containerd, and a part of its process's command line.
const SHIMS: [(&str, &str); 2] = [
    ("io.containerd.flatrack.v1", "containerd-shim-flatrack-v1"),
    ("io.containerd.runc.v2", "containerd-shim-runc-v2"),
];
const IMAGE: &str = "docker.io/local/busy:1";

#[derive(Serialize)]
struct Row {
    shim: &'static str,
    pods: usize,
    rss_kib: u64,
    pss_kib: u64,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result {
    Capability::Containerd.probe()?;
    let bed = super::testbed()?;
    let containerd = Containerd::start(&bed)?;
    let mut rows = Vec::new();
    for (runtime, shim) in SHIMS {
        for pods in &options.pods {
            rows.push(containerd.measure(runtime, shim, *pods)?);
        }
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    let head = ["", "pods", "RSS KiB per pod", "PSS KiB per pod"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        let numbers = [row.pods as u64, row.rss_kib, row.pss_kib].map(|number| number.to_string());
        [vec![row.shim.to_owned()], numbers.to_vec()].concat()
    }));
    print!("{}", table(&lines));
    Ok(())
}

/// A containerd of the measurement's own.
struct Containerd<'b> {
    bed: &'b Testbed,
    daemon: Child,
}

impl<'b> Containerd<'b> {
    fn start(bed: &'b Testbed) -> Result<Self> {
        let at = |name: &str| bed.root().join(name).display().to_string();
        let config = format!(
            "version = 2\nroot = '{}'\nstate = '{}'\ndisabled_plugins = ['io.containerd.grpc.v1.cri']\n\
             [grpc]\naddress = '{}'\n[ttrpc]\naddress = '{}'\n",
            at("containerd"),
            at("containerd-state"),
            at("containerd.sock"),
            at("containerd.ttrpc"),
        );
        fs::write(at("containerd.toml"), config)?;
        let runtime = runtime(bed);
        let own = runtime.parent().unwrap_or(Path::new("/"));
        let path = std::env::var("PATH").unwrap_or_default();
        let log = File::create(at("containerd.log"))?;
        let daemon = Command::new("containerd")
            .args(["-c", &at("containerd.toml")])
            .env("PATH", format!("{}:{path}", own.display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let containerd = Self { bed, daemon };
        let end = Instant::now() + Duration::from_secs(20);
        while !containerd.ctr(&["version"]).output()?.status.success() {
            if Instant::now() > end {
                return Err("containerd does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let archive = image(bed.root())?;
        let import = ["image", "import", "--snapshotter", "native", &archive];
        tool::succeed(&mut containerd.ctr(&import))?;
        Ok(containerd)
    }

    fn ctr(&self, words: &[&str]) -> Command {
        let mut command = Command::new("ctr");
        command
            .arg("--address")
            .arg(self.bed.root().join("containerd.sock"));
        command.args(words).stdin(Stdio::null());
        command
    }

    /// Starts so many, looks at their shims, and removes them.
    fn measure(&self, runtime: &str, shim: &'static str, pods: usize) -> Result<Row> {
        let names: Vec<String> = (0..pods)
            .map(|number| format!("bench-{}-{number}", std::process::id()))
            .collect();
        for name in &names {
            let words = [
                "run",
                "--detach",
                "--snapshotter",
                "native",
                "--runtime",
                runtime,
            ];
            let mut run = self.ctr(&words);
            // its streams would be held by what stays
            run.args([IMAGE, name, "sleep", "900"]);
            run.stdout(Stdio::null()).stderr(Stdio::null());
            if !run.status()?.success() {
                return Err(format!("a pod of {runtime} did not start").into());
            }
        }
        std::thread::sleep(Duration::from_secs(1));
        let found = resident(shim, &names[0][..names[0].rfind('-').unwrap_or(0)]);
        for name in &names {
            for words in [
                ["task", "delete", "--force", name].as_slice(),
                &["container", "rm", name],
            ] {
                // it warns that it was killed
                tool::succeed(self.ctr(words).stderr(Stdio::null()))?;
            }
        }
        let (rss, pss) = found?;
        let count = pods as u64;
        Ok(Row {
            shim,
            pods,
            rss_kib: rss / count,
            pss_kib: pss / count,
        })
    }
}

impl Drop for Containerd<'_> {
    fn drop(&mut self) {
        let ended = self.daemon.kill().and_then(|()| self.daemon.wait());
        if let Err(error) = ended {
            eprintln!("containerd is left: {error}");
        }
    }
}

/// Resident and proportional memory of all processes with both parts in their command line, in KiB.
fn resident(shim: &str, name: &str) -> Result<(u64, u64)> {
    let (mut rss, mut pss) = (0, 0);
    for entry in fs::read_dir("/proc")?.flatten() {
        let line = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if !line.contains(shim) || !line.contains(name) {
            continue;
        }
        let text = fs::read_to_string(entry.path().join("smaps_rollup"))?;
        let value = |key: &str| -> u64 {
            let line = text.lines().find_map(|line| line.strip_prefix(key));
            let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
            number.unwrap_or_default()
        };
        rss += value("Rss:");
        pss += value("Pss:");
    }
    Ok((rss, pss))
}

/// An archive as `docker save` writes it, of busybox alone.
fn image(root: &Path) -> Result<String> {
    let dir = root.join("image");
    let bin = dir.join("tree/bin");
    fs::create_dir_all(&bin)?;
    fs::copy("/bin/busybox", bin.join("busybox"))?;
    symlink("busybox", bin.join("sleep"))?;
    for name in ["proc", "dev", "sys", "etc", "tmp"] {
        fs::create_dir_all(dir.join("tree").join(name))?;
    }
    let tar = |to: &str, from: &Path, names: &[&str]| {
        let mut tar = Command::new("tar");
        tar.arg("-C")
            .arg(from)
            .arg("-cf")
            .arg(dir.join(to))
            .args(names);
        tool::succeed(&mut tar)
    };
    tar("layer.tar", &dir.join("tree"), &["."])?;
    let sum = tool::output(Command::new("sha256sum").arg(dir.join("layer.tar")))?;
    let digest = sum.split(' ').next().unwrap_or_default();
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{digest}")]},
    });
    let manifest = json!([
        {"Config": "config.json", "RepoTags": ["local/busy:1"], "Layers": ["layer.tar"]}
    ]);
    fs::write(dir.join("config.json"), config.to_string())?;
    fs::write(dir.join("manifest.json"), manifest.to_string())?;
    tar(
        "image.tar",
        &dir,
        &["config.json", "layer.tar", "manifest.json"],
    )?;
    Ok(dir.join("image.tar").display().to_string())
}
