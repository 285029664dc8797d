//! The tables of the sandbox, and all of its statements.

use super::{
    accounts, agreements, app_auths, apps, bills, books, cards, certs, daily_limits, figures,
    freezes, gifts, messages, movements, notices, oauth, origins, payment_codes, people, refunds,
    resets, royalty, snapshots, trades, transfers, visits,
};
use ::store::{Statement, Step};

/// The steps that make the sandbox's own tables.
#[must_use]
pub fn steps() -> Vec<Step> {
    STEPS
        .iter()
        .map(|(number, name, text)| Step::common(*number, name, text))
        .collect()
}

/// The number, the name and the text of each step.
const STEPS: &[(i32, &str, &str)] = &[
    (
        2000,
        "sandbox_tables",
        include_str!("../../migrations/2000_tables.sql"),
    ),
    (
        2001,
        "sandbox_resets",
        include_str!("../../migrations/2001_resets.sql"),
    ),
    (
        2002,
        "sandbox_visits_shown",
        include_str!("../../migrations/2002_visits_shown.sql"),
    ),
    (
        2003,
        "sandbox_payment_codes",
        include_str!("../../migrations/2003_payment_codes.sql"),
    ),
    (
        2004,
        "sandbox_modes",
        include_str!("../../migrations/2004_modes.sql"),
    ),
    (
        2005,
        "sandbox_notices_about",
        include_str!("../../migrations/2005_notices_about.sql"),
    ),
    (
        2013,
        "sandbox_royalty",
        include_str!("../../migrations/2013_royalty.sql"),
    ),
    (
        2007,
        "sandbox_snapshots",
        include_str!("../../migrations/2007_snapshots.sql"),
    ),
    (
        2014,
        "sandbox_app_auths",
        include_str!("../../migrations/2014_app_auths.sql"),
    ),
    (
        2015,
        "sandbox_bill_links",
        include_str!("../../migrations/2015_bill_links.sql"),
    ),
    (
        2025,
        "sandbox_funds",
        include_str!("../../migrations/2025_funds.sql"),
    ),
    (
        2006,
        "sandbox_wallet",
        include_str!("../../migrations/2006_wallet.sql"),
    ),
    (
        2024,
        "sandbox_acting",
        include_str!("../../migrations/2024_acting.sql"),
    ),
    (
        2035,
        "sandbox_freezes",
        include_str!("../../migrations/2035_freezes.sql"),
    ),
    (
        2045,
        "sandbox_oauth",
        include_str!("../../migrations/2045_oauth.sql"),
    ),
    (
        2050,
        "sandbox_agreements",
        include_str!("../../migrations/2050_agreements.sql"),
    ),
    (
        2055,
        "sandbox_origin",
        include_str!("../../migrations/2055_origin.sql"),
    ),
    (
        2071,
        "sandbox_pay_channels",
        include_str!("../../migrations/2071_pay_channels.sql"),
    ),
    (
        2072,
        "sandbox_resends_at_once",
        include_str!("../../migrations/2072_resends_at_once.sql"),
    ),
    (
        2073,
        "sandbox_oauth_permits",
        include_str!("../../migrations/2073_oauth_permits.sql"),
    ),
    (
        2080,
        "sandbox_sign_with_payment",
        include_str!("../../migrations/2080_sign_with_payment.sql"),
    ),
    (
        2081,
        "sandbox_hold_channels",
        include_str!("../../migrations/2081_hold_channels.sql"),
    ),
    (
        2082,
        "sandbox_agreement_transfers",
        include_str!("../../migrations/2082_agreement_transfers.sql"),
    ),
    (
        2083,
        "sandbox_plain_content_type",
        include_str!("../../migrations/2083_plain_content_type.sql"),
    ),
];

/// Every statement of the sandbox's own tables.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    [
        accounts::ALL,
        agreements::ALL,
        app_auths::ALL,
        apps::ALL,
        books::ALL,
        certs::ALL,
        cards::ALL,
        daily_limits::ALL,
        figures::ALL,
        gifts::ALL,
        messages::ALL,
        notices::ALL,
        bills::ALL,
        movements::ALL,
        people::ALL,
        transfers::ALL,
        payment_codes::ALL,
        freezes::ALL,
        oauth::ALL,
        origins::ALL,
        refunds::ALL,
        resets::ALL,
        royalty::ALL,
        snapshots::ALL,
        trades::ALL,
        visits::ALL,
    ]
    .into_iter()
    .flatten()
    .collect()
}
