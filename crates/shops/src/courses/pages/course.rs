//! A course by itself: what it teaches, who teaches it, what it costs.

use crate::courses::app::{catalogue, library};
use crate::courses::domain::{Course, Lesson};
use crate::courses::pages::cards::Card;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::named::Named;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::response::Response;
use service::html::Width;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "courses/course.html")]
struct CoursePage<'a> {
    lang: Lang,
    csrf: &'a str,
    card: Card,
    on_sale: bool,
    about: &'a str,
    teacher_about: &'a str,
    lessons: &'a [Lesson],
}

/// `GET /courses/{id}`.
pub(super) async fn show(visitor: Visitor, Named(id): Named) -> Result<Response, Instead> {
    let found = match id.parse() {
        Ok(id) => catalogue::course(&visitor.ctx, id).await?,
        Err(_) => None,
    };
    let owned = match &visitor.user {
        Some(user) => library::ids_of(&visitor.ctx, &user.id).await?,
        None => Vec::new(),
    };
    // What was bought stays, also when it is no longer sold.
    let visible = |course: &Course| course.on_sale || owned.contains(&course.id);
    let Some((course, lessons)) = found.filter(|(course, _)| visible(course)) else {
        return Ok(message::not_found(&visitor));
    };
    let card = Card::new(&course, visitor.lang, owned.contains(&course.id));
    let page = CoursePage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        on_sale: course.on_sale,
        about: visitor.pick(&course.about, &course.about_en),
        teacher_about: visitor.pick(&course.teacher_about, &course.teacher_about_en),
        lessons: &lessons,
        card,
    };
    let title = visitor.pick(&course.name, &course.name_en);
    Ok(visitor
        .shell(Place::Catalogue, title)
        .width(Width::Wide)
        .page(&page))
}
