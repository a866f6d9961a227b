//! `bench oci`: what an engine asks of a runtime, beside crun and runc on one bundle.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use flatrack_testbed::{Capability, HELLO, Testbed};
use serde::Serialize;
use serde_json::{Value, json};

use super::bundle::{Exported, runtime};
use super::figures::{Figures, table};
use super::job::Job;
use super::lane::Lane;
use crate::{Result, tool};

/// Options of `bench oci`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How often each is measured
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Pause before each run
    #[arg(long, default_value_t = 40)]
    gap_ms: u64,
    /// Containers that run beside, for each further series
    #[arg(long, value_delimiter = ',', default_values_t = [100, 300])]
    beside: Vec<usize>,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

/// A runtime, its bundle and where it runs.
struct Peer {
    name: &'static str,
    program: PathBuf,
    bundle: PathBuf,
    state: PathBuf,
    lane: Lane,
}

#[derive(Serialize)]
struct Row {
    what: &'static str,
    name: String,
    #[serde(flatten)]
    figures: Figures,
}

/// Makes, starts and removes a container.
const LIFE: &str = "set -e; r=\"$1 --root $2\"; $r create --bundle \"$3\" \"$4\"; $r start \"$4\"; $r delete --force \"$4\"";
/// Runs a program in one that is there.
const ENTER: &str = "exec \"$1\" --root \"$2\" exec \"$4\" /bin/true";

impl Peer {
    fn job(&self, bed: &Testbed, script: &str, id: &str) -> Job {
        let mut command = bed.command("sh", ["-c", script, "sh"]);
        command.arg(&self.program).arg(&self.state);
        command.arg(&self.bundle).arg(id);
        Job::from(&command)
    }
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result {
    let bed = super::testbed()?;
    let mut peers = peers(&bed)?;
    let mut rows = Vec::new();
    let own = format!("bench-{}", std::process::id());
    let jobs = |peers: &[Peer], script, id: &str| -> Vec<Job> {
        peers
            .iter()
            .map(|peer| peer.job(&bed, script, id))
            .collect()
    };
    let lives = jobs(&peers, LIFE, &own);
    rows.extend(measure(
        "create, start, delete",
        &mut peers,
        &lives,
        options,
    )?);
    let [stay, leave] = [RUN, REMOVE].map(|script| jobs(&peers, script, &own));
    once(&mut peers, &stay)?;
    let enters = jobs(&peers, ENTER, &format!("{own}-stays"));
    let measured = measure("exec", &mut peers, &enters, options);
    once(&mut peers, &leave)?;
    rows.extend(measured?);
    peers.truncate(1);
    peers.push(image(&bed, &peers[0])?);
    let lives = jobs(&peers, LIFE, &own);
    let life = "create, start, delete";
    rows.extend(measure(life, &mut peers, &lives, options)?);
    peers.truncate(1);
    let mut ours = peers;
    let mut herd = Herd::new(&bed, &ours[0].bundle);
    for count in &options.beside {
        herd.grow(*count)?;
        let life = [ours[0].job(&bed, LIFE, &own)];
        let mut measured = measure("create, start, delete", &mut ours, &life, options)?;
        for row in &mut measured {
            row.name = format!("{} beside {count}", row.name);
        }
        rows.extend(measured);
    }
    drop(herd);
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print(options, &rows);
    }
    Ok(())
}

/// One that sleeps, for `exec`; and its end.
const RUN: &str = "exec \"$1\" --root \"$2\" run --detach --bundle \"$3-stays\" \"$4-stays\"";
const REMOVE: &str = "exec \"$1\" --root \"$2\" delete --force \"$4-stays\"";

/// Each once, unmeasured.
fn once(peers: &mut [Peer], jobs: &[Job]) -> Result {
    let mut all = peers.iter_mut().zip(jobs);
    all.try_for_each(|(peer, job)| peer.lane.warm_up(job))
}

/// flatrack-oci first, then those of the others that are there.
fn peers(bed: &Testbed) -> Result<Vec<Peer>> {
    let exported = Exported::new(bed, "oci", &["--command=/bin/true", HELLO])?;
    let state = |name: &str| bed.runtime_dir().join(format!("state-{name}"));
    let mut peers = vec![Peer {
        name: "flatrack-oci",
        program: runtime(bed),
        bundle: bundle(bed, &exported, "flatrack-oci")?,
        state: state("flatrack-oci"),
        lane: Lane::Machine,
    }];
    for (capability, name) in [(Capability::Crun, "crun"), (Capability::Runc, "runc")] {
        if capability.probe().is_err() {
            println!("skipped: {name} is not installed");
            continue;
        }
        peers.push(Peer {
            name,
            program: name.into(),
            bundle: bundle(bed, &exported, name)?,
            state: state(name),
            lane: if name == "crun" {
                Lane::unified()?
            } else {
                Lane::Machine
            },
        });
    }
    Ok(peers)
}

