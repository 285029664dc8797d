//! What a merchant asks for: the part of a trade that the request decides.

use super::account::Account;
use super::agreement::{Signing, Terms};
use super::pay_channels::PayChannels;
use super::product::Product;
use super::timeout::Timeout;
use money::Fen;

/// A checked request to be paid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offer {
    /// The merchant's number, unique within the application.
    pub out_trade_no: String,
    /// How it is to be paid.
    pub product: Product,
    /// How much, within what Alipay takes.
    pub total_amount: Fen,
    /// What for.
    pub subject: String,
    /// What for, at length.
    pub body: Option<String>,
    /// Given back in notices as it came.
    pub passback_params: Option<String>,
    /// Where notices go; nobody is told without it.
    pub notify_url: Option<String>,
    /// The charset of the request as it was spelled (`GBK` when its URL named none), in which
    /// notices and the return are written too.
    pub charset: String,
    /// When it closes unpaid.
    pub timeout: Timeout,
    /// How long a QR code can be scanned, in milliseconds, when the request says so.
    pub qr_timeout_ms: Option<i64>,
    /// Given back by queries.
    pub store_id: Option<String>,
    /// Given back by queries.
    pub terminal_id: Option<String>,
    /// The one buyer who is asked, when it is not whoever comes.
    pub payer: Option<Payer>,
    /// Which application asks in the merchant's name, when it is another one's.
    pub by_app_id: Option<String>,
    /// Which channels may pay it.
    pub channels: PayChannels,
    /// What its payer is asked to sign as well.
    pub signing: Option<Signing>,
}

/// A buyer whom a trade waits for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Payer {
    /// 16 digits.
    pub user_id: String,
    /// Masked, as merchants see it.
    pub logon_id: String,
}

impl Payer {
    /// The owner of an account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        Self {
            user_id: account.user_id.clone(),
            logon_id: account.logon_id.masked(),
        }
    }
}

/// What a page showed its buyer, who agreed to that and to nothing else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// How much.
    pub total_amount: Fen,
    /// What for.
    pub subject: String,
    /// What is signed with it.
    pub signs: Option<Box<Terms>>,
}

impl Offer {
    /// What a page shows of it.
    #[must_use]
    pub fn shown(&self) -> Shown {
        Shown {
            total_amount: self.total_amount,
            subject: self.subject.clone(),
            signs: self
                .signing
                .as_ref()
                .map(|signing| Box::new(signing.terms.clone())),
        }
    }

    /// Whether both name a buyer, and not the same.
    #[must_use]
    pub fn is_for_another(&self, again: Option<&Payer>) -> bool {
        let (Some(payer), Some(again)) = (&self.payer, again) else {
            return false;
        };
        payer.user_id != again.user_id
    }

    /// The first field in which a repeated request differs from this one, if any. Alipay calls
    /// that "tampered with": the amount surely, the words we hold to as well.
    #[must_use]
    pub fn differs_from(&self, again: &Self) -> Option<&'static str> {
        if self.total_amount != again.total_amount {
            Some("total_amount")
        } else if self.subject != again.subject {
            Some("subject")
        } else if self.body != again.body {
            Some("body")
        } else if let (Some(signing), Some(again)) = (&self.signing, &again.signing)
            && signing.terms.differs_in(&again.terms).is_some()
        {
            Some("agreement_sign_params")
        } else {
            None
        }
    }
}
