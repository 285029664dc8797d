//! Money out: transfers to accounts and cards, and what is on an account.

use super::{
    check::{MAX_TRADE_NO, RequestError},
    shape::{object, request},
};
use crate::words::words;
use money::Fen;

words! {
    /// What a payee's text is.
    IdentityType {
        /// A number `2088…`.
        UserId = "ALIPAY_USER_ID",
        /// A login: an e-mail address or a telephone number. Needs the name.
        LogonId = "ALIPAY_LOGON_ID",
        /// The user as newer applications know them.
        OpenId = "ALIPAY_OPEN_ID",
        /// A bank card.
        Bankcard = "BANKCARD_ACCOUNT",
        /// A card of the express service.
        ExpressCard = "EXPRESS_DC_STFA",
    }
}

object! {
    /// Who gets or gives.
    Participant {
        /// The account.
        identity: String [64],
        /// What `identity` is.
        identity_type: Option<IdentityType>,
        /// Their name: needed for logins, checked wherever it is given.
        name: Option<String> [128],
        /// The number of their document.
        cert_no: Option<String> [64],
        /// What document that is.
        cert_type: Option<String> [64],
        /// More about a bank card.
        bankcard_ext_info: Option<BankcardInfo>,
    }
}

object! {
    /// More about a bank card.
    BankcardInfo {
        /// The bank's name.
        inst_name: Option<String> [64],
        /// `1` for a company's, `2` for a person's.
        account_type: Option<String> [2],
        /// The province of the branch.
        inst_province: Option<String> [64],
        /// The city of the branch.
        inst_city: Option<String> [64],
        /// The branch.
        inst_branch_name: Option<String> [64],
        /// The bank's code.
        bank_code: Option<String> [20],
    }
}

impl Participant {
    /// The account `user_id` (`2088…`).
    #[must_use]
    pub fn user(user_id: &str) -> Self {
        Self::of(user_id, IdentityType::UserId)
    }

    /// The user `open_id`.
    #[must_use]
    pub fn open_id(open_id: &str) -> Self {
        Self::of(open_id, IdentityType::OpenId)
    }

    /// The login of somebody called `name`.
    #[must_use]
    pub fn login(logon_id: &str, name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..Self::of(logon_id, IdentityType::LogonId)
        }
    }

    fn of(identity: &str, identity_type: IdentityType) -> Self {
        Self {
            identity: identity.to_owned(),
            identity_type: Some(identity_type),
            ..Self::default()
        }
    }
}

words! {
    /// How money is sent.
    TransferProduct {
        /// To an account; 0.1 yuan at least.
        Account = "TRANS_ACCOUNT_NO_PWD",
        /// As a red packet.
        RedPacket = "STD_RED_PACKET",
        /// To a bank card.
        Bankcard = "TRANS_BANKCARD_NO_PWD",
    }
}

words! {
    /// On what occasion.
    TransferScene {
        /// A plain transfer, or a red packet to one person.
        Direct = "DIRECT_TRANSFER",
        /// Collecting from persons.
        PersonalCollection = "PERSONAL_COLLECTION",
    }
}

object! {
    /// A report that Alipay asks for with some scenes.
    SceneReport {
        /// What it says something about.
        info_type: String [64],
        /// What it says.
        info_content: String [512],
    }
}

