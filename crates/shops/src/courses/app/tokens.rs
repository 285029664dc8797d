//! Signed tokens: the API's JWT, and the ticket by which a result page knows its own reader.
//!
//! Both are HS256 with the shop's secret and live by the wall clock, so that moving the business
//! clock logs nobody out.

use crate::courses::domain::{User, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Clock, Timestamp, time::DAY_MS};
use serde::{Deserialize, Serialize};
use service::secret::Secret;
use std::sync::Arc;

/// How long a JWT is good, milliseconds: 7 days.
pub(in crate::courses) const TOKEN_MS: i64 = 7 * DAY_MS;

/// Makes and reads the shop's tokens.
#[derive(Clone)]
pub(in crate::courses) struct Tokens {
    sign: EncodingKey,
    verify: DecodingKey,
    wall: Arc<dyn Clock>,
}

/// What a token says. `purpose` keeps a ticket from being taken for a login.
#[derive(Deserialize, Serialize)]
struct Claims {
    purpose: String,
    user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    out_trade_no: Option<String>,
    iat: i64,
    exp: i64,
}

const LOGIN: &str = "login";
const RESULT: &str = "result";

impl Tokens {
    /// Tokens under a secret.
    pub(in crate::courses) fn new(secret: &Secret, wall: Arc<dyn Clock>) -> Self {
        Self {
            sign: EncodingKey::from_secret(secret.bytes()),
            verify: DecodingKey::from_secret(secret.bytes()),
            wall,
        }
    }

    /// The JWT of a user.
    pub(in crate::courses) fn issue(
        &self,
        user: &User,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.make(&Claims {
            purpose: LOGIN.to_owned(),
            user_id: user.id.to_string(),
            username: Some(user.username.clone()),
            out_trade_no: None,
            iat: seconds(self.wall.now()),
            exp: seconds(self.wall.now().plus_ms(TOKEN_MS)),
        })
    }

    /// Whose JWT this is, unless it is forged or has run out.
    pub(in crate::courses) fn user_of(&self, token: &str) -> Option<UserId> {
        let claims = self.read(token, LOGIN)?;
        claims.user_id.parse().ok()
    }

    /// A ticket to the result of one order, for a page that its user opens without a session.
    pub(in crate::courses) fn ticket(
        &self,
        user_id: &UserId,
        out_trade_no: &str,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.make(&Claims {
            purpose: RESULT.to_owned(),
            user_id: user_id.to_string(),
            username: None,
            out_trade_no: Some(out_trade_no.to_owned()),
            iat: seconds(self.wall.now()),
            exp: seconds(self.wall.now().plus_ms(TOKEN_MS)),
        })
    }

    /// Returns `true` when `ticket` opens the result of that order.
    pub(in crate::courses) fn is_ticket_to(&self, ticket: &str, out_trade_no: &str) -> bool {
        self.read(ticket, RESULT)
            .is_some_and(|claims| claims.out_trade_no.as_deref() == Some(out_trade_no))
    }

    fn make(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.sign)
    }

    fn read(&self, token: &str, purpose: &str) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        // The library would read the machine's clock; ours is compared below.
        rules.validate_exp = false;
        rules.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verify, &rules)
            .ok()?
            .claims;
        let fresh = seconds(self.wall.now()) < claims.exp;
        (fresh && claims.purpose == purpose).then_some(claims)
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.ms().div_euclid(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{ManualClock, SeededRng};

    #[test]
    fn a_token_lives_seven_days_and_serves_one_purpose() {
        let wall = ManualClock::new(Timestamp::from_ms(1_700_000_000_000));
        let rng = SeededRng::new(1);
        let tokens = Tokens::new(&Secret::new([7; 32]), Arc::new(wall.clone()));
        let user = User {
            id: UserId::new(&wall, &rng),
            username: "root".to_owned(),
            is_staff: false,
        };
        let token = tokens.issue(&user).expect("signs");
        assert_eq!(tokens.user_of(&token), Some(user.id.clone()));
        let ticket = tokens.ticket(&user.id, "0198").expect("signs");
        assert!(tokens.is_ticket_to(&ticket, "0198"));
        assert!(!tokens.is_ticket_to(&ticket, "0199"));
        assert!(!tokens.is_ticket_to(&token, "0198"));
        assert_eq!(tokens.user_of(&ticket), None);
        let other = Tokens::new(&Secret::new([8; 32]), Arc::new(wall.clone()));
        assert_eq!(other.user_of(&token), None);
        assert_eq!(tokens.user_of("a.b.c"), None);
        wall.advance_ms(TOKEN_MS - 1_000);
        assert!(tokens.user_of(&token).is_some());
        wall.advance_ms(1_000);
        assert_eq!(tokens.user_of(&token), None);
    }
}
