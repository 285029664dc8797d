//! The score card, and the comparison of what two orders show.

use super::rows::Row;
use serde_json::{Value, json};
use service::i18n::Lang;

/// How a row ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// As it should.
    Passed,
    /// Not as it should; what was seen.
    Failed {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// It was not played; why not.
    NotExamined {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl Outcome {
    pub(super) fn failed(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Failed {
            zh: zh.into(),
            en: en.into(),
        }
    }

    pub(super) fn not_examined(zh: &str, en: &str) -> Self {
        Self::NotExamined {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

/// A row and how it ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// What was played.
    pub row: Row,
    /// How it ended.
    pub outcome: Outcome,
    /// Only the answer could be judged: nothing shows what was delivered.
    pub by_answer_only: bool,
}

/// Everything that was played.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Card {
    /// In the order in which it was played.
    pub lines: Vec<Line>,
}

impl Card {
    /// Whether nothing failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        let failed = |line: &Line| matches!(line.outcome, Outcome::Failed { .. });
        !self.lines.iter().any(failed)
    }

    /// How many rows passed, and how many were played.
    #[must_use]
    pub fn score(&self) -> (usize, usize) {
        let count = |which: fn(&Outcome) -> bool| {
            self.lines
                .iter()
                .filter(|line| which(&line.outcome))
                .count()
        };
        let passed = count(|outcome| *outcome == Outcome::Passed);
        (
            passed,
            passed + count(|outcome| matches!(outcome, Outcome::Failed { .. })),
        )
    }

    /// How a row ended.
    #[must_use]
    pub fn outcome(&self, row: Row) -> Option<&Outcome> {
        let mut lines = self.lines.iter();
        lines.find(|line| line.row == row).map(|line| &line.outcome)
    }

    /// The card for programs.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        let (passed, examined) = self.score();
        let lines = self.lines.iter().map(|line| {
            let (outcome, seen) = match &line.outcome {
                Outcome::Passed => ("passed", None),
                Outcome::Failed { zh, en } => ("failed", Some(lang.pick(zh, en))),
                Outcome::NotExamined { zh, en } => ("not_examined", Some(lang.pick(zh, en))),
            };
            let mut row = json!({
                "row": line.row.id(),
                "title": line.row.title(lang),
                "outcome": outcome,
                "by_answer_only": line.by_answer_only,
            });
            if let Some(seen) = seen {
                row["seen"] = seen.into();
            }
            if outcome == "failed" {
                row["cost"] = line.row.cost(lang).into();
            }
            row
        });
        json!({
            "passed": passed,
            "examined": examined,
            "ok": self.passed(),
            "rows": lines.collect::<Vec<_>>(),
        })
    }

    /// The card for people.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut text = Vec::new();
        for line in &self.lines {
            let (mark, seen) = match &line.outcome {
                Outcome::Passed => ("✓", None),
                Outcome::Failed { zh, en } => ("✗", Some(lang.pick(zh, en))),
                Outcome::NotExamined { zh, en } => ("–", Some(lang.pick(zh, en))),
            };
            let (id, title) = (line.row.id(), line.row.title(lang));
            text.push(format!("{mark} {id:<15} {title}"));
            if let Some(seen) = seen {
                text.push(format!("    {} {seen}", lang.pick("看到：", "seen:")));
            }
            if mark == "✗" {
                let cost = line.row.cost(lang);
                text.push(format!("    {} {cost}", lang.pick("代价：", "cost:")));
            }
        }
        let (passed, examined) = self.score();
        let left = self.lines.len() - examined;
        let mut score = format!("{passed}/{examined} {}", lang.pick("通过", "passed"));
        if left > 0 {
            let words = lang.pick("项没有考", "not examined");
            score = format!("{score}, {left} {words}");
        }
        text.push(String::new());
        text.push(score);
        if self.lines.iter().any(|line| line.by_answer_only) {
            let words = lang.pick(
                "没有 --state-url：只能看答复，看不到有没有重复发货。",
                "Without --state-url only answers were judged; whether anything was delivered twice nobody saw.",
            );
            text.push(words.to_owned());
        }
        text.join("\n")
    }
}

/// What an order shows, without what tells it from another of the same price: its numbers, times,
/// long numbers and tokens.
pub(super) fn comparable(state: &str, numbers: &[&str]) -> String {
    let mut text = state.to_owned();
    for number in numbers.iter().filter(|number| !number.is_empty()) {
        text = text.replace(number, "#");
    }
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let joins = |at: usize| matches!(chars.get(at), Some(':' | '-'));
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_alphanumeric() {
            plain.push(chars[at]);
            at += 1;
            continue;
        }
        let begin = at;
        while at < chars.len() && chars[at].is_ascii_alphanumeric() {
            at += 1;
        }
        let word: String = chars[begin..at].iter().collect();
        let all_digits = word.bytes().all(|b| b.is_ascii_digit());
        let has_digit = word.bytes().any(|b| b.is_ascii_digit());
        let in_a_time =
            (begin >= 2 && joins(begin - 1) && digit(begin - 2)) || (joins(at) && digit(at + 1));
        let hide = has_digit && (in_a_time || word.len() >= 12) || all_digits && word.len() >= 5;
        plain.push_str(if hide { "#" } else { &word });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_orders_compare_but_for_numbers_and_times() {
        let one = r#"{"no":"A17","at":"2026-08-21T09:30:01Z","delivered":1,"id":"019c1f0a2b3c4d5e","ms":1772413200000}"#;
        let two = r#"{"no":"B18","at":"2026-08-22T10:31:59Z","delivered":1,"id":"019c1f0a2b3c4dff","ms":1772413209999}"#;
        let twice = two.replace("\"delivered\":1", "\"delivered\":2");
        assert_eq!(comparable(one, &["A17"]), comparable(two, &["B18"]));
        assert_ne!(comparable(one, &["A17"]), comparable(&twice, &["B18"]));
    }

    #[test]
    fn a_card_says_what_failed_and_what_it_costs() {
        let line = |row, outcome| Line {
            row,
            outcome,
            by_answer_only: true,
        };
        let card = Card {
            lines: vec![
                line(Row::Paid, Outcome::Passed),
                line(
                    Row::Forged,
                    Outcome::failed("答复了 success", "answered success"),
                ),
                line(
                    Row::Parallel,
                    Outcome::not_examined("订单不够", "no order was left"),
                ),
            ],
        };
        assert!(!card.passed());
        assert_eq!(card.score(), (1, 2));
        let text = card.to_text(Lang::En);
        assert!(
            text.contains("1/2 passed, 1 not examined") && text.contains("cost: anybody forges"),
            "{text}"
        );
        let json = card.to_json(Lang::Zh);
        assert_eq!(
            (json["ok"].as_bool(), json["rows"][1]["outcome"].as_str()),
            (Some(false), Some("failed"))
        );
        assert!(json["rows"][0]["cost"].is_null());
    }
}
