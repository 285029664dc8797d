//! QR codes as SVG, drawn with the colours of the page.

use qrcode::{EcLevel, QrCode};
use std::fmt::Write as _;

/// The code of an address, as one SVG path on a white card: dark mode must not invert it, or
/// cameras refuse it.
pub(super) fn svg(address: &str, label: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else {
        // Only an address longer than any code holds; the link below the code still works.
        return String::new();
    };
    let width = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == qrcode::Color::Dark {
            // Writing into a String cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", index % width + 4, index / width + 4);
        }
    }
    let size = width + 8;
    let label = label
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    format!(
        "<svg viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn an_address_becomes_a_code_with_its_quiet_zone() {
        let svg = svg("http://127.0.0.1:8609/qr/0123", "a \"code\"");
        assert!(
            svg.starts_with("<svg viewBox=\"0 0 33 33\""),
            "{}",
            &svg[..40]
        );
        assert!(svg.contains("a &quot;code&quot;"));
        // The finder pattern's corner stands behind four modules of quiet.
        assert!(svg.contains("M4 4h1v1h-1z"));
        assert!(!svg.contains("M3 "));
        assert_eq!(super::svg(&"x".repeat(5_000), "long"), "");
    }
}
