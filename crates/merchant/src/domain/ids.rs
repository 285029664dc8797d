//! What names the rows of the service.

kernel::define_id! {
    /// An order.
    OrderId, "ord";
    /// One try to pay an order.
    AttemptId, "att";
    /// Money going back.
    RefundId, "ref";
    /// Something that somebody has to look at.
    CaseId, "cas";
}
