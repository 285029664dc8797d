//! Agreements by which money is taken again and again.

use super::{
    check::{PageMethod, RequestError},
    shape::{object, request},
};
use money::Fen;

object! {
    /// Where an agreement is signed.
    AccessParams {
        /// `ALIPAYAPP`, `QRCODE` or `QRCODEORSMS`.
        channel: String [64],
    }
}

object! {
    /// How often and how much at most.
    PeriodRule {
        /// `DAY` or `MONTH`.
        period_type: String [20],
        /// Every so many of them; at least 7 for days.
        period: u32,
        /// The first day, `yyyy-MM-dd`; at most the 28th for months.
        execute_time: String [10],
        /// How much at most each time.
        single_amount: Fen,
        /// How much at most in all.
        total_amount: Option<Fen>,
        /// How often at most.
        total_payments: Option<u32>,
    }
}

impl PeriodRule {
    /// Once a month from `first_day` (`yyyy-MM-dd`, the 28th at most), `single_amount` at most.
    #[must_use]
    pub fn monthly(first_day: &str, single_amount: Fen) -> Self {
        Self {
            period_type: "MONTH".to_owned(),
            period: 1,
            execute_time: first_day.to_owned(),
            single_amount,
            ..Self::default()
        }
    }

    fn rules(&self) -> Result<(), RequestError> {
        if self.period == 0 || self.period_type == "DAY" && self.period < 7 {
            return Err(RequestError::Rule("`period` is at least 1 month or 7 days"));
        }
        let day = self
            .execute_time
            .get(8..)
            .and_then(|day| day.parse::<u32>().ok());
        if self.period_type == "MONTH" && day.is_none_or(|day| day > 28) {
            return Err(RequestError::Rule(
                "`execute_time` is at most the 28th for months",
            ));
        }
        Ok(())
    }
}

object! {
    /// The merchant in whose name an agreement is signed: not the same as a trade's
    /// [`SubMerchant`](super::SubMerchant).
    SignMerchant {
        /// Its number.
        sub_merchant_id: Option<String>,
        /// Its name.
        sub_merchant_name: Option<String>,
        /// Its service.
        sub_merchant_service_name: Option<String>,
        /// What its service is.
        sub_merchant_service_description: Option<String>,
    }
}

object! {
    /// A channel that is tried before others.
    SortedChannel {
        /// What kind of asset.
        asset_type_code: Option<String>,
        /// Whose.
        inst_id: Option<String>,
    }
}

object! {
    /// The agreement that is signed together with a payment.
    AgreementSignParams {
        /// `CYCLE_PAY_AUTH_P`.
        personal_product_code: String [64],
        /// What for: `INDUSTRY|…`, as agreed with Alipay.
        sign_scene: String [64],
        /// The merchant's number of the agreement.
        external_agreement_no: Option<String> [32],
        /// The user's login at the merchant.
        external_logon_id: Option<String> [100],
        /// Where it is signed.
        access_params: Option<AccessParams>,
        /// How often and how much at most.
        period_rule_params: Option<PeriodRule>,
        /// Where the notice of the signing goes; without it, to the order's `notify_url`.
        sign_notify_url: Option<String> [256],
        /// `GENERAL_WITHHOLDING` or `CYCLE_PAY_AUTH`.
        product_code: Option<String> [64],
        /// For how many seconds it can be signed.
        effect_time: Option<u32>,
        /// The merchant in whose name it is signed.
        sub_merchant: Option<SignMerchant>,
        /// Whether a plan on credit may become an ordinary one.
        allow_huazhi_degrade: Option<bool>,
        /// Channels that are tried before others.
        recommend_sort_channel_params: Vec<SortedChannel>,
    }
}

request! {
    /// `alipay.user.agreement.page.sign`: a page on which a user signs an agreement; see
    /// [`crate::App::page_url`]. For the wallet, put the link's query behind
    /// `alipays://platformapi/startapp?appId=60000157&sign_params=`.
    AgreementSign: "alipay.user.agreement.page.sign" {
        /// `CYCLE_PAY_AUTH` or `GENERAL_WITHHOLDING`.
        product_code: Option<String> [64],
        /// `CYCLE_PAY_AUTH_P`.
        personal_product_code: String [64],
        /// What for: `INDUSTRY|…`, as agreed with Alipay. Not the default one together with
        /// `external_agreement_no`.
        sign_scene: String [64],
        /// The merchant's number of the agreement: letters and digits.
        external_agreement_no: Option<String> [32],
        /// The user's login at the merchant.
        external_logon_id: Option<String> [100],
        /// Where it is signed.
        access_params: Option<AccessParams>,
        /// How often and how much at most.
        period_rule_params: Option<PeriodRule>,
        /// For how long it holds: `2m`.
        sign_validity_period: Option<String> [8],
        /// After how many seconds without an answer the page gives up.
        effect_time: Option<u32>,
        /// `PARTNER` or `MERCHANT`: whose agreement it is.
        third_party_type: Option<String> [32],
        /// The merchant in whose name it is signed.
        sub_merchant: Option<SignMerchant>,
    }
    also(request) {
        if let Some(rule) = &request.period_rule_params {
            rule.rules()?;
        }
        if request.external_agreement_no.is_some() && request.sign_scene == "INDUSTRY|DEFAULT_SCENE" {
            return Err(RequestError::Rule(
                "with `external_agreement_no` the `sign_scene` cannot be the default one",
            ));
        }
    }
}

