//! The lines of the four known tables.

use super::{
    BillError, BillKind,
    row::{Cell, Row},
};
use crate::AlipayTime;
use money::Fen;

/// One line of a bill.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BillLine {
    /// A payment or a refund.
    Trade(Box<TradeLine>),
    /// A shop in the summary of payments; the last one is the sum of all.
    TradeSummary(Box<TradeSummaryLine>),
    /// A movement on the account.
    Account(Box<AccountLine>),
    /// A kind of movement in the summary of the account; the last one is the sum of all.
    AccountSummary(Box<AccountSummaryLine>),
    /// A line of a table that this crate has no type for.
    Other(Row),
}

impl BillLine {
    pub(super) fn read(kind: BillKind, row: Row) -> Result<Self, BillError> {
        Ok(match kind {
            BillKind::Trade => Self::Trade(Box::new(TradeLine::read(row)?)),
            BillKind::TradeSummary => Self::TradeSummary(Box::new(TradeSummaryLine::read(row)?)),
            BillKind::Account => Self::Account(Box::new(AccountLine::read(row)?)),
            BillKind::AccountSummary => {
                Self::AccountSummary(Box::new(AccountSummaryLine::read(row)?))
            }
            BillKind::Other => Self::Other(row),
        })
    }

    /// The fields that are known of this kind, each with the column that it is read from.
    #[must_use]
    pub const fn columns(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Trade(_) => TradeLine::COLUMNS,
            Self::TradeSummary(_) => TradeSummaryLine::COLUMNS,
            Self::Account(_) => AccountLine::COLUMNS,
            Self::AccountSummary(_) => AccountSummaryLine::COLUMNS,
            Self::Other(_) => &[],
        }
    }

    /// The line with the names of its columns.
    #[must_use]
    pub const fn row(&self) -> &Row {
        match self {
            Self::Trade(line) => &line.row,
            Self::TradeSummary(line) => &line.row,
            Self::Account(line) => &line.row,
            Self::AccountSummary(line) => &line.row,
            Self::Other(row) => row,
        }
    }
}

macro_rules! line {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty = $column:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// The line as it came, with columns that this type does not know.
            pub row: Row,
        }

        impl $name {
            /// The fields, each with the column that it is read from.
            pub const COLUMNS: &'static [(&'static str, &'static str)] =
                &[$((stringify!($field), $column),)*];

            fn read(row: Row) -> Result<Self, BillError> {
                Ok(Self {
                    $($field: Cell::read(&row, $column)?,)*
                    row,
                })
            }
        }
    };
}

line! {
    /// A payment or a refund. Amounts of refunds are negative.
    TradeLine {
        /// Alipay's number.
        trade_no: String = "支付宝交易号",
        /// The merchant's number.
        out_trade_no: Option<String> = "商户订单号",
        /// `交易` (a payment) or `退款` (a refund); see [`TradeLine::is_refund`].
        biz_type: String = "业务类型",
        /// What was bought.
        subject: Option<String> = "商品名称",
        /// When the order was made.
        created: Option<AlipayTime> = "创建时间",
        /// When the money moved.
        completed: Option<AlipayTime> = "完成时间",
        /// The shop.
        store_id: Option<String> = "门店编号",
        /// Its name.
        store_name: Option<String> = "门店名称",
        /// Who sold.
        operator: Option<String> = "操作员",
        /// The till.
        terminal_id: Option<String> = "终端号",
        /// The buyer's account with most of it starred out.
        other_account: Option<String> = "对方账户",
        /// What the order is over.
        order_amount: Fen = "订单金额",
        /// What the merchant gets of it.
        receipt_amount: Fen = "商家实收",
        /// Alipay's red packets.
        alipay_coupon: Option<Fen> = "支付宝红包",
        /// Points.
        point_amount: Option<Fen> = "集分宝",
        /// Alipay's discounts.
        alipay_discount: Option<Fen> = "支付宝优惠",
        /// The merchant's discounts.
        merchant_discount: Option<Fen> = "商家优惠",
        /// Vouchers that were used.
        voucher_amount: Option<Fen> = "券核销金额",
        /// Their names.
        voucher_name: Option<String> = "券名称",
        /// The merchant's red packets.
        merchant_coupon: Option<Fen> = "商家红包消费金额",
        /// What was paid by cards.
        card_amount: Option<Fen> = "卡消费金额",
        /// The refund's `out_request_no`.
        out_request_no: Option<String> = "退款批次号/请求号",
        /// Alipay's fee, negative.
        service_fee: Option<Fen> = "服务费",
        /// Shares of others.
        royalty: Option<Fen> = "分润",
        /// A remark.
        remark: Option<String> = "备注",
    }
}

