//! Which cores there are, and a program kept on one of them.

use std::ffi::OsStr;

use crate::command::Tool;

/// The cores that this process may use; a single nameless one where the system does not say.
pub(crate) fn allowed() -> Vec<Option<usize>> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let cores = list.map(listed).unwrap_or_default();
    if cores.is_empty() || Tool::new("taskset").arg("--version").read().is_err() {
        return vec![None; std::thread::available_parallelism().map_or(1, usize::from)];
    }
    cores.into_iter().map(Some).collect()
}

/// A program that stays on the core, if one is named.
pub(crate) fn on(core: Option<usize>, program: impl AsRef<OsStr>) -> Tool {
    match core {
        Some(core) => Tool::new("taskset")
            .args(["--cpu-list", &core.to_string()])
            .arg(program),
        None => Tool::new(program),
    }
}

/// Reads `0-2,5`.
fn listed(list: &str) -> Vec<usize> {
    let range = |part: &str| -> Option<std::ops::RangeInclusive<usize>> {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse().ok()?..=last.parse().ok()?)
    };
    list.trim().split(',').filter_map(range).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_cores_is_read() {
        assert_eq!(listed("\t0-2,5\n"), [0, 1, 2, 5]);
        assert_eq!(listed("3"), [3]);
        assert_eq!(listed(""), [0_usize; 0]);
    }
}
