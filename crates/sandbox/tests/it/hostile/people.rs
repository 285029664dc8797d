//! What is another person's, at the cashier, in the wallet and on the pages that ask for a yes.

use super::row::{FORM, Row, row};
use super::scene::{BUYER, PHONE, POOR, Scene};
use crate::browser::Browser;
use axum::body::Body;
use http::{Request, header};

pub(super) const DIGITS: (&str, &str) = ("pay_password", "111111");

/// A form with that token, sent from a browser.
pub(super) fn form(
    from: &Browser<'_>,
    path: &str,
    token: &str,
    fields: &[(&str, &str)],
) -> Request<Body> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("csrf_token", token)
        .append_pair("form_no", "0123456789abcdef0123456789abcdef")
        .extend_pairs(fields);
    let request = from
        .request("POST", path)
        .header(header::CONTENT_TYPE, FORM);
    request.body(Body::from(body.finish())).unwrap()
}

pub(super) fn get(from: &Browser<'_>, path: &str) -> Request<Body> {
    from.request("GET", path).body(Body::empty()).unwrap()
}

/// The second person's wallet is open, and it is asked for the first one's cards.
fn cards(scene: &Scene<'_>) -> Vec<Row> {
    let card = scene.get("card");
    let poor = |path: &str, fields: &[(&str, &str)]| {
        form(&scene.poor, path, scene.get("poor_token"), fields)
    };
    let pay = format!("/cashier/{}/pay", scene.get("visit"));
    let bind = [("card_no", card), ("phone", "13800138000")];
    vec![
        row(
            "paid with another's card",
            poor(&pay, &[("card_no", card), DIGITS]),
            422,
            "not in your wallet",
        ),
        row(
            "money out of another's card",
            poor(
                "/wallet/top-up",
                &[("card_no", card), ("amount", "1.00"), DIGITS],
            ),
            422,
            "not in your wallet",
        ),
        row(
            "money onto another's card",
            poor(
                "/wallet/withdraw",
                &[("card_no", card), ("amount", "0.50"), DIGITS],
            ),
            422,
            "not in your wallet",
        ),
        row(
            "another's card taken out",
            poor("/wallet/cards/unbind", &[("card_no", card)]),
            422,
            "not in your wallet",
        ),
        row(
            "another's card bound",
            poor("/wallet/cards/bind", &bind),
            422,
            "another wallet",
        ),
        row(
            "a card bound without a code",
            poor(
                "/wallet/cards/confirm",
                &[
                    ("card_no", scene.get("loose_card")),
                    ("phone", PHONE),
                    ("code", "000000"),
                ],
            ),
            422,
            "code",
        ),
    ]
}

/// For what the first one agreed to, or was asked.
fn promises(scene: &Scene<'_>) -> Vec<Row> {
    let trade = scene.get("waiting");
    let poor = |path: &str, fields: &[(&str, &str)]| {
        form(&scene.poor, path, scene.get("poor_token"), fields)
    };
    let paid = format!("/cashier/{}/pay", scene.get("paid_visit"));
    let agreement = |name: &str| format!("/wallet/agreements/{}/end", scene.get(name));
    let mut forms = scene.forms.iter();
    let hold = forms.find(|(what, ..)| *what == "a hold").unwrap();
    let asked = scene.get("oauth_page").split('?').next().unwrap();
    let login = format!("{asked}/agree");
    vec![
        row(
            "a paid page paid by another",
            poor(&paid, &[DIGITS]),
            200,
            "is paid already",
        ),
        row(
            "another's agreement ended",
            poor(&agreement("agreement"), &[]),
            422,
            "not yours",
        ),
        row(
            "another's plan ended",
            poor(&agreement("cycle"), &[]),
            422,
            "not yours",
        ),
        row(
            "another's payment refused",
            poor("/wallet/code", &[("trade_id", trade), ("word", "refuse")]),
            303,
            "/wallet/code",
        ),
        row(
            "another's payment confirmed",
            poor("/wallet/code", &[("trade_id", trade), ("word", "pay")]),
            303,
            "/wallet/code",
        ),
        row(
            "another's hold agreed to again",
            poor(&hold.1, &[DIGITS]),
            200,
            "The amount is held",
        ),
        row(
            "another's login agreed to again",
            poor(&login, &[]),
            410,
            "There is no such page",
        ),
    ]
}

/// For what was given to somebody else, and for more than there is.
fn gifts(scene: &Scene<'_>) -> Vec<Row> {
    let poor = |path: &str, fields: &[(&str, &str)]| {
        form(&scene.poor, path, scene.get("poor_token"), fields)
    };
    let claim = format!("/wallet/claim/{}", scene.get("gift"));
    let give = |target: &str, amount: &str| {
        let fields = [
            ("kind", "account"),
            ("target", target),
            ("amount", amount),
            ("message", ""),
            DIGITS,
        ];
        poor("/wallet/give", &fields)
    };
    vec![
        row(
            "another phone's money",
            poor(&claim, &[]),
            422,
            "not for the phone",
        ),
        row(
            "another phone's money without a code",
            poor(
                &format!("{claim}/open"),
                &[
                    ("code", "000000"),
                    ("login_password", "long enough"),
                    DIGITS,
                ],
            ),
            422,
            "code",
        ),
        row(
            "more than there is",
            give(BUYER, "100.00"),
            422,
            "too small",
        ),
        row(
            "less than nothing given",
            give(BUYER, "-1.00"),
            422,
            "from 0.01",
        ),
        row("a gift to oneself", give(POOR, "0.10"), 422, "yourself"),
    ]
}

/// Pages of one's own, on which nothing of another's stands.
fn looks(scene: &Scene<'_>) -> Vec<Row> {
    let poor = |path: &str| get(&scene.poor, path);
    vec![
        row(
            "another's bills by a cursor",
            poor("/wallet?before=999999"),
            200,
            "Balance",
        )
        .hides("高等数学"),
        row(
            "another's cards",
            poor("/wallet/cards"),
            200,
            "My bank cards",
        )
        .hides(scene.get("card")),
        row(
            "another's agreements",
            poor("/wallet/agreements"),
            200,
            "Agreements",
        )
        .hides(scene.get("agreement")),
        row("another's gifts", poor("/wallet/give"), 200, "Transfer").hides(PHONE),
        row(
            "what waits for another",
            poor("/wallet/code/state/0"),
            200,
            "",
        )
        .hides("paid"),
        row(
            "a visit that is none",
            poor("/cashier/00000000000000000000000000000000/pay"),
            404,
            "no such payment page",
        ),
    ]
}

pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    [cards(scene), promises(scene), gifts(scene), looks(scene)]
        .into_iter()
        .flatten()
        .collect()
}
