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

impl Line {
    /// The line for programs.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Value {
        let (outcome, seen) = match &self.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Failed { zh, en } => ("failed", Some(lang.pick(zh, en))),
            Outcome::NotExamined { zh, en } => ("not_examined", Some(lang.pick(zh, en))),
        };
        let mut row = json!({
            "row": self.row.id(),
            "title": self.row.title(lang),
            "outcome": outcome,
            "by_answer_only": self.by_answer_only,
        });
        if let Some(seen) = seen {
            row["seen"] = seen.into();
        }
        if outcome == "failed" {
            row["cost"] = self.row.cost(lang).into();
        }
        row
    }

    /// The line for people, with what was seen and what it costs below it.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> Vec<String> {
        let (mark, seen) = match &self.outcome {
            Outcome::Passed => ("✓", None),
            Outcome::Failed { zh, en } => ("✗", Some(lang.pick(zh, en))),
            Outcome::NotExamined { zh, en } => ("–", Some(lang.pick(zh, en))),
        };
        let (id, title) = (self.row.id(), self.row.title(lang));
        let mut text = vec![format!("{mark} {id:<15} {title}")];
        if let Some(seen) = seen {
            text.push(format!("    {}{seen}", lang.pick("看到：", "seen: ")));
        }
        if matches!(self.outcome, Outcome::Failed { .. }) {
            let cost = self.row.cost(lang);
            text.push(format!("    {}{cost}", lang.pick("代价：", "cost: ")));
        }
        text
    }
}

/// Everything that was played.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Card {
    /// In the order in which it was played.
    pub lines: Vec<Line>,
    /// What to look at first, in Chinese and English, when the payment itself was not taken.
    pub advice: Option<(String, String)>,
}

impl Card {
    /// Whether nothing failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        let failed = |line: &Line| matches!(line.outcome, Outcome::Failed { .. });
        !self.lines.iter().any(failed)
    }

    /// Whether everything was played, and nothing failed.
    #[must_use]
    pub fn complete(&self) -> bool {
        let passed = |line: &Line| line.outcome == Outcome::Passed;
        !self.lines.is_empty() && self.lines.iter().all(passed)
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
        let lines = self.lines.iter().map(|line| line.to_json(lang));
        let mut card = json!({
            "ok": self.complete(),
            "passed": passed,
            "failed": examined - passed,
            "not_examined": self.lines.len() - examined,
            "rows": lines.collect::<Vec<_>>(),
        });
        if let Some((zh, en)) = &self.advice {
            card["advice"] = lang.pick(zh, en).into();
        }
        card
    }

    /// The card for people.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut text = Vec::new();
        for line in &self.lines {
            text.extend(line.to_text(lang));
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
        if let Some((zh, en)) = &self.advice {
            text.push(lang.pick(zh, en).to_owned());
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
    masked(&text, |word| {
        let all_digits = word.bytes().all(|b| b.is_ascii_digit());
        word.len() >= 12 || all_digits && word.len() >= 5
    })
}

/// What an order shows, without its times: that something was looked at later is no change.
pub(super) fn without_times(state: &str) -> String {
    masked(state, |_| false)
}

/// Hides the words of times, and those with a digit that are long.
fn masked(text: &str, is_long: impl Fn(&str) -> bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let joins = |at: usize| matches!(chars.get(at), Some(':' | '-'));
    let mut plain = String::with_capacity(text.len());
    let (mut at, mut time_ended) = (0, None);
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
        let has_digit = word.bytes().any(|b| b.is_ascii_digit());
        let fraction = begin > 0 && chars[begin - 1] == '.' && time_ended == Some(begin - 1);
        let in_a_time = fraction
            || (begin >= 2 && joins(begin - 1) && digit(begin - 2))
            || (joins(at) && digit(at + 1));
        if has_digit && in_a_time {
            time_ended = Some(at);
        }
        let hide = has_digit && (in_a_time || is_long(&word));
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
    fn times_are_no_change_and_money_is() {
        let seen = |at: &str, fen: u32| {
            without_times(&format!(
                "{{\"updated_at\":\"{at}\",\"balance_fen\":{fen},\"paid\":\"39.00\"}}"
            ))
        };
        let first = seen("2026-11-27T11:34:56.668Z", 390_000);
        assert_eq!(first, seen("2026-11-27T11:34:57.297Z", 390_000));
        assert_eq!(first, seen("2026-12-01T01:02:03.004Z", 390_000));
        assert_ne!(first, seen("2026-11-27T11:34:56.668Z", 780_000));
        assert!(
            first.contains("39.00") && first.contains("390000"),
            "{first}"
        );
    }

    #[test]
    fn a_card_says_what_failed_and_what_it_costs() {
        let line = |row, outcome| Line {
            row,
            outcome,
            by_answer_only: true,
        };
        let card = Card {
            advice: None,
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
        assert!(!card.passed() && !card.complete());
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
