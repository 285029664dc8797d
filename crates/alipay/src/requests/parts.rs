//! Objects that many payments share: goods, settlement, shares, the buyer, the delivery.

use super::shape::object;
use money::Fen;

object! {
    /// One line of what is bought.
    Goods {
        /// The merchant's number of the article.
        goods_id: String [32],
        /// Its name.
        goods_name: String [256],
        /// How many.
        quantity: u32,
        /// What one costs.
        price: Fen,
        /// Alipay's number of the article.
        alipay_goods_id: Option<String> [32],
        /// Its category.
        goods_category: Option<String> [24],
        /// Its categories from the root down, joined by `|`.
        categories_tree: Option<String> [128],
        /// More about it.
        body: Option<String> [1000],
        /// Where it is shown.
        show_url: Option<String> [400],
    }
}

impl Goods {
    /// So many of an article at this price each.
    #[must_use]
    pub fn new(goods_id: &str, goods_name: &str, quantity: u32, price: Fen) -> Self {
        Self {
            goods_id: goods_id.to_owned(),
            goods_name: goods_name.to_owned(),
            quantity,
            price,
            ..Self::default()
        }
    }
}

object! {
    /// Parameters for partners and instalments.
    ExtendParams {
        /// The account (`2088…`) of the service provider who earns for this payment.
        sys_service_provider_id: Option<String> [64],
        /// Number of Huabei instalments: `3`, `6`, `12`.
        hb_fq_num: Option<String> [5],
        /// Which share of the instalment fee the seller pays: `0` or `100`.
        hb_fq_seller_percent: Option<String> [3],
        /// JSON text about the merchant's industry.
        industry_reflux_info: Option<String> [512],
        /// Which card may pay.
        card_type: Option<String> [32],
        /// `true` holds the money back for later shares with others.
        royalty_freeze: Option<String> [5],
        /// The seller's name on the buyer's bill.
        specified_seller_name: Option<String> [32],
        /// JSON text about credit.
        credit_ext_info: Option<String>,
        /// The number of the order at the trade component.
        trade_component_order_id: Option<String> [64],
        /// The number of the instalment plan.
        tc_installment_order_id: Option<String>,
    }
}

object! {
    /// The merchant below a platform, in direct mode.
    SubMerchant {
        /// Its number.
        merchant_id: String [16],
        /// `alipay`.
        merchant_type: Option<String> [32],
    }
}

object! {
    /// Where the money of a payment goes in the end.
    SettleInfo {
        /// Who gets how much, at most ten.
        settle_detail_infos: Vec<SettleDetail> [10],
        /// After how long it is settled at the latest: `1d` to `365d`.
        settle_period_time: Option<String> [10],
    }
}

object! {
    /// One who gets a part of the money.
    SettleDetail {
        /// `cardAliasNo`, `userId`, `loginName` or `defaultSettle`.
        trans_in_type: String [64],
        /// The account of that kind.
        trans_in: Option<String> [64],
        /// By what settlements are summed up.
        summary_dimension: Option<String> [64],
        /// Whose money it is: the number of a second-level merchant or a shop.
        settle_entity_id: Option<String> [64],
        /// `SecondMerchant` or `Store`.
        settle_entity_type: Option<String> [32],
        /// How much.
        amount: Option<Fen>,
    }
}

object! {
    /// How a payment is shared with others at once.
    RoyaltyInfo {
        /// `ROYALTY`.
        royalty_type: Option<String> [150],
        /// The shares.
        royalty_detail_infos: Vec<super::Royalty>,
    }
}

object! {
    /// Who has to be the one that pays.
    ExtUserInfo {
        /// Their name.
        name: Option<String> [16],
        /// Their telephone.
        mobile: Option<String> [20],
        /// `IDENTITY_CARD`, `PASSPORT`, `OFFICER_CARD`, `SOLDIER_CARD`, `HOKOU` or
        /// `PERMANENT_RESIDENCE_FOREIGNER`.
        cert_type: Option<String> [32],
        /// The number of that document.
        cert_no: Option<String> [64],
        /// How old they have to be.
        min_age: Option<String> [3],
        /// `T` when only this person may pay.
        fix_buyer: Option<String> [8],
        /// `T` when Alipay has to check the above.
        need_check_info: Option<String> [1],
        /// SHA-256 of name and number, in hexadecimal, instead of both.
        identity_hash: Option<String> [64],
    }
}

object! {
    /// How goods are sent.
    Logistics {
        /// `POST`, `EXPRESS`, `VIRTUAL`, …
        logistics_type: Option<String> [32],
    }
}

object! {
    /// Where goods are sent.
    Receiver {
        /// Whose name is on the parcel.
        name: Option<String> [512],
        /// The street.
        address: Option<String> [512],
        /// Their telephone.
        mobile: Option<String> [60],
        /// The postal code.
        zip: Option<String> [40],
        /// The code of the district.
        division_code: Option<String> [16],
    }
}
