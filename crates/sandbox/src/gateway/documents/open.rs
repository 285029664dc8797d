//! The fields of the open platform's own methods (2, 4.17).

use super::field::{Document, own};
use crate::gateway::errors::trade::INVALID_PARAMETER;

pub(super) const ALL: &[Document] = &[
    Document {
        method: "alipay.open.app.alipaycert.download",
        invalid: INVALID_PARAMETER,
        parts: &[&[own("alipay_cert_sn")]],
    },
    Document {
        method: "alipay.open.auth.token.app",
        invalid: INVALID_PARAMETER,
        parts: &[&[own("grant_type"), own("code"), own("refresh_token")]],
    },
    Document {
        method: "alipay.open.auth.token.app.query",
        invalid: INVALID_PARAMETER,
        parts: &[&[own("app_auth_token")]],
    },
];
