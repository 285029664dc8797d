//! A form that one of our own pages sent.

use crate::courses::context::Context;
use crate::courses::pages::instead::Instead;
use crate::courses::pages::message;
use crate::courses::pages::visitor::{Place, Visitor};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use http::StatusCode;
use service::Problem;

/// The fields of a form and who sent it, its token checked.
pub(super) struct PostedForm {
    pub(super) visitor: Visitor,
    fields: Vec<(String, String)>,
}

impl FromRequest<Context> for PostedForm {
    type Rejection = Instead;

    async fn from_request(request: Request, ctx: &Context) -> Result<Self, Instead> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, ctx).await?;
        let request = Request::from_parts(parts, body);
        let body = service::limits::read_body(request)
            .await
            .map_err(Problem::from)?;
        let fields = form_urlencoded::parse(&body).into_owned().collect();
        let form = Self { visitor, fields };
        match form.visitor.check(form.get(service::csrf::FIELD)) {
            Ok(()) => Ok(form),
            Err(_) => Err(not_ours(&form.visitor).into()),
        }
    }
}

impl PostedForm {
    /// A field, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field, as numbers; what is none is left out.
    pub(super) fn numbers(&self, name: &str) -> Vec<i64> {
        self.fields
            .iter()
            .filter(|(field, _)| field == name)
            .filter_map(|(_, value)| value.parse().ok())
            .collect()
    }
}

fn not_ours(visitor: &Visitor) -> Response {
    let title = visitor.pick("页面已过期", "The page is out of date");
    let text = visitor.pick(
        "表单不是从本站当前页面提交的。请返回，刷新页面后再试一次。",
        "The form was not sent from a current page of ours. Go back, reload and try again.",
    );
    message::page(
        visitor,
        Place::Elsewhere,
        StatusCode::FORBIDDEN,
        title,
        text,
    )
}
