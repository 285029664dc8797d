//! Whether a buyer sits at a desk or holds a phone, which decides between Alipay's two cashiers.

use crate::courses::app::till::Device;
use http::{HeaderMap, header};

/// `alipay.trade.page.pay` for desktops, `alipay.trade.wap.pay` when the browser says that it runs
/// on a phone. A wrong guess still pays: each cashier works in any browser.
pub(in crate::courses) fn device_of(headers: &HeaderMap) -> Device {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let phone = ["Mobile", "Android", "iPhone", "MicroMessenger"];
    if phone.iter().any(|word| agent.contains(word)) {
        Device::Phone
    } else {
        Device::Desktop
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn phones_say_so() {
        for (agent, device) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36",
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148",
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0 Mobile",
                Device::Phone,
            ),
            ("python-requests/2.32", Device::Desktop),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
            assert_eq!(device_of(&headers), device, "{agent}");
        }
        assert_eq!(device_of(&HeaderMap::new()), Device::Desktop);
    }
}
