//! Puts seed data into a world, once: applications, accounts, cards, trades. What is there already
//! is passed over, so that a try that broke off is gone on with.

use super::accounts::{BuyerSpec, EnsureBuyerError, Password, open_account};
use super::close_trade::TradeRef;
use super::find_trade::{find_trade, list_apps};
use super::open_trade::{OpenTrade, OpenTradeError, open_trade};
use super::pay_trade::{FundChannel, PayTrade, PayTradeError, pay_trade};
use super::refund_trade::{RefundTrade, RefundTradeError, refund_trade};
use super::register_app::{MakeApp, RegisterAppError, make_app};
use super::wallet::cards::{NewCard, issue, of_user};
use crate::context::Context;
use crate::domain::filling::{
    DEFAULT_BUYER, FillAccount, FillApp, FillTrade, Filling, FillingError,
};
use crate::domain::{App, AppSettings, LogonId, Offer, PayChannels, Product, Timeout};
use crate::store::origins;
use store::StoreError;

/// A password that nobody said.
const PASSWORD: &str = "111111";
/// The phone of a card whose bank was told none.
const PHONE: &str = "13800138000";

/// Why a world is not filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// A value is none.
    #[error(transparent)]
    Value(#[from] FillingError),
    /// An application cannot be made.
    #[error("the application `{name}` cannot be made")]
    App {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: RegisterAppError,
    },
    /// An account cannot be opened.
    #[error("the account `{logon_id}` cannot be opened")]
    Account {
        /// Which.
        logon_id: String,
        /// Why.
        #[source]
        source: EnsureBuyerError,
    },
    /// A trade cannot be begun.
    #[error("the trade `{number}` cannot be begun")]
    Open {
        /// Which.
        number: String,
        /// Why.
        #[source]
        source: OpenTradeError,
    },
    /// A trade cannot be paid.
    #[error("the trade `{number}` cannot be paid; give its buyer a larger balance")]
    Pay {
        /// Which.
        number: String,
        /// Why.
        #[source]
        source: PayTradeError,
    },
    /// A refund cannot be made.
    #[error("the refund `{number}` cannot be made")]
    Refund {
        /// Which.
        number: String,
        /// Why.
        #[source]
        source: RefundTradeError,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FillError {
    /// The same as a failure of what is stored: seed data that were good once are so always.
    #[must_use]
    pub fn into_store(self) -> StoreError {
        match self {
            Self::Store(error) => error,
            other => StoreError::Inconsistent {
                table: "sandbox_origin",
                id: "filling".to_owned(),
                what: other.to_string(),
            },
        }
    }
}

/// What became of seed data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Filled {
    /// It is in the world now.
    Now,
    /// It was before.
    Before,
    /// The world was filled with something else before, and that stays.
    Otherwise,
}

/// Fills a new world; one that was filled before stays as it is.
///
/// # Errors
/// When a value is none or does not fit to another one, or the database fails.
pub async fn fill(cx: &Context, filling: &Filling) -> Result<Filled, FillError> {
    filling.check()?;
    // A value of ours has nothing that JSON cannot hold.
    let text = serde_json::to_string(filling).unwrap_or_default();
    let wanted = text.clone();
    let found = cx
        .db()
        .write(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let origin = origins::find(tx).await?;
                if origin.filling.is_none() {
                    origins::set_filling(tx, &wanted).await?;
                }
                Ok::<_, StoreError>(origin)
            })
        })
        .await?;
    match found.filling {
        None => {}
        Some(there) if there == text && !found.filled => {}
        Some(there) if there == text => return Ok(Filled::Before),
        Some(_) => return Ok(Filled::Otherwise),
    }
    apply(cx, filling).await?;
    Ok(Filled::Now)
}

/// Goes on with what a former try, or a reset, left to do.
///
/// # Errors
/// As [`fill`].
pub async fn fill_again(cx: &Context) -> Result<Filling, FillError> {
    let origin = cx
        .db()
        .read(|tx| Box::pin(async move { origins::find(tx).await }))
        .await?;
    let text = origin.filling.as_deref();
    let filling: Filling = text
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    if text.is_some() && !origin.filled {
        apply(cx, &filling).await?;
    }
    Ok(filling)
}

async fn apply(cx: &Context, filling: &Filling) -> Result<(), FillError> {
    for app in &filling.apps {
        ensure_app(cx, app).await?;
    }
    if filling.apps.is_empty() && !filling.trades.is_empty() {
        let main = FillApp {
            name: filling.main_app().to_owned(),
            app_id: None,
            seller_id: None,
            app_public_key: None,
            profile: None,
            mode: None,
            app_gateway_url: None,
        };
        ensure_app(cx, &main).await?;
    }
    for account in &filling.accounts {
        ensure_account(cx, account).await?;
    }
    if !filling
        .accounts
        .iter()
        .any(|account| account.logon_id == DEFAULT_BUYER)
    {
        open(cx, BuyerSpec::default_buyer()).await?;
    }
    let apps = list_apps(cx).await?;
    for trade in &filling.trades {
        let name = trade.app.as_deref().unwrap_or(filling.main_app());
        if let Some(app) = apps.iter().find(|app| app.name == name) {
            ensure_trade(cx, app, trade).await?;
        }
    }
    cx.db()
        .write(|tx| Box::pin(async move { origins::set_filled(tx).await }))
        .await?;
    Ok(())
}

