//! One sandbox, one day, and everything that the documents show, in the order of the guide.

use super::documents::{is_alone, pieces};
use super::place::Place;
use super::{afterwards, notices, parts, servers, start};
use crate::support::start as morning;
use kernel::time::DAY_MS;
use store::Db;

/// Runs all of it.
async fn told(at: &Place) {
    start::readme(at).await.unwrap();
    start::front(at).await.unwrap();
    start::keys(at).await.unwrap();
    let back = start::links(at).await.unwrap();
    start::app(at).await.unwrap();
    start::till(at).await.unwrap();
    notices::notice(at).await.unwrap();
    notices::comes_back(at, &back).await.unwrap();
    servers::notify(at).await;
    afterwards::refunds(at).await.unwrap();
    afterwards::transfers(at).await.unwrap();
    afterwards::certificates(at).await.unwrap();
    parts::poll(at).await.unwrap();
    parts::calls(at).await.unwrap();
    parts::user(at).await.unwrap();
    parts::certificates(at).await.unwrap();
    parts::old_application(at).await.unwrap();
    parts::blocking(at);
    let tomorrow = morning().plus_ms(DAY_MS);
    at.bench.schedule.advance_to(tomorrow).await.unwrap();
    afterwards::bills(at).await.unwrap();
    afterwards::bill(at).unwrap();
    // From here on the application only acts for others.
    afterwards::service_providers(at).await.unwrap();
    at.bench.assert_balanced().await;
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn what_the_documents_show_runs_as_it_stands(db: Db) {
        let place = Place::new(db).await;
        told(&place).await;
        let ran = place.all_that_ran();
        for key in pieces().into_keys() {
            assert_ne!(ran.contains(&key), is_alone(&key), "{key:?} runs here, or says why not");
        }
    }
}
