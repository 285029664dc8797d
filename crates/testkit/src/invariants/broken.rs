//! What does not hold, collected in words.

/// Says what does not hold, in words.
#[derive(Debug, Default)]
pub(crate) struct Broken(Vec<String>);

impl Broken {
    /// Adds `what` unless `holds`.
    pub(crate) fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    pub(crate) fn into_words(self) -> Vec<String> {
        self.0
    }
}
