//! The pass: every row is sent, gets the answer that it should get, and leaves the database as it was.

use super::row::{Row, by_table, everything, is_told, moved, told};
use super::scene::Scene;
use super::{bodies, forged, headers, others, people, replays, signatures, texts, worlds, zeros};
use crate::many::Many;
use crate::rest::Rest;
use crate::support::{Bench, page_link, signed};
use crate::through::change;
use alipay::Charset;
use http::StatusCode;
use serde_json::json;
use store::{Db, Whole};

const REFUND: &str = "alipay.trade.refund";

/// Tables that stay empty on this scene, and why.
const EMPTY: &[(&str, &str)] = &[
    ("ledger_rollups", "filled by a job of the merchant service"),
    ("outbox", "the sandbox tells by notices"),
    ("sandbox_bill_links", "a bill is of a day that is over"),
    ("sandbox_resets", "a reset would empty the scene"),
    ("service_secrets", "the sandbox keeps none"),
];

/// The whole table, but for what is about several worlds.
fn table(scene: &Scene<'_>) -> Vec<Row> {
    [
        signatures::rows(),
        others::rows(scene),
        replays::rows(scene),
        texts::rows(),
        bodies::rows(),
        headers::rows(scene),
        people::rows(scene),
        forged::rows(scene),
        zeros::rows(scene),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The databases beside the bench's own.
async fn beside(many: &Many) -> Vec<Whole> {
    let mut all = Vec::new();
    for world in many.worlds.list() {
        all.push(everything(world.sandbox().context().db()).await);
    }
    all
}

/// What moved in one of them.
fn moved_beside(before: &[Whole], after: &[Whole]) -> Vec<String> {
    let both = before.iter().zip(after);
    both.flat_map(|(before, after)| moved(before, after, &[]))
        .collect()
}

/// Sends a row and says what is wrong with what came of it.
async fn sent(many: &Many, row: Row, before: &mut Whole) -> Vec<String> {
    let reply = many.bench.send(row.request).await;
    let after = everything(&many.bench.db).await;
    let mut wrong = Vec::new();
    let (status, said) = (reply.status.as_u16(), told(&reply));
    if status != row.status || !is_told(&reply, &row.code) {
        wrong.push(format!("{status} {said}, not {} {}", row.status, row.code));
    }
    if row
        .secret
        .is_some_and(|secret| reply.text().contains(&secret))
    {
        wrong.push(format!("tells what is not the caller's: {}", reply.text()));
    }
    wrong.extend(moved(before, &after, row.leaves));
    *before = after;
    wrong
        .iter()
        .map(|what| format!("{}: {what}", row.what))
        .collect()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn nothing_hostile_moves_anything(db: Db) {
        let many = Many::new(db).await;
        let scene = Scene::make(&many).await;
        let mut before = everything(&many.bench.db).await;
        let empty: Vec<_> = by_table(&before).into_iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table).collect();
        let named: Vec<_> = EMPTY.iter().map(|(table, _)| *table).collect();
        assert_eq!(empty, named);
        let mut others = beside(&many).await;
        let mut wrong = Vec::new();
        for row in table(&scene) {
            wrong.extend(sent(&many, row, &mut before).await);
        }
        let unmoved = beside(&many).await;
        wrong.extend(moved_beside(&others, &unmoved));
        for row in worlds::rows(&scene) {
            let what = row.what.clone();
            wrong.extend(sent(&many, row, &mut before).await);
            let now = beside(&many).await;
            wrong.extend(moved_beside(&others, &now).iter().map(|moved| format!("{what}: {moved}")));
            others = now;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        many.bench.assert_balanced().await;
        drop(scene);
        many.end().await;
    }

    async fn a_call_sent_again_moves_no_money_again(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("S1", "8.80").await;
        let refund = json!({"out_trade_no": "S1", "refund_amount": "5.00", "out_request_no": "R1"});
        let params = signed(0, REFUND, &refund.to_string(), &[]);
        let first = bench.post(params.clone()).await.signed_node(REFUND);
        let again = bench.post(params).await.signed_node(REFUND);
        assert_eq!((&first["fund_change"], &again["fund_change"]), (&json!("Y"), &json!("N")));
        assert_eq!(again["refund_fee"], "5.00");
        let body = json!({"out_trade_no": "S1", "refund_amount": "3.80", "out_request_no": "R2"});
        let call = Rest::new("POST", "/v3/alipay/trade/refund", &body.to_string(), "once");
        assert_eq!(call.send(&bench).await.status, StatusCode::OK);
        assert_eq!(told(&call.send(&bench).await), "suspected-attack");
        bench.assert_balanced().await;
    }

    async fn a_merchant_cannot_reach_what_was_granted_to_somebody_else(db: Db) {
        let bench = Bench::new(db).await;
        change(&bench, 0, json!({"third_party": true})).await;
        let strange = json!({"grant_type": "authorization_code", "code": "x".repeat(41)});
        let method = "alipay.open.auth.token.app";
        let reply = bench.post(signed(0, method, &strange.to_string(), &[])).await;
        assert_eq!(told(&reply), "ACQ.INVALID_PARAMETER");
        let page = page_link("G1", "1.00");
        let refused = bench.open(&page).await.expect_err("a page without leave");
        let text = Charset::Gbk.decode(&refused.body).unwrap().into_owned();
        assert!(text.contains("insufficient-isv-permissions"), "{text}");
        assert_eq!(bench.look("trades").await["trades"], json!([]));
    }
}
