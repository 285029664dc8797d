//! What a notice is answered.

use crate::notice::Checked;

/// The answer to a notice: plain text, and `success` only for what was checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoticeAnswer {
    status: u16,
    body: &'static str,
}

impl NoticeAnswer {
    /// The content type of every answer.
    pub const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";

    /// `success`: everything that follows from this notice is durably stored, now or by an earlier
    /// delivery of it. Alipay does not send it again, so say this after the commit, never before.
    #[must_use]
    pub const fn committed(checked: Checked<'_>) -> Self {
        Self {
            status: 200,
            body: checked.acknowledge(),
        }
    }

    /// `failure`: forged, or about nothing that is known here. Alipay sends it again, some eight
    /// times within 25 hours.
    #[must_use]
    pub const fn refused() -> Self {
        Self {
            status: 200,
            body: "failure",
        }
    }

    /// Status 500: genuine, but it could not be stored. Alipay sends it again.
    #[must_use]
    pub const fn not_now() -> Self {
        Self {
            status: 500,
            body: "failure",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body, to the byte.
    #[must_use]
    pub const fn body(&self) -> &'static str {
        self.body
    }
}
