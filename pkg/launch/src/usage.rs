//! What running apps use, and other limits for them.

use flatrack_engine::cgroup::Stats;
use flatrack_perms::{AppId, Conditions, Layer, LayerStack, Policy};
use flatrack_spec::ResourcePlan;
use serde::Serialize;

use crate::control::{matching, rows};
use crate::host::RealHost;
use crate::instance::Record;
use crate::pipeline::lowered_text;
use crate::supervise::container;
use crate::{Error, Machine};

/// What a running app uses.
#[derive(Debug, Clone, Serialize)]
pub struct StatsRow {
    /// number of the instance
    pub instance: u32,
    /// the app
    pub app: String,
    /// the numbers
    #[serde(flatten)]
    pub stats: Stats,
}

/// What running apps use: one, or all. Of all, those that have no cgroup or end meanwhile have no numbers or no row.
///
/// # Errors
/// Nothing of that name runs, or it has no cgroup.
pub fn stats(name: Option<&str>) -> Result<Vec<StatsRow>, Error> {
    let machine = Machine::probe()?;
    match name {
        Some(name) => matching(&machine, name)?
            .into_iter()
            .map(|row| numbers(&machine, row.record))
            .collect(),
        None => Ok(rows(&machine)?
            .into_iter()
            .filter_map(|row| every(&machine, row.record))
            .collect()),
    }
}

fn numbers(machine: &Machine, record: Record) -> Result<StatsRow, Error> {
    let cgroup =
        flatrack_engine::cgroup_of(&machine.state.engine()?, &container(record.instance)?)?;
    let stats = cgroup.stats().map_err(flatrack_engine::Error::from)?;
    Ok(StatsRow {
        instance: record.instance,
        app: record.app,
        stats,
    })
}

/// A row for one of all: without numbers if there are none, none if the app has ended.
fn every(machine: &Machine, record: Record) -> Option<StatsRow> {
    let (instance, app) = (record.instance, record.app.clone());
    match numbers(machine, record) {
        Ok(row) => Some(row),
        Err(_) => machine.state.record(instance).map(|_| StatsRow {
            instance,
            app,
            stats: Stats::default(),
        }),
    }
}

/// Changes limits of every running instance of that name. What the node's policy lowers is told through `warn`.
///
/// # Errors
/// Nothing of that name runs; a limit that cannot be changed while an app runs, or not here.
pub fn update(name: &str, layer: &Layer, warn: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let machine = Machine::probe()?;
    let engine = machine.state.engine()?;
    let stack = LayerStack::new(vec![layer.clone()]);
    for row in matching(&machine, name)? {
        let mut policy = match AppId::parse(&row.record.app) {
            Ok(id) => crate::policy::for_app(&id)?,
            Err(_) => Policy::default(),
        };
        // what is not asked for stays as it is; a ceiling would raise what is below it
        policy.bound_only(layer);
        let (resolved, lowered) = stack.resolve(&Conditions::default(), &policy)?;
        for lowered in &lowered {
            warn(&lowered_text(lowered));
        }
        let limits = &resolved.parts().limits;
        let of_processes =
            !limits.rlimits.is_empty() || limits.oom_score_adj.is_some() || limits.nice.is_some();
        if of_processes {
            let hint = Some("limits of the cgroup can be: memory, cpu, pids, io, hugetlb");
            return Err(Error::request(
                "rlimits, nice and oom-score-adj cannot be changed while an app runs",
                hint,
            ));
        }
        let plan = ResourcePlan::new(limits, machine.facts.cgroups, &RealHost)?;
        let resources = flatrack_spec::resources(&plan, machine.facts.cgroups)?;
        let cgroup = flatrack_engine::cgroup_of(&engine, &container(row.record.instance)?)?;
        cgroup
            .update(&resources)
            .map_err(flatrack_engine::Error::from)?;
        machine.state.update_limits(row.record, &limits.list())?;
    }
    Ok(())
}