async fn ensure_app(cx: &Context, app: &FillApp) -> Result<(), FillError> {
    if list_apps(cx)
        .await?
        .iter()
        .any(|known| known.name == app.name)
    {
        return Ok(());
    }
    let named = |text: &Option<String>| text.clone().unwrap_or_default();
    let settings = AppSettings {
        mode: named(&app.mode).parse().unwrap_or_default(),
        app_gateway_url: app.app_gateway_url.clone(),
        ..AppSettings::default()
    };
    let make = MakeApp {
        name: app.name.clone(),
        app_id: app.app_id.clone(),
        seller_id: app.seller_id.clone(),
        app_public_key: app.app_public_key.clone(),
        profile: named(&app.profile).parse().unwrap_or_default(),
        settings,
        ..MakeApp::default()
    };
    let made = make_app(cx, make).await;
    made.map(|_| ()).map_err(|source| FillError::App {
        name: app.name.clone(),
        source,
    })
}

async fn open(cx: &Context, spec: BuyerSpec) -> Result<String, FillError> {
    let logon_id = spec.logon_id.clone();
    match open_account(cx, spec).await {
        Ok((account, _)) => Ok(account.user_id),
        Err(source) => Err(FillError::Account { logon_id, source }),
    }
}

async fn ensure_account(cx: &Context, account: &FillAccount) -> Result<(), FillError> {
    let password = |text: &Option<String>| {
        Password::Plain(text.clone().unwrap_or_else(|| PASSWORD.to_owned()))
    };
    let spec = BuyerSpec {
        logon_id: account.logon_id.clone(),
        login_password: password(&account.login_password),
        pay_password: password(&account.pay_password),
        balance: account.balance,
    };
    let user_id = open(cx, spec).await?;
    let there = of_user(cx, &user_id).await?.len();
    for card in account.cards.iter().skip(there) {
        let bank = card.bank.clone().unwrap_or_default();
        let new = NewCard {
            bank: bank.parse().unwrap_or_default(),
            phone: card.phone.clone().unwrap_or_else(|| PHONE.to_owned()),
            user_id: Some(user_id.clone()),
            balance: card.balance,
        };
        issue(cx, new).await?;
    }
    Ok(())
}

async fn ensure_trade(cx: &Context, app: &App, trade: &FillTrade) -> Result<(), FillError> {
    let number = trade.out_trade_no.clone();
    let wanted = TradeRef {
        app_id: app.app_id.clone(),
        out_trade_no: Some(number.clone()),
        trade_no: None,
    };
    let there = find_trade(cx, &wanted).await?;
    if there.is_none_or(|there| there.payment().is_none()) {
        pay(cx, app, trade).await?;
    }
    for refund in &trade.refunds {
        let wish = RefundTrade {
            wanted: wanted.clone(),
            profile: app.profile,
            amount: refund.amount,
            out_request_no: Some(refund.out_request_no.clone()),
            reason: refund.reason.clone(),
            back: Vec::new(),
        };
        refund_trade(cx, wish)
            .await
            .map_err(|source| FillError::Refund {
                number: refund.out_request_no.clone(),
                source,
            })?;
    }
    Ok(())
}

async fn pay(cx: &Context, app: &App, trade: &FillTrade) -> Result<(), FillError> {
    let number = trade.out_trade_no.clone();
    let offer = Offer {
        out_trade_no: number.clone(),
        product: Product::Page,
        total_amount: trade.total_amount,
        subject: trade.subject.clone().unwrap_or_else(|| number.clone()),
        body: None,
        passback_params: None,
        notify_url: None,
        charset: "utf-8".to_owned(),
        timeout: Timeout::Default,
        qr_timeout_ms: None,
        store_id: None,
        terminal_id: None,
        payer: None,
        by_app_id: None,
        channels: PayChannels::Any,
        signing: None,
    };
    let open = OpenTrade {
        app: app.clone(),
        offer,
        return_url: None,
        quit_url: None,
    };
    let opened = open_trade(cx, open).await;
    let visit = opened.map_err(|source| FillError::Open {
        number: number.clone(),
        source,
    })?;
    let buyer = trade.buyer.as_deref().unwrap_or(DEFAULT_BUYER);
    let logon_id: LogonId = buyer
        .parse()
        .map_err(|error| FillingError::new("trades[].buyer", error))?;
    let account = super::login::find(cx, &logon_id).await?;
    let wish = PayTrade {
        trade_id: visit.trade_id,
        user_id: account.map(|account| account.user_id).unwrap_or_default(),
        pay_password: None,
        fund_channel: FundChannel::Balance,
        shown: None,
        signs: true,
    };
    let paid = pay_trade(cx, wish).await;
    paid.map(|_| ())
        .map_err(|source| FillError::Pay { number, source })
}
