//! An application at Alipay: who signs, and whose signature is believed.

use crate::{
    AlipayTime, Charset, Params, form,
    keys::{PrivateKey, PublicKey},
    requests::{PageMethod, RequestError},
    sign::{self, SignType},
};

/// An application registered at Alipay. A merchant may have several; nothing here is global.
#[derive(Clone, Debug)]
pub struct App {
    /// Its number at Alipay, 16 digits.
    pub app_id: String,
    /// The account that its money goes to (`2088…`), which notices are checked against.
    pub seller_id: Option<String>,
    /// `https://openapi.alipay.com/gateway.do`, or a sandbox's.
    pub gateway_url: String,
    /// Signs requests. Alipay holds its public half.
    pub private_key: PrivateKey,
    /// *Alipay's* public key from the console, not the application's own.
    pub alipay_public_key: PublicKey,
    /// How requests are signed and answers expected to be.
    pub sign_type: SignType,
    /// In which character set requests are sent.
    pub charset: Charset,
}

/// The addresses of one payment, and the parameters of few methods, that stand beside
/// `biz_content`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Urls<'a> {
    /// Where the buyer's browser returns to. The return proves nothing.
    pub return_url: Option<&'a str>,
    /// Where Alipay sends notices to. Without it there are none.
    pub notify_url: Option<&'a str>,
    /// Further parameters by name: `auth_token`, `grant_type`, …
    pub more: &'a [(&'a str, &'a str)],
}

impl App {
    /// An application that signs RSA2 and sends UTF-8, as all new ones do.
    #[must_use]
    pub fn new(
        app_id: &str,
        gateway_url: &str,
        private_key: PrivateKey,
        alipay_public_key: PublicKey,
    ) -> Self {
        Self {
            app_id: app_id.to_owned(),
            seller_id: None,
            gateway_url: gateway_url.to_owned(),
            private_key,
            alipay_public_key,
            sign_type: SignType::Rsa2,
            charset: Charset::Utf8,
        }
    }

    /// All parameters of a call, signed. `biz_content` is JSON text and is signed as it stands.
    ///
    /// # Errors
    /// When the request cannot be signed or a text is not in the application's character set.
    pub fn signed(
        &self,
        method: &str,
        biz_content: &str,
        urls: Urls<'_>,
        now: AlipayTime,
    ) -> Result<Params, RequestError> {
        let timestamp = now.to_string();
        let mut params = Params::with_capacity(biz_content.len() + 1024, 12);
        for (name, value) in [
            ("app_id", self.app_id.as_str()),
            ("method", method),
            ("format", "JSON"),
            ("charset", self.charset.as_str()),
            ("sign_type", self.sign_type.as_str()),
            ("timestamp", &timestamp),
            ("version", "1.0"),
            ("return_url", urls.return_url.unwrap_or_default()),
            ("notify_url", urls.notify_url.unwrap_or_default()),
            ("biz_content", biz_content),
        ] {
            if !value.is_empty() {
                params.set(name, value);
            }
        }
        for (name, value) in urls.more {
            if params.get(name).is_some() || *name == "sign" {
                return Err(RequestError::Reserved((*name).to_owned()));
            }
            params.set(name, value);
        }
        for (name, url) in [
            ("return_url", urls.return_url),
            ("notify_url", urls.notify_url),
        ] {
            let max = MAX_URL;
            if url.is_some_and(|url| url.len() > max) {
                return Err(RequestError::TooLong { name, max });
            }
        }
        let text = sign::request_text(&params);
        let text = self.charset.encode(&text)?;
        let signature = sign::sign(&self.private_key, self.sign_type, &text)?;
        params.set("sign", &signature);
        Ok(params)
    }

