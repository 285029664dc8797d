//! Money out, what is on accounts, and the account's book.

use alipay::{
    AlipayTime, Outcome,
    answers::TransferStatus,
    requests::{
        AccountLog, AccountQuery, Balance, BillDownload, BillType, Method, OldTransfer,
        OldTransferQuery, Participant, RequestError, Transfer, TransferQuery,
    },
    testing::TestGateway,
};
use money::Fen;
use serde_json::json;

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn transfer() -> Transfer {
    Transfer::to_account(
        "T1",
        Fen::new(1_000),
        Participant::login("a@b.example", "张三"),
        "佣金",
    )
}

#[tokio::test]
async fn a_transfer_says_whether_it_went() {
    let gateway = TestGateway::new();
    let method = "alipay.fund.trans.uni.transfer";
    for (word, status, settled) in [
        ("SUCCESS", TransferStatus::Success, true),
        ("DEALING", TransferStatus::Dealing, false),
        ("REFUND", TransferStatus::Refund, true),
        ("MELTED", TransferStatus::Other("MELTED".to_owned()), false),
    ] {
        gateway.done(
            method,
            &json!({
                "out_biz_no": "T1", "order_id": "20260821110070000006540000000001",
                "pay_fund_order_id": "20260821110070001506540000000001", "status": word,
                "trans_date": "2026-08-21 09:30:01",
            }),
        );
        let done = gateway
            .client()
            .execute(&transfer(), now())
            .await
            .done()
            .expect("done");
        assert_eq!((done.status.is_settled(), done.status), (settled, status));
    }
    assert_eq!(
        gateway.last_biz_content(),
        json!({
            "out_biz_no": "T1", "trans_amount": "10.00", "product_code": "TRANS_ACCOUNT_NO_PWD",
            "biz_scene": "DIRECT_TRANSFER", "order_title": "佣金",
            "payee_info": {
                "identity": "a@b.example", "identity_type": "ALIPAY_LOGON_ID", "name": "张三",
            },
        })
    );
    gateway.refuses(method, "PAYER_BALANCE_NOT_ENOUGH");
    let refused = gateway.client().execute(&transfer(), now()).await;
    assert!(
        refused
            .refusal()
            .expect("refused")
            .is("PAYER_BALANCE_NOT_ENOUGH")
    );
    gateway.refuses(method, "SYSTEM_ERROR").loses();
    gateway.done(method, &json!({"out_biz_no": "T2", "status": "SUCCESS"}));
    gateway.done(method, &json!({"out_biz_no": "T1"}));
    for _ in 0..4 {
        assert!(
            gateway
                .client()
                .execute(&transfer(), now())
                .await
                .is_unknown()
        );
    }
    let mut nameless = transfer();
    nameless.payee_info.name = None;
    assert!(matches!(nameless.biz_content(), Err(RequestError::Rule(_))));
    let user = Transfer::to_account("T1", Fen::new(10), Participant::user("2088101"), "x");
    assert!(user.biz_content().is_ok());
    let nobody = Transfer {
        out_biz_no: "T1".to_owned(),
        ..Transfer::default()
    };
    assert!(nobody.biz_content().is_err());
}

#[tokio::test]
async fn a_transfer_is_asked_about() {
    let gateway = TestGateway::new();
    let method = "alipay.fund.trans.common.query";
    let request = TransferQuery::to_account("T1");
    gateway.done(
        method,
        &json!({
            "out_biz_no": "T1", "order_id": "1", "status": "FAIL", "order_fee": "0.02",
            "error_code": "PAYEE_CARD_INFO_ERROR", "fail_reason": "收款方有误",
        }),
    );
    let found = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.status, TransferStatus::Fail);
    assert_eq!(
        (found.trans_amount, found.order_fee),
        (None, Some(Fen::new(2)))
    );
    gateway.refuses(method, "ORDER_NOT_EXIST");
    assert!(
        gateway
            .client()
            .execute(&request, now())
            .await
            .refusal()
            .is_some()
    );
    assert!(matches!(
        TransferQuery::default().biz_content(),
        Err(RequestError::OneOf(_))
    ));
    let bare = TransferQuery {
        out_biz_no: Some("T1".to_owned()),
        ..TransferQuery::default()
    };
    assert!(matches!(bare.biz_content(), Err(RequestError::Rule(_))));
}

