//! Cells and lines of a bill's table.

use crate::notices::form::fitting;
use alipay::Charset;
use kernel::Timestamp;
use money::Fen;

/// One file: its lines, ended as Windows ends them.
#[derive(Default)]
pub(super) struct Table(String);

impl Table {
    /// A line as it stands.
    pub(super) fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push_str("\r\n");
    }

    /// A line of cells.
    pub(super) fn row(&mut self, cells: &[String]) {
        self.line(&cells.join(","));
    }

    /// Title, account and time of a bill of lines, or of its summary.
    pub(super) fn head(&mut self, title: &str, account: &str, span: (Timestamp, Timestamp)) {
        self.line(&format!("#支付宝{title}查询"));
        self.line(&format!("#账号：[{account}]"));
        self.line(&format!(
            "#起始日期：[{}]   终止日期：[{}]",
            chinese(span.0),
            chinese(span.1)
        ));
    }

    /// The file's bytes in GBK; what GBK lacks is a question mark.
    pub(super) fn gbk(self) -> Vec<u8> {
        gbk(&self.0)
    }
}

/// A text in GBK; what GBK lacks is a question mark.
pub(super) fn gbk(text: &str) -> Vec<u8> {
    let text = fitting(text, Charset::Gbk);
    Charset::Gbk
        .encode(&text)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// `2019年09月16日 00:00:00`.
pub(super) fn chinese(at: Timestamp) -> String {
    let text = at.china();
    match (
        text.get(..4),
        text.get(5..7),
        text.get(8..10),
        text.get(11..),
    ) {
        (Some(year), Some(month), Some(day), Some(time)) => {
            format!("{year}年{month}月{day}日 {time}")
        }
        _ => text,
    }
}

/// A text cell: a tab behind it keeps spreadsheets from reading a number. An empty one is empty.
pub(super) fn text(value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    let line: String = value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if line.contains([',', '"']) || line.starts_with('#') {
        return format!("\"{}\"\t", line.replace('"', "\"\""));
    }
    format!("{line}\t")
}

/// An amount.
pub(super) fn amount(value: Fen) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_line_and_its_cell() {
        assert_eq!(text("2019"), "2019\t");
        assert_eq!(text(""), "");
        assert_eq!(text("a,\"b\""), "\"a,\"\"b\"\"\"\t");
        assert_eq!(text("a\r\nb"), "a  b\t");
        assert_eq!(text("#1"), "\"#1\"\t");
        let at = Timestamp::parse_china("2019-09-16 00:00:05").unwrap();
        assert_eq!(chinese(at), "2019年09月16日 00:00:05");
    }
}
