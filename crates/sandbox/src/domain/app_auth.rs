//! A merchant's leave for a service provider's application to act in its name.

use kernel::Timestamp;
use kernel::time::{DAY_MS, SECOND_MS};

/// How long the code of a grant can be exchanged.
pub const CODE_MS: i64 = DAY_MS;
/// How long a token works, in seconds, as the answer says.
pub const TOKEN_S: i64 = 31_536_000;
/// How long it can be renewed.
pub const REFRESH_S: i64 = 32_140_800;

/// One grant, and the token that it was exchanged for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppAuth {
    /// Its own number.
    pub auth_id: String,
    /// Who may act.
    pub by_app_id: String,
    /// In whose name.
    pub app_id: String,
    /// What the merchant's browser brought.
    pub code: String,
    /// When the merchant agreed.
    pub granted_at: Timestamp,
    /// What it was exchanged for.
    pub token: Option<AppAuthToken>,
    /// When the merchant took it back.
    pub cancelled_at: Option<Timestamp>,
}

/// A token, by which calls act for the merchant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppAuthToken {
    /// `app_auth_token`.
    pub token: String,
    /// `app_refresh_token`.
    pub refresh_token: String,
    /// Since when.
    pub at: Timestamp,
}

/// What a token is worth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AuthState {
    /// It works.
    Valid,
    /// Its time is over.
    TimedOut,
    /// The merchant took it back.
    Cancelled,
}

impl AppAuth {
    /// Whether its code can still be exchanged.
    #[must_use]
    pub fn code_is_fresh(&self, now: Timestamp) -> bool {
        now.since_ms(self.granted_at) <= CODE_MS
    }

    /// Whether its token can still be renewed.
    #[must_use]
    pub fn can_be_renewed(&self, now: Timestamp) -> bool {
        let token = self.token.as_ref();
        token.is_some_and(|token| now.since_ms(token.at) <= REFRESH_S * SECOND_MS)
    }

    /// What its token is worth.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> AuthState {
        if self.cancelled_at.is_some() {
            return AuthState::Cancelled;
        }
        match &self.token {
            Some(token) if now.since_ms(token.at) <= TOKEN_S * SECOND_MS => AuthState::Valid,
            _ => AuthState::TimedOut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lasts_a_day_and_a_token_a_year() {
        let at = Timestamp::from_ms;
        let mut auth = AppAuth {
            auth_id: "1".to_owned(),
            by_app_id: "2".to_owned(),
            app_id: "3".to_owned(),
            code: "4".to_owned(),
            granted_at: at(0),
            token: None,
            cancelled_at: None,
        };
        assert!(auth.code_is_fresh(at(DAY_MS)) && !auth.code_is_fresh(at(DAY_MS + 1)));
        assert_eq!(auth.state(at(0)), AuthState::TimedOut);
        auth.token = Some(AppAuthToken {
            token: "5".to_owned(),
            refresh_token: "6".to_owned(),
            at: at(0),
        });
        assert_eq!(auth.state(at(365 * DAY_MS)), AuthState::Valid);
        assert_eq!(auth.state(at(365 * DAY_MS + 1)), AuthState::TimedOut);
        assert!(auth.can_be_renewed(at(372 * DAY_MS)) && !auth.can_be_renewed(at(373 * DAY_MS)));
        auth.cancelled_at = Some(at(1));
        assert_eq!(auth.state(at(2)), AuthState::Cancelled);
    }
}