impl AgreementSign {
    /// An agreement for recurring payments.
    #[must_use]
    pub fn recurring(external_agreement_no: &str, sign_scene: &str, rule: PeriodRule) -> Self {
        Self {
            product_code: Some("CYCLE_PAY_AUTH".to_owned()),
            personal_product_code: "CYCLE_PAY_AUTH_P".to_owned(),
            sign_scene: sign_scene.to_owned(),
            external_agreement_no: Some(external_agreement_no.to_owned()),
            access_params: Some(AccessParams {
                channel: "ALIPAYAPP".to_owned(),
                ..AccessParams::default()
            }),
            period_rule_params: Some(rule),
            ..Self::default()
        }
    }
}

impl PageMethod for AgreementSign {}

request! {
    /// `alipay.user.agreement.query`: where an agreement stands. With `agreement_no` the rest is
    /// ignored.
    AgreementQuery: "alipay.user.agreement.query" {
        /// Alipay's number.
        agreement_no: Option<String> [64],
        /// The merchant's number; needs scene, product and user beside it.
        external_agreement_no: Option<String> [32],
        /// What for.
        sign_scene: Option<String> [64],
        /// `CYCLE_PAY_AUTH_P`.
        personal_product_code: Option<String> [64],
        /// The user (`2088…`).
        alipay_user_id: Option<String> [32],
        /// The user, as newer applications know them.
        alipay_open_id: Option<String> [128],
        /// The user's login.
        alipay_logon_id: Option<String> [100],
        /// `PARTNER` or `MERCHANT`.
        third_party_type: Option<String> [32],
    }
    also(request) {
        if request.agreement_no.is_none() && request.external_agreement_no.is_none()
            && request.alipay_user_id.is_none()
            && request.alipay_open_id.is_none()
            && request.alipay_logon_id.is_none()
        {
            return Err(RequestError::OneOf("`agreement_no`, `external_agreement_no` and the user"));
        }
    }
    echoes(request) {
        request.agreement_no.as_deref().map(|number| ("agreement_no", number)).into_iter().collect()
    }
}

impl AgreementQuery {
    /// By Alipay's number.
    #[must_use]
    pub fn by_agreement_no(agreement_no: &str) -> Self {
        Self {
            agreement_no: Some(agreement_no.to_owned()),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.user.agreement.unsign`: ends an agreement.
    AgreementUnsign: "alipay.user.agreement.unsign" {
        /// Alipay's number.
        agreement_no: Option<String> [64],
        /// The merchant's number; needs scene, product and user beside it.
        external_agreement_no: Option<String> [32],
        /// What for.
        sign_scene: Option<String> [64],
        /// `CYCLE_PAY_AUTH_P`.
        personal_product_code: Option<String> [64],
        /// The user (`2088…`).
        alipay_user_id: Option<String> [32],
        /// The user, as newer applications know them.
        alipay_open_id: Option<String> [128],
        /// The user's login.
        alipay_logon_id: Option<String> [100],
        /// `PARTNER` or `MERCHANT`.
        third_party_type: Option<String> [32],
    }
    also(request) {
        if request.agreement_no.is_none() && request.external_agreement_no.is_none() {
            return Err(RequestError::OneOf("`agreement_no` and `external_agreement_no`"));
        }
    }
}

impl AgreementUnsign {
    /// By Alipay's number.
    #[must_use]
    pub fn by_agreement_no(agreement_no: &str) -> Self {
        Self {
            agreement_no: Some(agreement_no.to_owned()),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.user.agreement.transfer`: an agreement without a plan
    /// (`GENERAL_WITHHOLDING_P`) gets one.
    AgreementTransfer: "alipay.user.agreement.transfer" {
        /// Alipay's number.
        agreement_no: String [64],
        /// What it becomes: `CYCLE_PAY_AUTH_P`.
        target_product_code: String [64],
        /// How often and how much at most.
        period_rule_params: PeriodRule,
    }
    also(request) {
        request.period_rule_params.rules()?;
    }
}

impl AgreementTransfer {
    /// The agreement gets this plan.
    #[must_use]
    pub fn new(agreement_no: &str, rule: PeriodRule) -> Self {
        Self {
            agreement_no: agreement_no.to_owned(),
            target_product_code: "CYCLE_PAY_AUTH_P".to_owned(),
            period_rule_params: rule,
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.user.agreement.executionplan.modify`: moves the next deduction to another day.
    AgreementModify: "alipay.user.agreement.executionplan.modify" {
        /// Alipay's number.
        agreement_no: String [64],
        /// The new day, `yyyy-MM-dd`.
        deduct_time: String [10],
        /// Why.
        memo: String [256],
    }
    echoes(request) { vec![("agreement_no", request.agreement_no.as_str())] }
}

impl AgreementModify {
    /// The next deduction is on `day` (`yyyy-MM-dd`).
    #[must_use]
    pub fn new(agreement_no: &str, day: &str, memo: &str) -> Self {
        Self {
            agreement_no: agreement_no.to_owned(),
            deduct_time: day.to_owned(),
            memo: memo.to_owned(),
            ..Self::default()
        }
    }
}
