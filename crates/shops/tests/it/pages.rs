//! The shop as a person walks through it.

use crate::alipay::SCHOOL;
use crate::browser::Browser;
use crate::school::{Answer, School, number_in, param};
use http::{StatusCode, header};
use money::Fen;

const PRICE: Fen = Fen::new(3_900);

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn buying_from_each_of_the_three_places(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        for place in ["/", "/courses/1", "/search?q=python"] {
            let answer = browser.submit(&school, place, "/buy", &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{place}: {}", answer.body);
            assert_eq!(param(answer.location(), "method"), "alipay.trade.page.pay");
            number_in(answer.location());
        }
        let policy = browser.get(&school, "/").await.headers;
        let policy = policy[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        assert!(policy.contains("form-action 'self' https://alipay.test"), "{policy}");
    }

    async fn whoever_is_not_logged_in_is_asked_to(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::default();
        for place in ["/", "/courses/1", "/search?q=python"] {
            let answer = browser.submit(&school, place, "/buy", &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert_eq!(answer.location(), "/login?next=%2Fcourses%2F1&first=1");
        }
        let login = "/login?next=%2Fcourses%2F1&first=1";
        assert!(browser.page(&school, login).await.contains("请先登录!"));
        let wrong = [("username", "root"), ("password", "wrong1")];
        let refused = browser.submit(&school, login, "/login", &wrong).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.body.contains("用户名或密码错误"));
        let right = [("username", "root"), ("password", "zxc123456")];
        let entered = browser.submit(&school, login, "/login", &right).await;
        assert_eq!(entered.location(), "/courses/1");
        let left = browser.submit(&school, "/", "/logout", &[]).await;
        assert_eq!(left.location(), "/");
        assert_eq!(browser.get(&school, "/orders").await.status, StatusCode::SEE_OTHER);
        let new = [("username", "小明"), ("password", "xiaoming1")];
        let entered = browser.submit(&school, "/register", "/register", &new).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
        assert!(browser.page(&school, "/").await.contains("小明"));
    }

    async fn the_whole_purchase_of_a_cart(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        for course in ["/courses/1", "/courses/2", "/courses/1"] {
            browser.submit(&school, course, "/cart/add", &[]).await;
        }
        assert!(browser.page(&school, "/cart").await.contains("177.00"));
        let sent = browser.submit(&school, "/checkout", "/checkout", &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let number = number_in(sent.location());
        let total = Fen::new(17_700);
        school.pay(&number, total).await;
        let back = school.alipay.return_query(SCHOOL, &number, total);
        let shown = browser.page(&school, &format!("/pay/success?{back}")).await;
        for text in ["您已成功购买 <strong class=\"number\">2</strong> 门课程", "支付结果同步成功",
            number.as_str(), "2026082122001499160500000000", "立即学习", "付款时间"] {
            assert!(shown.contains(text), "{text}: {shown}");
        }
        school.settle().await;
        assert!(browser.page(&school, "/learn/2/1").await.contains("需求与数据模型"));
        assert!(browser.page(&school, "/cart").await.contains("购物车还是空的"));
        assert!(browser.page(&school, "/orders").await.contains(&number));
        let again = browser.page(&school, "/courses/1").await;
        assert!(again.contains("已购买") && !again.contains("action=\"/buy\""));
    }

    async fn the_result_page_says_only_what_is_known(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        let sent = browser.submit(&school, "/courses/1", "/buy", &[]).await;
        let number = number_in(sent.location());
        let bare = browser.get(&school, "/pay/success").await;
        assert_eq!(bare.status, StatusCode::OK);
        assert!(bare.body.contains("从支付宝付款后会自动回到这里"));
        let back = school.alipay.return_query(SCHOOL, &number, PRICE);
        let nobody = Browser::default();
        let mut page = nobody.get(&school, &format!("/pay/success?{back}")).await;
        let mut asked = 0;
        while let Some(refresh) = page.headers.get("refresh") {
            assert!(page.body.contains("正在确认支付结果"));
            assert!(!page.body.contains("您已成功购买"));
            let refresh = refresh.to_str().expect("text").to_owned();
            let (_, href) = refresh.split_once("url=").expect("an address");
            page = nobody.get(&school, href).await;
            asked += 1;
            assert!(asked <= 10, "it does not ask for ever");
        }
        assert_eq!(asked, 10);
        assert!(page.body.contains("支付结果同步失败"), "{}", page.body);
        let own = format!("/pay/success?out_trade_no={number}&asked=10");
        school.merchant.db().close().await;
        school.clock.advance_ms(1_000);
        let unclear = browser.page(&school, &own).await;
        assert!(unclear.contains("查询订单支付状态失败"), "{unclear}");
        let forged = back.replace("39.00", "39.01");
        let refused = nobody.get(&school, &format!("/pay/success?{forged}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(!refused.body.contains("您已成功购买"));
    }

    async fn a_price_that_changed_is_said_before_anything_is_paid(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        let old = browser.page(&school, "/courses/1").await;
        browser.submit(&school, "/courses/1", "/cart/add", &[]).await;
        let old_checkout = browser.page(&school, "/checkout").await;
        let staff = Browser::logged_in(&school, "staff").await;
        let fields = [("price", "49.00"), ("on_sale", "yes")];
        staff.submit(&school, "/staff/courses", "/staff/courses/1", &fields).await;
        let said = async |answer: Answer| {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            assert!(answer.body.contains("¥39.00") && answer.body.contains("¥49.00"));
        };
        said(browser.submit_from(&school, &old, "/buy", &[]).await).await;
        said(browser.submit_from(&school, &old_checkout, "/checkout", &[]).await).await;
        assert!(browser.page(&school, "/orders").await.contains("还没有订单"));
        assert!(browser.page(&school, "/cart").await.contains("49.00"), "the cart is kept");
    }

    async fn orders_are_paid_again_and_cancelled_on_pages(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        let sent = browser.submit(&school, "/courses/1", "/buy", &[]).await;
        let number = number_in(sent.location());
        let page = format!("/orders/{number}");
        for place in ["/orders", page.as_str()] {
            let again = browser.submit(&school, place, &format!("{page}/pay"), &[]).await;
            assert_eq!(number_in(again.location()), number);
        }
        let cancelled = browser.submit(&school, "/orders", &format!("{page}/cancel"), &[]).await;
        assert_eq!(cancelled.location(), page);
        let shown = browser.page(&school, &page).await;
        assert!(shown.contains("已取消") && !shown.contains("继续支付"));
        let sent = browser.submit(&school, "/courses/1", "/buy", &[]).await;
        let number = number_in(sent.location());
        school.alipay.open(&number, PRICE);
        let page = format!("/orders/{number}");
        browser.submit(&school, &page, &format!("{page}/cancel"), &[]).await;
        let shown = browser.page(&school, &page).await;
        assert!(shown.contains("已取消") && !shown.contains("继续支付"));
    }

    async fn what_is_free_needs_no_cashier(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        let sent = browser.submit(&school, "/courses/3", "/buy", &[]).await;
        assert!(sent.location().starts_with("/pay/success?out_trade_no="));
        assert!(browser.page(&school, sent.location()).await.contains("支付成功"));
        assert!(browser.page(&school, "/learn/3/1").await.contains("pwd"));
    }

    async fn every_page_speaks_both_languages(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.pay(&number, PRICE).await;
        school.settle().await;
        for (language, tag) in [("zh-CN", "zh-CN"), ("en-GB,en;q=0.9", "en")] {
            let mut browser = Browser::logged_in(&school, "staff").await;
            browser.language = Some(language);
            let mut buyer = Browser::logged_in(&school, "root").await;
            buyer.language = Some(language);
            for path in ["/", "/?page=2", "/search?q=zzz", "/courses/2", "/cart", "/orders",
                "/my/courses", "/learn/1/1", "/login", "/register", "/pay/success",
                &format!("/orders/{number}"), &format!("/pay/success?out_trade_no={number}")] {
                let shown = buyer.page(&school, path).await;
                assert!(shown.contains(&format!("<html lang=\"{tag}\"")), "{path}");
            }
            for path in ["/staff/orders", "/staff/orders?status=1&q=root", "/staff/courses",
                &format!("/staff/orders/{number}")] {
                let shown = browser.page(&school, path).await;
                assert!(shown.contains(&format!("<html lang=\"{tag}\"")), "{path}");
            }
        }
        let missing = Browser::default().get(&school, "/nothing/here").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(missing.body.contains("<html"));
        assert_eq!(school.get("/nothing/here", None).await.headers["content-type"], "application/problem+json");
    }
}
