//! The tables of the shop's own database.

use store::Step;

/// The schema steps of the courses shop's database: its own and those of its web sessions.
pub fn steps() -> Vec<Step> {
    let mut steps = service::steps();
    steps.push(Step::common(
        2001,
        "courses",
        include_str!("../../migrations/courses/2001_courses.sql"),
    ));
    steps.push(Step::common(
        2002,
        "standing_jobs",
        include_str!("../../migrations/courses/2002_standing_jobs.sql"),
    ));
    steps
}
