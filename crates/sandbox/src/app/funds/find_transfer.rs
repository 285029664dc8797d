//! Looks at transfers.

use crate::context::Context;
use crate::domain::transfer::Transfer;
use crate::store::transfers;
use store::StoreError;

/// Which transfer is meant: of several numbers the first that was sent counts.
#[derive(Clone, Debug, Default)]
pub struct TransferRef {
    /// Alipay's number of the movement.
    pub pay_fund_order_id: Option<String>,
    /// Alipay's number.
    pub order_id: Option<String>,
    /// The merchant's number.
    pub out_biz_no: Option<String>,
}

/// A transfer, whoever sent it: whether the caller may see it is the caller's to decide.
///
/// # Errors
/// When the database fails.
pub async fn find_transfer(
    cx: &Context,
    app_id: &str,
    wanted: TransferRef,
) -> Result<Option<Transfer>, StoreError> {
    let app_id = app_id.to_owned();
    cx.db()
        .read(move |tx| {
            let (app_id, wanted) = (app_id.clone(), wanted.clone());
            Box::pin(async move {
                let by_alipay = wanted.pay_fund_order_id.or(wanted.order_id);
                match (by_alipay, wanted.out_biz_no) {
                    (Some(number), _) => transfers::find_by_order(tx, &number).await,
                    (None, Some(number)) => transfers::find(tx, &app_id, &number).await,
                    (None, None) => Ok(None),
                }
            })
        })
        .await
}
