//! The catalogue for staff: what a course costs and whether it is sold.

use crate::courses::app::catalogue;
use crate::courses::domain::Course;
use crate::courses::pages::catalogue::{page_of, pager};
use crate::courses::pages::form::PostedForm;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::named::Named;
use crate::courses::pages::staff::door::staff;
use crate::courses::pages::visitor::{Place, Visitor};
use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use money::Fen;
use serde::Deserialize;
use service::html::Width;
use service::i18n::Lang;
use service::pager::Pager;

#[derive(Template)]
#[template(path = "courses/staff_courses.html")]
struct CoursesPage<'a> {
    lang: Lang,
    csrf: &'a str,
    saved: Option<i64>,
    courses: Vec<Course>,
    pager: Pager,
}

impl CoursesPage<'_> {
    fn is_saved(&self, course: &Course) -> bool {
        self.saved == Some(course.id)
    }
}

/// Which page, and what was just saved.
#[derive(Deserialize)]
pub(in crate::courses::pages) struct Asked {
    page: Option<String>,
    saved: Option<i64>,
}

/// `GET /staff/courses`.
pub(in crate::courses::pages) async fn list(
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Instead> {
    staff(&visitor, None)?;
    let page = page_of(asked.page.as_deref());
    let found = catalogue::shelf(&visitor.ctx, page, PAGE_SIZE).await?;
    let page = CoursesPage {
        lang: visitor.lang,
        csrf: visitor.csrf(),
        saved: asked.saved,
        pager: pager(&visitor, found.page, found.page_size, found.count),
        courses: found.items,
    };
    let title = visitor.pick("课程管理", "Courses");
    Ok(visitor
        .shell(Place::Staff, title)
        .width(Width::Wide)
        .page(&page))
}

/// `POST /staff/courses/{id}`: fields `price` and `on_sale`.
pub(in crate::courses::pages) async fn change(
    Named(id): Named,
    form: PostedForm,
) -> Result<Response, Instead> {
    let visitor = &form.visitor;
    staff(visitor, Some("/staff/courses"))?;
    let price = Fen::parse_yuan(form.get("price").trim());
    let price = price.ok().filter(|price| *price <= Fen::MAX_PAYABLE);
    let (Ok(id), Some(price)) = (id.parse::<i64>(), price) else {
        return Ok(message::page_to(
            visitor,
            Place::Staff,
            StatusCode::BAD_REQUEST,
            (
                visitor.pick("价格不正确", "That is no price"),
                visitor.pick(
                    "请填写 0 到 100,000,000 元、最多两位小数的价格。",
                    "Write a price of 0 to 100,000,000 yuan with at most two decimals.",
                ),
            ),
            (visitor.pick("返回", "Back"), "/staff/courses"),
        ));
    };
    let on_sale = form.get("on_sale") == "yes";
    if !catalogue::change(&visitor.ctx, id, price, on_sale).await? {
        return Ok(message::not_found(visitor));
    }
    let page = page_of(Some(form.get("page")));
    Ok(Redirect::to(&format!("/staff/courses?page={page}&saved={id}")).into_response())
}

const PAGE_SIZE: i64 = 20;
