//! The fields that Alipay documents, method by method, against the fields that the types have.

use alipay::{answers as a, requests as r};

/// A type, the fields it has, and those that are documented.
type Row = (&'static str, Vec<&'static str>, &'static str);

/// `row!(r::Pay: "…")` asks the type itself.
macro_rules! row {
    ($($part:ident)::+ : $documented:literal) => {
        (stringify!($($part)::+), $($part)::+::FIELDS.to_vec(), $documented)
    };
    ($($part:ident)::+ with $own:literal : $documented:literal) => {{
        let mut fields = $($part)::+::FIELDS.to_vec();
        fields.extend($own.split_whitespace());
        (stringify!($($part)::+), fields, $documented)
    }};
}

fn payments() -> Vec<Row> {
    vec![
        row!(r::PagePay: "out_trade_no product_code total_amount subject body time_expire timeout_express
            goods_detail passback_params extend_params goods_type enable_pay_channels disable_pay_channels
            qr_pay_mode qrcode_width integration_type request_from_url store_id merchant_order_no settle_info
            royalty_info sub_merchant ext_user_info invoice_info promo_params business_params query_options
            agreement_sign_params"),
        row!(r::WapPay: "out_trade_no product_code total_amount subject body time_expire timeout_express
            goods_detail passback_params extend_params goods_type enable_pay_channels disable_pay_channels
            store_id merchant_order_no settle_info royalty_info sub_merchant ext_user_info promo_params
            business_params query_options agreement_sign_params quit_url seller_id auth_token specified_channel"),
        row!(r::AppPay: "out_trade_no product_code total_amount subject body time_expire timeout_express
            goods_detail passback_params extend_params goods_type enable_pay_channels disable_pay_channels
            store_id merchant_order_no settle_info royalty_info sub_merchant ext_user_info promo_params
            business_params query_options agreement_sign_params seller_id specified_channel"),
        row!(r::Precreate: "out_trade_no total_amount subject product_code seller_id body discountable_amount
            undiscountable_amount goods_detail operator_id store_id terminal_id alipay_store_id buyer_logon_id
            passback_params timeout_express time_expire qr_code_timeout_express extend_params settle_info
            royalty_info sub_merchant ext_user_info business_params enable_pay_channels disable_pay_channels
            merchant_order_no code_type query_options"),
        row!(r::Pay: "out_trade_no scene auth_code product_code subject total_amount buyer_id seller_id auth_no
            auth_confirm_mode agreement_params timeout_express time_expire is_async_pay pay_params trans_currency
            settle_currency discountable_amount undiscountable_amount goods_detail operator_id store_id
            terminal_id terminal_params extend_params promo_params advance_payment_type query_options
            passback_params sub_merchant settle_info royalty_info"),
        row!(a::PayResponse: "trade_no out_trade_no buyer_logon_id total_amount receipt_amount buyer_pay_amount
            point_amount invoice_amount gmt_payment fund_bill_list store_name buyer_user_id buyer_open_id
            discount_goods_detail voucher_detail_list auth_trade_pay_mode buyer_user_type mdiscount_amount
            discount_amount card_balance charge_amount charge_flags settlement_id async_payment_mode
            advance_amount hyb_amount credit_pay_mode"),
        row!(r::Create: "out_trade_no total_amount subject buyer_id buyer_open_id buyer_logon_id product_code
            op_app_id op_buyer_open_id body goods_detail operator_id store_id terminal_id timeout_express
            time_expire extend_params settle_info logistics_detail receiver_address_info business_params
            agreement_sign_params enable_pay_channels disable_pay_channels passback_params"),
        row!(a::CreateResponse: "out_trade_no trade_no"),
        row!(r::Goods: "goods_id goods_name quantity price alipay_goods_id goods_category categories_tree body
            show_url"),
        row!(r::ExtendParams: "sys_service_provider_id hb_fq_num hb_fq_seller_percent industry_reflux_info
            card_type royalty_freeze specified_seller_name credit_ext_info trade_component_order_id
            tc_installment_order_id"),
        row!(r::ExtUserInfo: "name mobile cert_type cert_no min_age fix_buyer need_check_info identity_hash"),
        row!(r::SettleDetail: "trans_in_type trans_in summary_dimension settle_entity_id settle_entity_type
            amount"),
        row!(r::Receiver: "name address mobile zip division_code"),
        row!(r::AgreementParams: "agreement_no apply_token auth_confirm_no deduct_permission"),
        row!(a::FundBill: "fund_channel amount real_amount fund_type bank_code"),
        row!(a::Voucher: "id name type amount merchant_contribute other_contribute memo template_id
            purchase_buyer_contribute purchase_merchant_contribute purchase_ant_contribute"),
    ]
}

fn trades_and_refunds() -> Vec<Row> {
    vec![
        row!(r::Query: "out_trade_no trade_no org_pid query_options"),
        row!(a::QueryDetails with "trade_no out_trade_no trade_status total_amount send_pay_date
            buyer_logon_id": "trade_no out_trade_no buyer_logon_id trade_status additional_status total_amount
            trans_currency settle_currency pay_currency settle_amount pay_amount settle_trans_rate
            trans_pay_rate buyer_pay_amount point_amount invoice_amount receipt_amount send_pay_date store_id
            terminal_id store_name buyer_user_id buyer_open_id buyer_user_type fund_bill_list mdiscount_amount
            discount_amount auth_trade_pay_mode passback_params cashier_type period_scene trade_settle_info
            charge_amount charge_flags hb_fq_pay_info ext_infos voucher_detail_list discount_goods_detail"),
        row!(a::TradeSettleInfo: "trade_settle_detail_list trade_unsettled_amount"),
        row!(r::Cancel: "out_trade_no trade_no"),
        row!(a::CancelResponse: "trade_no out_trade_no retry_flag action gmt_refund_pay refund_settlement_id"),
        row!(r::Close with "notify_url": "trade_no out_trade_no operator_id extend_params notify_url"),
        row!(r::Refund: "out_trade_no trade_no refund_amount refund_currency refund_reason out_request_no
            operator_id store_id terminal_id goods_detail refund_goods_detail refund_royalty_parameters org_pid
            query_options refund_trans_out refund_trans_out_type related_settle_confirm_no"),
        row!(a::RefundDetails with "trade_no out_trade_no fund_change refund_fee gmt_refund_pay":
            "trade_no out_trade_no buyer_logon_id buyer_user_id buyer_open_id fund_change refund_fee
            gmt_refund_pay refund_detail_item_list send_back_fee store_name present_refund_buyer_amount
            present_refund_discount_amount present_refund_mdiscount_amount refund_hyb_amount has_deposit_back"),
        row!(r::RefundGoods: "goods_id refund_amount out_certificate_no_list out_item_id out_sku_id"),
        row!(r::RefundApply: "out_trade_no trade_no refund_amount refund_currency refund_reason out_request_no
            operator_id store_id terminal_id goods_detail refund_goods_detail refund_royalty_parameters org_pid
            query_options refund_trans_out refund_trans_out_type related_settle_confirm_no"),
        row!(a::RefundApplyResponse: "trade_no out_trade_no out_request_no refund_amount refund_status"),
        row!(r::RefundQuery: "trade_no out_trade_no out_request_no query_options org_pid"),
        row!(a::RefundQueryDetails with "out_trade_no out_request_no refund_amount refund_status
            gmt_refund_pay": "trade_no out_trade_no out_request_no refund_reason total_amount refund_amount
            refund_status gmt_refund_pay refund_detail_item_list send_back_fee present_refund_buyer_amount
            present_refund_discount_amount present_refund_mdiscount_amount deposit_back_info
            deposit_back_info_list refund_royaltys error_code"),
        row!(a::DepositBackInfo: "has_deposit_back dback_status dback_amount bank_ack_time
            est_bank_receipt_time"),
    ]
}

fn shares_and_bills() -> Vec<Row> {
    vec![
        row!(r::Settle: "out_request_no trade_no royalty_parameters operator_id extend_params royalty_mode"),
        row!(r::Royalty: "royalty_type trans_out trans_out_type trans_in trans_in_type amount
            amount_percentage desc royalty_scene trans_in_name"),
        row!(r::SettleExtendParams: "royalty_finish royalty_finish_amount"),
        row!(a::SettleResponse: "trade_no settle_no"),
        row!(r::SettleQuery: "settle_no out_request_no trade_no"),
        row!(a::SettleQueryResponse: "out_request_no operation_dt royalty_detail_list"),
        row!(a::RoyaltyDetail: "operation_type execute_dt trans_out trans_out_type trans_out_open_id trans_in
            trans_in_type trans_in_open_id amount state detail_id error_code error_desc"),
        row!(r::RelationBind: "out_request_no receiver_list"),
        row!(r::RelationUnbind: "out_request_no receiver_list"),
        row!(r::RoyaltyReceiver: "kind account name memo account_open_id"),
        row!(a::RelationBindResponse: "result_code"),
        row!(r::RateQuery: "out_request_no"),
        row!(a::RateQueryResponse: "user_id max_ratio"),
        row!(r::RelationQuery: "out_request_no page_num page_size"),
        row!(a::RelationQueryResponse: "result_code receiver_list total_page_num total_record_num
            current_page_num current_page_size"),
        row!(a::BoundReceiver: "type account name memo account_open_id login_name bind_login_name"),
        row!(r::OrderinfoSync: "trade_no out_request_no biz_type orig_request_no order_biz_info"),
        row!(a::OrderinfoSyncResponse: "trade_no out_trade_no buyer_user_id buyer_open_id"),
        row!(r::BillDownload: "bill_type bill_date smid secure"),
        row!(a::BillDownloadResponse: "bill_download_url bill_file_code"),
        row!(r::AccountLog: "start_time end_time alipay_order_no merchant_order_no page_no page_size trans_code
            bill_user_id agreement_no"),
        row!(a::AccountLogResponse: "page_no page_size total_size detail_list"),
        row!(a::AccountLogItem: "trans_dt account_log_id alipay_order_no merchant_order_no trans_amount balance
            type other_account trans_memo direction bill_source biz_nos biz_orig_no biz_desc
            merchant_out_refund_no complement_info store_name"),
        row!(a::BalanceResponse: "total_amount available_amount freeze_amount settle_amount"),
    ]
}

fn money_out_and_held() -> Vec<Row> {
    let freeze = "out_order_no out_request_no order_title amount product_code payee_user_id payee_logon_id
        pay_timeout timeout_express extra_param enable_pay_channels disable_pay_channels deposit_product_mode
        post_payments identity_params business_params scene_code trans_currency settle_currency";
    vec![
        row!(r::Transfer: "out_biz_no trans_amount product_code biz_scene order_title payee_info payer_info
            remark business_params passback_params original_order_id transfer_scene_name
            transfer_scene_report_infos"),
        row!(r::Participant: "identity identity_type name cert_no cert_type bankcard_ext_info"),
        row!(r::SceneReport: "info_type info_content"),
        row!(a::TransferResponse: "out_biz_no order_id pay_fund_order_id status trans_date amount link
            sub_status settle_serial_no"),
        row!(r::TransferQuery: "pay_fund_order_id order_id out_biz_no product_code biz_scene"),
        row!(a::TransferQueryResponse: "order_id pay_fund_order_id out_biz_no trans_amount status pay_date
            arrival_time_end order_fee error_code fail_reason sub_status receiver_user_id receiver_open_id
            passback_params"),
        row!(r::AccountQuery: "account_type alipay_user_id alipay_open_id account_product_code
            account_scene_code merchant_user_id ext_info"),
        row!(a::AccountQueryResponse: "available_amount freeze_amount total_amount ext_card_info
            amount_detail"),
        row!(a::AmountDetail: "acs bank"),
        row!(r::OldTransfer: "out_biz_no payee_type payee_account amount payer_show_name payee_real_name
            payer_real_name remark ext_param"),
        row!(a::OldTransferResponse: "out_biz_no order_id pay_date"),
        row!(r::OldTransferQuery: "order_id out_biz_no"),
        row!(a::OldTransferQueryResponse: "order_id out_biz_no status pay_date arrival_time_end order_fee
            fail_reason error_code"),
        ("r::AppFreeze", r::AppFreeze::FIELDS.to_vec(), freeze),
        (
            "r::VoucherCreate",
            r::VoucherCreate::FIELDS.to_vec(),
            freeze,
        ),
        ("r::Freeze", r::Freeze::FIELDS.to_vec(), freeze),
        row!(r::Freeze: "auth_code auth_code_type"),
        row!(a::FreezeResponse: "auth_no operation_id out_order_no out_request_no amount status payer_user_id
            payer_open_id gmt_trans pre_auth_type credit_amount fund_amount"),
        row!(a::VoucherCreateResponse: "out_order_no out_request_no code_type code_value code_url"),
        row!(r::Unfreeze: "auth_no out_request_no amount remark extra_param"),
        row!(a::UnfreezeResponse: "auth_no out_order_no operation_id out_request_no amount status gmt_trans
            credit_amount fund_amount"),
        row!(r::OperationCancel: "auth_no out_order_no operation_id out_request_no remark"),
        row!(a::OperationCancelResponse: "auth_no out_order_no operation_id out_request_no action"),
        row!(r::OperationQuery: "auth_no out_order_no operation_id out_request_no operation_type query_options"),
        row!(a::OperationQueryResponse: "order_status status amount rest_amount total_freeze_amount
            total_pay_amount rest_credit_amount rest_fund_amount total_freeze_credit_amount
            total_freeze_fund_amount total_pay_credit_amount total_pay_fund_amount gmt_create gmt_trans
            payer_user_id payer_open_id payer_logon_id"),
    ]
}

fn people() -> Vec<Row> {
    vec![
        row!(r::AgreementSign: "product_code personal_product_code sign_scene external_agreement_no
            access_params period_rule_params sign_validity_period external_logon_id effect_time
            third_party_type sub_merchant"),
        row!(r::AgreementSignParams: "product_code personal_product_code sign_scene external_agreement_no
            external_logon_id access_params period_rule_params sign_notify_url effect_time sub_merchant
            allow_huazhi_degrade recommend_sort_channel_params"),
        row!(r::SignMerchant: "sub_merchant_id sub_merchant_name sub_merchant_service_name
            sub_merchant_service_description"),
        row!(r::SortedChannel: "asset_type_code inst_id"),
        row!(r::PeriodRule: "period_type period execute_time single_amount total_amount total_payments"),
        row!(r::AgreementQuery: "agreement_no external_agreement_no sign_scene personal_product_code
            alipay_user_id alipay_open_id alipay_logon_id"),
        row!(a::AgreementQueryResponse: "agreement_no external_agreement_no principal_id sign_scene
            personal_product_code status sign_time valid_time invalid_time alipay_logon_id next_deduct_time
            last_deduct_time single_quota execution_plans third_party_type zm_open_id"),
        row!(a::ExecutionPlan: "single_amount period_id execute_time latest_execute_time"),
        row!(r::AgreementTransfer: "agreement_no target_product_code period_rule_params"),
        row!(a::AgreementTransferResponse: "execute_time period_type amount total_amount total_payments period"),
        row!(r::AgreementModify: "agreement_no deduct_time memo"),
        row!(a::AgreementModifyResponse: "agreement_no deduct_time"),
        row!(a::OauthTokenResponse: "access_token alipay_user_id auth_start expires_in re_expires_in
            refresh_token user_id open_id union_id auth_token_type"),
        row!(a::UserInfoResponse: "user_id open_id nick_name avatar gender province city is_certified user_type
            user_status"),
        row!(r::AppToken: "grant_type code refresh_token"),
        row!(a::AppTokenResponse: "app_auth_token app_refresh_token auth_app_id user_id expires_in
            re_expires_in tokens"),
        row!(r::AppTokenQuery: "app_auth_token"),
        row!(r::CertDownload: "alipay_cert_sn"),
        row!(a::CertDownloadResponse: "alipay_cert_content"),
    ]
}

#[test]
fn every_documented_field_has_a_place() {
    let rows = [
        payments(),
        trades_and_refunds(),
        shares_and_bills(),
        money_out_and_held(),
        people(),
    ]
    .concat();
    let (mut missing, mut fields) = (Vec::new(), 0);
    for (name, known, documented) in &rows {
        let known: Vec<_> = known
            .iter()
            .map(|field| field.trim_start_matches("r#"))
            .collect();
        for field in documented.split_whitespace() {
            fields += 1;
            if !known.contains(&field) {
                missing.push(format!("{name}.{field}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    println!("{fields} documented fields of {} types", rows.len());
}
