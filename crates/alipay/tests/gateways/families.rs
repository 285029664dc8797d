//! Every typed method with an answer of the documented shape.

use crate::{NUMBER, Roll};
use alipay::{
    AlipayTime,
    requests::{
        AccountLog, AccountQuery, AgreementModify, AgreementQuery, AgreementTransfer,
        AgreementUnsign, AppToken, AppTokenQuery, Balance, BillDownload, BillType, Cancel,
        CertDownload, Close, Create, Freeze, OauthToken, OldTransfer, OldTransferQuery,
        OperationCancel, OperationQuery, OrderinfoSync, Participant, Pay, PeriodRule, Precreate,
        Query, RateQuery, Refund, RefundApply, RefundQuery, RelationBind, RelationQuery,
        RelationUnbind, Royalty, RoyaltyReceiver, Settle, SettleQuery, Transfer, TransferQuery,
        Unfreeze, UserInfo, VoucherCreate,
    },
};
use money::Fen;
use serde_json::json;

pub(crate) async fn payments(roll: &Roll) {
    let fen = Fen::new(100);
    let paid = json!({
        "trade_no": "2026", "out_trade_no": NUMBER, "buyer_logon_id": "a***@b.example",
        "total_amount": "1.00", "receipt_amount": "1.00", "trade_status": "TRADE_SUCCESS",
        "gmt_payment": "2026-08-21 09:30:00", "buyer_user_id": "2088102",
        "fund_bill_list": [{"fund_channel": "ALIPAYACCOUNT", "amount": "1.00"}],
    });
    let pay = Pay::by_barcode(NUMBER, "课", fen, "28763443825664394");
    roll.same(&pay, paid.clone()).await;
    roll.same(&Query::by_out_trade_no(NUMBER), paid.clone())
        .await;
    roll.same(&Create::for_open_id(NUMBER, "课", fen, "074a"), paid)
        .await;
    let code = json!({"out_trade_no": NUMBER, "qr_code": "https://qr.alipay.com/bax"});
    roll.same(&Precreate::new(NUMBER, "课", fen), code).await;
    let ended =
        json!({"trade_no": "2026", "out_trade_no": NUMBER, "retry_flag": "N", "action": "close"});
    roll.same(&Cancel::by_out_trade_no(NUMBER), ended.clone())
        .await;
    roll.same(&Close::by_out_trade_no(NUMBER), ended).await;
    let sync = OrderinfoSync::new("2026", "S1", "CREDIT_AUTH", "{}");
    roll.same(&sync, json!({"trade_no": "2026", "out_request_no": "S1"}))
        .await;
}

pub(crate) async fn refunds_and_shares(roll: &Roll) {
    let fen = Fen::new(100);
    let back = json!({
        "trade_no": "2026", "out_trade_no": NUMBER, "out_request_no": "R1", "refund_fee": "1.00",
        "refund_amount": "1.00", "total_amount": "1.00", "fund_change": "Y",
        "refund_status": "REFUND_SUCCESS", "gmt_refund_pay": "2026-08-21 09:30:00",
    });
    roll.same(&Refund::new(NUMBER, "R1", fen), back.clone())
        .await;
    roll.same(&RefundQuery::new(NUMBER, "R1"), back.clone())
        .await;
    roll.same(&RefundApply::new(NUMBER, "R1", fen), back).await;
    let settled = json!({
        "trade_no": "2026", "settle_no": "20260821", "out_request_no": "S1",
        "operation_dt": "2026-08-21 09:30:00", "royalty_detail_list": [{
            "operation_type": "transfer", "execute_dt": "2026-08-21 09:30:01",
            "trans_out": "2088001", "trans_out_type": "userId", "trans_in": "2088101",
            "trans_in_type": "userId", "amount": "1.00", "state": "SUCCESS", "detail_id": "1",
        }],
    });
    let shares = vec![Royalty::to_user("2088101", fen)];
    roll.same(&Settle::new("S1", "2026", shares), settled.clone())
        .await;
    let urls = roll.same(&SettleQuery::new("S1", "2026"), settled).await;
    assert_eq!(
        urls[1],
        "/v3/alipay/trade/order/settle/query?out_request_no=S1&trade_no=2026"
    );
    let receivers = || vec![RoyaltyReceiver::user("2088101")];
    let bound = json!({
        "result_code": "SUCCESS", "receiver_list": [{"type": "userId", "account": "2088101"}],
        "current_page_num": 1, "current_page_size": 20, "total_page_num": 1, "total_record_num": 1,
    });
    roll.same(&RelationBind::new("B1", receivers()), bound.clone())
        .await;
    roll.same(&RelationUnbind::new("B2", receivers()), bound.clone())
        .await;
    roll.same(&RelationQuery::new("B3"), bound).await;
    let rate = json!({"user_id": "2088721", "max_ratio": "30"});
    let urls = roll.same(&RateQuery::new("Q1"), rate).await;
    assert_eq!(
        urls[1],
        "/v3/alipay/trade/royalty/rate/query?out_request_no=Q1"
    );
}

