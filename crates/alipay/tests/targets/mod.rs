//! What is fuzzed, in one place: cargo-fuzz, the mutator that needs no nightly, and the regression
//! tests all call these functions. Each takes any bytes and panics when something is wrong.

pub(crate) mod bill;
pub(crate) mod cut;
pub(crate) mod doctor;
pub(crate) mod form;
pub(crate) mod keys;

/// A target: its name, what it does with some bytes, and messages to begin with.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&[u8]),
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "keys",
        run: keys::run,
        seeds: keys::seeds,
    },
    Target {
        name: "form",
        run: form::run,
        seeds: form::seeds,
    },
    Target {
        name: "cut",
        run: cut::run,
        seeds: cut::seeds,
    },
    Target {
        name: "bill",
        run: bill::run,
        seeds: bill::seeds,
    },
    Target {
        name: "doctor",
        run: doctor::run,
        seeds: doctor::seeds,
    },
];

/// The target of that name.
pub(crate) fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
