//! Limits of a container that are changed while it runs.

use oci_spec::runtime::{LinuxMemory, LinuxResources};

use super::{PodError, tighter};

/// What is asked for, with no limit above a ceiling. What is not asked for stays as it is: a ceiling is no wish.
///
/// # Errors
/// See [`PodError`].
pub fn change(
    asked: &LinuxResources,
    ceilings: &LinuxResources,
) -> Result<LinuxResources, PodError> {
    tighter::no_limit_beside(asked, ceilings)?;
    let mut bound = LinuxResources::default();
    let memory = asked.memory().zip(*ceilings.memory());
    bound.set_memory(memory.map(|(asked, most)| {
        let mut of_these = LinuxMemory::default();
        of_these.set_limit(most.limit().filter(|_| asked.limit().is_some()));
        of_these.set_swap(most.swap().filter(|_| asked.swap().is_some()));
        of_these
    }));
    let cpu = asked.cpu().as_ref().zip(ceilings.cpu().as_ref());
    bound.set_cpu(cpu.map(|(asked, most)| {
        let mut of_these = most.clone();
        // a period alone would change what a quota means
        if asked.quota().is_none() && asked.period().is_none() {
            of_these.set_quota(None).set_period(None);
        }
        if asked.cpus().is_none() {
            of_these.set_cpus(None);
        }
        of_these
    }));
    bound.set_pids(ceilings.pids().filter(|_| asked.pids().is_some()));
    let pages = asked
        .hugepage_limits()
        .as_ref()
        .zip(ceilings.hugepage_limits().as_ref());
    bound.set_hugepage_limits(pages.map(|(asked, most)| {
        let named = |size: &str| asked.iter().any(|one| one.page_size() == size);
        let of_these = most.iter().filter(|one| named(one.page_size()));
        of_these.cloned().collect()
    }));
    let files = asked.unified().as_ref().zip(ceilings.unified().as_ref());
    bound.set_unified(files.map(|(asked, most)| {
        let of_these = most.iter().filter(|(file, _)| asked.contains_key(*file));
        of_these
            .map(|(file, most)| (file.clone(), most.clone()))
            .collect()
    }));
    tighter::resources(asked, &bound)
}
