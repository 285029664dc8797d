//! Who looks at a page, and the shell that every page of the shop stands in.

use crate::courses::app::{accounts, cart};
use crate::courses::context::Context;
use crate::courses::domain::{User, UserId};
use crate::courses::pages::assets;
use crate::courses::pages::instead::Instead;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect};
use http::request::Parts;
use http::{HeaderMap, Uri};
use service::Problem;
use service::csrf::{CsrfRefusal, CsrfToken};
use service::html::{Logout, NavLink, PageShell, Site, Theme};
use service::i18n::Lang;

/// The site in every header.
pub(in crate::courses) const SITE: Site = Site {
    name_zh: "通宝学堂",
    name_en: "Tongbao School",
    theme: Theme::Courses,
    home: "/",
};

/// The place of a page in the navigation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Catalogue,
    Cart,
    Library,
    Orders,
    Staff,
    Elsewhere,
}

/// Somebody who looks at a page.
pub(in crate::courses) struct Visitor {
    pub(super) ctx: Context,
    pub(super) lang: Lang,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) user: Option<User>,
    session_id: String,
    csrf: CsrfToken,
    in_cart: i64,
}

impl FromRequestParts<Context> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Context) -> Result<Self, Problem> {
        let session = ctx.sessions.find(&parts.headers).await?;
        let id = session
            .as_ref()
            .and_then(|session| session.subject.parse::<UserId>().ok());
        let user = match id {
            Some(id) => accounts::find(ctx, &id).await?,
            None => None,
        };
        let in_cart = match &user {
            Some(user) => cart::count(ctx, &user.id).await?,
            None => 0,
        };
        let session_id = session
            .map(|session| session.session_id)
            .unwrap_or_default();
        Ok(Self {
            lang: Lang::of(&parts.uri, &parts.headers),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            csrf: ctx.csrf.token(&parts.headers, &session_id),
            ctx: ctx.clone(),
            user,
            session_id,
            in_cart,
        })
    }
}

impl Visitor {
    /// The token of the page's forms.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf.value
    }

    /// Checks the token that came with a form.
    pub(super) fn check(&self, token: &str) -> Result<(), CsrfRefusal> {
        self.ctx.csrf.check(&self.headers, &self.session_id, token)
    }

    /// One of a pair of texts, in the visitor's language.
    pub(super) fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }

    /// The shell of a page.
    pub(super) fn shell(&self, place: Place, title: &str) -> PageShell {
        let user = self.user.as_ref().map(|user| service::html::User {
            name: user.username.clone(),
            href: Some("/my/courses".to_owned()),
            logout: Some(Logout {
                action: "/logout".to_owned(),
                csrf_token: self.csrf.value.clone(),
            }),
        });
        PageShell::new(self.lang, &SITE, &self.uri, title)
            .nav(self.nav(place))
            .user(user)
            .login(self.pick("登录", "Log in"), self.login_href(None))
            .stylesheet(assets::css_href())
            .form_origin(self.ctx.gateway_origin.clone())
            .cookie(self.csrf.set_cookie.clone())
    }

    fn nav(&self, place: Place) -> Vec<NavLink> {
        let link = |label: &str, href: &str, here| NavLink::new(label, href, place == here);
        let cart = match self.in_cart {
            0 => self.pick("购物车", "Cart").to_owned(),
            count => format!("{} ({count})", self.pick("购物车", "Cart")),
        };
        let mut nav = vec![
            link(self.pick("课程", "Courses"), "/", Place::Catalogue),
            link(&cart, "/cart", Place::Cart),
        ];
        if let Some(user) = &self.user {
            nav.push(link(
                self.pick("我的课程", "My courses"),
                "/my/courses",
                Place::Library,
            ));
            nav.push(link(
                self.pick("我的订单", "My orders"),
                "/orders",
                Place::Orders,
            ));
            if user.is_staff {
                nav.push(link(
                    self.pick("后台", "Back office"),
                    "/staff/orders",
                    Place::Staff,
                ));
            }
        }
        nav
    }

    /// The login page, which leads back to here; `back` instead of here, where a form was sent.
    pub(super) fn login_href(&self, back: Option<&str>) -> String {
        let here = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let back = back.unwrap_or(here);
        let elsewhere = back.starts_with("/login") || back.starts_with("/register");
        if elsewhere || back == "/" {
            return "/login".to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("next", back)
            .finish();
        format!("/login?{query}")
    }

    /// The user, or the way to the login page, which says 请先登录! and leads back.
    pub(super) fn user_or_login(&self, back: Option<&str>) -> Result<&User, Instead> {
        self.user.as_ref().ok_or_else(|| {
            let mut href = self.login_href(back);
            href.push(if href.contains('?') { '&' } else { '?' });
            href.push_str("first=1");
            Redirect::to(&href).into_response().into()
        })
    }
}

/// An address of this site that a form may lead back to; anything else is the front page.
pub(super) fn local(path: &str) -> &str {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    let plain = path.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if inside && plain { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(local("/courses/1?x=1"), "/courses/1?x=1");
        for path in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil",
            "/a b",
            "/a\r\nb",
        ] {
            assert_eq!(local(path), "/", "{path:?}");
        }
    }
}
