//! Which world each application belongs to: a number belongs to one.

use super::name::WorldName;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The applications of all worlds of a process. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct AppIds(Arc<Mutex<HashMap<String, WorldName>>>);

impl AppIds {
    /// Takes a number for a world; `false` when another one has it.
    pub fn claim(&self, app_id: &str, world: &WorldName) -> bool {
        match self.ids().entry(app_id.to_owned()) {
            Entry::Occupied(there) => there.get() == world,
            Entry::Vacant(free) => {
                free.insert(world.clone());
                true
            }
        }
    }

    /// Whose number it is.
    #[must_use]
    pub fn owner(&self, app_id: &str) -> Option<WorldName> {
        self.ids().get(app_id).cloned()
    }

    /// Lets go of a world's numbers.
    pub fn release(&self, world: &WorldName) {
        self.ids().retain(|_, owner| owner != world);
    }

    fn ids(&self) -> MutexGuard<'_, HashMap<String, WorldName>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
