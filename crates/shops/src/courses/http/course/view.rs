//! A course as JSON.

use crate::courses::domain::{Course, Lesson};
use money::Fen;
use serde::Serialize;

/// A course in a list.
#[derive(Serialize)]
pub(in crate::courses::http) struct CourseView {
    id: i64,
    name: String,
    name_en: String,
    price: Fen,
    brief: String,
    brief_en: String,
    level: String,
    hours: i64,
    students: i64,
    teacher: TeacherView,
    course_img: String,
}

/// Who teaches it.
#[derive(Serialize)]
struct TeacherView {
    name: String,
    brief: String,
}

/// A course by itself.
#[derive(Serialize)]
pub(in crate::courses::http) struct CourseDetailView {
    #[serde(flatten)]
    course: CourseView,
    about: String,
    about_en: String,
    outline: Vec<OutlineView>,
}

/// A lesson's title; its content is for those who bought it.
#[derive(Serialize)]
struct OutlineView {
    number: i64,
    title: String,
    title_en: String,
    minutes: i64,
}

impl CourseView {
    /// A course of the shop at `public_url`.
    pub(super) fn new(course: Course, public_url: &str) -> Self {
        Self {
            course_img: format!("{public_url}/covers/{}.svg", course.id),
            id: course.id,
            name: course.name,
            name_en: course.name_en,
            price: course.price,
            brief: course.brief,
            brief_en: course.brief_en,
            level: course.level,
            hours: course.hours,
            students: course.students,
            teacher: TeacherView {
                name: course.teacher,
                brief: course.teacher_about,
            },
        }
    }
}

impl CourseDetailView {
    /// A course of the shop at `public_url`, with its outline.
    pub(super) fn new(course: Course, lessons: Vec<Lesson>, public_url: &str) -> Self {
        Self {
            about: course.about.clone(),
            about_en: course.about_en.clone(),
            course: CourseView::new(course, public_url),
            outline: lessons
                .into_iter()
                .map(|lesson| OutlineView {
                    number: lesson.number,
                    title: lesson.title,
                    title_en: lesson.title_en,
                    minutes: lesson.minutes,
                })
                .collect(),
        }
    }
}