pub(crate) async fn money_out_and_bills(roll: &Roll) {
    let fen = Fen::new(100);
    let went = json!({
        "out_biz_no": "T1", "order_id": "2026", "pay_fund_order_id": "2027", "status": "SUCCESS",
        "trans_date": "2026-08-21 09:30:00", "pay_date": "2026-08-21 09:30:00",
        "trans_amount": "1.00",
    });
    let payee = Participant::user("2088101");
    roll.same(
        &Transfer::to_account("T1", fen, payee, "货款"),
        went.clone(),
    )
    .await;
    roll.same(&TransferQuery::to_account("T1"), went.clone())
        .await;
    roll.same(&OldTransfer::to_user("T1", "2088101", fen), went.clone())
        .await;
    roll.same(&OldTransferQuery::by_out_biz_no("T1"), went)
        .await;
    let amounts = json!({
        "available_amount": "9.00", "total_amount": "10.00", "freeze_amount": "1.00",
    });
    roll.same(&AccountQuery::of_user("2088001"), amounts.clone())
        .await;
    roll.same(&Balance::default(), amounts).await;
    let urls = roll
        .same(
            &BillDownload::new(BillType::Trade, "2026-08-20"),
            json!({"bill_download_url": "https://a.example/b?c=d"}),
        )
        .await;
    assert!(urls[1].ends_with("?bill_date=2026-08-20&bill_type=trade"));
    let day = |text| AlipayTime::parse(text).expect("a time");
    let log = AccountLog::between(day("2026-08-20 00:00:00"), day("2026-08-21 00:00:00"));
    let lines = json!({"page_no": "1", "page_size": "20", "total_size": "0", "detail_list": []});
    roll.same(&log, lines).await;
}

pub(crate) async fn frozen_money(roll: &Roll) {
    let fen = Fen::new(100);
    let frozen = json!({
        "auth_no": "2026", "out_order_no": "O1", "operation_id": "2027", "out_request_no": "F1",
        "amount": "1.00", "status": "SUCCESS", "payer_user_id": "2088102", "action": "unfreeze",
        "gmt_trans": "2026-08-21 09:30:00", "order_title": "押金", "rest_amount": "0.00",
        "total_freeze_amount": "1.00", "total_pay_amount": "0.00", "remark": "r", "extra": "x",
        "operation_type": "FREEZE", "gmt_create": "2026-08-21 09:30:00", "order_status": "AUTHORIZED",
        "code_type": "qrCode", "code_value": "https://qr.alipay.com/f", "code_url": "https://a.example",
    });
    let freeze = Freeze::by_barcode("O1", "F1", "押金", fen, "28763443825664394");
    roll.same(&freeze, frozen.clone()).await;
    roll.same(&Unfreeze::new("2026", "F1", fen, "还"), frozen.clone())
        .await;
    roll.same(&VoucherCreate::new("O1", "F1", "押金", fen), frozen.clone())
        .await;
    roll.same(&OperationQuery::new("O1", "F1"), frozen.clone())
        .await;
    roll.same(&OperationCancel::new("O1", "F1", "不要了"), frozen)
        .await;
}

pub(crate) async fn agreements_tokens_and_certificates(roll: &Roll) {
    let agreement = json!({
        "agreement_no": "2026", "status": "NORMAL", "sign_time": "2026-08-21 09:30:00",
        "valid_time": "2026-08-21 09:30:00", "invalid_time": "2115-02-01 00:00:00",
        "personal_product_code": "GENERAL_WITHHOLDING_P", "sign_scene": "INDUSTRY|EDU",
        "alipay_logon_id": "a***", "principal_type": "CARD", "principal_id": "2088102",
        "deduct_time": "2026-09-21", "execution_plans": [],
    });
    roll.same(&AgreementQuery::by_agreement_no("2026"), agreement.clone())
        .await;
    roll.same(&AgreementUnsign::by_agreement_no("2026"), agreement.clone())
        .await;
    let plan = json!({
        "period_type": "MONTH", "period": "1", "execute_time": "2026-09-01", "amount": "15.00",
        "total_amount": "600.00", "total_payments": "12",
    });
    let rule = PeriodRule::monthly("2026-09-01", Fen::new(1_500));
    roll.same(&AgreementTransfer::new("2026", rule), plan).await;
    roll.same(
        &AgreementModify::new("2026", "2026-09-21", "顺延"),
        agreement,
    )
    .await;
    let token = json!({
        "access_token": "authusrB1", "refresh_token": "authusrB2", "expires_in": "3600",
        "re_expires_in": "7200", "user_id": "2088102", "open_id": "074a",
        "auth_start": "2026-08-21 09:30:00",
    });
    let urls = roll.same(&OauthToken::by_code("c-1"), token).await;
    assert_eq!(urls[1], "/v3/alipay/system/oauth/token");
    let user = json!({"user_id": "2088102", "nick_name": "明", "avatar": "https://a.example/i"});
    let urls = roll.same(&UserInfo::new("authusrB1"), user).await;
    assert_eq!(urls[1], "/v3/alipay/user/info/share?auth_token=authusrB1");
    let merchant = json!({
        "tokens": [{
            "app_auth_token": "t1", "app_refresh_token": "t2", "auth_app_id": "2021",
            "expires_in": 31_536_000, "re_expires_in": 32_140_800, "user_id": "2088001",
        }],
        "app_auth_token": "t1", "app_refresh_token": "t2", "auth_app_id": "2021",
        "expires_in": 31_536_000, "re_expires_in": 32_140_800, "user_id": "2088001",
        "auth_methods": ["alipay.trade.query"], "status": "valid",
        "auth_start": "2026-08-21 09:30:00", "auth_end": "2027-08-21 09:30:00",
    });
    roll.same(&AppToken::by_code("c-1"), merchant.clone()).await;
    roll.same(&AppTokenQuery::new("t1"), merchant).await;
    let certificate = json!({"alipay_cert_content": "LS0tLS1CRUdJTg=="});
    roll.same(&CertDownload::new("0123456789abcdef"), certificate)
        .await;
}