request! {
    /// `alipay.fund.trans.uni.transfer`: sends money. **Certificate mode only.**
    ///
    /// The same `out_biz_no` sends once. After an unknown outcome ask with [`TransferQuery`], then
    /// repeat with the **same** number; a new one could send twice. Done says that it was accepted;
    /// `status` says whether it went.
    Transfer: "alipay.fund.trans.uni.transfer" {
        /// The number of this transfer, kept for every repeat.
        out_biz_no: String [64],
        /// How much; 0.1 yuan at least to an account.
        trans_amount: Fen,
        /// How.
        product_code: Option<TransferProduct>,
        /// On what occasion.
        biz_scene: Option<TransferScene>,
        /// What the payee reads.
        order_title: Option<String> [128],
        /// Who gets it.
        payee_info: Participant,
        /// Who gives it, in some contracts.
        payer_info: Option<Participant>,
        /// A remark.
        remark: Option<String> [200],
        /// JSON text: `{"payer_show_name_use_alias":"true"}`, `{"sub_biz_scene":"REDPACKET"}`.
        business_params: Option<String> [2048],
        /// Comes back unchanged.
        passback_params: Option<String> [512],
        /// The order that it belongs to.
        original_order_id: Option<String> [64],
        /// `现金营销`, `企业退款`, `佣金报酬`, `业务结算`, `二手回收`, `公益补助`,
        /// `行政补贴和退款` or `保险理赔`.
        transfer_scene_name: Option<String> [64],
        /// What Alipay wants to know with that scene.
        transfer_scene_report_infos: Vec<SceneReport>,
    }
    also(request) {
        if request.product_code.is_none() {
            return Err(RequestError::Empty("product_code"));
        }
        let payee = &request.payee_info;
        if payee.identity_type.is_none() {
            return Err(RequestError::Empty("identity_type"));
        }
        if payee.identity_type == Some(IdentityType::LogonId) && payee.name.is_none() {
            return Err(RequestError::Rule("a payee named by a login needs its `name`"));
        }
    }
    echoes(request) { vec![("out_biz_no", request.out_biz_no.as_str())] }
}

