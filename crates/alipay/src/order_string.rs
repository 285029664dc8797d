//! The text that an app hands to the wallet.

use crate::{
    AlipayTime, App,
    app::Urls,
    form,
    requests::{OrderMethod, RequestError},
};

impl App {
    /// The signed order for the wallet's SDK: all parameters, URL-encoded and joined by `&`. The
    /// merchant's server makes it, the merchant's app passes it on as it is.
    ///
    /// ```
    /// use alipay::{AlipayTime, App, keys::PrivateKey, requests::AppPay};
    /// use money::Fen;
    ///
    /// # let key = PrivateKey::generate(2048)?;
    /// # let alipay_key = key.public_key().clone();
    /// let app = App::new("2021000000000001", "https://openapi.alipay.com/gateway.do", key, alipay_key);
    /// let pay = AppPay::new("20260821001", "Rust 入门", Fen::new(8_880));
    /// let order = app.order_string(&pay, AlipayTime::parse("2026-08-21 09:30:00")?)?;
    /// assert!(order.starts_with("app_id=2021000000000001&biz_content=%7B"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a field breaks a rule of Alipay's, or the request cannot be signed.
    pub fn order_string<M: OrderMethod>(
        &self,
        request: &M,
        now: AlipayTime,
    ) -> Result<String, RequestError> {
        let urls = Urls {
            notify_url: request.notify_url(),
            ..Urls::default()
        };
        let params = self.signed(M::METHOD, &request.biz_content()?, urls, now)?;
        let sorted = params.sorted().collect();
        form::encode(&sorted, self.charset).map_err(RequestError::from)
    }
}