#[tokio::test]
async fn the_old_transfer_still_works() {
    let gateway = TestGateway::new();
    let request = OldTransfer::to_user("T1", "2088101", Fen::new(10));
    gateway.done(
        "alipay.fund.trans.toaccount.transfer",
        &json!({"out_biz_no": "T1", "order_id": "1", "pay_date": "2026-08-21 09:30:01"}),
    );
    let done = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(done.order_id, "1");
    let small = OldTransfer::to_user("T1", "2088101", Fen::new(9));
    assert!(matches!(small.biz_content(), Err(RequestError::Rule(_))));
    let method = "alipay.fund.trans.order.query";
    let query = OldTransferQuery::by_out_biz_no("T1");
    gateway.done(method, &json!({"out_biz_no": "T1", "status": "INIT"}));
    let found = gateway
        .client()
        .execute(&query, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.status, TransferStatus::Init);
    gateway.refuses(method, "ORDER_NOT_EXIST").loses();
    assert!(
        gateway
            .client()
            .execute(&query, now())
            .await
            .refusal()
            .is_some()
    );
    assert!(gateway.client().execute(&query, now()).await.is_unknown());
}

#[tokio::test]
async fn accounts_say_what_is_on_them() {
    let gateway = TestGateway::new();
    let method = "alipay.fund.account.query";
    gateway.done(
        method,
        &json!({"available_amount": "26.45", "freeze_amount": "11.11"}),
    );
    let request = AccountQuery::of_user("2088101");
    let found = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(found.available_amount, Fen::new(2_645));
    assert_eq!(found.freeze_amount, Some(Fen::new(1_111)));
    gateway.done(method, &json!({"freeze_amount": "11.11"}));
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    gateway.done(
        "alipay.data.bill.balance.query",
        &json!({"total_amount": "5.00", "available_amount": "-1.00", "settle_amount": "0.00"}),
    );
    let balance = gateway.client().execute(&Balance::default(), now()).await;
    assert_eq!(
        balance.done().expect("done").available_amount,
        Fen::new(-100)
    );
    assert_eq!(gateway.last_biz_content(), json!({}));
}

#[tokio::test]
async fn the_accounts_book_is_read_page_by_page() {
    let gateway = TestGateway::new();
    let method = "alipay.data.bill.accountlog.query";
    let start = AlipayTime::parse("2026-08-01 00:00:00").expect("a time");
    let request = AccountLog::between(start, now()).page(2);
    gateway.done(
        method,
        &json!({
            "page_no": "2", "page_size": "2000", "total_size": "2001",
            "detail_list": [{
                "trans_dt": "2026-08-20 10:00:00", "account_log_id": "1", "trans_amount": "88.80",
                "balance": "100.00", "type": "交易", "direction": "收入",
            }],
        }),
    );
    let page = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert_eq!(page.total_size, Some(2_001));
    assert_eq!(page.detail_list[0].trans_amount, Fen::new(8_880));
    assert_eq!(
        gateway.last_biz_content(),
        json!({
            "start_time": "2026-08-01 00:00:00", "end_time": "2026-08-21 09:30:00", "page_no": "2",
        })
    );
    // No movements: no list at all.
    gateway.done(
        method,
        &json!({"page_no": "1", "page_size": "2000", "total_size": "0"}),
    );
    let empty = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert!(empty.detail_list.is_empty());
    gateway.done(method, &json!({"detail_list": [{"account_log_id": "1"}]}));
    assert!(gateway.client().execute(&request, now()).await.is_unknown());
    assert!(
        AccountLog::of_merchant_order("20260821001")
            .biz_content()
            .is_ok()
    );
    assert!(AccountLog::default().biz_content().is_err());
}

#[tokio::test]
async fn the_address_of_a_bill_is_a_secret() {
    let gateway = TestGateway::new();
    let method = "alipay.data.dataservice.bill.downloadurl.query";
    let request = BillDownload::new(BillType::Trade, "2026-08-20");
    gateway.done(
        method,
        &json!({
            "bill_download_url": "http://dwbillcenter.alipay.com/downloadBillFile.resource?fileId=9",
            "bill_file_code": "EMPTY_DATA_WITH_BILL_FILE",
        }),
    );
    let found = gateway
        .client()
        .execute(&request, now())
        .await
        .done()
        .expect("done");
    assert!(found.is_empty());
    assert!(found.bill_download_url.expose().ends_with("fileId=9"));
    assert!(!format!("{found:?}").contains("fileId"));
    gateway.refuses(method, "BILL_NOT_EXIST");
    match gateway.client().execute(&request, now()).await {
        Outcome::Refused(no) => assert!(no.is("BILL_NOT_EXIST")),
        other => panic!("{other:?}"),
    }
    for date in ["2026-8-20", "20260820", "2026-08-20 ", "", "２０２６-08"] {
        let odd = BillDownload::new(BillType::SignCustomer, date);
        assert!(odd.biz_content().is_err(), "{date}");
    }
    assert!(
        BillDownload::new(BillType::SignCustomer, "2026-08")
            .biz_content()
            .is_ok()
    );
    assert!(
        BillDownload::new(BillType::TradeZftMerchant, "2026-08")
            .biz_content()
            .is_err()
    );
}
