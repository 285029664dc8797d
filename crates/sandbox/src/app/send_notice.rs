//! Delivers a notice: signs it for this very instant, posts it, writes down what came back, and
//! says when it is due again.

use crate::context::Context;
use crate::domain::notice::{acknowledges, next_delivery};
use crate::faults::{Struck, Target, What, When};
use crate::jobs;
use crate::notices::form;
use crate::store::notices::{self, Delivery, Notice, NoticeState};
use kernel::Timestamp;
use service::worker::Done;
use store::StoreError;

/// How much of an answer is kept, in characters.
const ANSWER_CHARS: usize = 500;

/// A notice with its deliveries.
#[derive(Clone, Debug)]
pub struct NoticeStory {
    /// The notice.
    pub notice: Notice,
    /// Its deliveries, in their order.
    pub deliveries: Vec<Delivery>,
}

/// One notice with its deliveries.
///
/// # Errors
/// When the database fails.
pub async fn find_notice(cx: &Context, notify_id: &str) -> Result<Option<NoticeStory>, StoreError> {
    let notify_id = notify_id.to_owned();
    cx.db()
        .read(move |tx| {
            let notify_id = notify_id.clone();
            Box::pin(async move {
                let Some(notice) = notices::find(tx, &notify_id).await? else {
                    return Ok(None);
                };
                let deliveries = notices::deliveries(tx, &notify_id).await?;
                Ok(Some(NoticeStory { notice, deliveries }))
            })
        })
        .await
}

/// Which notices to list.
#[derive(Clone, Debug, Default)]
pub struct NoticeFilter {
    /// Only those of this number.
    pub out_trade_no: Option<String>,
    /// Only this application's.
    pub app_id: Option<String>,
    /// Only those older than this one.
    pub before: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// Notices with their deliveries, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_notices(
    cx: &Context,
    filter: NoticeFilter,
) -> Result<Vec<NoticeStory>, StoreError> {
    cx.db()
        .read(move |tx| {
            let filter = filter.clone();
            Box::pin(async move {
                let number = filter.out_trade_no.as_deref();
                let app_id = filter.app_id.as_deref();
                let before = filter.before.as_deref();
                let mut stories = Vec::new();
                for notice in notices::list(tx, number, app_id, before, filter.limit).await? {
                    let deliveries = notices::deliveries(tx, &notice.notify_id).await?;
                    stories.push(NoticeStory { notice, deliveries });
                }
                Ok(stories)
            })
        })
        .await
}

/// The job's turn: one of the eight deliveries.
///
/// # Errors
/// When the database fails.
pub async fn send_due(
    cx: &Context,
    notify_id: &str,
    due_at: Timestamp,
) -> Result<Done, StoreError> {
    let Some(story) = find_notice(cx, notify_id).await? else {
        // Forgotten when the sandbox started over.
        return Ok(Done::Finished);
    };
    if story.notice.state != NoticeState::Pending {
        return Ok(Done::Finished);
    }
    // A worker that died between its delivery and the end of its job left the delivery behind.
    let made = |delivery: &&Delivery| delivery.scheduled && delivery.due_at == due_at;
    if let Some(last) = story.deliveries.iter().find(made) {
        let sent = scheduled(&story.deliveries);
        return Ok(next(&story.notice, sent, last.sent_at));
    }
    let notice = &story.notice;
    // Each of the eight meets the dial once: what is late already is only sent.
    let is_late = due_at != planned(&story);
    let struck = if is_late { None } else { strike(cx, notice) };
    let (delivery, sent) = match struck.map(|struck| (struck, struck.what)) {
        Some((struck, what @ (What::NoticeDelayed | What::NoticeReordered))) => {
            if what == What::NoticeReordered {
                cx.faults().hold(&notice.app_id, notify_id);
            }
            return Ok(Done::Again {
                due_at: cx.now().plus_ms(struck.delay_ms()),
                error: None,
            });
        }
        Some((_, What::NoticeLost)) => deliver(cx, notice, due_at, Way::Lost).await?,
        Some((_, What::NoticeDoubled)) => {
            let first = deliver(cx, notice, due_at, Way::Planned(Look::Usual));
            let second = deliver(cx, notice, due_at, Way::Beside);
            let (first, second) = futures::join!(first, second);
            second?;
            first?
        }
        Some((_, What::NoticeInGbk)) => {
            deliver(cx, notice, due_at, Way::Planned(Look::Gbk)).await?
        }
        Some((_, What::NoticeWrongSignature)) => {
            deliver(cx, notice, due_at, Way::Planned(Look::Forged)).await?
        }
        _ => deliver(cx, notice, due_at, Way::Planned(Look::Usual)).await?,
    };
    let_go(cx, notice).await?;
    Ok(if delivery.delivered {
        Done::Finished
    } else {
        next(notice, sent, delivery.sent_at)
    })
}

/// What goes wrong with a delivery, if anything does.
fn strike(cx: &Context, notice: &Notice) -> Option<Struck> {
    let target = Target {
        app_id: &notice.app_id,
        method: None,
        out_trade_no: Some(&notice.out_trade_no),
        notify_id: Some(&notice.notify_id),
    };
    cx.faults().strike(When::Notice, target, cx.now())
}

