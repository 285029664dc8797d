//! Calling through v3, and through whichever gateway a client was told to use.

use super::{Nonce, Unsigned, V3Request, Verb, authorization, judge, path_of, query_of};
use crate::{
    AlipayTime, App, Client, Gateway, Outcome,
    answers::Answered,
    client::Exchange,
    outcome::{Refusal, Unknown, Why},
    requests::RequestError,
    transport::HttpRequest,
};

impl Client {
    /// Calls a method that both gateways have, through the one that this client was told to use.
    pub async fn call_either<M: V3Request + Sync>(
        &self,
        request: &M,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<M::Answer> {
        match self.gateway() {
            Gateway::V2 => self.call(request, notify_url, now).await,
            Gateway::V3 => self.call_v3(request, notify_url, now).await,
        }
    }

    /// Calls a method through v3.
    pub async fn call_v3<M: V3Request + Sync>(
        &self,
        request: &M,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Outcome<M::Answer> {
        let biz_content = match request.biz_content() {
            Ok(biz_content) => biz_content,
            Err(error) => return Outcome::Refused(Refusal::ours(&error)),
        };
        let echoes = request.echoes();
        let outcome = self
            .exchange(Exchange {
                method: M::METHOD,
                biz_content: &biz_content,
                now,
                make: &|| self.v3_request(request, notify_url, now, &Nonce::random()?),
                judge: &|response| judge(self.app(), &echoes, response),
            })
            .await;
        match outcome {
            Outcome::Done(node) => match M::answer(node) {
                Ok(answer) => Outcome::Done(answer),
                Err(field) => Outcome::Unknown(Unknown {
                    why: Why::Field(field),
                }),
            },
            Outcome::Refused(refusal) => Outcome::Refused(refusal),
            Outcome::Unknown(unknown) => Outcome::Unknown(unknown),
        }
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
        let parts = || {
            let (query, body) = match verb {
                Verb::Get => (query_of(content)?, String::new()),
                Verb::Post => (String::new(), content.to_owned()),
            };
            let path = with_query(path_of(method), &query);
            Ok::<_, RequestError>(Parts { verb, path, body })
        };
        self.exchange(Exchange {
            method,
            biz_content: content,
            now,
            make: &|| self.v3_http(parts()?, now, &Nonce::random()?),
            judge: &|response| judge(self.app(), echoes, response),
        })
        .await
    }

    /// The request that a v3 call sends, for those who send it themselves.
    ///
    /// # Errors
    /// When a field breaks a rule of Alipay's, or the request cannot be signed.
    pub fn v3_request<M: V3Request>(
        &self,
        request: &M,
        notify_url: Option<&str>,
        now: AlipayTime,
        nonce: &Nonce,
    ) -> Result<HttpRequest, RequestError> {
        let parts = Parts {
            verb: M::VERB,
            path: with_query(request.path(), &request.query()?),
            body: with_notify_url(request.body()?, notify_url)?,
        };
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

/// A request before it is encrypted and signed.
struct Parts {
    verb: Verb,
    /// With its query.
    path: String,
    body: String,
}

fn with_query(mut path: String, query: &str) -> String {
    if !query.is_empty() {
        path.push('?');
        path.push_str(query);
    }
    path
}

/// v3 stands on the same host as `/gateway.do`: scheme and host of the gateway's address.
fn origin(app: &App) -> &str {
    let url = app.gateway_url.as_str();
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']);
    end.map_or(url, |at| &url[..host + at])
}

/// In v3 `notify_url` is a field of the body.
fn with_notify_url(body: String, notify_url: Option<&str>) -> Result<String, RequestError> {
    let Some(notify_url) = notify_url else {
        return Ok(body);
    };
    let name = "notify_url";
    if notify_url.len() > MAX_NOTIFY_URL {
        let max = MAX_NOTIFY_URL;
        return Err(RequestError::TooLong { name, max });
    }
    let Some(open) = body.strip_suffix('}') else {
        return Err(RequestError::Rule("a GET has no notify_url"));
    };
    let url = serde_json::Value::from(notify_url);
    let joint = if open == "{" { "" } else { "," };
    Ok(format!("{open}{joint}\"{name}\":{url}}}"))
}

const MAX_NOTIFY_URL: usize = 256;
