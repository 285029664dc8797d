//! A login with Alipay: what an application may know, and for how long.

use kernel::Timestamp;
use kernel::time::{DAY_MS, MINUTE_MS};

/// How long a code can be exchanged, on the business clock.
pub const CODE_MS: i64 = 3 * MINUTE_MS;
/// How long a token works.
pub const TOKEN_MS: i64 = 15 * DAY_MS;
/// How long a token can be renewed.
pub const REFRESH_MS: i64 = 30 * DAY_MS;

/// The scopes that there are.
const SCOPES: [&str; 2] = ["auth_base", "auth_user"];

/// A question to a wallet's owner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OauthAsk {
    /// The token in the page's address.
    pub token: String,
    /// Who asks.
    pub app_id: String,
    /// What for, joined by commas.
    pub scope: String,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// Comes back unchanged.
    pub state: String,
    /// When.
    pub asked_at: Timestamp,
}

/// A code that an application exchanges for a token, once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OauthCode {
    /// 32 characters.
    pub code: String,
    /// Whose.
    pub app_id: String,
    /// Who agreed.
    pub user_id: String,
    /// To what.
    pub scope: String,
    /// When.
    pub made_at: Timestamp,
    /// Until when it can be exchanged.
    pub expires_at: Timestamp,
    /// When it was.
    pub used_at: Option<Timestamp>,
}

/// A token with which an application asks who somebody is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OauthToken {
    /// The token.
    pub access_token: String,
    /// What renews it, once.
    pub refresh_token: String,
    /// Whose.
    pub app_id: String,
    /// Who agreed.
    pub user_id: String,
    /// To what.
    pub scope: String,
    /// When they agreed.
    pub began_at: Timestamp,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// Until when it can be renewed.
    pub refresh_until: Timestamp,
    /// When it was.
    pub refreshed_at: Option<Timestamp>,
    /// When its owner took it back.
    pub revoked_at: Option<Timestamp>,
}

/// An application that may log somebody in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Permit {
    /// Which.
    pub app_id: String,
    /// What it may know at most, joined by commas.
    pub scope: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When it got its last token.
    pub last_at: Timestamp,
    /// Until when it can renew one.
    pub until: Timestamp,
}

impl Permit {
    /// One for each application, from its tokens, newest first.
    #[must_use]
    pub fn of_tokens(tokens: &[OauthToken]) -> Vec<Self> {
        let mut permits: Vec<Self> = Vec::new();
        for token in tokens {
            let known = permits
                .iter_mut()
                .find(|permit| permit.app_id == token.app_id);
            match known {
                Some(permit) => {
                    permit.began_at = permit.began_at.min(token.began_at);
                    permit.until = permit.until.max(token.refresh_until);
                    if tells_all(&token.scope) {
                        permit.scope.clone_from(&token.scope);
                    }
                }
                None => permits.push(Self {
                    app_id: token.app_id.clone(),
                    scope: token.scope.clone(),
                    began_at: token.began_at,
                    last_at: token.made_at,
                    until: token.refresh_until,
                }),
            }
        }
        permits
    }
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OauthRefusal {
    /// The code is none, used, or too old.
    Code,
    /// What should renew a token is none.
    Refresh,
    /// It was used already.
    Refreshed,
    /// It is too old.
    RefreshExpired,
    /// It is another application's.
    OtherApp,
}

/// The scopes in a text, each once; none when one of them is none.
#[must_use]
pub fn scopes(text: &str) -> Option<Vec<&'static str>> {
    let mut found = Vec::new();
    for word in text.split([',', ' ']).filter(|word| !word.is_empty()) {
        let known = SCOPES.into_iter().find(|scope| *scope == word)?;
        if !found.contains(&known) {
            found.push(known);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Whether a scope tells more than who somebody is.
#[must_use]
pub fn tells_all(scope: &str) -> bool {
    scope.split(',').any(|word| word == "auth_user")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_one_or_several_known_words() {
        assert_eq!(scopes("auth_user"), Some(vec!["auth_user"]));
        assert_eq!(
            scopes("auth_base,auth_user,auth_base"),
            Some(vec!["auth_base", "auth_user"])
        );
        for text in ["", ",", "auth_all", "auth_user,x"] {
            assert_eq!(scopes(text), None, "{text}");
        }
        assert!(tells_all("auth_base,auth_user") && !tells_all("auth_base"));
    }
}
