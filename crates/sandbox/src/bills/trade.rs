//! The bill of trades: payments and refunds, each on a line, and their sums by shop.

use super::cells::{Table, amount, gbk, text};
use super::zip::ZipFile;
use crate::domain::bill::BillDate;
use kernel::Timestamp;
use money::Fen;
use std::collections::BTreeMap;

const COLUMNS: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const SUMMARY_COLUMNS: &str = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

/// A payment, or a refund of one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TradeLine {
    /// Alipay's number.
    pub trade_no: String,
    /// The merchant's number.
    pub out_trade_no: String,
    /// What was bought.
    pub subject: String,
    /// When the trade came into being.
    pub created_at: Timestamp,
    /// When the money moved.
    pub completed_at: Timestamp,
    /// The shop, or nothing.
    pub store_id: String,
    /// The till, or nothing.
    pub terminal_id: String,
    /// The buyer, masked.
    pub other_account: String,
    /// What moved, more than nothing; a refund is written negative.
    pub amount: Fen,
    /// The refund's number; none for a payment.
    pub out_request_no: Option<String>,
    /// Why it went back.
    pub remark: String,
}

impl TradeLine {
    fn signed(&self) -> Fen {
        match self.out_request_no {
            None => self.amount,
            Some(_) => Fen::new(self.amount.fen().saturating_neg()),
        }
    }

    fn cells(&self) -> Vec<String> {
        let (signed, nothing) = (amount(self.signed()), amount(Fen::ZERO));
        let kind = if self.out_request_no.is_some() {
            "退款"
        } else {
            "交易"
        };
        vec![
            text(&self.trade_no),
            text(&self.out_trade_no),
            text(kind),
            text(&self.subject),
            text(&self.created_at.china()),
            text(&self.completed_at.china()),
            text(&self.store_id),
            String::new(),
            String::new(),
            text(&self.terminal_id),
            text(&self.other_account),
            signed.clone(),
            signed,
            nothing.clone(),
            nothing.clone(),
            nothing.clone(),
            nothing.clone(),
            nothing.clone(),
            String::new(),
            nothing.clone(),
            nothing.clone(),
            text(self.out_request_no.as_deref().unwrap_or_default()),
            nothing.clone(),
            nothing,
            text(&self.remark),
        ]
    }
}

/// How many and how much, of payments and of refunds.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    payments: u64,
    paid: Fen,
    refunds: u64,
    refunded: Fen,
}

impl Sums {
    fn add(&mut self, line: &TradeLine) {
        let (count, sum) = match line.out_request_no {
            None => (&mut self.payments, &mut self.paid),
            Some(_) => (&mut self.refunds, &mut self.refunded),
        };
        *count += 1;
        *sum = Fen::new(sum.fen().saturating_add(line.signed().fen()));
    }

    fn cells(&self, first: String) -> Vec<String> {
        let net = amount(Fen::new(
            self.paid.fen().saturating_add(self.refunded.fen()),
        ));
        let nothing = amount(Fen::ZERO);
        vec![
            first,
            String::new(),
            self.payments.to_string(),
            self.refunds.to_string(),
            net.clone(),
            net.clone(),
            nothing.clone(),
            nothing.clone(),
            nothing.clone(),
            nothing.clone(),
            nothing,
            net,
        ]
    }
}

/// Both files of a bill of trades of the seller `pid`, written at `made_at`.
#[must_use]
pub fn trade_files(
    pid: &str,
    date: &BillDate,
    lines: &[TradeLine],
    made_at: Timestamp,
) -> Vec<ZipFile> {
    let account = format!("{pid}0156");
    let span = (date.from, date.to);
    let made = format!("#导出时间：[{}]", super::cells::chinese(made_at));
    let mut table = Table::default();
    table.head("业务明细", &account, span);
    table.line("#-----------------------------------------业务明细列表----------------------------------------");
    table.line(COLUMNS);
    let mut all = Sums::default();
    let mut shops: BTreeMap<&str, Sums> = BTreeMap::new();
    for line in lines {
        table.row(&line.cells());
        all.add(line);
        shops.entry(&line.store_id).or_default().add(line);
    }
    table.line("#-----------------------------------------业务明细列表结束------------------------------------");
    table.line(&format!(
        "#交易合计：{}笔，商家实收共{}元，商家优惠共0.00元",
        all.payments, all.paid
    ));
    table.line(&format!(
        "#退款合计：{}笔，商家实收退款共{}元，商家优惠退款共0.00元",
        all.refunds, all.refunded
    ));
    table.line(&made);

    let mut summary = Table::default();
    summary.head("业务汇总", &account, span);
    summary.line("#-----------------------------------------业务汇总列表----------------------------------------");
    summary.line(SUMMARY_COLUMNS);
    for (store_id, sums) in &shops {
        summary.row(&sums.cells(text(store_id)));
    }
    summary.row(&all.cells(text("合计")));
    summary.line("#-----------------------------------------业务汇总列表结束------------------------------------");
    summary.line(&made);

    let name = |what: &str| gbk(&format!("{account}_{}_{what}.csv", date.digits()));
    vec![
        ZipFile {
            name: name("业务明细"),
            content: table.gbk(),
        },
        ZipFile {
            name: name("业务明细(汇总)"),
            content: summary.gbk(),
        },
    ]
}
