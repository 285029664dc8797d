//! Why something cannot be done about an agreement. Each has its own code on the wire.

use crate::domain::day::Day;
use money::Fen;

/// Why not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AgreementRefusal {
    /// There is none, or it is over.
    NotExist,
    /// It is another application's.
    OtherApp,
    /// The merchant's number has an agreement that was signed; it is not given twice.
    NumberUsed,
    /// The merchant's number waits with other terms.
    Differs(&'static str),
    /// The same person signed the same before.
    SignedBefore,
    /// It is signed already.
    Signed,
    /// Nobody signed it yet.
    NotSigned,
    /// It was ended, or held for a time that is over.
    Ended,
    /// It was refused, or nobody signed in time.
    Closed,
    /// Somebody else signed it.
    OtherBuyer,
    /// It was signed for another product.
    OtherProduct,
    /// It has no plan.
    NoPlan,
    /// The plan's next day is further away.
    TooEarly(Day),
    /// More than each time.
    SingleExceeds(Fen),
    /// More than in all.
    TotalExceeds {
        /// What is left.
        left: Fen,
    },
    /// More often than agreed.
    TimesExceed(i64),
    /// A day that the plan cannot have.
    Day(&'static str),
}
