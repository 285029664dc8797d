//! The lines of a bill on stdout: a table, CSV, or JSON lines, one at a time.

use crate::args::BillForm;
use crate::printer::{self, clean};
use alipay::bill::{Bill, BillKind, BillLine};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};
use serde_json::{Map, Value};
use std::io::{BufWriter, Read, Stdout, Write as _};

/// Whether it makes sense to go on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Printed {
    /// It was printed.
    Yes,
    /// Whoever read stdout has gone.
    NobodyReads,
}

/// Columns that matter most, in this order; all of them where a bill has none of these.
const SHOWN: &[&str] = &[
    "完成时间",
    "发生时间",
    "业务类型",
    "商户订单号",
    "支付宝交易号",
    "商品名称",
    "订单金额",
    "商家实收",
    "服务费",
    "收入金额",
    "支出金额",
    "账户余额",
    "退款批次号/请求号",
    "对方账号",
];
/// Lines that stand in one table before the next begins with its own head: a bill may have a million.
const TABLE_LINES: usize = 200;

/// Prints lines in one of the forms.
pub(super) struct Sheet {
    form: BillForm,
    kind: BillKind,
    columns: Vec<String>,
    table: Option<Table>,
    out: BufWriter<Stdout>,
}

impl Sheet {
    /// Nothing printed yet.
    pub(super) fn new(form: BillForm) -> Self {
        Self {
            form,
            kind: BillKind::Other,
            columns: Vec::new(),
            table: None,
            out: BufWriter::new(std::io::stdout()),
        }
    }

    /// The lines of this file follow. Files with the same columns go on under the same head.
    pub(super) fn begin<R: Read>(&mut self, bill: &Bill<R>) {
        self.kind = bill.kind();
        if self.columns == bill.columns() {
            return;
        }
        self.end_table();
        let first = self.columns.is_empty();
        self.columns = bill.columns().to_vec();
        if self.form == BillForm::Csv {
            if !first {
                self.write("\n");
            }
            let head = self.columns.clone();
            self.csv(head.iter().map(String::as_str));
        }
    }

    /// Prints a line.
    pub(super) fn line(&mut self, line: &BillLine) -> Printed {
        match self.form {
            BillForm::Table => self.row(line),
            BillForm::Csv => self.csv(line.row().iter().map(|(_, cell)| cell)),
            BillForm::Jsonl => {
                let object = object(self.kind, line);
                self.write(&format!("{object}\n"));
            }
        }
        if printer::is_read() {
            Printed::Yes
        } else {
            Printed::NobodyReads
        }
    }

    /// Prints what is left.
    pub(super) fn end(&mut self) {
        self.end_table();
        printer::keep(self.out.flush());
    }

    fn write(&mut self, text: &str) {
        printer::keep(self.out.write_all(text.as_bytes()));
    }

    fn csv<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = writer.write_record(cells);
        match (written, writer.into_inner()) {
            (Ok(()), Ok(bytes)) => printer::keep(self.out.write_all(&bytes)),
            (Err(error), _) => printer::keep(Err(std::io::Error::other(error))),
            (_, Err(error)) => printer::keep(Err(std::io::Error::other(error.to_string()))),
        }
    }

    fn row(&mut self, line: &BillLine) {
        let shown = shown(&self.columns);
        let table = self.table.get_or_insert_with(|| {
            let mut table = Table::new();
            table.load_preset(UTF8_BORDERS_ONLY).set_header(&shown);
            for (at, name) in shown.iter().enumerate() {
                if let Some(column) = table.column_mut(at)
                    && is_number(name)
                {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
            table
        });
        let cells = shown
            .iter()
            .map(|name| clean(line.row().get(name).unwrap_or_default()));
        table.add_row(cells.collect::<Vec<_>>());
        if table.row_count() >= TABLE_LINES {
            self.end_table();
        }
    }

    fn end_table(&mut self) {
        if let Some(table) = self.table.take() {
            self.write(&format!("{table}\n"));
        }
    }
}

fn shown(columns: &[String]) -> Vec<&str> {
    let has = |name: &&&str| columns.iter().any(|column| column == **name);
    let chosen = SHOWN.iter().filter(has).copied().collect::<Vec<_>>();
    if chosen.is_empty()
        || columns.len() <= chosen.len()
        || columns.iter().any(|name| name.ends_with("笔数"))
    {
        return columns.iter().map(String::as_str).collect();
    }
    chosen
}

fn is_number(column: &str) -> bool {
    [
        "金额",
        "实收",
        "费",
        "余额",
        "笔数",
        "净额",
        "优惠",
        "分润",
        "总金额",
    ]
    .iter()
    .any(|end| column.ends_with(end))
}

/// A line by the names of its fields; columns that no type knows keep their own.
fn object(kind: BillKind, line: &BillLine) -> Value {
    let known = line.columns();
    let mut object = Map::new();
    let table = match kind {
        BillKind::Trade => "trade",
        BillKind::TradeSummary => "trade-summary",
        BillKind::Account => "account",
        BillKind::AccountSummary => "account-summary",
        _ => "other",
    };
    object.insert("table".to_owned(), table.into());
    object.insert("line".to_owned(), line.row().line().into());
    for (column, cell) in line.row().iter() {
        let field = known.iter().find(|(_, name)| *name == column);
        let name = field.map_or(column, |(field, _)| field);
        let value = if cell.is_empty() {
            Value::Null
        } else {
            cell.into()
        };
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}