/// Two copies of the bundle, with nothing that only some of the runtimes do here: the one that ends, and one that stays.
fn bundle(bed: &Testbed, exported: &Exported, name: &str) -> Result<PathBuf> {
    let mut document = exported.document.clone();
    if let Some(linux) = document
        .pointer_mut("/linux")
        .and_then(Value::as_object_mut)
    {
        linux.remove("resources");
        linux.remove("cgroupsPath");
    }
    let dir = bed.root().join(format!("oci-{name}"));
    write(&exported.dir, &dir, &document)?;
    if let Some(arguments) = document
        .pointer_mut("/process/args")
        .and_then(Value::as_array_mut)
    {
        arguments.pop();
        arguments.extend([json!("/bin/sleep"), json!("900")]);
    }
    write(
        &exported.dir,
        &bed.root().join(format!("oci-{name}-stays")),
        &document,
    )?;
    Ok(dir)
}

/// A bundle as an engine makes it from the image of an app: the whole way from metadata to the sandbox is gone at each `create`.
fn image(bed: &Testbed, plain: &Peer) -> Result<Peer> {
    let app = bed.host_build_dir("org.flatrack.Bench.Image").write();
    let bundle = bed.root().join("oci-image");
    fs::create_dir(&bundle)?;
    tool::succeed(
        Command::new("cp")
            .arg("-a")
            .arg(app)
            .arg(bundle.join("rootfs")),
    )?;
    let text = fs::read(plain.bundle.join("config.json"))?;
    let mut document: Value = serde_json::from_slice(&text)?;
    document["process"]["args"] = json!(["/bin/true"]);
    document["mounts"] = json!([]);
    document["annotations"] = json!({});
    document["linux"]["seccomp"] = Value::Null;
    fs::write(bundle.join("config.json"), document.to_string())?;
    Ok(Peer {
        name: "flatrack-oci, image of an app",
        program: plain.program.clone(),
        bundle,
        state: plain.state.clone(),
        lane: Lane::Machine,
    })
}

fn write(from: &Path, to: &Path, document: &Value) -> Result {
    tool::succeed(Command::new("cp").arg("-a").arg(from).arg(to))?;
    Ok(fs::write(
        to.join("config.json"),
        serde_json::to_vec(document)?,
    )?)
}

/// Containers that sleep beside those that are measured; removed with the value.
struct Herd<'b> {
    bed: &'b Testbed,
    bundle: PathBuf,
    count: usize,
}

impl<'b> Herd<'b> {
    fn new(bed: &'b Testbed, bundle: &Path) -> Self {
        let bundle = PathBuf::from(format!("{}-stays", bundle.display()));
        Self {
            bed,
            bundle,
            count: 0,
        }
    }

    fn command(&self, words: &[&str], number: usize) -> Command {
        let program = runtime(self.bed).display().to_string();
        let mut command = self.bed.command(&program, ["--root"]);
        command.arg(self.bed.runtime_dir().join("state-flatrack-oci"));
        command
            .args(words)
            .arg(format!("bench-{}-{number}", std::process::id()));
        command
    }

    fn grow(&mut self, count: usize) -> Result {
        let bundle = self.bundle.display().to_string();
        while self.count < count {
            let mut run = self.command(&["run", "--detach", "--bundle", &bundle], self.count);
            // its streams would be held by what stays
            run.stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            if !run.status()?.success() {
                return Err("a container beside did not start".into());
            }
            self.count += 1;
        }
        Ok(())
    }
}

impl Drop for Herd<'_> {
    fn drop(&mut self) {
        for number in 0..self.count {
            let removed = self.command(&["delete", "--force"], number).status();
            if !removed.is_ok_and(|status| status.success()) {
                eprintln!("a container beside is left");
            }
        }
    }
}

/// One warm-up, then round after round, each once a round.
fn measure(
    what: &'static str,
    peers: &mut [Peer],
    jobs: &[Job],
    options: &Options,
) -> Result<Vec<Row>> {
    let mut series = vec![Vec::with_capacity(options.rounds); peers.len()];
    for (peer, job) in peers.iter_mut().zip(jobs) {
        peer.lane.warm_up(job)?;
    }
    for _ in 0..options.rounds {
        for ((peer, job), times) in peers.iter_mut().zip(jobs).zip(&mut series) {
            std::thread::sleep(Duration::from_millis(options.gap_ms));
            times.push(peer.lane.time(job)?);
        }
    }
    let figures = series.into_iter().map(Figures::of);
    let rows = peers.iter().zip(figures).filter_map(|(peer, figures)| {
        Some(Row {
            what,
            name: peer.name.to_owned(),
            figures: figures?,
        })
    });
    Ok(rows.collect())
}

fn print(options: &Options, rows: &[Row]) {
    println!("{} rounds, {} ms gaps", options.rounds, options.gap_ms);
    let head = ["", "runtime", "median ms", "p90 ms"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        vec![
            row.what.to_owned(),
            row.name.clone(),
            format!("{:.2}", row.figures.median_ms),
            format!("{:.2}", row.figures.p90_ms),
        ]
    }));
    print!("{}", table(&lines));
}
