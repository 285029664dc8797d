//! The one table that the demo prints: addresses, accounts, what to do first.

use super::start_page::Facts;
use comfy_table::{ContentArrangement, Table, presets::UTF8_BORDERS_ONLY};

/// Addresses and accounts as a table, then the three steps.
pub(crate) fn render(facts: &Facts) -> String {
    let mut table = Table::new();
    table
        .load_preset(UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled);
    for place in &facts.places {
        table.add_row([place.zh, place.en, &place.url]);
    }
    table.add_row([
        "商店账号",
        "shop account",
        &format!("{} / {}", facts.shop_user, facts.shop_password),
    ]);
    table.add_row([
        "支付宝账号",
        "Alipay account",
        &format!(
            "{}, login and payment password {}",
            facts.buyer, facts.buyer_password
        ),
    ]);
    table.add_row(["数据", "data", &facts.folder]);
    format!(
        "{table}\n\
         1. Open {first} and follow its three steps: sign in to the course shop as {user}, click 立即购买,\n   \
         pay as {buyer}, come back and open the course.\n\
         2. Any SDK can be pointed here from {file}.\n\
         3. Ctrl-C stops it; the data stays. Delete {folder} to start over.",
        first = facts.places.first().map_or("", |place| &place.url),
        user = facts.shop_user,
        buyer = facts.buyer,
        file = facts.sandbox_file,
        folder = facts.folder,
    )
}
