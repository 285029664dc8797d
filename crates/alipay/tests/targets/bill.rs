//! Whatever comes from the address of a bill: a ZIP, or a file that was unpacked already.

use alipay::{
    Charset,
    bill::{Bill, BillArchive, BillLine},
};
use std::io::{Cursor, Read};

/// Reading ends, in lines that have as many cells as the bill has columns or in an error.
pub(crate) fn run(data: &[u8]) {
    lines(Bill::open(Cursor::new(data.to_vec())).ok());
    if let Ok(archive) = BillArchive::open(Cursor::new(data.to_vec())) {
        for index in 0..archive.len() {
            let _ = archive.name(index);
            lines(archive.bill(index).ok());
        }
    }
}

fn lines<R: Read>(bill: Option<Bill<R>>) {
    let Some(mut bill) = bill else { return };
    let mut read = 0;
    while let Some(line) = bill.next() {
        let Ok(line) = line else { break };
        read += 1;
        assert!(line.row().iter().count() <= bill.columns().len());
        if let BillLine::Trade(line) = line {
            assert!(!line.trade_no.is_empty());
        }
        // A ZIP of some kilobytes may unpack to very much.
        if read == MAX_LINES {
            break;
        }
    }
    let _ = (bill.totals(), bill.account(), bill.kind());
}

const MAX_LINES: u32 = 20_000;

/// A bill in GBK and the ZIP that it comes in.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let gbk = |text: &str| Charset::Gbk.encode(text).expect("GBK").into_owned();
    let account = "#支付宝账务明细查询\r\n#账号：[20880211096256330156]\r\n#起始日期：[2019年09月16日 00:00:00]   终止日期：[2019年09月17日 00:00:00]\r\n#-----账务明细列表-----\r\n\
        账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注\r\n\
        1\t,2\t,3\t,\"课,\"\"程\",2019-09-16 10:00:12,a***,+88.80,,188.80,支付宝,在线支付,\r\n\
        #-----账务明细列表结束-----\r\n#支出合计：1笔，共-0.53元，收入合计：1笔，共88.80元\r\n";
    let kinds = "#支付宝账务汇总查询\n类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）\n\
        在线支付,1,88.80,0,0.00,88.80\n合计,1,88.80,1,-0.53,88.27\n#结束\n";
    vec![gbk(account), gbk(kinds), stored(&gbk(account))]
}

/// A ZIP with that one file in it, not packed.
fn stored(content: &[u8]) -> Vec<u8> {
    let crc = content.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    });
    let size = u32::try_from(content.len()).expect("small").to_le_bytes();
    let common = [
        &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
        &(!crc).to_le_bytes(),
        &size,
        &size,
        &[5, 0, 0, 0],
    ]
    .concat();
    let local = [b"PK\x03\x04", &common[..], b"a.csv", content].concat();
    let central = [b"PK\x01\x02\x14\x00", &common[..], &[0; 14], b"a.csv"].concat();
    let place = |length: usize| u32::try_from(length).expect("small").to_le_bytes();
    let end = [
        &b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..],
        &place(central.len()),
        &place(local.len()),
        &[0, 0],
    ]
    .concat();
    [local, central, end].concat()
}