impl Transfer {
    /// Sends `amount` from the application's account to `payee`.
    #[must_use]
    pub fn to_account(out_biz_no: &str, amount: Fen, payee: Participant, title: &str) -> Self {
        Self {
            out_biz_no: out_biz_no.to_owned(),
            trans_amount: amount,
            product_code: Some(TransferProduct::Account),
            biz_scene: Some(TransferScene::Direct),
            order_title: Some(title.to_owned()),
            payee_info: payee,
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.fund.trans.common.query`: what came of a transfer. Of several numbers,
    /// `pay_fund_order_id` wins over `order_id`, and that over `out_biz_no`.
    TransferQuery: "alipay.fund.trans.common.query" {
        /// The merchant's number; needs product and scene beside it.
        out_biz_no: Option<String> [64],
        /// How it was sent.
        product_code: Option<TransferProduct>,
        /// On what occasion.
        biz_scene: Option<TransferScene>,
        /// Alipay's number.
        order_id: Option<String> [64],
        /// Alipay's number of the movement.
        pay_fund_order_id: Option<String> [64],
    }
    also(request) {
        if request.order_id.is_none() && request.pay_fund_order_id.is_none() {
            if request.out_biz_no.is_none() {
                return Err(RequestError::OneOf("`out_biz_no`, `order_id` and `pay_fund_order_id`"));
            }
            if request.product_code.is_none() || request.biz_scene.is_none() {
                return Err(RequestError::Rule(
                    "`out_biz_no` needs `product_code` and `biz_scene` beside it",
                ));
            }
        }
    }
    echoes(request) {
        if let Some(number) = &request.pay_fund_order_id {
            vec![("pay_fund_order_id", number.as_str())]
        } else if let Some(number) = &request.order_id {
            vec![("order_id", number.as_str())]
        } else {
            request.out_biz_no.as_deref().map(|number| ("out_biz_no", number)).into_iter().collect()
        }
    }
}

impl TransferQuery {
    /// The transfer to an account of that number.
    #[must_use]
    pub fn to_account(out_biz_no: &str) -> Self {
        Self {
            out_biz_no: Some(out_biz_no.to_owned()),
            product_code: Some(TransferProduct::Account),
            biz_scene: Some(TransferScene::Direct),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.fund.account.query`: what is on an account.
    AccountQuery: "alipay.fund.account.query" {
        /// `ACCTRANS_ACCOUNT`.
        account_type: String [64],
        /// Whose (`2088…`); or the next.
        alipay_user_id: Option<String> [64],
        /// Whose, as newer applications know them.
        alipay_open_id: Option<String> [128],
        /// The product of the account; not together with the next.
        account_product_code: Option<String> [64],
        /// The scene of the account.
        account_scene_code: Option<String> [64],
        /// The user's number at the merchant.
        merchant_user_id: Option<String> [64],
        /// JSON text: `{"agreement_no":"…"}`.
        ext_info: Option<String> [2048],
    }
    also(request) {
        if request.account_product_code.is_some() && request.account_scene_code.is_some() {
            return Err(RequestError::Rule(
                "`account_product_code` and `account_scene_code` exclude each other",
            ));
        }
    }
}

impl AccountQuery {
    /// The account `user_id` (`2088…`).
    #[must_use]
    pub fn of_user(user_id: &str) -> Self {
        Self {
            account_type: "ACCTRANS_ACCOUNT".to_owned(),
            alipay_user_id: Some(user_id.to_owned()),
            ..Self::default()
        }
    }
}

words! {
    /// What a payee's text is, in the old transfer.
    PayeeType {
        /// A number `2088…`.
        UserId = "ALIPAY_USERID",
        /// A login.
        LogonId = "ALIPAY_LOGONID",
    }
}

request! {
    /// `alipay.fund.trans.toaccount.transfer`: sends money, the way from before 2020. New contracts
    /// take [`Transfer`]. The same `out_biz_no` sends once.
    OldTransfer: "alipay.fund.trans.toaccount.transfer" {
        /// The number of this transfer, kept for every repeat.
        out_biz_no: String [MAX_TRADE_NO],
        /// What `payee_account` is.
        payee_type: Option<PayeeType>,
        /// Who gets it.
        payee_account: String [100],
        /// How much; 0.1 yuan at least.
        amount: Fen,
        /// Who the payee reads it is from.
        payer_show_name: Option<String> [100],
        /// The payee's name, which is checked then.
        payee_real_name: Option<String> [100],
        /// The payer's name.
        payer_real_name: Option<String> [100],
        /// A remark.
        remark: Option<String> [200],
        /// JSON text with more.
        ext_param: Option<String>,
    }
    also(request) {
        if request.payee_type.is_none() {
            return Err(RequestError::Empty("payee_type"));
        }
        if request.amount < Fen::new(10) {
            return Err(RequestError::Rule("`amount` is 0.1 yuan at least"));
        }
    }
    echoes(request) { vec![("out_biz_no", request.out_biz_no.as_str())] }
}

impl OldTransfer {
    /// Sends `amount` to the account `user_id` (`2088…`).
    #[must_use]
    pub fn to_user(out_biz_no: &str, user_id: &str, amount: Fen) -> Self {
        Self {
            out_biz_no: out_biz_no.to_owned(),
            payee_type: Some(PayeeType::UserId),
            payee_account: user_id.to_owned(),
            amount,
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.fund.trans.order.query`: what came of an [`OldTransfer`].
    OldTransferQuery: "alipay.fund.trans.order.query" {
        /// The merchant's number.
        out_biz_no: Option<String> [MAX_TRADE_NO],
        /// Alipay's number.
        order_id: Option<String> [64],
    }
    also(request) {
        if request.out_biz_no.is_none() && request.order_id.is_none() {
            return Err(RequestError::OneOf("`out_biz_no` and `order_id`"));
        }
    }
    echoes(request) {
        match (&request.order_id, &request.out_biz_no) {
            (Some(number), _) => vec![("order_id", number.as_str())],
            (None, Some(number)) => vec![("out_biz_no", number.as_str())],
            (None, None) => Vec::new(),
        }
    }
}

impl OldTransferQuery {
    /// By the merchant's number.
    #[must_use]
    pub fn by_out_biz_no(out_biz_no: &str) -> Self {
        Self {
            out_biz_no: Some(out_biz_no.to_owned()),
            ..Self::default()
        }
    }
}
