//! What can be asked of Alipay, as types. Each becomes the `biz_content` of a request.
//!
//! Most are made by a short constructor and filled in field by field; what is left `None` is not
//! sent. [`crate::Client::execute`] calls any of them.
//!
//! Fields that these types do not know go into `extra`, so that nobody has to wait for us:
//!
//! ```
//! use alipay::requests::{Method, PagePay};
//! use money::Fen;
//!
//! let mut pay = PagePay::new("20260821001", "Rust 入门", Fen::new(8_880));
//! pay.timeout_express = Some("30m".to_owned());
//! pay.extra.insert("request_from_url".to_owned(), "https://shop.example".into());
//! assert_eq!(
//!     pay.biz_content()?,
//!     r#"{"out_trade_no":"20260821001","product_code":"FAST_INSTANT_TRADE_PAY","total_amount":"88.80","subject":"Rust 入门","timeout_express":"30m","request_from_url":"https://shop.example"}"#
//! );
//! # Ok::<(), alipay::requests::RequestError>(())
//! ```

mod check;
mod prune;
pub(crate) mod shape;

mod create;
mod page;
mod parts;
mod pay;
mod refund;
mod trade;

mod agreement;
mod bill;
mod fund;
mod oauth;
mod open;
mod preauth;
mod settle;

pub use agreement::{
    AccessParams, AgreementModify, AgreementQuery, AgreementSign, AgreementSignParams,
    AgreementTransfer, AgreementUnsign, PeriodRule, SignMerchant, SortedChannel,
};
pub use bill::{AccountLog, Balance, BillDownload, BillType};
pub use check::{Method, OrderMethod, PageMethod, RequestError};
pub use create::{Cancel, Create};
pub use fund::{
    AccountQuery, BankcardInfo, IdentityType, OldTransfer, OldTransferQuery, Participant,
    PayeeType, SceneReport, Transfer, TransferProduct, TransferQuery, TransferScene,
};
pub use oauth::{OauthToken, UserInfo};
pub use open::{AppToken, AppTokenQuery, CertDownload};
pub use page::{InvoiceInfo, PagePay, WapPay};
pub use parts::{
    ExtUserInfo, ExtendParams, Goods, Logistics, Receiver, RoyaltyInfo, SettleDetail, SettleInfo,
    SubMerchant,
};
pub use pay::{AgreementParams, AppPay, Pay, PayParams, PromoParams, Scene};
pub use preauth::{
    AppFreeze, AuthCodeType, Freeze, OperationCancel, OperationQuery, OperationType, PostPayment,
    Unfreeze, VoucherCreate,
};
pub use refund::{Refund, RefundApply, RefundGoods, RefundQuery};
pub use settle::{
    AccountType, OrderinfoSync, RateQuery, RelationBind, RelationQuery, RelationUnbind, Royalty,
    RoyaltyReceiver, RoyaltyType, Settle, SettleExtendParams, SettleQuery,
};
pub use trade::{Close, CloseExtendParams, Precreate, Query};

pub(crate) use shape::{Field, content};
