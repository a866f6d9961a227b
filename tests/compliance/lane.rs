//! One lane: a peer and a user, and every case run on both sides.

use std::fmt::Write as _;
use std::path::Path;

use flatrack_perms::vocabulary::Support;
use flatrack_testbed::{Outcome, Testbed, Tree, User};

use crate::cases::{Case, version};
use crate::differences::{DIFFERENCES, Place, Row, like, table};
use crate::dump::{Facts, compare, read};
use crate::session::{Buses, Session, names};

/// Runs one case only: its options, as the failure shows them.
const ONLY: &str = "FLATRACK_COMPLIANCE_CASE";

/// Which side is looked at; without it both are, and compared.
const UNDER_TEST: &str = "FLATRACK_UNDER_TEST";

/// One of the two that are compared, in a testbed of its own.
#[derive(Debug)]
pub(crate) struct Side<'a> {
    program: &'static str,
    pub(crate) bed: &'a Testbed,
    session: Session,
    buses: Buses<'a>,
}

/// A testbed with the app.
pub(crate) fn bed(user: User, tree: Option<&Tree>, app: &str) -> Testbed {
    let bed = Testbed::at_home(user).with_flatpak();
    bed.app(app)
        .program(Path::new(env!("COMPLIANCE_PROBE")))
        .install();
    match tree {
        Some(tree) => bed.inside(tree.clone()),
        None => bed,
    }
}

impl<'a> Side<'a> {
    pub(crate) fn new(program: &'static str, bed: &'a Testbed) -> Self {
        Self {
            program,
            bed,
            session: Session::start(bed),
            buses: Buses::start(bed),
        }
    }

    fn command_line(&self, case: &Case, app: &str) -> Vec<String> {
        let root = self.bed.root().display().to_string();
        let mut args = vec!["run".to_owned()];
        args.extend(
            case.options
                .iter()
                .map(|option| option.replace("BED", &root)),
        );
        args.extend(["--command=probe", app].map(str::to_owned));
        args.push(self.session.abstract_name.clone());
        args.extend(names().map(str::to_owned));
        args
    }

    fn run(&self, case: &Case, app: &str) -> Outcome {
        let args = self.command_line(case, app);
        let mut command = match self.program {
            "flatrack" => self.bed.flatrack_command(args),
            other => self.bed.command(other, args),
        };
        self.session.enter(&mut command);
        self.buses.enter(&mut command);
        command.output().unwrap().into()
    }

    pub(crate) fn facts(&self, case: &Case, app: &str) -> Result<Facts, String> {
        let outcome = self.run(case, app);
        if outcome.code != 0 {
            let (code, said) = (outcome.code, outcome.stderr.trim());
            return Err(format!("{} ended with {code}: {said}", self.program));
        }
        read(&outcome.stdout, self.bed, app)
    }
}

/// Runs the cases as that user, against the machine's own Flatpak or that of a tree.
#[track_caller]
pub(crate) fn run(user: User, tree: Option<&Tree>, cases: &[Case]) {
    // root's running apps are seen by all testbeds
    let app = format!("org.flatrack.Test.Probe{}", std::process::id());
    let beds = [bed(user, tree, &app), bed(user, tree, &app)];
    let flatpak = Side::new("flatpak", &beds[0]);
    let flatrack = Side::new("flatrack", &beds[1]);
    let said = flatpak.bed.run("flatpak", ["--version"]);
    let peer = version(said.assert_success().trim_start_matches("Flatpak ")).unwrap();
    let rows = table(DIFFERENCES);
    let only = std::env::var(ONLY).ok();
    let mut place = Place {
        flatpak: format!("{}.{}", peer.0, peer.1),
        user: if user.uid == 0 { "root" } else { "user" },
        options: String::new(),
    };
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    let profile = tree.map_or("", |_| "--profile newer ");
    let mut report = String::new();
    let mut failed = 0;
    for case in cases.iter().filter(|case| case.since <= peer) {
        place.options = case.options.join(" ");
        if only.as_ref().is_some_and(|only| *only != place.options) {
            continue;
        }
        let wrong = judge(case, (&flatpak, &flatrack), &app, (&rows, &place));
        if !wrong.is_empty() {
            failed += 1;
            let _infallible = write!(
                report,
                "\n`{options}` as {} against Flatpak {}\n  repeat: {ONLY}='{options}' cargo nextest run {profile}-p flatrack-compliance {test}\n{wrong}",
                place.user,
                place.flatpak,
                options = place.options,
            );
        }
    }
    flatrack.bed.flatrack(["ps", "--gc"]).assert_code(0);
    assert!(
        report.is_empty(),
        "{failed} of {} permission sets are not as in Flatpak; what is intended stands in hack/docs/differences.md\n{report}",
        cases.len()
    );
}

