//! The bill of the account: what came in and went out, each on a line, and the sums by kind.

use super::cells::{Table, amount, chinese, gbk, text};
use super::zip::ZipFile;
use crate::domain::bill::BillDate;
use kernel::Timestamp;
use money::Fen;
use std::collections::BTreeMap;

const COLUMNS: &str = "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注,业务描述,业务订单号,业务基础订单号,业务账单来源";
const SUMMARY_COLUMNS: &str = "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）";

/// Which way money went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// It came in.
    In,
    /// It went out.
    Out,
}

impl Direction {
    /// Alipay's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "收入",
            Self::Out => "支出",
        }
    }
}

/// A movement of a seller's account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountLine {
    /// Its number, made of the posting's place in the ledger.
    pub log_id: String,
    /// Alipay's number of what moved it: a trade's, a transfer's.
    pub order_no: String,
    /// The merchant's number of that.
    pub merchant_no: String,
    /// What it was for.
    pub subject: String,
    /// When.
    pub at: Timestamp,
    /// The account at the other end, masked.
    pub other_account: String,
    /// Which way.
    pub direction: Direction,
    /// How much, more than nothing.
    pub amount: Fen,
    /// What the account held after it.
    pub balance: Fen,
    /// `在线支付`, `交易退款`, `转账`, …
    pub kind: &'static str,
    /// Which product it came from.
    pub source: &'static str,
    /// A remark.
    pub remark: String,
    /// The number of the refund, for one.
    pub out_request_no: String,
}

impl AccountLine {
    fn cells(&self) -> Vec<String> {
        let (income, outgo) = match self.direction {
            Direction::In => (amount(self.amount), String::new()),
            Direction::Out => (String::new(), amount(negative(self.amount))),
        };
        vec![
            text(&self.log_id),
            text(&self.order_no),
            text(&self.merchant_no),
            text(&self.subject),
            text(&self.at.china()),
            text(&self.other_account),
            income,
            outgo,
            amount(self.balance),
            text("支付宝"),
            text(self.kind),
            text(&self.remark),
            text(self.kind),
            text(&self.order_no),
            text(&self.order_no),
            text(self.source),
        ]
    }
}

fn negative(value: Fen) -> Fen {
    Fen::new(value.fen().saturating_neg())
}

/// How many and how much, in and out.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    incomes: u64,
    income: Fen,
    outgoes: u64,
    outgo: Fen,
}

impl Sums {
    fn add(&mut self, line: &AccountLine) {
        let (count, sum, moved) = match line.direction {
            Direction::In => (&mut self.incomes, &mut self.income, line.amount),
            Direction::Out => (&mut self.outgoes, &mut self.outgo, negative(line.amount)),
        };
        *count += 1;
        *sum = Fen::new(sum.fen().saturating_add(moved.fen()));
    }

    fn cells(&self, kind: &str) -> Vec<String> {
        let total = self.income.fen().saturating_add(self.outgo.fen());
        vec![
            text(kind),
            self.incomes.to_string(),
            amount(self.income),
            self.outgoes.to_string(),
            amount(self.outgo),
            amount(Fen::new(total)),
        ]
    }
}

/// Both files of a bill of the account of the seller `pid`, written at `made_at`.
#[must_use]
pub fn account_files(
    pid: &str,
    date: &BillDate,
    lines: &[AccountLine],
    made_at: Timestamp,
) -> Vec<ZipFile> {
    let account = format!("{pid}0156");
    let span = (date.from, date.to);
    let made = format!("#导出时间：[{}]", chinese(made_at));
    let mut table = Table::default();
    table.head("账务明细", &account, span);
    table.line("#-----------------------------------------账务明细列表----------------------------------------");
    table.line(COLUMNS);
    let mut all = Sums::default();
    let mut kinds: BTreeMap<&str, Sums> = BTreeMap::new();
    for line in lines {
        table.row(&line.cells());
        all.add(line);
        kinds.entry(line.kind).or_default().add(line);
    }
    table.line("#-----------------------------------------账务明细列表结束------------------------------------");
    table.line(&format!(
        "#支出合计：{}笔，共{}元，收入合计：{}笔，共{}元",
        all.outgoes, all.outgo, all.incomes, all.income
    ));
    table.line(&made);

    let mut summary = Table::default();
    summary.head("账务汇总", &account, span);
    summary.line("#-----------------------------------------账务汇总列表----------------------------------------");
    summary.line(SUMMARY_COLUMNS);
    for (kind, sums) in &kinds {
        summary.row(&sums.cells(kind));
    }
    summary.row(&all.cells("合计"));
    summary.line("#-----------------------------------------账务汇总列表结束------------------------------------");
    summary.line(&made);

    let name = |what: &str| gbk(&format!("{account}_{}_{what}.csv", date.digits()));
    vec![
        ZipFile {
            name: name("账务明细"),
            content: table.gbk(),
        },
        ZipFile {
            name: name("账务明细(汇总)"),
            content: summary.gbk(),
        },
    ]
}
