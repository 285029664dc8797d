//! `alipay.data.dataservice.bill.downloadurl.query`: the address of a day's or a month's files.

use crate::app::bill::{BillError, bill_address};
use crate::domain::bill::{BillDate, BillRefusal, BillType};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::bill::{
    BILL_DATE_BEFORE_REGISTRATION, BILL_NOT_EXIST, INVAILID_ARGUMENTS, TYPE_NOT_SUPPORTED,
};
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) async fn download_url(mut call: Call<'_>) -> Answered {
    let bill_type = call.biz.required("bill_type", 20)?;
    let Some(bill_type) = BillType::parse(&bill_type) else {
        return Err(Fault::new(
            TYPE_NOT_SUPPORTED,
            format!(
                "沙箱没有 {bill_type} 账单，只有 trade（业务账单）和 signcustomer（账务账单）。"
            ),
            format!("The sandbox has no bill {bill_type}, only trade and signcustomer."),
        ));
    };
    let date = call.biz.required("bill_date", 15)?;
    let Some(date) = BillDate::parse(&date) else {
        return Err(invalid_parameter(
            "bill_date",
            "须为 yyyy-MM-dd（日账单）或 yyyy-MM（月账单）。",
            "is yyyy-MM-dd for a day, or yyyy-MM for a month.",
        ));
    };
    let app = &call.caller.app;
    let address = match bill_address(call.cx, app, bill_type, &date).await {
        Ok(address) => address,
        Err(BillError::Refused(refusal)) => return Err(refused(&call, refusal)),
        Err(BillError::Store(error)) => return Err(error.into()),
    };
    if call.cx.now() < date.promised_at() {
        call.biz.warnings.and(
            "注意：真实的日账单通常次日 9 点前、月账单通常次月 3 日才生成；沙箱在当天（当月）结束后立即提供。",
            "Note: Alipay's own files are there by nine o'clock of the next day, or on the third of the next month; here they are as soon as the day or month is over.",
        );
    }
    let mut node = Map::new();
    put(&mut node, "bill_download_url", address.url);
    if address.is_empty {
        put(&mut node, "bill_file_code", "EMPTY_DATA_WITH_BILL_FILE");
    }
    Ok((node, call.biz.warnings))
}

fn refused(call: &Call<'_>, refusal: BillRefusal) -> Fault {
    let now = call.cx.now().china();
    match refusal {
        BillRefusal::NotYet { promised_at } => {
            let at = promised_at.china();
            Fault::new(
                BILL_NOT_EXIST,
                format!(
                    "当天和当月的账单还没有；最迟 {at} 生成，沙箱的业务时钟现在是 {now}，可用控制接口 POST clock 前进。"
                ),
                format!(
                    "The bill of a day or month that is not over does not exist. It is there by {at} (China time); the business clock shows {now}, move it with POST clock of the control API."
                ),
            )
        }
        BillRefusal::TooOld => Fault::new(
            INVAILID_ARGUMENTS,
            "账单只能查询最近六年的。",
            "Bills go back six years.",
        ),
        BillRefusal::BeforeRegistration { registered_at } => {
            let at = registered_at.china();
            Fault::new(
                BILL_DATE_BEFORE_REGISTRATION,
                format!("这个应用 {at} 才注册，之前没有账单。"),
                format!("The application was registered at {at}; there is no bill from before."),
            )
        }
    }
}
