//! A browser without a screen: keeps cookies, reads forms, sends them.

use crate::school::{Answer, School};
use axum::body::Body;
use http::{Request, StatusCode, header};
use scraper::{Html, Selector};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// One person's browser.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: Mutex<BTreeMap<String, String>>,
    pub(crate) agent: Option<&'static str>,
    pub(crate) language: Option<&'static str>,
}

impl Browser {
    /// The browser of one of the demo's accounts.
    pub(crate) async fn logged_in(school: &School, username: &str) -> Self {
        let browser = Self::default();
        browser.log_in(school, username, "zxc123456").await;
        browser
    }

    pub(crate) async fn log_in(&self, school: &School, username: &str, password: &str) {
        let fields = [("username", username), ("password", password)];
        let answer = self.submit(school, "/login", "/login", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }

    pub(crate) async fn get(&self, school: &School, path: &str) -> Answer {
        self.send(school, "GET", path, Body::empty()).await
    }

    /// Opens a page and returns it, which must be there.
    pub(crate) async fn page(&self, school: &School, path: &str) -> String {
        let answer = self.get(school, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    /// Sends a form as `page` has it, with these fields set. The token comes from the page.
    pub(crate) async fn submit(
        &self,
        school: &School,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let shown = self.page(school, page).await;
        self.submit_from(school, &shown, action, fields).await
    }

    /// Sends the form of a page that was opened before: its hidden fields, and these.
    pub(crate) async fn submit_from(
        &self,
        school: &School,
        shown: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut all = hidden_fields(shown, action);
        assert!(!all.is_empty(), "the page has a form for {action}: {shown}");
        for (name, value) in fields {
            all.retain(|(field, _)| field != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.post(school, action, &all).await
    }

    pub(crate) async fn post(
        &self,
        school: &School,
        action: &str,
        fields: &[(String, String)],
    ) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send(school, "POST", action, Body::from(form.finish()))
            .await
    }

    async fn send(&self, school: &School, method: &str, path: &str, body: Body) -> Answer {
        let form = "application/x-www-form-urlencoded";
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html,*/*")
            .header(header::CONTENT_TYPE, form);
        let cookies: Vec<String> = self
            .cookies
            .lock()
            .expect("nothing panics with it")
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(agent) = self.agent {
            request = request.header(header::USER_AGENT, agent);
        }
        if let Some(language) = self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        let answer = school.send(request.body(body).expect("a request")).await;
        let mut jar = self.cookies.lock().expect("nothing panics with it");
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            assert!(
                text.contains("HttpOnly") || text.starts_with("tb_lang="),
                "{text}"
            );
            assert!(text.contains("SameSite=Lax"), "{text}");
            let pair = text.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            if text.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// The hidden fields of the first form with that action.
pub(crate) fn hidden_fields(page: &str, action: &str) -> Vec<(String, String)> {
    let document = Html::parse_document(page);
    let form = format!(r#"form[action="{action}"]"#);
    let form = Selector::parse(&form).expect("a selector");
    let hidden = Selector::parse(r#"input[type="hidden"]"#).expect("a selector");
    let Some(form) = document.select(&form).next() else {
        return Vec::new();
    };
    form.select(&hidden)
        .map(|input| {
            let attribute = |name| input.attr(name).unwrap_or_default().to_owned();
            (attribute("name"), attribute("value"))
        })
        .collect()
}
