//! The name of whoever gets the money.

use crate::domain::App;
use service::i18n::Lang;

/// The five shops that come with the demo, by the names of their applications.
const DEMO_SHOPS: [(&str, &str, &str); 5] = [
    ("courses", "通宝学堂", "Tongbao School"),
    ("mall", "通宝商城", "Tongbao Mall"),
    ("market", "通宝生鲜", "Tongbao Market"),
    ("rental", "通宝租房", "Tongbao Rental"),
    ("campus", "通宝校园缴费", "Tongbao Campus"),
];

/// What buyers call the seller: a shop of the demo by its sign, any other by its application.
pub(crate) fn name(app: &App, lang: Lang) -> String {
    DEMO_SHOPS
        .iter()
        .find(|(name, _, _)| *name == app.name)
        .map_or_else(
            || app.name.clone(),
            |(_, zh, en)| lang.pick(zh, en).to_owned(),
        )
}