/// Lets the application's notices go that were held back until another one was out.
async fn let_go(cx: &Context, notice: &Notice) -> Result<(), StoreError> {
    let held = cx.faults().let_go(&notice.app_id, &notice.notify_id);
    if held.is_empty() {
        return Ok(());
    }
    let now = cx.now();
    cx.db()
        .write(move |tx| {
            let held = held.clone();
            Box::pin(async move {
                for notify_id in held {
                    store::jobs::reschedule(tx, jobs::SEND_NOTICE, &notify_id, now).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    cx.wake();
    Ok(())
}

/// When the next of the eight is due by the plan.
fn planned(story: &NoticeStory) -> Timestamp {
    let last = story.deliveries.iter().rfind(|delivery| delivery.scheduled);
    let (sent, at_once) = (scheduled(&story.deliveries), story.notice.at_once);
    last.and_then(|last| next_delivery(sent, at_once, last.sent_at))
        .unwrap_or(story.notice.created_at)
}

fn next(notice: &Notice, sent: usize, last: Timestamp) -> Done {
    match next_delivery(sent, notice.at_once, last) {
        Some(due_at) => Done::Again {
            due_at,
            error: None,
        },
        None => Done::Finished,
    }
}

fn scheduled(deliveries: &[Delivery]) -> usize {
    deliveries
        .iter()
        .filter(|delivery| delivery.scheduled)
        .count()
}

/// Sends a notice once more by hand, beside its schedule; none when there is no such notice.
///
/// # Errors
/// When the database fails.
pub async fn resend(cx: &Context, notify_id: &str) -> Result<Option<NoticeStory>, StoreError> {
    let Some(story) = find_notice(cx, notify_id).await? else {
        return Ok(None);
    };
    deliver(cx, &story.notice, cx.now(), Way::Beside).await?;
    find_notice(cx, notify_id).await
}

/// How a notice is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// As one of the eight, and how it looks.
    Planned(Look),
    /// As one of the eight, and lost: the fault dial's.
    Lost,
    /// Beside the eight.
    Beside,
}

/// How a notice is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Look {
    /// As its order asked for.
    #[default]
    Usual,
    /// In GBK: the fault dial's.
    Gbk,
    /// With a signature that does not hold: the fault dial's.
    Forged,
}

/// Posts a notice and writes down what came back; also says how many scheduled ones there were.
async fn deliver(
    cx: &Context,
    notice: &Notice,
    due_at: Timestamp,
    way: Way,
) -> Result<(Delivery, usize), StoreError> {
    let sent_at = cx.now();
    let is_scheduled = way != Way::Beside;
    let answered = match way {
        Way::Lost => Err("lost on its way by the fault dial".to_owned()),
        Way::Planned(look) => post(cx, notice, look, sent_at).await?,
        Way::Beside => post(cx, notice, Look::Usual, sent_at).await?,
    };
    let (status, answer, delivered) = match answered {
        Ok(answer) => {
            let delivered = acknowledges(answer.status, &answer.body);
            let said: String = String::from_utf8_lossy(&answer.body)
                .replace('\0', "\u{fffd}")
                .chars()
                .take(ANSWER_CHARS)
                .collect();
            (Some(i64::from(answer.status)), said, delivered)
        }
        Err(why) => (None, why, false),
    };
    let delivery = Delivery {
        number: 0,
        scheduled: is_scheduled,
        due_at,
        sent_at,
        status,
        answer,
        delivered,
    };
    let notify_id = notice.notify_id.clone();
    cx.db()
        .write(move |tx| {
            let (notify_id, mut delivery) = (notify_id.clone(), delivery.clone());
            Box::pin(async move {
                let Some(present) = notices::lock(tx, &notify_id).await? else {
                    return Ok((delivery, 0));
                };
                let before = notices::deliveries(tx, &notify_id).await?;
                delivery.number = i64::try_from(before.len()).unwrap_or(i64::MAX - 1) + 1;
                notices::add_delivery(tx, &notify_id, &delivery).await?;
                let sent = scheduled(&before) + usize::from(is_scheduled);
                let over = is_scheduled && next_delivery(sent, present.at_once, sent_at).is_none();
                if delivery.delivered {
                    notices::set_state(tx, &notify_id, NoticeState::Delivered).await?;
                    if !is_scheduled {
                        store::jobs::cancel(tx, jobs::SEND_NOTICE, &notify_id).await?;
                    }
                } else if over && present.state == NoticeState::Pending {
                    notices::set_state(tx, &notify_id, NoticeState::GivenUp).await?;
                }
                Ok((delivery, sent))
            })
        })
        .await
}

/// The answer, or in words why there is none.
async fn post(
    cx: &Context,
    notice: &Notice,
    look: Look,
    now: Timestamp,
) -> Result<Result<crate::notices::Answer, String>, StoreError> {
    // Who acts for another one is told, and knows Alipay by the key of its own application.
    let told = notice.fields.iter().find(|(name, _)| name == "app_id");
    let told = told.map_or(&notice.app_id, |(_, app_id)| app_id);
    let Some(caller) = cx.caller(told).await? else {
        return Ok(Err("its application is gone".to_owned()));
    };
    let signed = match look {
        Look::Usual => form::signed(notice, &caller.keys, now),
        Look::Gbk => form::signed(&form::in_gbk(notice), &caller.keys, now),
        Look::Forged => form::signed_wrongly(notice, &caller.keys, now),
    };
    let Ok(mut outgoing) = signed else {
        return Ok(Err("the notice could not be signed".to_owned()));
    };
    if caller.app.settings.notice_type.is_plain() {
        outgoing.content_type = outgoing.content_type.replace(" text/html;", "");
    }
    let sent = cx.parts().sender.post(outgoing).await;
    Ok(sent.map_err(|error| error.to_string()))
}
