//! Errors of the second version as the third one says them: an HTTP status, and a code without its
//! prefix.

use crate::gateway::SubCode;
use http::StatusCode;

/// The code: `invalid-app-id` for `isv.invalid-app-id`, `ACQ.…` as it is.
pub(super) fn code(what: SubCode) -> &'static str {
    let prefixes = ["isv.", "aop.", "isp."];
    prefixes
        .iter()
        .find_map(|prefix| what.sub_code.strip_prefix(prefix))
        .unwrap_or(what.sub_code)
}

/// The status: by what went wrong, 400 where nothing else is said.
pub(super) fn status(what: SubCode) -> StatusCode {
    match (what.code, code(what)) {
        ("20000", _) => StatusCode::INTERNAL_SERVER_ERROR,
        ("20001", _) => StatusCode::UNAUTHORIZED,
        (_, "invalid-method") => StatusCode::NOT_FOUND,
        ("40005", _) => StatusCode::TOO_MANY_REQUESTS,
        ("40006", "insufficient-isv-permissions" | "self-invoke-forbidden") => {
            StatusCode::UNAUTHORIZED
        }
        ("40006", _) | (_, "ACQ.ACCESS_FORBIDDEN") => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_of_an_error() {
        for what in crate::gateway::sub_codes() {
            assert!(status(what).as_u16() >= 400, "{}", what.sub_code);
            assert!(!code(what).starts_with("isv."));
        }
    }

    #[test]
    fn the_classes_of_the_documents() {
        let told = |code: &'static str, sub_code: &'static str| {
            let what = SubCode {
                code,
                sub_code,
                sub_msg: "",
            };
            (status(what).as_u16(), super::code(what))
        };
        assert_eq!(told("40002", "isv.invalid-app-id"), (400, "invalid-app-id"));
        assert_eq!(told("20000", "aop.unknow-error"), (500, "unknow-error"));
        assert_eq!(
            told("20001", "aop.invalid-auth-token"),
            (401, "invalid-auth-token")
        );
        assert_eq!(
            told("40006", "isv.insufficient-isv-permissions"),
            (401, "insufficient-isv-permissions")
        );
        assert_eq!(
            told("40004", "ACQ.TRADE_NOT_EXIST"),
            (400, "ACQ.TRADE_NOT_EXIST")
        );
        assert_eq!(
            told("40004", "ACQ.ACCESS_FORBIDDEN"),
            (403, "ACQ.ACCESS_FORBIDDEN")
        );
        assert_eq!(
            told("40005", "isv.app-call-limited"),
            (429, "app-call-limited")
        );
        assert_eq!(told("40002", "isv.invalid-method"), (404, "invalid-method"));
    }
}
