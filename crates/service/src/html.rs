//! The shell around every page: head, header, navigation, footer, and the headers that keep a page
//! safe.
//!
//! How a page is made: a handler fills an askama struct of its own crate, whose template is the
//! *inside* of `<main>` only, and hands it to the shell:
//!
//! ```text
//! #[derive(askama::Template)]
//! #[template(path = "courses/cart.html")]
//! struct CartPage { lang: Lang, lines: Vec<Line> }
//!
//! PageShell::new(lang, &SITE, &uri, lang.pick("购物车", "Cart"))
//!     .nav(nav(lang, Place::Cart))
//!     .user(user)
//!     .page(&CartPage { lang, lines })
//! ```
//!
//! A template cannot extend a file of another crate without knowing where it lies, so the shell
//! wraps from outside. What repeats *inside* pages is a class of the stylesheet or a macro of
//! `templates/ui.html`; a crate that wants the macros names this crate's `templates` folder in
//! its `askama.toml`.
//!
//! No page needs JavaScript and none has it inline; the policy forbids it. A page that refreshes
//! itself does it by `Refresh`.

use crate::assets;
use crate::i18n::Lang;
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};

/// The accent of a site.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Theme {
    /// The cashier and wallet: Alipay's blue on white cards.
    Alipay,
    /// The school: yellow with orange numbers.
    Courses,
    /// Goods: red.
    Mall,
    /// Fresh food: green.
    Market,
    /// Rooms: teal.
    Rental,
    /// The university's fee desk: navy.
    Campus,
    /// Consoles and back offices: neutral.
    #[default]
    Console,
}

impl Theme {
    /// The class on `<body>`.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Alipay => "theme-alipay",
            Self::Courses => "theme-courses",
            Self::Mall => "theme-mall",
            Self::Market => "theme-market",
            Self::Rental => "theme-rental",
            Self::Campus => "theme-campus",
            Self::Console => "theme-console",
        }
    }
}

/// Every theme, for tests and the style guide.
pub const THEMES: [Theme; 7] = [
    Theme::Alipay,
    Theme::Courses,
    Theme::Mall,
    Theme::Market,
    Theme::Rental,
    Theme::Campus,
    Theme::Console,
];

/// How wide the inside of a page may get.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Width {
    /// One card: login, payment, a result.
    Narrow,
    /// Reading and forms.
    #[default]
    Normal,
    /// Tables and catalogues.
    Wide,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Self::Narrow => "page-narrow",
            Self::Normal => "page-normal",
            Self::Wide => "page-wide",
        }
    }
}

/// A site: what stands in the header of each of its pages.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Its name in Chinese.
    pub name_zh: &'static str,
    /// Its name in English.
    pub name_en: &'static str,
    /// Its accent.
    pub theme: Theme,
    /// Where the name leads to.
    pub home: &'static str,
}

/// A link of the navigation.
#[derive(Clone, Debug)]
pub struct NavLink {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page belongs there.
    pub current: bool,
}

impl NavLink {
    /// A link of the navigation.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            current,
        }
    }
}

/// Who is logged in, in the header.
#[derive(Clone, Debug)]
pub struct User {
    /// The name to show.
    pub name: String,
    /// Their own page.
    pub href: Option<String>,
    /// The form that logs out.
    pub logout: Option<Logout>,
}

/// The form that logs out.
#[derive(Clone, Debug)]
pub struct Logout {
    /// Where it is sent.
    pub action: String,
    /// The value of its [`csrf`](crate::csrf) token.
    pub csrf_token: String,
}

/// A page but for its inside.
#[derive(Clone, Debug)]
pub struct PageShell {
    lang: Lang,
    site: Site,
    uri: Uri,
    title: String,
    nav: Vec<NavLink>,
    user: Option<User>,
    login: Option<NavLink>,
    width: Width,
    status: StatusCode,
    refresh_s: Option<u32>,
    refresh_to: Option<String>,
    form_origins: Vec<String>,
    scripts: Vec<String>,
    stylesheets: Vec<String>,
    cookies: Vec<HeaderValue>,
    may_store: bool,
}

#[derive(Template)]
#[template(path = "base.html")]
struct Base<'a> {
    shell: &'a PageShell,
    css: &'a str,
    icon: &'a str,
    lang_href: String,
    body: &'a str,
}

