//! The world: merchant, shop and sandbox in one process, on one virtual clock and one network.

mod life;
mod options;
mod services;

pub use life::World;
pub use options::{
    ALIPAY, API_KEY, BUYER, COURSES, MERCHANT, PAY_PASSWORD, POOR_BUYER, TENANT, WorldOptions,
};
pub use services::WorldError;
