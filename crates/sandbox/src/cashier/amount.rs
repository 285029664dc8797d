//! Amounts as people read them.

use money::Fen;

/// An amount with its thousands apart: `98,778.00`.
pub(crate) fn grouped(amount: Fen) -> String {
    let text = amount.to_string();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
    let mut grouped = String::from(sign);
    for (index, digit) in yuan.chars().enumerate() {
        if index > 0 && (yuan.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{fen}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (fen, text) in [
            (0, "0.00"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (9_877_800, "98,778.00"),
            (-12_345_678_901, "-123,456,789.01"),
        ] {
            assert_eq!(grouped(Fen::new(fen)), text);
        }
    }
}
