//! What this crate keeps in a database, on both engines.

#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

use http::{HeaderMap, HeaderValue, header};
use kernel::{Clock, ManualClock, SeededRng, Timestamp};
use service::secret::Secret;
use service::session::{DEFAULT_TTL_MS, SessionParts, Sessions};
use std::sync::Arc;
use store::{Db, StoreError};

fn sessions(db: &Db, clock: &ManualClock, site: &'static str) -> Sessions {
    Sessions::new(SessionParts {
        db: db.clone(),
        wall: Arc::new(clock.clone()),
        rng: Arc::new(SeededRng::new(1)),
        site,
        ttl_ms: DEFAULT_TTL_MS,
        secure: true,
    })
}

fn clock() -> ManualClock {
    ManualClock::new(Timestamp::from_ms(1_750_000_000_000))
}

/// What a browser sends after that `Set-Cookie`.
fn browser(set_cookie: &HeaderValue) -> HeaderMap {
    let pair = set_cookie.to_str().unwrap().split(';').next().unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, format!("other=1; {pair}").parse().unwrap());
    headers
}

testdb::on_both_engines! {
    steps: service::steps;

    async fn every_statement_is_understood(db: Db) {
        testdb::prepare_all(&db, &service::statements()).await;
    }

    async fn a_session_lasts_until_it_ends_or_runs_out(db: Db) {
        let clock = clock();
        let sessions = sessions(&db, &clock, "courses");
        let (session, cookie) = sessions.start("user_1").await.unwrap();
        let text = cookie.to_str().unwrap();
        assert!(text.starts_with("tb_courses="), "{text}");
        assert!(text.ends_with("; Path=/; SameSite=Lax; Max-Age=604800; HttpOnly; Secure"), "{text}");
        let headers = browser(&cookie);
        assert_eq!(sessions.find(&headers).await.unwrap(), Some(session.clone()));
        clock.advance_ms(DEFAULT_TTL_MS - 1);
        assert!(sessions.find(&headers).await.unwrap().is_some());
        clock.advance_ms(1);
        assert_eq!(sessions.find(&headers).await.unwrap(), None);
        assert_eq!(sessions.forget_expired().await.unwrap(), 1);
        assert_eq!(sessions.forget_expired().await.unwrap(), 0);
    }

    async fn logging_out_ends_the_row_and_not_only_the_cookie(db: Db) {
        let sessions = sessions(&db, &clock(), "courses");
        let headers = browser(&sessions.start("user_1").await.unwrap().1);
        let other = browser(&sessions.start("user_1").await.unwrap().1);
        let gone = sessions.end(&headers).await.unwrap();
        assert!(gone.to_str().unwrap().starts_with("tb_courses=; Path=/; SameSite=Lax; Max-Age=0"));
        assert_eq!(sessions.find(&headers).await.unwrap(), None);
        assert!(sessions.end(&headers).await.is_ok());
        assert!(sessions.find(&other).await.unwrap().is_some());
        assert_eq!(sessions.end_all("user_1").await.unwrap(), 1);
        assert_eq!(sessions.find(&other).await.unwrap(), None);
    }

    async fn a_stolen_hash_a_neighbour_s_cookie_and_noise_log_nobody_in(db: Db) {
        let clock = clock();
        let courses = sessions(&db, &clock, "courses");
        let mall = sessions(&db, &clock, "mall");
        let (session, cookie) = courses.start("user_1").await.unwrap();
        let token = cookie.to_str().unwrap()["tb_courses=".len()..][..64].to_owned();
        let as_cookie = |name: &str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, format!("{name}={value}").parse().unwrap());
            headers
        };
        // The database holds the hash; whoever reads it has no token.
        assert_ne!(session.session_id, token);
        let stolen = as_cookie("tb_courses", &session.session_id);
        assert_eq!(courses.find(&stolen).await.unwrap(), None);
        // The same token is worth nothing on another site.
        assert_eq!(mall.find(&as_cookie("tb_mall", &token)).await.unwrap(), None);
        for noise in ["", "0", "' OR 1=1 --", &"f".repeat(64), &"é".repeat(32)] {
            assert_eq!(courses.find(&as_cookie("tb_courses", noise)).await.unwrap(), None);
        }
        assert_eq!(courses.find(&HeaderMap::new()).await.unwrap(), None);
        assert!(courses.find(&as_cookie("tb_courses", &token)).await.unwrap().is_some());
    }

    async fn a_secret_is_made_once(db: Db) {
        let first = Secret::load(&db, &SeededRng::new(1), "forms").await.unwrap();
        let again = Secret::load(&db, &SeededRng::new(2), "forms").await.unwrap();
        let other = Secret::load(&db, &SeededRng::new(2), "links").await.unwrap();
        assert_eq!(first.bytes(), again.bytes());
        assert_ne!(first.bytes(), other.bytes());
        assert_eq!(format!("{first:?}"), "Secret(…)");
    }

    async fn what_is_no_secret_is_an_inconsistency(db: Db) {
        store::statements! {
            /// Somebody's hand in the table.
            SPOIL = "INSERT INTO service_secrets (name, secret) VALUES ('forms', 'zz')";
        }
        assert_eq!(ALL.len(), 1);
        db.write(|tx| Box::pin(async { tx.execute(&SPOIL, &[]).await })).await.unwrap();
        let error = Secret::load(&db, &SeededRng::new(1), "forms").await.unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent { table: "service_secrets", .. }), "{error}");
        assert!(clock().now().ms() > 0);
    }
}
