//! The answers of every typed method.
//!
//! Each has its fields, and `node` with everything that came: fields that a type does not know are
//! at [`Answered::get`], the signed text at [`Answered::raw`].

mod node;
mod read;

mod details;
mod pay;
mod refund;
mod trade;

mod agreement;
mod bill;
mod fund;
mod oauth;
mod preauth;
mod settle;

pub use agreement::{
    AgreementModifyResponse, AgreementQueryResponse, AgreementStatus, AgreementTransferResponse,
    AgreementUnsignResponse, ExecutionPlan,
};
pub use bill::{AccountLogItem, AccountLogResponse, BalanceResponse, BillDownloadResponse};
pub use details::{
    DepositBackInfo, HbFqPayInfo, QueryDetails, RefundDetails, RefundQueryDetails, RefundRoyalty,
    TradeSettleDetail, TradeSettleInfo,
};
pub use fund::{
    AccountQueryResponse, AmountDetail, ExtCardInfo, OldTransferQueryResponse, OldTransferResponse,
    TransferQueryResponse, TransferResponse, TransferStatus,
};
pub use node::{Answered, ApiMethod};
pub use oauth::{
    AppTokenQueryResponse, AppTokenResponse, CertDownloadResponse, MerchantToken,
    OauthTokenResponse, UserInfoResponse,
};
pub use pay::{CancelAction, CancelResponse, CreateResponse, FundBill, PayResponse, Voucher};
pub use preauth::{
    FreezeCancelAction, FreezeResponse, FrozenOrderStatus, OperationCancelResponse,
    OperationQueryResponse, OperationStatus, UnfreezeResponse, VoucherCreateResponse,
};
pub use refund::{RefundApplyResponse, RefundApplyStatus};
pub use settle::{
    BoundReceiver, OrderinfoSyncResponse, RateQueryResponse, RelationBindResponse,
    RelationQueryResponse, RelationUnbindResponse, ResultCode, RoyaltyDetail, RoyaltyState,
    SettleQueryResponse, SettleResponse,
};
pub use trade::{
    CloseResponse, FundChange, PrecreateResponse, QueryResponse, RefundQueryResponse,
    RefundResponse, TradeStatus,
};

pub(crate) use read::{Fields, Item, Read};
