//! Mistakes that a test plants to prove that it would catch them.

/// Planted mistakes. Each is one small `if` at the place where the real rule stands; a test
/// switches them on one by one and shows that the random walk catches it. All false elsewhere.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "ten independent switches")]
pub struct TestBugs {
    pub amount_not_compared: bool,
    pub reservation_freed_on_timeout: bool,
    pub acknowledged_before_commit: bool,
    pub close_without_asking: bool,
    pub duplicate_payment_counted_twice: bool,
    pub return_trusted: bool,
    pub seller_not_compared: bool,
    pub refund_number_changed_on_retry: bool,
    pub late_payment_dropped: bool,
    pub notice_for_other_app_accepted: bool,
}
