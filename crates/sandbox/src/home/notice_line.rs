//! A notice on a page: how it stands, and every try.

use super::words::Tag;
use crate::app::send_notice::NoticeStory;
use crate::domain::notice::next_delivery;
use crate::store::notices::NoticeState;
use service::i18n::Lang;

/// A notice with its tries.
pub(super) struct NoticeLine {
    pub(super) notify_id: String,
    pub(super) number: String,
    pub(super) url: String,
    pub(super) trade_status: String,
    pub(super) state: Tag,
    pub(super) next: Option<String>,
    pub(super) tries: Vec<TryLine>,
    /// The trade's page that it stands on.
    pub(super) trade: Option<String>,
}

/// One try.
pub(super) struct TryLine {
    pub(super) number: i64,
    pub(super) by_hand: bool,
    pub(super) due: String,
    pub(super) sent: String,
    pub(super) answer: String,
    pub(super) delivered: bool,
}

/// The lines of a notice.
pub(super) fn notice_line(story: NoticeStory, lang: Lang) -> NoticeLine {
    let (class, text) = match story.notice.state {
        NoticeState::Pending => ("tag-info", lang.pick("待送达", "To be delivered")),
        NoticeState::Delivered => ("tag-ok", lang.pick("已送达", "Delivered")),
        NoticeState::GivenUp => ("tag-danger", lang.pick("已放弃", "Given up")),
    };
    let scheduled = || story.deliveries.iter().filter(|one| one.scheduled);
    let next = match (story.notice.state, scheduled().next_back()) {
        (NoticeState::Delivered | NoticeState::GivenUp, _) => None,
        (NoticeState::Pending, None) => Some(story.notice.created_at),
        (NoticeState::Pending, Some(last)) => {
            next_delivery(scheduled().count(), story.notice.at_once, last.sent_at)
        }
    };
    NoticeLine {
        trade_status: story.notice.status,
        state: Tag { class, text },
        next: next.map(kernel::Timestamp::china),
        tries: story
            .deliveries
            .iter()
            .map(|one| TryLine {
                number: one.number,
                by_hand: !one.scheduled,
                due: one.due_at.china(),
                sent: one.sent_at.china(),
                answer: match one.status {
                    Some(status) => format!("{status} {}", one.answer),
                    None => one.answer.clone(),
                },
                delivered: one.delivered,
            })
            .collect(),
        notify_id: story.notice.notify_id,
        number: story.notice.out_trade_no,
        url: story.notice.url,
        trade: None,
    }
}
