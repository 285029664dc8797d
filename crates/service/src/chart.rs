//! Numbers over time as inline SVG: bars that say their number when pointed at.

use std::fmt::Write;

/// One bar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bar {
    /// What stands under it: a day.
    pub label: String,
    /// How high it is; below zero counts as zero.
    pub value: i64,
    /// The value as people write it: `¥39.00`.
    pub shown: String,
}

/// The height and width of the drawing, in its own units.
const HEIGHT: i64 = 120;
const WIDTH: i64 = 640;
/// Room for the labels below and the highest value above.
const BELOW: i64 = 18;
const ABOVE: i64 = 16;
/// At most so many labels fit beside each other.
const LABELS: usize = 8;

/// Bars of equal width; `title` says what they are.
///
/// ```
/// use service::chart::{Bar, bars};
///
/// let day = |label: &str, value| Bar { label: label.to_owned(), value, shown: value.to_string() };
/// let svg = bars("Orders a day", &[day("08-20", 3), day("08-21", 12)]);
/// assert!(svg.contains("<title>08-21: 12</title>"));
/// ```
#[must_use]
pub fn bars(title: &str, bars: &[Bar]) -> String {
    let mut svg = String::new();
    let count = i64::try_from(bars.len()).unwrap_or(i64::MAX).max(1);
    let highest = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let total = HEIGHT + BELOW + ABOVE;
    let base = HEIGHT + ABOVE;
    let _ = write!(
        svg,
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {total}\" role=\"img\" aria-label=\"{}\">\
         <line class=\"axis\" x1=\"0\" y1=\"{base}\" x2=\"{WIDTH}\" y2=\"{base}\"/>",
        escape(title)
    );
    let every = bars.len().div_ceil(LABELS).max(1);
    for (index, bar) in bars.iter().enumerate() {
        let index_wide = i64::try_from(index).unwrap_or_default();
        let left = WIDTH.saturating_mul(index_wide) / count;
        let step = (WIDTH / count).max(1);
        let width = (step * 7 / 10).max(1);
        let wide = i128::from(bar.value.max(0)) * i128::from(HEIGHT) / i128::from(highest);
        let height = i64::try_from(wide).unwrap_or(HEIGHT);
        let (x, y) = (left + (step - width) / 2, base - height);
        let middle = left + step / 2;
        let (label, shown) = (escape(&bar.label), escape(&bar.shown));
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"2\">\
             <title>{label}: {shown}</title></rect>"
        );
        if index % every == 0 {
            let below = base + 14;
            let _ = write!(
                svg,
                "<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{label}</text>"
            );
        }
        if bar.value == highest {
            let above = y - 4;
            let _ = write!(
                svg,
                "<text x=\"{middle}\" y=\"{above}\" text-anchor=\"middle\">{shown}</text>"
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Text that may stand in HTML and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(label: &str, value: i64) -> Bar {
        Bar {
            label: label.to_owned(),
            value,
            shown: value.to_string(),
        }
    }

    #[test]
    fn the_highest_bar_fills_the_height_and_no_number_breaks_it() {
        let svg = bars("a<b", &[day("1", 5), day("2", 10), day("3", -4)]);
        assert!(svg.contains("aria-label=\"a&lt;b\""));
        assert!(
            svg.contains("y=\"16\" width=\"149\" height=\"120\""),
            "{svg}"
        );
        assert!(
            svg.contains("y=\"76\" width=\"149\" height=\"60\""),
            "{svg}"
        );
        assert!(svg.contains("height=\"0\""));
        assert!(bars("", &[]).ends_with("</svg>"));
        assert!(bars("", &[day("max", i64::MAX), day("min", i64::MIN)]).contains("height=\"120\""));
        let many: Vec<Bar> = (0..2_000).map(|n| day(&n.to_string(), n)).collect();
        assert!(bars("many", &many).matches("text-anchor").count() <= 10);
    }
}
