//! What can be typed, one file for each group of commands.

mod call;
mod exam;
mod gateway;
mod pay;
mod top;
mod trade;

#[cfg(test)]
mod container;

pub(crate) use call::{BillArgs, BillForm, CallArgs, TransferArgs};
pub(crate) use exam::{CardLang, ExamArgs};
pub(crate) use gateway::GatewayArgs;
pub(crate) use pay::{
    AppPayArgs, AskingArgs, BarcodeArgs, OrderArgs, PageArgs, PayCommand, QrArgs, SettleArgs,
    WapArgs,
};
pub(crate) use top::{
    Args, Command, DemoArgs, DoctorArgs, ExplainArgs, KeyForm, KeysCommand, SandboxArgs, ServeArgs,
    SignArgs, VerifyArgs,
};
pub(crate) use trade::{
    CancelArgs, CloseArgs, QueryArgs, RefundArgs, RefundQueryArgs, TradeNumber,
};
