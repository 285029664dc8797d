//! The one place that decides what a message about a trade means.
//!
//! Notices, query answers, close answers and the query that a browser's return leads to all
//! become an [`Observation`]; [`observe`] says for every state of order and attempt what is to be
//! done. It is pure: the caller does what is returned, in one transaction.

use super::{AttemptState, OrderState, text_enum};

text_enum! {
    /// What a message about a trade tells, whoever told it.
    Observation {
        /// Alipay handed out a QR code.
        Offered = "offered",
        /// Alipay refused to open the attempt.
        Refused = "refused",
        /// A trade exists and waits for its buyer.
        Waiting = "waiting",
        /// The money came in.
        Paid = "paid",
        /// Some of the money went back: a notice with `refund_fee` is not a payment.
        PartRefunded = "part_refunded",
        /// The trade ended without money.
        Closed = "closed",
        /// The trade was paid, and all of it went back.
        FullyRefunded = "fully_refunded",
        /// No trade exists, and the buyer can still open one.
        NotOpenedYet = "not_opened_yet",
        /// No trade exists, and no link can open one any more.
        NeverOpened = "never_opened",
        /// Alipay would not close the trade, because of its state.
        NotClosable = "not_closable",
        /// Nobody answered, or not clearly.
        Silence = "silence",
        /// Genuine, but about another amount, seller or application.
        Differs = "differs",
        /// A word that says nothing about money.
        Irrelevant = "irrelevant",
    }
}

text_enum! {
    /// What is to be done about an observation.
    Decision {
        /// Nothing: it is known, or says nothing.
        Nothing = "nothing",
        /// The attempt is handed out.
        MarkSent = "mark_sent",
        /// The attempt failed.
        MarkFailed = "mark_failed",
        /// Nobody knows about the attempt; ask.
        MarkUnknown = "mark_unknown",
        /// The buyer is at it: the order is being paid.
        MarkWaiting = "mark_waiting",
        /// The order is paid by this attempt.
        Pay = "pay",
        /// The order is paid already: this money goes back.
        SecondPayment = "second_payment",
        /// The order is closed: the merchant's policy decides.
        LatePayment = "late_payment",
        /// The attempt ended; the order ends with its last one, if it is to end.
        CloseAttempt = "close_attempt",
        /// The attempt ended, and somebody else gave its money back: a case.
        CloseRefunded = "close_refunded",
        /// Close it at Alipay once more: we believed it ended.
        CloseAgain = "close_again",
        /// Ask Alipay at once.
        AskNow = "ask_now",
        /// Ask Alipay again later.
        AskLater = "ask_later",
        /// Look after the refunds of this attempt.
        CheckRefunds = "check_refunds",
        /// Change nothing; somebody has to look at it.
        OpenCase = "open_case",
    }
}

/// Decides what an observation of an attempt means for it and its order.
#[must_use]
pub fn observe(order: OrderState, attempt: AttemptState, seen: Observation) -> Decision {
    match seen {
        Observation::Differs => Decision::OpenCase,
        Observation::Irrelevant => Decision::Nothing,
        Observation::Paid => paid(order, attempt),
        Observation::Offered => offered(attempt),
        Observation::Refused => refused(attempt),
        Observation::Waiting => match attempt {
            AttemptState::Created | AttemptState::Sent | AttemptState::Unknown => {
                Decision::MarkWaiting
            }
            AttemptState::Waiting | AttemptState::Succeeded => Decision::Nothing,
            AttemptState::Closed | AttemptState::Failed => Decision::CloseAgain,
        },
        Observation::PartRefunded => match attempt {
            AttemptState::Succeeded => Decision::CheckRefunds,
            // It was paid and we have not heard of it: the trade itself will say so.
            AttemptState::Created
            | AttemptState::Sent
            | AttemptState::Waiting
            | AttemptState::Unknown
            | AttemptState::Closed
            | AttemptState::Failed => Decision::AskNow,
        },
        Observation::Closed => match attempt {
            AttemptState::Created
            | AttemptState::Sent
            | AttemptState::Waiting
            | AttemptState::Unknown => Decision::CloseAttempt,
            AttemptState::Succeeded => Decision::CheckRefunds,
            AttemptState::Closed | AttemptState::Failed => Decision::Nothing,
        },
        Observation::FullyRefunded => match attempt {
            AttemptState::Created
            | AttemptState::Sent
            | AttemptState::Waiting
            | AttemptState::Unknown
            | AttemptState::Failed => Decision::CloseRefunded,
            AttemptState::Succeeded => Decision::CheckRefunds,
            AttemptState::Closed => Decision::Nothing,
        },
        Observation::NotOpenedYet => match attempt {
            AttemptState::Created
            | AttemptState::Sent
            | AttemptState::Waiting
            | AttemptState::Unknown => Decision::AskLater,
            AttemptState::Succeeded | AttemptState::Closed | AttemptState::Failed => {
                Decision::Nothing
            }
        },
        Observation::NeverOpened => match attempt {
            AttemptState::Created | AttemptState::Sent | AttemptState::Unknown => {
                Decision::CloseAttempt
            }
            // Alipay knew the trade before: it cannot have ceased to exist.
            AttemptState::Waiting => Decision::AskLater,
            AttemptState::Succeeded | AttemptState::Closed | AttemptState::Failed => {
                Decision::Nothing
            }
        },
        Observation::NotClosable => match attempt {
            AttemptState::Created
            | AttemptState::Sent
            | AttemptState::Waiting
            | AttemptState::Unknown => Decision::AskNow,
            AttemptState::Succeeded | AttemptState::Closed | AttemptState::Failed => {
                Decision::Nothing
            }
        },
        Observation::Silence => match attempt {
            AttemptState::Created => Decision::MarkUnknown,
            AttemptState::Sent | AttemptState::Waiting | AttemptState::Unknown => {
                Decision::AskLater
            }
            AttemptState::Succeeded | AttemptState::Closed | AttemptState::Failed => {
                Decision::Nothing
            }
        },
    }
}

