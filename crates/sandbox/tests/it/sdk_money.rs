//! Every typed method of shares, transfers, accounts and bills, through every face of the SDK.

use crate::sdk_faces::{Face, done, faces, refused};
use crate::support::{Bench, start};
use alipay::answers::{ResultCode, RoyaltyState, TransferStatus};
use alipay::bill::{BillArchive, BillLine};
use alipay::requests::{
    AccountLog, AccountQuery, Balance, BillDownload, BillType, OldTransfer, OldTransferQuery,
    Participant, RateQuery, RelationBind, RelationQuery, RelationUnbind, Royalty, RoyaltyReceiver,
    Settle, SettleQuery, Transfer, TransferQuery,
};
use alipay::transport::DownloadError;
use kernel::time::DAY_MS;
use money::Fen;
use std::io::Cursor;
use store::Db;

/// What the tests of this file ask.
pub(crate) const SHARES: &[&str] = &[
    "alipay.trade.order.settle",
    "alipay.trade.order.settle.query",
    "alipay.trade.royalty.rate.query",
    "alipay.trade.royalty.relation.batchquery",
    "alipay.trade.royalty.relation.bind",
    "alipay.trade.royalty.relation.unbind",
];
pub(crate) const TRANSFERS: &[&str] = &[
    "alipay.data.bill.balance.query",
    "alipay.fund.account.query",
    "alipay.fund.trans.common.query",
    "alipay.fund.trans.order.query",
    "alipay.fund.trans.toaccount.transfer",
    "alipay.fund.trans.uni.transfer",
];
pub(crate) const BILLS: &[&str] = &[
    "alipay.data.bill.accountlog.query",
    "alipay.data.dataservice.bill.downloadurl.query",
];

const SELLER: &str = "2088721000000001";

async fn user_id(bench: &Bench, logon_id: &str) -> String {
    let account = bench.look(&format!("accounts/{logon_id}")).await;
    account["user_id"].as_str().unwrap().to_owned()
}

