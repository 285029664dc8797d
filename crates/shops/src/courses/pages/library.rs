//! My courses, and their lessons: open for whoever bought them, closed for everybody else.

use crate::courses::app::library::{self, OpenLesson, Opened};
use crate::courses::domain::Course;
use crate::courses::pages::cards::Card;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::named::Named;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use service::html::Width;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/library.html")]
struct LibraryPage {
    lang: Lang,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "courses/lesson.html")]
struct LessonPage<'a> {
    lang: Lang,
    open: &'a OpenLesson,
    paragraphs: Vec<&'a str>,
    next: Option<i64>,
}

/// `GET /my/courses`.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Instead> {
    let user = visitor.user_or_login(None)?;
    let courses = library::courses_of(&visitor.ctx, &user.id).await?;
    let page = LibraryPage {
        lang: visitor.lang,
        cards: courses
            .iter()
            .map(|course| Card::new(course, visitor.lang, true))
            .collect(),
    };
    let title = visitor.pick("我的课程", "My courses");
    Ok(visitor
        .shell(Place::Library, title)
        .width(Width::Wide)
        .page(&page))
}

/// `GET /learn/{course}`: its first lesson.
pub(super) async fn begin(Named(course): Named) -> Response {
    match course.parse::<i64>() {
        Ok(course) => Redirect::to(&format!("/learn/{course}/1")).into_response(),
        Err(_) => Redirect::to("/my/courses").into_response(),
    }
}

/// `GET /learn/{course}/{lesson}`.
pub(super) async fn lesson(
    visitor: Visitor,
    named: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Instead> {
    let Ok(Path((course, lesson))) = named else {
        return Ok(message::not_found(&visitor));
    };
    let (Ok(course), Ok(lesson)) = (course.parse(), lesson.parse()) else {
        return Ok(message::not_found(&visitor));
    };
    let user = visitor.user_or_login(None)?;
    match library::open(&visitor.ctx, &user.id, course, lesson).await? {
        Opened::Lesson(open) => Ok(show(&visitor, &open)),
        Opened::NotBought(course) => Ok(not_bought(&visitor, &course)),
        Opened::Nothing => Ok(message::not_found(&visitor)),
    }
}

fn show(visitor: &Visitor, open: &OpenLesson) -> Response {
    let body = visitor.pick(&open.lesson.body, &open.lesson.body_en);
    let page = LessonPage {
        lang: visitor.lang,
        paragraphs: body.lines().collect(),
        next: open
            .lessons
            .iter()
            .map(|lesson| lesson.number)
            .find(|number| *number > open.lesson.number),
        open,
    };
    let title = visitor.pick(&open.lesson.title, &open.lesson.title_en);
    visitor
        .shell(Place::Library, title)
        .width(Width::Wide)
        .page(&page)
}

fn not_bought(visitor: &Visitor, course: &Course) -> Response {
    let title = visitor.pick("购买后才能学习", "Buy the course to learn");
    let text = match visitor.lang {
        Lang::Zh => format!("《{}》还没有购买，课程内容只对已购学员开放。", course.name),
        Lang::En => format!("“{}” is open for those who bought it.", course.name_en),
    };
    let href = format!("/courses/{}", course.id);
    let link = (visitor.pick("查看课程", "See the course"), href.as_str());
    message::page_to(
        visitor,
        Place::Library,
        StatusCode::FORBIDDEN,
        (title, &text),
        link,
    )
}