/// Alipay handed out a QR code.
fn offered(attempt: AttemptState) -> Decision {
    match attempt {
        AttemptState::Created | AttemptState::Unknown => Decision::MarkSent,
        AttemptState::Sent
        | AttemptState::Waiting
        | AttemptState::Succeeded
        | AttemptState::Closed
        | AttemptState::Failed => Decision::Nothing,
    }
}

/// Alipay refused to open the attempt.
fn refused(attempt: AttemptState) -> Decision {
    match attempt {
        AttemptState::Created => Decision::MarkFailed,
        // An earlier request of the same number may have got through: its trade decides.
        AttemptState::Unknown | AttemptState::Sent | AttemptState::Waiting => Decision::AskLater,
        AttemptState::Succeeded | AttemptState::Closed | AttemptState::Failed => Decision::Nothing,
    }
}

/// Money wins over whatever we believed; what it wins depends on the order.
fn paid(order: OrderState, attempt: AttemptState) -> Decision {
    match attempt {
        AttemptState::Succeeded => Decision::Nothing,
        AttemptState::Created
        | AttemptState::Sent
        | AttemptState::Waiting
        | AttemptState::Unknown
        | AttemptState::Closed
        | AttemptState::Failed => match order {
            OrderState::Open | OrderState::Paying => Decision::Pay,
            OrderState::Closed => Decision::LatePayment,
            OrderState::Paid | OrderState::LatePaid | OrderState::Attention => {
                Decision::SecondPayment
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_pair() -> impl Iterator<Item = (OrderState, AttemptState, Observation, Decision)> {
        OrderState::ALL.iter().flat_map(|order| {
            AttemptState::ALL.iter().flat_map(move |attempt| {
                Observation::ALL
                    .iter()
                    .map(move |seen| (*order, *attempt, *seen, observe(*order, *attempt, *seen)))
            })
        })
    }

    #[test]
    fn money_is_never_dropped() {
        for (order, attempt, seen, decision) in every_pair() {
            if seen == Observation::Paid && attempt != AttemptState::Succeeded {
                assert!(
                    matches!(
                        decision,
                        Decision::Pay | Decision::SecondPayment | Decision::LatePayment
                    ),
                    "{order} {attempt} {seen}: {decision}"
                );
            }
        }
    }

    #[test]
    fn only_a_payment_pays_and_never_twice() {
        for (order, attempt, seen, decision) in every_pair() {
            if decision == Decision::Pay {
                assert_eq!(seen, Observation::Paid);
                assert!(order.is_pending() && attempt != AttemptState::Succeeded);
            }
        }
    }

    #[test]
    fn only_alipays_word_ends_an_attempt() {
        for (_, attempt, seen, decision) in every_pair() {
            let ends = matches!(decision, Decision::CloseAttempt | Decision::CloseRefunded);
            if ends {
                assert!(attempt != AttemptState::Succeeded);
                assert!(matches!(
                    seen,
                    Observation::Closed | Observation::FullyRefunded | Observation::NeverOpened
                ));
            }
        }
    }

    #[test]
    fn what_differs_and_what_is_silent_changes_no_order() {
        for (_, _, seen, decision) in every_pair() {
            match seen {
                Observation::Differs => assert_eq!(decision, Decision::OpenCase),
                Observation::Silence => assert!(matches!(
                    decision,
                    Decision::Nothing | Decision::AskLater | Decision::MarkUnknown
                )),
                _ => {}
            }
        }
    }
}
