//! A QR code in the terminal.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use qrcode::types::QrError;
use std::io::IsTerminal as _;

/// Black on white, whatever the terminal's own colours are: cameras want it so.
const BLACK_ON_WHITE: &str = "\u{1b}[30;107m";
const BACK: &str = "\u{1b}[0m";

/// The code as text, two modules in a character, with the quiet zone that cameras need.
///
/// # Errors
/// When the text is too long for a QR code.
pub(super) fn drawn(text: &str) -> Result<String, QrError> {
    let colours = std::io::stderr().is_terminal();
    draw(text, colours)
}

fn draw(text: &str, colours: bool) -> Result<String, QrError> {
    let code = QrCode::new(text)?;
    let mut drawing = code.render::<Dense1x2>();
    if colours {
        let drawing = drawing.build();
        let lines = drawing
            .lines()
            .map(|line| format!("{BLACK_ON_WHITE}{line}{BACK}"));
        return Ok(lines.collect::<Vec<_>>().join("\n"));
    }
    // Without colours the ink is the light part: most terminals are dark.
    Ok(drawing
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a drawing, `true` where it is inked.
    fn modules(drawing: &str) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in drawing.lines() {
            let inked = |upper: bool| {
                let ink = move |c: char| match c {
                    '█' => true,
                    '▀' => upper,
                    '▄' => !upper,
                    _ => false,
                };
                line.chars().map(ink).collect::<Vec<_>>()
            };
            rows.extend([inked(true), inked(false)]);
        }
        rows
    }

    #[test]
    fn what_is_drawn_is_the_code_with_its_quiet_zone() {
        let text = "https://qr.alipay.com/bax00000000000000000";
        let code = QrCode::new(text).expect("short enough");
        let width = code.width();
        let colours = code.to_colors();
        let coloured = draw(text, true).expect("drawn");
        let coloured = coloured.replace(BLACK_ON_WHITE, "").replace(BACK, "");
        let plain = draw(text, false).expect("drawn");
        for (drawing, inked_is_dark) in [(coloured, true), (plain, false)] {
            let rows = modules(&drawing);
            assert_eq!(rows[0].len(), width + 8);
            for (at, colour) in colours.iter().enumerate() {
                let inked = rows[at / width + 4][at % width + 4];
                let dark = *colour == qrcode::Color::Dark;
                assert_eq!(inked == inked_is_dark, dark, "module {at}");
            }
            assert!(
                rows[..4]
                    .iter()
                    .flatten()
                    .all(|inked| *inked != inked_is_dark)
            );
        }
        assert!(draw(&"x".repeat(5_000), false).is_err());
    }
}
