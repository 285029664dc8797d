//! A payment code as bars: Code 128, whose set C writes two digits in one symbol.

use std::fmt::Write;

/// The widths of bars and gaps of each symbol, as the standard lists them.
const SYMBOLS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];
/// Begins a text of digit pairs.
const START_C: usize = 105;
/// Ends every text.
const STOP: usize = 106;
/// Modules of nothing on each side.
const QUIET: usize = 10;

/// The symbols of an even number of digits, with start, check and stop; none for anything else.
fn symbols(digits: &str) -> Option<Vec<usize>> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    if !plain || digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let mut symbols = vec![START_C];
    for at in (0..digits.len()).step_by(2) {
        symbols.push(digits.get(at..at + 2)?.parse().ok()?);
    }
    let check = symbols
        .iter()
        .enumerate()
        .map(|(place, symbol)| place.max(1) * symbol)
        .sum::<usize>();
    symbols.extend([check % 103, STOP]);
    Some(symbols)
}

/// The bars of an even number of digits as inline SVG, `label` for those who cannot see them; empty
/// for anything else.
pub(super) fn svg(digits: &str, label: &'static str) -> String {
    let Some(symbols) = symbols(digits) else {
        return String::new();
    };
    let (mut path, mut at) = (String::new(), QUIET);
    for symbol in symbols {
        let widths = SYMBOLS.get(symbol).copied().unwrap_or_default();
        for (place, width) in widths.bytes().enumerate() {
            let width = usize::from(width - b'0');
            if place.is_multiple_of(2) {
                let _ = write!(path, "M{at} 0h{width}v40h-{width}z");
            }
            at += width;
        }
    }
    let width = at + QUIET;
    format!(
        "<svg viewBox=\"0 0 {width} 40\" role=\"img\" aria-label=\"{label}\" \
         preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_symbol_is_eleven_modules_wide_and_its_own() {
        let width = |symbol: &&str| symbol.bytes().map(|b| u32::from(b - b'0')).sum::<u32>();
        assert!(SYMBOLS[..STOP].iter().all(|symbol| width(symbol) == 11));
        assert_eq!(width(&SYMBOLS[STOP]), 13);
        assert_eq!(SYMBOLS.iter().collect::<HashSet<_>>().len(), 107);
        // Bars together are even in every symbol of the standard.
        let bars = |symbol: &&str| {
            symbol
                .bytes()
                .step_by(2)
                .map(|b| u32::from(b - b'0'))
                .sum::<u32>()
        };
        assert!(SYMBOLS[..STOP].iter().all(|symbol| bars(symbol) % 2 == 0));
    }

    #[test]
    fn digits_are_written_in_pairs_with_a_check() {
        // 105 + 1·12 + 2·34 = 185; 185 mod 103 = 82.
        assert_eq!(symbols("1234"), Some(vec![105, 12, 34, 82, 106]));
        assert_eq!(symbols("123"), None);
        assert_eq!(symbols("12a4"), None);
        assert_eq!(svg("", "x"), "");
        assert!(svg("2801234567", "付款码").starts_with("<svg viewBox=\"0 0 "));
    }
}
