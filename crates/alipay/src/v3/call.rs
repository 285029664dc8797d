//! Calling through v3.

use super::{Nonce, Rest, Unsigned, Verb, authorization, judge, path_of, request::Parts};
use crate::{
    AlipayTime, App, Client, Outcome,
    answers::{Answered, ApiMethod},
    app::Urls,
    client::Exchange,
    requests::{Method, RequestError},
    transport::HttpRequest,
};

/// A call by the name of its method.
pub(crate) struct ByName<'a> {
    pub(crate) method: &'a str,
    pub(crate) rest: Rest,
    pub(crate) biz_content: &'a str,
    pub(crate) urls: Urls<'a>,
    pub(crate) echoes: &'a [(&'static str, &'a str)],
}

impl Client {
    /// Calls a method through v3.
    pub(crate) async fn call_v3<M: ApiMethod + Sync>(
        &self,
        request: &M,
        biz_content: &str,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<Answered> {
        self.exchange(Exchange {
            method: M::METHOD,
            biz_content,
            now,
            make: &|| self.v3_request(request, notify_url, now, &Nonce::random()?),
            judge: &|response| judge(self.app(), &request.echoes(), response),
        })
        .await
    }

    /// Calls a method by its name through v3.
    pub(crate) async fn send_v3(&self, call: ByName<'_>, now: AlipayTime) -> Outcome<Answered> {
        let ByName {
            method,
            rest,
            biz_content,
            urls,
            echoes,
        } = call;
        let parts = || {
            let path = path_of(method);
            Parts::new(rest, path, biz_content, urls.more, urls.notify_url)
        };
        self.exchange(Exchange {
            method,
            biz_content,
            now,
            make: &|| self.v3_http(parts()?, now, &Nonce::random()?),
            judge: &|response| judge(self.app(), echoes, response),
        })
        .await
    }

    /// Calls any method of v3 by its name, with its fields as a JSON object: the body of a `POST`,
    /// the query of a `GET`. `echoes` are fields of the answer that must equal these values where
    /// they are present.
    pub async fn call_v3_raw(
        &self,
        method: &str,
        verb: Verb,
        content: &str,
        echoes: &[(&'static str, &str)],
        now: AlipayTime,
    ) -> Outcome<Answered> {
        let rest = match verb {
            Verb::Get => Rest::GET,
            Verb::Post => Rest::POST,
        };
        let call = ByName {
            method,
            rest,
            biz_content: content,
            urls: Urls::default(),
            echoes,
        };
        self.send_v3(call, now).await
    }

    /// The request that a v3 call sends, for those who send it themselves.
    ///
    /// # Errors
    /// When v3 does not have the method, a field breaks a rule of Alipay's, or the request cannot be
    /// signed.
    pub fn v3_request<M: Method>(
        &self,
        request: &M,
        notify_url: Option<&str>,
        now: AlipayTime,
        nonce: &Nonce,
    ) -> Result<HttpRequest, RequestError> {
        let rest = M::V3.ok_or(RequestError::Rule("v3 does not have this method"))?;
        let content = request.biz_content()?;
        let params = request.params();
        let parts = Parts::new(rest, request.v3_path(), &content, &params, notify_url)?;
        self.v3_http(parts, now, nonce)
    }

    fn v3_http(
        &self,
        parts: Parts,
        now: AlipayTime,
        nonce: &Nonce,
    ) -> Result<HttpRequest, RequestError> {
        let app = self.app();
        let Parts {
            verb,
            path,
            mut body,
        } = parts;
        let mut headers = vec![
            ("accept", "application/json".to_owned()),
            ("alipay-request-id", nonce.as_str().to_owned()),
        ];
        let encrypted = app.content_key.as_ref().filter(|_| !body.is_empty());
        if let Some(key) = encrypted {
            body = key.encrypt(body.as_bytes())?;
            headers.push(("alipay-encrypt-type", "AES".to_owned()));
        }
        if verb == Verb::Post {
            let kind = match encrypted {
                Some(_) => "text/plain",
                None => "application/json",
            };
            headers.push(("content-type", kind.to_owned()));
        }
        if let Some(mode) = &app.cert_mode {
            headers.push(("alipay-root-cert-sn", mode.root_sn().to_owned()));
        }
        if let Some(token) = &app.app_auth_token {
            headers.push(("alipay-app-auth-token", token.expose().to_owned()));
        }
        let unsigned = Unsigned {
            verb,
            path_and_query: &path,
            body: &body,
            nonce,
            now,
        };
        headers.push(("authorization", authorization(app, &unsigned)?));
        Ok(HttpRequest {
            method: verb.as_str(),
            url: format!("{}{path}", origin(app)),
            headers,
            body: body.into_bytes(),
            timeout_ms: self.timeout_ms(),
        })
    }
}

/// v3 stands on the same host as `/gateway.do`: scheme and host of the gateway's address.
fn origin(app: &App) -> &str {
    let url = app.gateway_url.as_str();
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']);
    end.map_or(url, |at| &url[..host + at])
}
