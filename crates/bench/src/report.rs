//! A measured promise, and the table of all of them.

/// One promise, measured.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// What was measured.
    pub(crate) what: String,
    /// Our rate per second.
    pub(crate) ours: u64,
    /// The limit's rate per second.
    pub(crate) limit: u64,
    /// What the limit is.
    pub(crate) limit_is: String,
    /// Our rate in thousandths of the limit's.
    pub(crate) per_mille: u64,
    /// The least that is good enough, in thousandths; 0 where nothing is promised.
    pub(crate) target_per_mille: u64,
    /// Other numbers of the same run.
    pub(crate) beside: String,
}

impl Line {
    /// Is anything promised about it?
    pub(crate) fn is_promise(&self) -> bool {
        self.target_per_mille > 0
    }

    /// Is it good enough?
    pub(crate) fn holds(&self) -> bool {
        self.per_mille >= self.target_per_mille
    }

    /// As a row of a Markdown table.
    pub(crate) fn row(&self) -> String {
        format!(
            "| {} | {}/s | {}: {}/s | **{}** | {} | {} |",
            self.what,
            grouped(self.ours),
            self.limit_is,
            grouped(self.limit),
            ratio(self.per_mille),
            if self.is_promise() {
                ratio(self.target_per_mille)
            } else {
                "–".to_owned()
            },
            self.beside
        )
    }
}

/// The head of the table.
pub(crate) const HEAD: &str = "| what | measured | its limit, in the same run | ratio | at least | beside it |\n|---|---|---|---|---|---|";

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn ratio(per_mille: u64) -> String {
    format!("{}.{:02}", per_mille / 1_000, per_mille % 1_000 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_ratios_have_two_decimals() {
        assert_eq!(
            [grouped(7), grouped(1_234), grouped(1_234_567)],
            ["7", "1,234", "1,234,567"]
        );
        assert_eq!(
            [ratio(950), ratio(1_200), ratio(7)],
            ["0.95", "1.20", "0.00"]
        );
    }
}