impl TradeLine {
    /// Returns `true` for a refund.
    #[must_use]
    pub fn is_refund(&self) -> bool {
        self.biz_type == "退款"
    }
}

line! {
    /// A shop in the summary of payments.
    TradeSummaryLine {
        /// The shop, or `合计` for the sum of all.
        store_id: Option<String> = "门店编号",
        /// Its name.
        store_name: Option<String> = "门店名称",
        /// How many payments.
        payments: u64 = "交易订单总笔数",
        /// How many refunds.
        refunds: u64 = "退款订单总笔数",
        /// What the orders are over.
        order_amount: Fen = "订单金额",
        /// What the merchant gets of it.
        receipt_amount: Fen = "商家实收",
        /// Alipay's discounts.
        alipay_discount: Option<Fen> = "支付宝优惠",
        /// The merchant's discounts.
        merchant_discount: Option<Fen> = "商家优惠",
        /// What was paid by cards.
        card_amount: Option<Fen> = "卡消费金额",
        /// Alipay's fees.
        service_fee: Option<Fen> = "服务费",
        /// Shares of others.
        royalty: Option<Fen> = "分润",
        /// What is left for the merchant.
        net_amount: Fen = "实收净额",
    }
}

impl TradeSummaryLine {
    /// Returns `true` for the sum of all shops.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.store_id.as_deref() == Some("合计")
    }
}

line! {
    /// A movement on the account: money comes in or goes out.
    AccountLine {
        /// Its number.
        account_log_id: String = "账务流水号",
        /// The business' number.
        biz_no: Option<String> = "业务流水号",
        /// The merchant's number of the order.
        out_trade_no: Option<String> = "商户订单号",
        /// What was bought.
        subject: Option<String> = "商品名称",
        /// When.
        time: AlipayTime = "发生时间",
        /// The other account.
        other_account: Option<String> = "对方账号",
        /// What came in.
        income: Option<Fen> = "收入金额",
        /// What went out, negative.
        outgo: Option<Fen> = "支出金额",
        /// What was on the account after it.
        balance: Option<Fen> = "账户余额",
        /// Through which channel.
        channel: Option<String> = "交易渠道",
        /// What kind of movement.
        biz_type: Option<String> = "业务类型",
        /// A remark.
        remark: Option<String> = "备注",
        /// What it was for (newer files).
        biz_desc: Option<String> = "业务描述",
        /// The order (newer files).
        biz_order_no: Option<String> = "业务订单号",
        /// The order before that (newer files).
        biz_base_order_no: Option<String> = "业务基础订单号",
        /// Which product it came from (newer files).
        biz_source: Option<String> = "业务账单来源",
    }
}

line! {
    /// A kind of movement in the summary of the account.
    AccountSummaryLine {
        /// The kind, or `合计` for the sum of all.
        kind: String = "类型",
        /// How often money came in.
        incomes: u64 = "收入笔数",
        /// How much came in.
        income: Fen = "收入金额",
        /// How often money went out.
        outgoes: u64 = "支出笔数",
        /// How much went out, negative.
        outgo: Fen = "支出金额",
        /// Both together.
        total: Fen = "总金额",
    }
}

impl AccountSummaryLine {
    /// Returns `true` for the sum of all kinds.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.kind == "合计"
    }
}
