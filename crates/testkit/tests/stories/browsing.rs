//! The same, with pages: a person clicks and types.

use super::tools::{Scene, stories};
use kernel::time::DAY_MS;
use testkit::world::{BUYER, COURSES, PAY_PASSWORD};
use testkit::{Browser, Page};

/// Logs in at the shop.
async fn log_in(browser: &mut Browser, username: &str) {
    let page = browser
        .open(&format!("{COURSES}/login"))
        .await
        .expect("the shop is there");
    let form = page
        .form("form[action='/login']")
        .expect("the page asks who it is");
    let form = form
        .fill("username", username)
        .fill("password", "zxc123456");
    let page = browser.submit(&form).await.expect("the shop is there");
    assert!(page.status.is_success(), "{}", page.text());
}

/// Clicks 立即购买 and lands at the cashier.
async fn buy_now(scene: &Scene, browser: &mut Browser) -> Page {
    let (id, _) = scene.course;
    let page = browser
        .open(&format!("{COURSES}/courses/{id}"))
        .await
        .expect("the shop is there");
    let form = page
        .form("form[action='/buy']")
        .expect("the course can be bought");
    let page = browser.submit(&form).await.expect("the cashier is there");
    assert!(
        page.url.as_str().contains("/cashier/"),
        "{}: {}",
        page.url,
        page.text()
    );
    page
}

/// Logs in at the cashier or on the phone.
async fn log_in_to_pay(browser: &mut Browser, page: &Page) -> Page {
    let form = page
        .form("form[action$='/login']")
        .expect("the cashier asks who pays");
    let form = form.fill("logon_id", BUYER).fill("password", PAY_PASSWORD);
    browser.submit(&form).await.expect("the cashier is there")
}

/// Types the six digits.
async fn type_password(browser: &mut Browser, page: &Page, password: &str) -> Page {
    let form = page
        .form("form[action$='/pay']")
        .expect("the cashier asks for the password");
    let form = form.fill("pay_password", password);
    browser.submit(&form).await.expect("the cashier is there")
}

async fn may_learn(scene: &Scene, browser: &mut Browser) -> bool {
    let url = format!("{COURSES}/learn/{}", scene.course.0);
    let page = browser.open(&url).await.expect("the shop is there");
    page.status.is_success() && page.url.path().starts_with("/learn/")
}

stories! {
    async fn a_person_buys_a_course_and_comes_back(scene: &mut Scene) {
        let mut browser = Browser::new(scene.world.network().clone());
        log_in(&mut browser, "root").await;
        assert!(!may_learn(scene, &mut browser).await);
        let cashier = buy_now(scene, &mut browser).await;
        let page = log_in_to_pay(&mut browser, &cashier).await;
        let page = type_password(&mut browser, &page, PAY_PASSWORD).await;
        assert!(page.text().contains("成功"), "{}", page.text());
        // Back before the notice was sent: the shop asks, and knows.
        let page = browser.click(&page, "返回商家").await.expect("the shop is there");
        assert!(page.text().contains("您已成功购买 1 门课程"), "{}", page.text());
        scene.settle().await;
        assert!(may_learn(scene, &mut browser).await);
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_wrong_password_moves_nothing(scene: &mut Scene) {
        let mut browser = Browser::new(scene.world.network().clone());
        log_in(&mut browser, "root").await;
        let cashier = buy_now(scene, &mut browser).await;
        let page = log_in_to_pay(&mut browser, &cashier).await;
        let page = type_password(&mut browser, &page, "000000").await;
        scene.settle().await;
        assert_eq!(scene.open_courses().await, 0);
        // The right one still does.
        type_password(&mut browser, &page, PAY_PASSWORD).await;
        scene.settle().await;
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_phone_scans_what_the_computer_shows(scene: &mut Scene) {
        let mut computer = Browser::new(scene.world.network().clone());
        log_in(&mut computer, "root").await;
        let cashier = buy_now(scene, &mut computer).await;
        let code = cashier.attribute("a[href*='/qr/']", "href").expect("the cashier shows a code");
        let code = cashier.url.join(&code).expect("the code is an address");
        let mut phone = Browser::new(scene.world.network().clone());
        let page = phone.open(code.as_str()).await.expect("the code leads somewhere");
        let page = log_in_to_pay(&mut phone, &page).await;
        type_password(&mut phone, &page, PAY_PASSWORD).await;
        scene.settle().await;
        assert!(may_learn(scene, &mut computer).await);
    }

    async fn whoever_leaves_the_cashier_has_bought_nothing(scene: &mut Scene) {
        let mut browser = Browser::new(scene.world.network().clone());
        log_in(&mut browser, "root").await;
        let cashier = buy_now(scene, &mut browser).await;
        let form = cashier.form("form[action$='/cancel']").expect("the cashier lets go");
        browser.submit(&form).await.expect("the cashier is there");
        scene.advance(3 * DAY_MS).await;
        assert!(!may_learn(scene, &mut browser).await);
        assert_eq!(scene.open_courses().await, 0);
    }

    async fn nobody_learns_of_a_strangers_order(scene: &mut Scene) {
        let bought = scene.buy().await;
        let mut stranger = Browser::new(scene.world.network().clone());
        for path in [format!("/orders/{}", bought.order_no()), "/staff/orders".to_owned()] {
            let page = stranger.open(&format!("{COURSES}{path}")).await.expect("the shop is there");
            assert!(!page.html.contains(bought.order_no()) || page.url.path() == "/login");
        }
        let url = format!("{COURSES}/order/success/?out_trade_no={}", bought.order_no());
        let page = stranger.open(&url).await.expect("the shop is there");
        assert_eq!(page.status.as_u16(), 403, "{}", page.html);
    }

    async fn the_back_office_gives_money_back_and_the_course_closes(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.pay(&bought).await;
        let mut staff = Browser::new(scene.world.network().clone());
        log_in(&mut staff, "staff").await;
        let url = format!("{COURSES}/staff/orders/{}", bought.order_no());
        let page = staff.open(&url).await.expect("the shop is there");
        let form = page.form("form[action$='/refund']").expect("a paid order can be refunded");
        let amount = money::Fen::new(scene.course.1).to_string();
        let form = form.fill("amount", &amount).fill("reason", "学员退课");
        staff.submit(&form).await.expect("the shop is there");
        scene.advance(DAY_MS).await;
        assert_eq!(scene.trade(&bought).await.refunded, scene.course.1);
        let facts = scene.facts().await;
        assert_eq!(facts.shop_orders[bought.order_no()].refunded, scene.course.1);
        assert_eq!(scene.open_courses().await, 0);
    }
}
