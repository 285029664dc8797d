//! One file of a bill, from its title to its sums.

use super::{
    BillError, BillLine, Total,
    cells::split,
    footer::totals,
    row::{Row, column_name},
    text::TextLines,
};
use crate::AlipayTime;
use std::{fmt, io::Read, sync::Arc};

/// Which table a file holds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum BillKind {
    /// Payments and refunds, each on a line.
    Trade,
    /// Payments and refunds, by shop.
    TradeSummary,
    /// Movements on the account, each on a line.
    Account,
    /// Movements on the account, by kind.
    AccountSummary,
    /// A table of another kind.
    Other,
}

impl BillKind {
    fn of(title: &str) -> Self {
        for (word, kind) in [
            ("业务明细", Self::Trade),
            ("业务汇总", Self::TradeSummary),
            ("账务明细", Self::Account),
            ("账务汇总", Self::AccountSummary),
        ] {
            if title.contains(word) {
                return kind;
            }
        }
        Self::Other
    }
}

/// One file of a bill: an iterator over its lines. After the last one it knows the sums.
///
/// A line that cannot be read is an error of its own; the next ones can still be asked for, except
/// after the file itself broke off.
pub struct Bill<R> {
    lines: TextLines<R>,
    kind: BillKind,
    account: Option<String>,
    begin: Option<AlipayTime>,
    end: Option<AlipayTime>,
    columns: Arc<[String]>,
    totals: Vec<Total>,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Rows,
    Footer,
    Over,
}

impl<R: Read> Bill<R> {
    /// Reads the head of a file, up to the names of its columns.
    ///
    /// # Errors
    /// When the file does not begin as a bill does.
    pub fn open(reader: R) -> Result<Self, BillError> {
        let mut lines = TextLines::new(reader);
        let title = lines.next()?.ok_or(BillError::NoTitle)?;
        let title = title.trim_start_matches('\u{feff}');
        if !title.starts_with('#') {
            return Err(BillError::NoTitle);
        }
        let mut bill = Self {
            lines,
            kind: BillKind::of(title),
            account: None,
            begin: None,
            end: None,
            columns: Arc::default(),
            totals: Vec::new(),
            state: State::Rows,
        };
        loop {
            let line = bill.lines.next()?.ok_or(BillError::Truncated)?;
            if line.starts_with('#') {
                bill.head(&line);
            } else if !line.trim().is_empty() {
                bill.columns = split(&line).iter().map(|name| column_name(name)).collect();
                return Ok(bill);
            }
        }
    }

    /// Which table this is.
    #[must_use]
    pub const fn kind(&self) -> BillKind {
        self.kind
    }

    /// Whose bill: the merchant's number with `0156` behind it.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// From when on.
    #[must_use]
    pub const fn begin(&self) -> Option<AlipayTime> {
        self.begin
    }

    /// Until when.
    #[must_use]
    pub const fn end(&self) -> Option<AlipayTime> {
        self.end
    }

    /// The names of the columns, without their units.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The sums below the lines; complete once the last line has been taken.
    #[must_use]
    pub fn totals(&self) -> &[Total] {
        &self.totals
    }

    fn head(&mut self, line: &str) {
        for (word, value) in bracketed(line) {
            if word.contains("账号") {
                self.account = Some(value.to_owned());
            } else if word.contains("起始日期") {
                self.begin = chinese_time(value);
            } else if word.contains("终止日期") {
                self.end = chinese_time(value);
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<BillLine>, BillError> {
        loop {
            let Some(line) = self.lines.next()? else {
                let whole = self.state == State::Footer;
                self.state = State::Over;
                return if whole {
                    Ok(None)
                } else {
                    Err(BillError::Truncated)
                };
            };
            if line.starts_with('#') {
                self.state = State::Footer;
                self.totals.extend(totals(&line));
            } else if self.state == State::Rows && !line.trim().is_empty() {
                return self.row(&line).map(Some);
            }
        }
    }

    fn row(&self, line: &str) -> Result<BillLine, BillError> {
        let number = self.lines.number();
        let mut cells = split(line);
        let columns = self.columns.len();
        while cells.len() > columns && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.len() != columns {
            return Err(BillError::Cells {
                line: number,
                found: cells.len(),
                columns,
            });
        }
        let row = Row {
            line: number,
            columns: self.columns.clone(),
            cells,
        };
        BillLine::read(self.kind, row)
    }
}

impl<R: Read> Iterator for Bill<R> {
    type Item = Result<BillLine, BillError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Over {
            return None;
        }
        let line = self.next_line();
        if matches!(line, Err(BillError::Read(_) | BillError::TooLong { .. })) {
            // What follows would begin in the middle of something.
            self.state = State::Over;
        }
        line.transpose()
    }
}

/// What it is and of whom; lines are what it is read for.
impl<R> fmt::Debug for Bill<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bill")
            .field("kind", &self.kind)
            .field("columns", &self.columns.len())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// `账号：[2088…]` → `("账号：", "2088…")`, as often as it stands there.
fn bracketed(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split(']').filter_map(|part| part.split_once('['))
}

/// `2019年09月16日 00:00:00`.
fn chinese_time(text: &str) -> Option<AlipayTime> {
    let text = text.replace(['年', '月'], "-").replace('日', "");
    AlipayTime::parse(text.trim()).ok()
}