/// What is wrong with a case; empty if nothing is.
fn judge(
    case: &Case,
    (flatpak, flatrack): (&Side<'_>, &Side<'_>),
    app: &str,
    (rows, place): (&[Row], &Place),
) -> String {
    let under_test = std::env::var(UNDER_TEST).unwrap_or_default();
    if case.support == Support::NotYet && under_test != "flatpak" {
        return refusal(&flatrack.run(case, app));
    }
    match under_test.as_str() {
        "flatpak" => alone(case, flatpak, app),
        "flatrack" => alone(case, flatrack, app),
        _ => both(case, (flatpak, flatrack), app, (rows, place)),
    }
}

/// A row that is not enforced yet is refused, and the message says so.
fn refusal(outcome: &Outcome) -> String {
    let said = &outcome.stderr;
    // taking away what nobody gave changes nothing, so it need not be refused
    if outcome.code == 0 || (outcome.code == 125 && said.contains("not supported yet")) {
        return String::new();
    }
    format!("  it is not refused clearly ({}): {said}\n", outcome.code)
}

fn alone(case: &Case, side: &Side<'_>, app: &str) -> String {
    match side.facts(case, app) {
        Ok(facts) => effect(case, side.program, &facts),
        // without an effect to look at, only the comparison can say whether it should start
        Err(_) if case.effect.is_none() => String::new(),
        Err(error) => format!("  {error}\n"),
    }
}

fn both(
    case: &Case,
    (flatpak, flatrack): (&Side<'_>, &Side<'_>),
    app: &str,
    (rows, place): (&[Row], &Place),
) -> String {
    let (theirs, ours) = match (flatpak.facts(case, app), flatrack.facts(case, app)) {
        (Ok(theirs), Ok(ours)) => (theirs, ours),
        // an app that one cannot start must not start with the other
        (Err(_), Err(_)) => return String::new(),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => {
            return format!("  only one starts: {error}\n");
        }
    };
    let mut wrong = effect(case, "flatpak", &theirs) + &effect(case, "flatrack", &ours);
    wrong += &unintended((&theirs, &ours), ["Flatpak", "flatrack"], (rows, place));
    wrong
}

/// What no row covers, with the names of both sides.
pub(crate) fn unintended(
    facts: (&Facts, &Facts),
    names: [&str; 2],
    (rows, place): (&[Row], &Place),
) -> String {
    let mut wrong = String::new();
    for finding in compare(facts.0, facts.1) {
        if rows.iter().any(|row| row.covers(&finding, place)) {
            continue;
        }
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        let _infallible = writeln!(
            wrong,
            "  {}\n      {}: {}\n      {}: {}",
            finding.field,
            names[0],
            value(&finding.flatpak),
            names[1],
            value(&finding.flatrack)
        );
    }
    wrong
}

/// Whether a grant does what it is for.
fn effect(case: &Case, program: &str, facts: &Facts) -> String {
    let Some(effect) = case.effect else {
        return String::new();
    };
    let seen = facts.get(effect.field).map_or("", String::as_str);
    let want = if case.grants {
        effect.with
    } else {
        effect.without
    };
    if like(want, seen) {
        return String::new();
    }
    format!(
        "  under {program} `{}` is `{seen}`, not `{want}`\n",
        effect.field
    )
}
