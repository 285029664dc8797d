//! The courses of a new school, with their lessons.

use crate::courses::domain::{Course, Lesson};
use crate::courses::store::{courses, lessons};
use kernel::Timestamp;
use serde::Deserialize;
use store::{Db, StoreError};

#[derive(Clone, Deserialize)]
struct Entry {
    #[serde(flatten)]
    course: Course,
    lessons: Vec<Lesson>,
}

/// Fills an empty catalogue. One that has a course is left alone: staff may have changed it.
pub(in crate::courses) async fn fill(db: &Db, now: Timestamp) -> Result<(), StoreError> {
    let entries: Vec<Entry> =
        serde_json::from_str(CATALOGUE).map_err(|error| StoreError::Inconsistent {
            table: "courses",
            id: "catalogue.json".to_owned(),
            what: error.to_string(),
        })?;
    db.write(move |tx| {
        let entries = entries.clone();
        Box::pin(async move {
            if courses::count_all(tx).await? > 0 {
                return Ok(());
            }
            for (position, entry) in (1_i64..).zip(entries) {
                courses::insert(tx, &entry.course, position, now).await?;
                for (number, mut lesson) in (1_i64..).zip(entry.lessons) {
                    lesson.number = number;
                    lessons::insert(tx, entry.course.id, &lesson).await?;
                }
            }
            Ok(())
        })
    })
    .await
}

const CATALOGUE: &str = include_str!("../../../seed/courses/catalogue.json");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_school_is_whole() {
        let entries: Vec<Entry> = serde_json::from_str(CATALOGUE).expect("reads");
        assert_eq!(entries.len(), 12);
        let free = entries.iter().filter(|e| e.course.price.is_zero()).count();
        assert_eq!(free, 1);
        let first_page = entries.iter().take(10);
        assert!(first_page.filter(|e| e.course.price.is_positive()).count() >= 3);
        for entry in &entries {
            assert!(entry.lessons.len() >= 4, "{}", entry.course.name);
            assert!(entry.course.on_sale);
        }
    }
}
