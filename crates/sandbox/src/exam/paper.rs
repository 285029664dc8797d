//! Notices and returns as the exam writes them: the fields that Alipay sends, signed by its key or
//! by another one.

use super::examinee::{Delivery, Order};
use crate::domain::App;
use alipay::keys::{KeyError, PrivateKey};
use alipay::sign::{self, SignError, SignType};
use alipay::{Charset, Params, form};
use kernel::{Rng, Timestamp};
use money::Fen;

/// The number of the exam's partial refunds.
pub(super) const REFUND_NO: &str = "exam-refund-1";

/// Alipay's pen and somebody else's.
pub(super) struct Pen {
    pub(super) app: App,
    alipay: PrivateKey,
    stranger: PrivateKey,
}

/// A trade as notices tell of it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) order: Order,
    pub(super) trade_no: String,
    pub(super) buyer_id: String,
    pub(super) paid_at: Timestamp,
    pub(super) notify_id: String,
}

/// Who signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum By {
    Alipay,
    Stranger,
    Nobody,
}

impl Pen {
    pub(super) fn new(app: App) -> Result<Self, KeyError> {
        let alipay = PrivateKey::parse(&app.alipay_private_key)?;
        let stranger = PrivateKey::generate(2048)?;
        Ok(Self {
            app,
            alipay,
            stranger,
        })
    }

    /// The fields of a payment's notice, unsigned.
    pub(super) fn payment(&self, told: &Told, now: Timestamp) -> Params {
        let yuan = told.order.amount.to_string();
        let at = told.paid_at.china();
        let bill = format!("[{{\"amount\":\"{yuan}\",\"fundChannel\":\"ALIPAYACCOUNT\"}}]");
        Params::from([
            ("gmt_create", at.as_str()),
            ("charset", "utf-8"),
            ("gmt_payment", &at),
            ("notify_time", &now.china()),
            ("subject", "考试订单"),
            ("buyer_id", &told.buyer_id),
            ("invoice_amount", &yuan),
            ("version", "1.0"),
            ("notify_id", &told.notify_id),
            ("fund_bill_list", &bill),
            ("notify_type", "trade_status_sync"),
            ("out_trade_no", &told.order.out_trade_no),
            ("total_amount", &yuan),
            ("trade_status", "TRADE_SUCCESS"),
            ("trade_no", &told.trade_no),
            ("auth_app_id", &self.app.app_id),
            ("receipt_amount", &yuan),
            ("point_amount", "0.00"),
            ("buyer_pay_amount", &yuan),
            ("app_id", &self.app.app_id),
            ("seller_id", &self.app.seller_id),
        ])
    }

    /// The notice of a trade that waits for its buyer.
    pub(super) fn waiting(&self, told: &Told, now: Timestamp) -> Params {
        let mut params = self.payment(told, now);
        for paid in [
            "gmt_payment",
            "invoice_amount",
            "fund_bill_list",
            "receipt_amount",
            "point_amount",
            "buyer_pay_amount",
        ] {
            params.remove(paid);
        }
        params.set("trade_status", "WAIT_BUYER_PAY");
        params
    }

    /// The notice of a partial refund: everything that a payment's has, and a little more.
    pub(super) fn refund(&self, told: &Told, back: Fen, now: Timestamp) -> Params {
        let mut params = self.payment(told, now);
        params.set("gmt_refund", &format!("{}.120", now.china()));
        params.set("refund_fee", &back.to_string());
        params.set("out_biz_no", REFUND_NO);
        params
    }

    /// Signs, and puts into a form.
    pub(super) fn deliver(
        &self,
        mut params: Params,
        by: By,
        charset: Charset,
    ) -> Result<Delivery, SignError> {
        let name = match charset {
            Charset::Utf8 => "UTF-8",
            Charset::Gbk => "GBK",
        };
        if charset == Charset::Gbk {
            params.set("charset", name);
        }
        self.sign(&mut params, by, charset)?;
        let body = form::encode(&params, charset).map_err(|_| SignError::Failed)?;
        Ok(Delivery {
            body: body.replace("%20", "+").into_bytes(),
            content_type: format!("application/x-www-form-urlencoded; text/html; charset={name}"),
            slowly: false,
        })
    }

    fn sign(&self, params: &mut Params, by: By, charset: Charset) -> Result<(), SignError> {
        let key = match by {
            By::Alipay => &self.alipay,
            By::Stranger => &self.stranger,
            By::Nobody => return Ok(()),
        };
        params.set("sign_type", "RSA2");
        let text = sign::notice_text(params);
        let bytes = charset.encode(&text).map_err(|_| SignError::Failed)?;
        let signature = sign::sign(key, SignType::Rsa2, &bytes)?;
        params.set("sign", &signature);
        Ok(())
    }

    /// The query of a browser's way back.
    pub(super) fn come_back(
        &self,
        told: &Told,
        by: By,
        now: Timestamp,
    ) -> Result<String, SignError> {
        let mut params = Params::from([
            ("charset", "utf-8"),
            ("out_trade_no", told.order.out_trade_no.as_str()),
            ("method", "alipay.trade.page.pay.return"),
            ("total_amount", &told.order.amount.to_string()),
            ("trade_no", &told.trade_no),
            ("auth_app_id", &self.app.app_id),
            ("version", "1.0"),
            ("app_id", &self.app.app_id),
            ("seller_id", &self.app.seller_id),
            ("timestamp", &now.china()),
        ]);
        self.sign(&mut params, by, Charset::Utf8)?;
        form::encode(&params, Charset::Utf8).map_err(|_| SignError::Failed)
    }
}

impl Told {
    /// A trade of that order that nobody knows yet.
    pub(super) fn of(order: Order, now: Timestamp, rng: &dyn Rng) -> Self {
        let digits = crate::app::fresh::digits(rng, 15);
        Self {
            order,
            trade_no: format!("{}22001{digits}", now.china_day()),
            buyer_id: "2088722003899169".to_owned(),
            paid_at: now,
            notify_id: format!(
                "{}01222{}{digits}",
                now.china_day(),
                now.china_time_of_day()
            ),
        }
    }
}
