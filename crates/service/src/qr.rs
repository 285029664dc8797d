//! QR codes as inline SVG: black modules on whatever white stands behind (class `qr`).

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// The code of a text, `label` for those who cannot see it; empty when the text is too long for
/// any code (about 2,300 bytes).
///
/// ```
/// let svg = service::qr::svg("https://qr.example.com/bax0001", "Scan to pay");
/// assert!(svg.starts_with("<svg viewBox=\"0 0 29 29\""), "{svg}");
/// ```
#[must_use]
pub fn svg(text: &str, label: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else {
        return String::new();
    };
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        while column < width {
            let run = modules[column..]
                .iter()
                .take_while(|module| **module == Color::Dark)
                .count();
            if run > 0 {
                let _ = write!(path, "M{column} {row}h{run}v1h-{run}z");
            }
            column += run.max(1);
        }
    }
    let label = crate::chart::escape(label);
    format!(
        "<svg viewBox=\"0 0 {width} {width}\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_have_a_code_and_endless_ones_none() {
        assert!(
            svg(&"x".repeat(500), "a \"b\" <c>")
                .contains("aria-label=\"a &quot;b&quot; &lt;c&gt;\"")
        );
        assert_eq!(svg(&"x".repeat(5_000), "x"), "");
    }
}