impl PageShell {
    /// A page of `site` at the address `uri`.
    #[must_use]
    pub fn new(lang: Lang, site: &Site, uri: &Uri, title: impl Into<String>) -> Self {
        Self {
            lang,
            site: *site,
            uri: uri.clone(),
            title: title.into(),
            nav: Vec::new(),
            user: None,
            login: None,
            width: Width::default(),
            status: StatusCode::OK,
            refresh_s: None,
            refresh_to: None,
            form_origins: Vec::new(),
            scripts: Vec::new(),
            stylesheets: Vec::new(),
            cookies: Vec::new(),
            may_store: false,
        }
    }

    /// The links of the header.
    #[must_use]
    pub fn nav(mut self, nav: Vec<NavLink>) -> Self {
        self.nav = nav;
        self
    }

    /// Who is logged in.
    #[must_use]
    pub fn user(mut self, user: Option<User>) -> Self {
        self.user = user;
        self
    }

    /// The link to the login page, shown when nobody is logged in.
    #[must_use]
    pub fn login(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.login = Some(NavLink::new(label, href, false));
        self
    }

    /// How wide the inside may get.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page asks for itself again after so many seconds.
    #[must_use]
    pub fn refresh(mut self, seconds: u32) -> Self {
        self.refresh_s = Some(seconds);
        self
    }

    /// The page goes on to another address after so many seconds.
    #[must_use]
    pub fn refresh_to(mut self, seconds: u32, href: impl Into<String>) -> Self {
        self.refresh_s = Some(seconds);
        self.refresh_to = Some(href.into());
        self
    }

    /// An origin that forms of this page lead to, such as the gateway's: `https://openapi.alipay.com`.
    /// A redirect after a form counts too.
    #[must_use]
    pub fn form_origin(mut self, origin: impl Into<String>) -> Self {
        self.form_origins.push(origin.into());
        self
    }

    /// A script of ours by its address under `/assets/`. The page must work without it.
    #[must_use]
    pub fn script(mut self, src: impl Into<String>) -> Self {
        self.scripts.push(src.into());
        self
    }

    /// A stylesheet of the site's own by its address, after the common one.
    #[must_use]
    pub fn stylesheet(mut self, href: impl Into<String>) -> Self {
        self.stylesheets.push(href.into());
        self
    }

    /// A `Set-Cookie` of the answer, when there is one: a session's or a form's.
    #[must_use]
    pub fn cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookies.extend(cookie);
        self
    }

    /// Lets the browser keep the page: for catalogues that are the same for everybody.
    #[must_use]
    pub fn may_store(mut self) -> Self {
        self.may_store = true;
        self
    }

    /// The page around the inside that a template renders.
    pub fn page<T: Template>(self, body: &T) -> Response {
        match body.render() {
            Ok(body) => self.page_html(&body),
            Err(error) => crate::problem::Problem::internal(&error).into_response(),
        }
    }

    /// The page around an inside that is HTML already; nothing in it is escaped.
    pub fn page_html(self, body: &str) -> Response {
        let base = Base {
            lang_href: self.lang.other().href(&self.uri),
            css: assets::css_href(),
            icon: assets::icon_href(),
            shell: &self,
            body,
        };
        match base.render() {
            Ok(html) => self.respond(html),
            Err(error) => crate::problem::Problem::internal(&error).into_response(),
        }
    }

    fn respond(self, html: String) -> Response {
        let mut response = (self.status, html).into_response();
        let headers = response.headers_mut();
        let fixed = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
            (
                header::CACHE_CONTROL,
                if self.may_store {
                    "no-cache"
                } else {
                    "no-store"
                },
            ),
            (header::VARY, "Accept-Language, Cookie"),
            (header::CONTENT_LANGUAGE, self.lang.tag()),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Ok(policy) = HeaderValue::from_str(&content_policy(&self.form_origins)) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(seconds) = self.refresh_s {
            let text = match &self.refresh_to {
                Some(href) => format!("{seconds}; url={href}"),
                None => seconds.to_string(),
            };
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static("refresh"), value);
            }
        }
        for cookie in self.cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }

    fn site_name(&self) -> &str {
        self.lang.pick(self.site.name_zh, self.site.name_en)
    }
}

/// The policy of a page whose forms lead to itself and to `form_origins`.
#[must_use]
pub fn content_policy(form_origins: &[String]) -> String {
    let mut policy = String::from(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
         connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self'",
    );
    for origin in form_origins {
        // A separator would let an origin add a directive.
        if !origin.contains([';', ',', ' ', '\'', '\n', '\r']) {
            policy.push(' ');
            policy.push_str(origin);
        }
    }
    policy
}
