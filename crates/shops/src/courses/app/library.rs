//! What a user has bought: courses and their lessons, and nothing else.

use crate::courses::context::Context;
use crate::courses::domain::{Course, Lesson, UserId};
use crate::courses::store::{courses, enrollments, lessons};
use store::StoreError;

/// A lesson as its reader gets it.
#[derive(Clone, Debug)]
pub(in crate::courses) struct OpenLesson {
    /// Its course.
    pub course: Course,
    /// All lessons of the course.
    pub lessons: Vec<Lesson>,
    /// This one.
    pub lesson: Lesson,
}

/// What opening a lesson comes to.
#[derive(Clone, Debug)]
pub(in crate::courses) enum Opened {
    /// Here it is.
    Lesson(Box<OpenLesson>),
    /// The course is there, but not for this user.
    NotBought(Box<Course>),
    /// There is no such course or lesson.
    Nothing,
}

/// The courses that are open for a user.
pub(in crate::courses) async fn courses_of(
    ctx: &Context,
    user_id: &UserId,
) -> Result<Vec<Course>, StoreError> {
    let user_id = user_id.clone();
    ctx.db
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { enrollments::of_user(tx, &user_id).await })
        })
        .await
}

/// The numbers of the courses that are open for a user.
pub(in crate::courses) async fn ids_of(
    ctx: &Context,
    user_id: &UserId,
) -> Result<Vec<i64>, StoreError> {
    let user_id = user_id.clone();
    ctx.db
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move { enrollments::ids_of_user(tx, &user_id).await })
        })
        .await
}

/// Opens a lesson, if the user has its course.
pub(in crate::courses) async fn open(
    ctx: &Context,
    user_id: &UserId,
    course_id: i64,
    number: i64,
) -> Result<Opened, StoreError> {
    let user_id = user_id.clone();
    ctx.db
        .read(move |tx| {
            let user_id = user_id.clone();
            Box::pin(async move {
                let Some(course) = courses::find(tx, course_id).await? else {
                    return Ok(Opened::Nothing);
                };
                let bought = enrollments::opened_by(tx, &user_id, course_id).await?;
                if bought.is_none() {
                    return Ok(Opened::NotBought(Box::new(course)));
                }
                let lessons = lessons::of_course(tx, course_id).await?;
                let found = lessons
                    .iter()
                    .find(|lesson| lesson.number == number)
                    .cloned();
                Ok(found.map_or(Opened::Nothing, |lesson| {
                    Opened::Lesson(Box::new(OpenLesson {
                        course,
                        lessons,
                        lesson,
                    }))
                }))
            })
        })
        .await
}
