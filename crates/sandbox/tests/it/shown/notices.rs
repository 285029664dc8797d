//! The chapter about notices: a genuine one, and the browser that comes back.

use super::place::{APP_ID, Ended, Place, SELLER};

/// The sandbox's own notice about the order that was paid in a browser.
pub(crate) async fn notice(at: &Place) -> Ended {
    let app = &at.app;
    let (body, content_type) = at.notice("20260821001").await;
    let content_type = Some(&*content_type);
    at.shows("src/guide/notices.rs", 1);
    use alipay::notice::{Expectation, Unverified};
    use money::Fen;

    // What arrived: the raw body, before any framework has taken it apart, and its content type.
    let notice = Unverified::from_form(&body, content_type)?;
    let notice = notice.verify(&app.alipay_public_key)?;
    // Alipay signed it. Whether it is about this order, nobody has looked yet.
    let order = Expectation {
        out_trade_no: "20260821001",
        total_amount: Fen::new(8_880),
        app_id: "2021000000000001",
        seller_id: "2088000000000001",
    };
    let checked = notice.check(&order)?;
    assert!(checked.says_paid());
    // Here the order is stored as paid, durably. Then, and only then:
    assert_eq!(checked.acknowledge(), "success");

    // An order over another amount is not paid by this notice.
    let dearer = Expectation {
        total_amount: Fen::new(18_880),
        ..order
    };
    assert!(notice.check(&dearer).is_err());
    at.ran();
    Ok(())
}

/// The address that the buyer's browser was sent to.
pub(crate) async fn comes_back(at: &Place, address: &str) -> Ended {
    let (_, query) = address.split_once('?').unwrap();
    let (client, now) = (at.client.clone(), at.now());
    let order = alipay::notice::Expectation {
        out_trade_no: "20260821001",
        total_amount: money::Fen::new(8_880),
        app_id: APP_ID,
        seller_id: SELLER,
    };
    at.shows("src/guide/notices.rs", 2);
    use alipay::{Outcome, returns};

    let back = returns::Unverified::from_query(query)?;
    let back = back.verify(&client.app().alipay_public_key)?;
    let hint = back.check(&order)?;
    let paid = match client.query(&hint.query(), now).await {
        Outcome::Done(trade) => trade.trade_status.is_paid(),
        _ => false,
    };
    at.ran();
    assert!(paid);
    Ok(())
}
