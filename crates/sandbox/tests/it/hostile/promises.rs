//! What the scene has beside trades: holds, agreements, money that was sent, tokens, gifts.

use super::scene::{PHONE, PROVIDERS, Scene};
use crate::agreements;
use crate::support::{keys, link, signed};
use crate::through::{change, text};
use http::StatusCode;
use sandbox::{AppSpec, Profile};
use serde_json::json;

impl Scene<'_> {
    pub(super) async fn holds(&mut self) {
        let wish = |number: &str| {
            json!({
                "out_order_no": number, "out_request_no": format!("{number}r"), "order_title": "充电宝押金",
                "amount": "99.00", "product_code": "PRE_AUTH",
            })
        };
        let voucher = "alipay.fund.auth.order.voucher.create";
        let node = self.bench.node(voucher, &wish("F1")).await;
        let address = text(&node, "code_value").to_owned();
        let fields = [("pay_password", "111111")];
        self.form("a hold", &address, "/agree", &fields, "The amount is held")
            .await;
        let detail = json!({"out_order_no": "F1", "out_request_no": "F1r"});
        let node = self
            .bench
            .node("alipay.fund.auth.operation.detail.query", &detail)
            .await;
        self.keep("auth_no", text(&node, "auth_no"));
        self.keep("operation", text(&node, "operation_id"));
        let node = self.call("a code for a hold", voucher, &wish("F2")).await;
        let address = self.buyer.open(text(&node, "code_value")).await.path;
        self.keep("hold_page", address);
        let auth_no = self.get("auth_no").to_owned();
        let free =
            json!({"auth_no": auth_no, "out_request_no": "u1", "amount": "9.00", "remark": "归还"});
        self.call("money let go", "alipay.fund.auth.order.unfreeze", &free)
            .await;
        let take = json!({"out_trade_no": "F1t", "total_amount": "30.00", "subject": "充电宝租金", "product_code": "PRE_AUTH", "auth_no": auth_no});
        self.call("held money taken", "alipay.trade.pay", &take)
            .await;
    }

    pub(super) async fn agreements(&mut self) {
        let terms = |number: &str| {
            json!({
                "product_code": "GENERAL_WITHHOLDING", "personal_product_code": "GENERAL_WITHHOLDING_P",
                "sign_scene": format!("INDUSTRY|{number}"), "external_agreement_no": number,
                "access_params": {"channel": "ALIPAYAPP"},
            })
        };
        for (name, number) in [("agreement", "A1"), ("ended", "A2")] {
            let signed = agreements::sign(self.bench, &terms(number)).await;
            self.keep(name, signed);
        }
        let cycle = agreements::sign(self.bench, &agreements::terms("A3")).await;
        self.keep("cycle", cycle);
        let ended = json!({"agreement_no": self.get("ended")});
        self.call("an end of an agreement", agreements::UNSIGN, &ended)
            .await;
        let address = link(agreements::SIGN, &terms("A4"));
        let page = self.buyer.open(&address).await.path;
        self.keep("agreement_page", page);
        let take = json!({
            "out_trade_no": "D1", "total_amount": "15.00", "subject": "会员月费", "product_code": "GENERAL_WITHHOLDING",
            "agreement_params": {"agreement_no": self.get("agreement")},
        });
        self.call("a deduction", "alipay.trade.pay", &take).await;
    }

    pub(super) async fn money(&mut self) {
        let poor = self.get("poor").to_owned();
        let biz = json!({
            "out_biz_no": "T1", "trans_amount": "2.00", "product_code": "TRANS_ACCOUNT_NO_PWD",
            "biz_scene": "DIRECT_TRANSFER", "order_title": "佣金",
            "payee_info": {"identity": poor, "identity_type": "ALIPAY_USER_ID"},
        });
        let node = self
            .call("a transfer", "alipay.fund.trans.uni.transfer", &biz)
            .await;
        self.keep("transfer", text(&node, "order_id"));
        let biz = json!({"out_request_no": "b1", "receiver_list": [{"type": "userId", "account": poor, "memo": "分销"}]});
        self.call(
            "a receiver bound",
            "alipay.trade.royalty.relation.bind",
            &biz,
        )
        .await;
        let share = json!({"royalty_type": "transfer", "trans_in": poor, "trans_in_type": "userId", "amount": "3.00", "desc": "佣金"});
        let biz = json!({"out_request_no": "s1", "trade_no": self.get("trade"), "royalty_parameters": [share]});
        let node = self
            .call("a settlement", "alipay.trade.order.settle", &biz)
            .await;
        self.keep("settlement", text(&node, "settle_no"));
        let biz = json!({"trade_no": self.get("trade"), "out_request_no": "o1", "biz_type": "CREDIT_AUTH", "order_biz_info": "{\"status\":\"COMPLETE\"}"});
        self.call("a report of an order", "alipay.trade.orderinfo.sync", &biz)
            .await;
    }

    pub(super) async fn tokens(&mut self) {
        for name in ["oauth", "fresh_oauth", "asked"] {
            let query = "app_id=9021000000000001&scope=auth_user&redirect_uri=https%3A%2F%2Fshop.example%2Flogin&state=s";
            let page = self
                .buyer
                .open(&format!("/oauth2/publicAppAuthorize.htm?{query}"))
                .await;
            if name == "asked" {
                // Nobody has answered yet.
                break;
            }
            self.keep("oauth_page", page.path.clone());
            let gone = self
                .buyer
                .submit(&page, "/agree", &[])
                .await
                .refresh
                .unwrap();
            let code = gone
                .split("auth_code=")
                .nth(1)
                .unwrap()
                .split('&')
                .next()
                .unwrap();
            self.keep(name, code);
        }
        let method = "alipay.system.oauth.token";
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", self.get("oauth")),
        ];
        let params = signed(0, method, "", &fields);
        let node = self.send("a login's code", method, params).await;
        self.keep("access", text(&node, "access_token"));
        self.keep("refresh", text(&node, "refresh_token"));
        for app_id in PROVIDERS {
            let spec = AppSpec {
                name: app_id.to_owned(),
                app_id: app_id.to_owned(),
                seller_id: format!("208872100000000{}", &app_id[15..]),
                app_public_key: keys().app[1].public_key().to_pem(),
                app_private_key: None,
                alipay_private_key: keys().alipay[0].to_pkcs8_pem().to_string(),
                profile: Profile::Production,
            };
            self.bench.sandbox.register_app(spec).await.unwrap();
            let path = format!("/sandbox/v1/apps/{app_id}");
            let request = http::Request::patch(path).header("content-type", "application/json");
            let body = axum::body::Body::from(json!({"third_party": true}).to_string());
            let reply = self.bench.send(request.body(body).unwrap()).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        }
        for name in ["grant", "fresh_grant"] {
            let path = format!("apps/{}/grants", PROVIDERS[0]);
            let merchant = json!({"merchant_app_id": "9021000000000001"});
            let made = self.bench.control(&path, merchant).await;
            self.keep(name, text(&made.json(), "app_auth_code"));
            if name == "grant" {
                let biz = json!({"grant_type": "authorization_code", "code": self.get("grant")});
                let method = "alipay.open.auth.token.app";
                let params = signed(1, method, &biz.to_string(), &[("app_id", PROVIDERS[0])]);
                let node = self.send("a merchant's code", method, params).await;
                self.keep("app_auth_token", text(&node, "app_auth_token"));
            }
        }
        change(self.bench, 1, json!({"aes_key": "new"})).await;
    }

    pub(super) async fn gifts(&mut self) {
        let fields = [
            ("kind", "phone"),
            ("target", PHONE),
            ("amount", "5.00"),
            ("pay_password", "111111"),
        ];
        let page = self.buyer.open("/wallet/give").await;
        self.buyer
            .submit(&page, "/give", &fields)
            .await
            .says("wait for");
        let sent = self.bench.look(&format!("messages?phone={PHONE}")).await;
        let content = text(&sent["messages"][0], "content").to_owned();
        let address = content.split("/wallet/claim/").nth(1).unwrap();
        self.keep("gift", address.split(' ').next().unwrap());
    }
}
