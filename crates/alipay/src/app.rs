//! An application at Alipay: who signs, and whose signature is believed.

use crate::{
    AlipayTime, Charset, Params,
    content::ContentKey,
    form,
    keys::{PrivateKey, PublicKey},
    mode::CertMode,
    requests::{PageMethod, RequestError},
    secret::Secret,
    sign::{self, SignType, Signer},
};
use std::sync::Arc;

/// An application registered at Alipay. A merchant may have several; nothing here is global.
#[derive(Clone, Debug)]
pub struct App {
    /// Its number at Alipay, 16 digits.
    pub app_id: String,
    /// The account that its money goes to (`2088…`), which notices are checked against.
    pub seller_id: Option<String>,
    /// `https://openapi.alipay.com/gateway.do`, or a sandbox's.
    pub gateway_url: String,
    /// Signs requests: a [`PrivateKey`], or what holds one. Alipay holds its public half.
    pub signer: Arc<dyn Signer>,
    /// *Alipay's* public key from the console, not the application's own. In certificate mode the
    /// key of the configured Alipay certificate.
    pub alipay_public_key: PublicKey,
    /// Certificate mode, or `None` for public key mode. An application is in one of the two.
    pub cert_mode: Option<CertMode>,
    /// When there is one, the content of calls is encrypted with it, and of their answers. Pages
    /// that a browser opens are not.
    pub content_key: Option<ContentKey>,
    /// On whose behalf a service provider calls: the merchant's `app_auth_token`.
    pub app_auth_token: Option<Secret>,
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
        Self::with_signer(
            app_id,
            gateway_url,
            Arc::new(private_key),
            alipay_public_key,
        )
    }

    /// The same with a signer of one's own: a hardware module, a key service.
    #[must_use]
    pub fn with_signer(
        app_id: &str,
        gateway_url: &str,
        signer: Arc<dyn Signer>,
        alipay_public_key: PublicKey,
    ) -> Self {
        Self {
            app_id: app_id.to_owned(),
            seller_id: None,
            gateway_url: gateway_url.to_owned(),
            signer,
            alipay_public_key,
            cert_mode: None,
            content_key: None,
            app_auth_token: None,
            sign_type: SignType::Rsa2,
            charset: Charset::Utf8,
        }
    }

    /// An application in certificate mode. Its Alipay key is the one of the configured
    /// certificate; others come in as Alipay renews it.
    #[must_use]
    pub fn in_cert_mode(
        app_id: &str,
        gateway_url: &str,
        signer: Arc<dyn Signer>,
        cert_mode: CertMode,
    ) -> Self {
        let key = cert_mode.configured_key().clone();
        Self {
            cert_mode: Some(cert_mode),
            ..Self::with_signer(app_id, gateway_url, signer, key)
        }
    }

    /// The same application, calling for the merchant who gave this `app_auth_token`.
    #[must_use]
    pub fn on_behalf_of(&self, app_auth_token: &str) -> Self {
        Self {
            app_auth_token: Some(Secret::new(app_auth_token)),
            ..self.clone()
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
        let prepared = self.prepare(method, biz_content, urls, now)?;
        self.finish(prepared)
    }

    /// The same with the content encrypted, when the application has a content key.
    pub(crate) fn signed_call(
        &self,
        method: &str,
        biz_content: &str,
        urls: Urls<'_>,
        now: AlipayTime,
    ) -> Result<Params, RequestError> {
        let Some(key) = &self.content_key else {
            return self.signed(method, biz_content, urls, now);
        };
        let secret = key.encrypt(self.charset.encode(biz_content)?.as_ref())?;
        let mut prepared = self.prepare(method, &secret, urls, now)?;
        // First encrypted, then signed: the signature covers the ciphertext.
        prepared.params.set("encrypt_type", "AES");
        self.finish(prepared)
    }

    fn finish(&self, prepared: Prepared) -> Result<Params, RequestError> {
        let signature = self.signer.sign(self.sign_type, &prepared.text()?)?;
        Ok(prepared.finish(&signature))
    }

    /// All parameters of a call but the signature, for whoever signs elsewhere: sign
    /// [`Prepared::text`], then [`Prepared::finish`].
    ///
    /// # Errors
    /// When an address is too long.
    pub fn prepare(
        &self,
        method: &str,
        biz_content: &str,
        urls: Urls<'_>,
        now: AlipayTime,
    ) -> Result<Prepared, RequestError> {
        let timestamp = now.to_string();
        let certs = self.cert_mode.as_ref();
        let token = self.app_auth_token.as_ref();
        let mut params = Params::with_capacity(biz_content.len() + 1024, 12);
        for (name, value) in [
            ("app_id", self.app_id.as_str()),
            ("method", method),
            ("format", "JSON"),
            ("charset", self.charset.as_str()),
            ("sign_type", self.sign_type.as_str()),
            ("timestamp", &timestamp),
            ("version", "1.0"),
            ("app_cert_sn", certs.map_or("", CertMode::app_cert_sn)),
            ("alipay_root_cert_sn", certs.map_or("", CertMode::root_sn)),
            ("app_auth_token", token.map_or("", Secret::expose)),
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
        Ok(Prepared {
            params,
            charset: self.charset,
        })
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

/// The parameters of a call before they are signed.
#[derive(Clone, Debug)]
pub struct Prepared {
    params: Params,
    charset: Charset,
}

impl Prepared {
    /// The parameters, without `sign`.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The bytes to sign.
    ///
    /// # Errors
    /// When a text does not exist in the application's character set.
    pub fn text(&self) -> Result<Vec<u8>, RequestError> {
        let text = sign::request_text(&self.params);
        Ok(self.charset.encode(&text)?.into_owned())
    }

    /// The parameters with this signature, in base64.
    #[must_use]
    pub fn finish(mut self, signature: &str) -> Params {
        self.params.set("sign", signature);
        self.params
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
