//! The demo's accounts, whose passwords everybody may know.

use crate::courses::app::accounts::{self, RegisterError};
use crate::courses::context::Context;
use crate::courses::domain::Credentials;

/// The demo's learner.
pub(in crate::courses) const DEMO_USER: &str = "root";
/// The demo's clerk, who opens the back office.
pub(in crate::courses) const STAFF_USER: &str = "staff";
/// The password of both.
pub(in crate::courses) const DEMO_PASSWORD: &str = "zxc123456";

/// Adds the demo's accounts, unless they are there.
pub(in crate::courses) async fn add(ctx: &Context) -> Result<(), RegisterError> {
    for (name, is_staff) in [(DEMO_USER, false), (STAFF_USER, true)] {
        if accounts::by_name(ctx, name).await?.is_some() {
            continue;
        }
        let given = Credentials {
            username: name.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
        };
        accounts::add(ctx, &given, is_staff).await?;
    }
    Ok(())
}