/// A share of a payment: bound first, settled once, asked about, let go.
async fn shares(bench: &Bench, face: &Face) {
    let partner = user_id(bench, "poor@sandbox.com").await;
    let rate = done(face.ask(&RateQuery::new("q1")).await);
    assert_eq!(rate.max_ratio, Some(100));
    let list = RelationQuery::new("l1");
    assert_eq!(done(face.ask(&list).await).total_record_num, Some(0));
    let receivers = vec![RoyaltyReceiver::user(&partner)];
    let bound = done(face.ask(&RelationBind::new("b1", receivers.clone())).await);
    assert_eq!(bound.result_code, ResultCode::Success);
    let nobody = vec![RoyaltyReceiver::user("2088000000000000")];
    refused(
        face.ask(&RelationBind::new("b2", nobody)).await,
        "USER_NOT_EXIST",
    );
    let listed = done(face.ask(&list).await);
    assert_eq!(
        listed.receiver_list[0].login_name.as_deref(),
        Some("poor@sandbox.com")
    );

    let paid = bench.paid(&face.number("S"), "100.00").await;
    let trade_no = paid["trade_no"].as_str().unwrap();
    let royalty = |fen| vec![Royalty::to_user(&partner, Fen::new(fen))];
    let settled = done(face.ask(&Settle::new("s1", trade_no, royalty(3_000))).await);
    assert_eq!(settled.trade_no, trade_no);
    let changed = Settle::new("s1", trade_no, royalty(2_999));
    refused(face.ask(&changed).await, "DISCORDANT_REPEAT_REQUEST");
    let asked = done(face.ask(&SettleQuery::new("s1", trade_no)).await);
    let [share] = &asked.royalty_detail_list[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(
        (share.amount, &share.state),
        (Fen::new(3_000), &RoyaltyState::Success)
    );
    assert_eq!(share.trans_in.as_deref(), Some(partner.as_str()));
    let free = done(face.ask(&RelationUnbind::new("u1", receivers)).await);
    assert_eq!(free.result_code, ResultCode::Success);
    face.has_asked(SHARES);
}

/// Money that is sent, the new way and the old, and what is left.
async fn transfers(bench: &Bench, face: &Face) {
    bench.paid(&face.number("T"), "100.00").await;
    let payee = user_id(bench, "buyer@sandbox.com").await;
    let before = done(face.ask(&Balance::default()).await).available_amount;
    let (new, old) = (face.number("N"), face.number("O"));
    let send = |fen| Transfer::to_account(&new, Fen::new(fen), Participant::user(&payee), "佣金");
    let sent = done(face.ask(&send(150)).await);
    assert_eq!(
        (sent.status, &sent.out_biz_no),
        (TransferStatus::Success, &new)
    );
    refused(face.ask(&send(151)).await, "PAYMENT_INFO_INCONSISTENCY");
    let asked = done(face.ask(&TransferQuery::to_account(&new)).await);
    assert_eq!(
        (asked.trans_amount, asked.order_id),
        (Some(Fen::new(150)), sent.order_id)
    );
    refused(
        face.ask(&TransferQuery::to_account("none")).await,
        "ORDER_NOT_EXIST",
    );

    let sent = done(
        face.ask(&OldTransfer::to_user(&old, &payee, Fen::new(250)))
            .await,
    );
    let asked = done(face.ask(&OldTransferQuery::by_out_biz_no(&old)).await);
    assert_eq!(
        (asked.status, asked.order_id),
        (TransferStatus::Success, Some(sent.order_id))
    );

    let left = done(face.ask(&AccountQuery::of_user(SELLER)).await);
    assert_eq!(
        left.available_amount,
        before.checked_sub(Fen::new(400)).unwrap()
    );
    assert_eq!(left.freeze_amount, Some(Fen::ZERO));
    let balance = done(face.ask(&Balance::default()).await);
    assert_eq!(balance.available_amount, left.available_amount);
    face.has_asked(TRANSFERS);
}

/// A day's bills of both kinds: asked for, fetched, unpacked, read; and the account's book.
async fn bills(face: &Face, number: &str) {
    let mut lines = Vec::new();
    for kind in [BillType::Trade, BillType::SignCustomer] {
        let answer = done(face.ask(&BillDownload::new(kind, "2026-08-21")).await);
        assert!(!answer.is_empty());
        let url = answer.bill_download_url.expose();
        let short = face.download(url, 100).await;
        assert!(
            matches!(short, Err(DownloadError::TooLarge(100))),
            "{short:?}"
        );
        let gone = face.download(&format!("{url}0"), 1 << 20).await;
        assert!(matches!(gone, Err(DownloadError::Status(404))), "{gone:?}");
        let zip = face.download(url, 1 << 20).await.unwrap();
        let archive = BillArchive::open(Cursor::new(zip)).unwrap();
        lines.extend(
            archive
                .bill(0)
                .unwrap()
                .collect::<Result<Vec<_>, _>>()
                .unwrap(),
        );
    }
    let [BillLine::Trade(trade), BillLine::Account(movement)] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(trade.out_trade_no.as_deref(), Some(number));
    assert_eq!(trade.order_amount, Fen::new(8_880));
    assert_eq!(movement.income, Some(Fen::new(8_880)));
    refused(
        face.ask(&BillDownload::new(BillType::Trade, "2026-08-22"))
            .await,
        "BILL_NOT_EXIST",
    );

    let end = face.now();
    let day = AccountLog::between(
        alipay::AlipayTime::parse("2026-08-21 00:00:00").unwrap(),
        end,
    );
    for log in [day.page(1), AccountLog::of_merchant_order(number)] {
        let log = done(face.ask(&log).await);
        assert_eq!(log.total_size, Some(1));
        assert_eq!(log.detail_list[0].trans_amount, Fen::new(8_880));
        assert_eq!(log.detail_list[0].direction.as_deref(), Some("收入"));
    }
    face.has_asked(BILLS);
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn every_face_shares_a_payment(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            shares(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }

    async fn every_face_sends_money_and_reads_the_account(db: Db) {
        let bench = Bench::new(db).await;
        for face in faces(&bench).await {
            transfers(&bench, &face).await;
        }
        bench.assert_balanced().await;
    }

    async fn every_face_fetches_and_reads_bills(db: Db) {
        let bench = Bench::new(db).await;
        bench.paid("BILL1", "88.80").await;
        bench.schedule.advance_to(start().plus_ms(DAY_MS)).await.unwrap();
        for face in faces(&bench).await {
            bills(&face, "BILL1").await;
        }
    }
}