    /// The link that opens the cashier. Making it makes no trade yet.
    ///
    /// ```
    /// use alipay::{AlipayTime, App, keys::PrivateKey, requests::PagePay};
    /// use money::Fen;
    ///
    /// let key = PrivateKey::generate(2048)?;
    /// let alipay_key = PrivateKey::generate(2048)?.public_key().clone();
    /// let app = App::new("2021000000000001", "https://openapi.alipay.com/gateway.do", key, alipay_key);
    /// let pay = PagePay::new("20260821001", "Rust 入门", Fen::new(8_880));
    /// let now = AlipayTime::parse("2026-08-21 09:30:00")?;
    /// let link = app.page_url(&pay, Some("https://shop.example/paid"), None, now)?;
    /// assert!(link.starts_with("https://openapi.alipay.com/gateway.do?app_id=2021000000000001&"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a field breaks a rule of Alipay's, or the request cannot be signed.
    pub fn page_url<M: PageMethod>(
        &self,
        request: &M,
        return_url: Option<&str>,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Result<String, RequestError> {
        let urls = Urls {
            return_url,
            notify_url,
            more: &[],
        };
        let params = self.signed(M::METHOD, &request.biz_content()?, urls, now)?;
        let query = form::encode(&params, self.charset)?;
        Ok(self.gateway_with(&query))
    }

    /// The same as an HTML form with a button, for requests too long for a link. It needs no
    /// script; see [`PageForm::to_html`].
    ///
    /// # Errors
    /// When a field breaks a rule of Alipay's, or the request cannot be signed.
    pub fn page_form<M: PageMethod>(
        &self,
        request: &M,
        return_url: Option<&str>,
        notify_url: Option<&str>,
        now: AlipayTime,
    ) -> Result<PageForm, RequestError> {
        let urls = Urls {
            return_url,
            notify_url,
            more: &[],
        };
        let mut fields = self.signed(M::METHOD, &request.biz_content()?, urls, now)?;
        // A gateway that finds no charset in the query reads the body as GBK.
        fields.remove("charset");
        Ok(PageForm {
            action: self.gateway_with(&format!("charset={}", self.charset)),
            fields,
            charset: self.charset,
        })
    }

    /// The gateway's address with a query behind it.
    pub(crate) fn gateway_with(&self, query: &str) -> String {
        let joint = if self.gateway_url.contains('?') {
            '&'
        } else {
            '?'
        };
        let mut url = String::with_capacity(self.gateway_url.len() + 1 + query.len());
        url.push_str(&self.gateway_url);
        url.push(joint);
        url.push_str(query);
        url
    }
}

/// A signed form that a browser posts to the gateway.
#[derive(Clone, Debug)]
pub struct PageForm {
    /// Where it is posted to, with the charset in its query.
    pub action: String,
    /// What is posted.
    pub fields: Params,
    /// In which character set the browser has to send it.
    pub charset: Charset,
}

impl PageForm {
    /// The form as HTML, with every value fully escaped and a visible button labelled `button`.
    ///
    /// With `auto_submit` a script presses the button at once; without scripts the buyer does.
    #[must_use]
    pub fn to_html(&self, button: &str, auto_submit: bool) -> String {
        let mut html = String::with_capacity(self.fields.text_len() * 2 + 512);
        html.push_str("<form id=\"alipay-form\" method=\"post\" accept-charset=\"");
        html.push_str(self.charset.as_str());
        html.push_str("\" action=\"");
        escape_html(&self.action, &mut html);
        html.push_str("\">\n");
        for (name, value) in self.fields.iter() {
            html.push_str("<input type=\"hidden\" name=\"");
            escape_html(name, &mut html);
            html.push_str("\" value=\"");
            escape_html(value, &mut html);
            html.push_str("\">\n");
        }
        html.push_str("<button type=\"submit\">");
        escape_html(button, &mut html);
        html.push_str("</button>\n</form>\n");
        if auto_submit {
            html.push_str("<script>document.getElementById(\"alipay-form\").submit();</script>\n");
        }
        html
    }
}

fn escape_html(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // A browser would turn bare line breaks in a value into others.
            '\n' => html.push_str("&#10;"),
            '\r' => html.push_str("&#13;"),
            other => html.push(other),
        }
    }
}

/// Alipay's limit for `return_url` and `notify_url`, in characters.
const MAX_URL: usize = 256;
