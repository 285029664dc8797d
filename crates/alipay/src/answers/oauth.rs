//! What users' and merchants' tokens answer, and Alipay's certificates.

use super::read::{answer, item};
use crate::{
    AlipayTime, Secret,
    requests::{AppToken, AppTokenQuery, CertDownload, OauthToken, UserInfo},
};

answer! {
    /// What `alipay.system.oauth.token` answers. Its node has no `code`; its times are in seconds.
    OauthTokenResponse of OauthToken {
        /// Opens [`UserInfo`].
        access_token: Secret,
        /// How long it does, in seconds.
        expires_in: Option<u64>,
        /// Buys a new one.
        refresh_token: Option<Secret>,
        /// How long it does, in seconds.
        re_expires_in: Option<u64>,
        /// The user (`2088…`); newer applications get `open_id`.
        user_id: Option<String>,
        /// The user, as newer applications know them.
        open_id: Option<String>,
        /// The user across the applications of one company.
        union_id: Option<String>,
        /// An old number of the user; not used any more.
        alipay_user_id: Option<String>,
        /// When the user agreed.
        auth_start: Option<AlipayTime>,
        /// `permanent` for tokens that do not expire.
        auth_token_type: Option<String>,
    }
}

answer! {
    /// What `alipay.user.info.share` answers: only what the user lets be known.
    UserInfoResponse of UserInfo {
        /// The user (`2088…`).
        user_id: Option<String>,
        /// The user, as newer applications know them.
        open_id: Option<String>,
        /// What they call themselves.
        nick_name: Option<String>,
        /// The address of their picture.
        avatar: Option<String>,
        /// `F` or `M`; lower case has been seen.
        gender: Option<String>,
        /// Their province.
        province: Option<String>,
        /// Their city.
        city: Option<String>,
        /// `T` when their name was checked.
        is_certified: Option<String>,
        /// `1` a company, `2` a person.
        user_type: Option<String>,
        /// `Q` quick, `T` normal, `B` frozen, `W` not activated.
        user_status: Option<String>,
    }
}

item! {
    /// The token of one merchant.
    MerchantToken {
        /// What calls for the merchant need.
        app_auth_token: Secret,
        /// Buys a new one.
        app_refresh_token: Option<Secret>,
        /// The merchant's application.
        auth_app_id: Option<String>,
        /// The merchant (`2088…`).
        user_id: Option<String>,
        /// In seconds; the documents call it obsolete, tokens live long.
        expires_in: Option<u64>,
        /// In seconds.
        re_expires_in: Option<u64>,
    }
}

answer! {
    /// What `alipay.open.auth.token.app` answers. When several applications were authorised at
    /// once, `tokens` has them all.
    AppTokenResponse of AppToken {
        /// What calls for the merchant need, as the parameter `app_auth_token`.
        app_auth_token: Option<Secret>,
        /// Buys a new one.
        app_refresh_token: Option<Secret>,
        /// The merchant's application.
        auth_app_id: Option<String>,
        /// The merchant (`2088…`).
        user_id: Option<String>,
        /// In seconds; the documents call it obsolete, tokens live long.
        expires_in: Option<u64>,
        /// In seconds.
        re_expires_in: Option<u64>,
        /// The token of each application.
        tokens: Vec<MerchantToken>,
    }
}

answer! {
    /// What `alipay.open.auth.token.app.query` answers.
    AppTokenQueryResponse of AppTokenQuery {
        /// The merchant (`2088…`).
        user_id: Option<String>,
        /// The merchant's application.
        auth_app_id: Option<String>,
        /// In seconds.
        expires_in: Option<u64>,
        /// Which methods it opens.
        auth_methods: Vec<String>,
        /// From when on.
        auth_start: Option<AlipayTime>,
        /// Until when.
        auth_end: Option<AlipayTime>,
        /// `valid` or `invalid`.
        status: Option<String>,
    }
}

answer! {
    /// What `alipay.open.app.alipaycert.download` answers.
    CertDownloadResponse of CertDownload {
        /// The certificate: base64 of its PEM text.
        alipay_cert_content: String,
    }
}
