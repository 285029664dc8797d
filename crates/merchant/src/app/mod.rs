//! What the service does: one use case in each file. Each owns its transactions; none of them
//! calls the network while one is open.

mod apply;
pub mod books;
mod check_attempt;
mod check_refund;
mod close_order;
mod deliver_event;
mod end_order;
mod events;
mod explain;
mod follow_up;
mod keyed;
mod new_order;
mod pay_order;
mod place_order;
mod prune;
mod query_order;
mod receive_notice;
mod receive_return;
mod refund_order;
mod reserve;
mod timeline;
mod verify_books;

pub use check_attempt::{Asked, CheckError, refresh_order};
pub use close_order::{CloseOrderError, CloseOutcome, ClosedView, close_order, close_order_once};
pub use explain::{Explanation, Finding, explain};
pub use keyed::RequestKey;
pub use pay_order::{PayOrder, PayOrderError, PayWith, pay_order};
pub use place_order::{PlaceOrder, PlaceOrderError, place_order};
pub use query_order::{
    ListOrders, OrderRef, QueryOrderError, find_order, list_attempts, list_orders, list_refunds,
};
pub use receive_notice::{
    CaseOpened, NoticeIn, NoticeRefusal, NoticeVerdict, ReceiveNoticeError, Scope, receive_notice,
    refuse_notice,
};
pub use receive_return::{ReceiveReturnError, ReturnVerdict, receive_return};
pub use refund_order::{RefundOrder, RefundOrderError, refund_order};
pub use timeline::{Timeline, TimelineEntry, timeline};
pub use verify_books::{BooksProof, verify_books, verify_books_of};

pub(crate) use check_attempt::check_attempt;
pub(crate) use check_refund::check_refund;
pub(crate) use deliver_event::{Delivered, deliver_event, deliver_missed};
pub(crate) use end_order::end_order;
pub(crate) use follow_up::follow_up;
pub(crate) use prune::{prune, schedule_prune};
