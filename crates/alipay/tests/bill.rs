//! Bills: the ZIP, its GBK files, their lines, and what is wrong with broken ones.
#![cfg(feature = "bill")]

use alipay::{
    AlipayTime, Charset,
    bill::{Bill, BillArchive, BillError, BillKind, BillLine},
};
use flate2::{Compression, write::DeflateEncoder};
use money::Fen;
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};

const TRADE_COLUMNS: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

/// A bill of payments with these lines.
fn trade_bill(rows: &[&str]) -> String {
    let rows = rows.join("\r\n");
    let rows = if rows.is_empty() { rows } else { rows + "\r\n" };
    format!(
        "#支付宝业务明细查询\r\n#账号：[20880211096256330156]\r\n\
         #起始日期：[2019年09月16日 00:00:00]   终止日期：[2019年09月17日 00:00:00]\r\n\
         #-----------------------------------------业务明细列表----------------------------------------\r\n\
         {TRADE_COLUMNS}\r\n{rows}\
         #-----------------------------------------业务明细列表结束------------------------------------\r\n\
         #交易合计：6笔，商家实收共0.06元，商家优惠共0.00元\r\n\
         #退款合计：4笔，商家实收退款共-0.04元，商家优惠退款共0.00元\r\n\
         #导出时间：[2019年09月17日 05:46:49]\r\n"
    )
}

const PAYMENT: &str = "2019091622001499160501589436\t,20190916001\t,交易,Rust 入门,2019-09-16 10:00:00,2019-09-16 10:00:12,,,,,*三(ifv***@sandbox.com)\t,88.80,88.80,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,,-0.53,0.00,\t";
const REFUND: &str = "2019091622001499160501589436\t,20190916001\t,退款,\"Rust, 入门\",2019-09-16 10:00:00,2019-09-16 11:00:00,,,,,*三(ifv***@sandbox.com)\t,-1.00,-1.00,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,R1\t,0.01,0.00,课程取消";

fn gbk(text: &str) -> Vec<u8> {
    Charset::Gbk.encode(text).expect("GBK").into_owned()
}

fn open(text: &str) -> Bill<Cursor<Vec<u8>>> {
    Bill::open(Cursor::new(gbk(text))).expect("a bill")
}

#[test]
fn a_bill_of_payments_is_read_line_by_line() {
    let mut bill = open(&trade_bill(&[PAYMENT, REFUND]));
    assert_eq!(bill.kind(), BillKind::Trade);
    assert_eq!(bill.account(), Some("20880211096256330156"));
    assert_eq!(bill.begin(), AlipayTime::parse("2019-09-16 00:00:00").ok());
    assert_eq!(bill.end(), AlipayTime::parse("2019-09-17 00:00:00").ok());
    assert_eq!(bill.columns().len(), 25);
    let lines = bill.by_ref().collect::<Result<Vec<_>, _>>().expect("lines");
    let [BillLine::Trade(paid), BillLine::Trade(refund)] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(paid.trade_no, "2019091622001499160501589436");
    assert_eq!(paid.out_trade_no.as_deref(), Some("20190916001"));
    assert_eq!(paid.order_amount, Fen::new(8_880));
    assert_eq!(paid.service_fee, Some(Fen::new(-53)));
    assert_eq!(
        (paid.is_refund(), paid.out_request_no.as_deref()),
        (false, None)
    );
    assert_eq!(paid.row.get("完成时间"), Some("2019-09-16 10:00:12"));
    assert!(refund.is_refund());
    assert_eq!(refund.receipt_amount, Fen::new(-100));
    assert_eq!(refund.out_request_no.as_deref(), Some("R1"));
    assert_eq!(refund.subject.as_deref(), Some("Rust, 入门"));
    let totals = bill.totals();
    assert_eq!(totals.len(), 2);
    assert_eq!((totals[0].name.as_str(), totals[0].count), ("交易合计", 6));
    assert_eq!(totals[0].amount("商家实收"), Some(Fen::new(6)));
    assert_eq!(totals[1].amount("商家实收退款"), Some(Fen::new(-4)));
}

#[test]
fn summaries_and_accounts_are_read() {
    let summary = "#支付宝业务汇总查询\n#账号：[20880211096256330156]\n\
        门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\n\
        S1\t,一店,6,4,0.02,0.02,0.00,0.00,0.00,0.00,0.00,0.02\n合计,,6,4,0.02,0.02,0.00,0.00,0.00,0.00,0.00,0.02\n#-----结束-----\n";
    let lines = open(summary).collect::<Result<Vec<_>, _>>().expect("lines");
    let [BillLine::TradeSummary(shop), BillLine::TradeSummary(total)] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(
        (shop.payments, shop.refunds, shop.is_total()),
        (6, 4, false)
    );
    assert_eq!((total.net_amount, total.is_total()), (Fen::new(2), true));

    // A newer file: four columns more, and one that nobody knows yet.
    let account = "#支付宝账务明细查询\r\n#-----账务明细列表-----\r\n\
        账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注,业务描述,业务订单号,业务基础订单号,业务账单来源,新列\r\n\
        1\t,2\t,3\t,课程,2019-09-16 10:00:12,a***,+88.80,,188.80,支付宝,在线支付,,,,,,新\r\n\
        4\t,2\t,3\t,课程,2019-09-16 10:00:13,a***,,-0.53,188.27,支付宝,收费,,,,,,\r\n\
        #-----账务明细列表结束-----\r\n#支出合计：1笔，共-0.53元，收入合计：1笔，共88.80元\r\n";
    let mut bill = open(account);
    let lines = bill.by_ref().collect::<Result<Vec<_>, _>>().expect("lines");
    let [BillLine::Account(income), BillLine::Account(fee)] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!((income.income, income.outgo), (Some(Fen::new(8_880)), None));
    assert_eq!((fee.income, fee.outgo), (None, Some(Fen::new(-53))));
    assert_eq!(income.row.get("新列"), Some("新"));
    assert_eq!(bill.totals()[1].amount(""), Some(Fen::new(8_880)));

    let kinds = "#支付宝账务汇总查询\n类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）\n\
        在线支付,1,88.80,0,0.00,88.80\n合计,1,88.80,1,-0.53,88.27\n#结束\n";
    let lines = open(kinds).collect::<Result<Vec<_>, _>>().expect("lines");
    assert!(matches!(&lines[1], BillLine::AccountSummary(sum)
        if sum.is_total() && sum.total == Fen::new(8_827)));

    let other = "#支付宝营销明细查询\n甲,乙\n1,2\n#结束\n";
    let lines = open(other).collect::<Result<Vec<_>, _>>().expect("lines");
    assert_eq!(lines[0].row().get("乙"), Some("2"));
}

#[test]
fn an_empty_bill_has_no_lines() {
    let mut bill = open(&trade_bill(&[]));
    assert!(bill.next().is_none());
    assert_eq!(bill.totals().len(), 2);
}

#[test]
fn broken_bills_say_what_is_wrong() {
    // The file broke off in the middle: what was read is right, and it is not all.
    let whole = trade_bill(&[PAYMENT]);
    let cut = &whole[..whole
        .find("#-----------------------------------------业务明细列表结束")
        .expect("there")];
    let mut bill = open(cut);
    assert!(matches!(bill.next(), Some(Ok(BillLine::Trade(_)))));
    assert!(matches!(bill.next(), Some(Err(BillError::Truncated))));
    assert!(bill.next().is_none());

    // A broken line is an error of its own; the next one is read.
    let amount = PAYMENT.replace("88.80,88.80", "88.8.0,88.80");
    let mut bill = open(&trade_bill(&["1,2,3", &amount, REFUND]));
    assert!(matches!(
        bill.next(),
        Some(Err(BillError::Cells {
            line: 6,
            found: 3,
            columns: 25
        }))
    ));
    assert!(matches!(
        bill.next(),
        Some(Err(BillError::Cell {
            line: 7,
            column: "订单金额"
        }))
    ));
    assert!(matches!(bill.next(), Some(Ok(BillLine::Trade(_)))));
    assert!(bill.next().is_none());

    let long = trade_bill(&[&"长".repeat(40_000)]);
    let mut bill = open(&long);
    assert!(matches!(
        bill.next(),
        Some(Err(BillError::TooLong { line: 6, .. }))
    ));
    assert!(bill.next().is_none());

    for text in ["", "<html>", "支付宝交易号,商户订单号\n"] {
        assert!(
            matches!(Bill::open(Cursor::new(gbk(text))), Err(BillError::NoTitle)),
            "{text}"
        );
    }
    let headless = Bill::open(Cursor::new(gbk("#支付宝业务明细查询\n")));
    assert!(matches!(headless, Err(BillError::Truncated)));
    let mut noise = gbk(&trade_bill(&[]));
    noise.splice(5..5, [0xff, 0xff]);
    assert!(matches!(
        Bill::open(Cursor::new(noise)),
        Err(BillError::NotText { line: 1 })
    ));
}

proptest! {
    /// Whatever comes is read or refused, and every bill that broke off says so.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(bill) = Bill::open(Cursor::new(bytes.clone())) {
            prop_assert!(bill.count() <= 400);
        }
        let _ = BillArchive::open(Cursor::new(bytes)).map(|archive| archive.bill(0).is_ok());
    }

    #[test]
    fn a_bill_that_broke_off_is_never_taken_for_whole(cut in 0_usize..2_000) {
        let whole = gbk(&trade_bill(&[PAYMENT, REFUND]));
        let end = b"#-----------------------------------------\xd2\xb5\xce\xf1\xc3\xf7\xcf\xb8\xc1\xd0\xb1\xed\xbd\xe1\xca\xf8";
        let end = whole.windows(end.len()).position(|bytes| bytes == end).expect("its end");
        let cut = cut % end;
        let lines = Bill::open(Cursor::new(whole[..cut].to_vec()));
        prop_assert!(lines.map_or(true, |mut bill| bill.any(|line| line.is_err())));
    }
}

/// A file without an end, which is read a line at a time all the same.
struct Endless {
    head: Cursor<Vec<u8>>,
    row: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.head.read(buffer)?;
        if read > 0 {
            return Ok(read);
        }
        for byte in buffer.iter_mut() {
            *byte = self.row[self.at];
            self.at = (self.at + 1) % self.row.len();
        }
        Ok(buffer.len())
    }
}

#[test]
fn lines_are_not_kept() {
    let endless = Endless {
        head: Cursor::new(gbk(&format!("#支付宝业务明细查询\n{TRADE_COLUMNS}\n"))),
        row: gbk(&format!("{PAYMENT}\r\n")),
        at: 0,
    };
    let bill = Bill::open(endless).expect("a bill");
    let sum = Fen::sum(bill.take(20_000).map(|line| match line {
        Ok(BillLine::Trade(line)) => line.receipt_amount,
        other => panic!("{other:?}"),
    }));
    assert_eq!(sum, Some(Fen::new(8_880 * 20_000)));
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let stored = files.iter().map(|(name, content)| (*name, *content, None));
    pack(&stored.collect::<Vec<_>>())
}

/// A name, a content, and what that became.
type Packed<'a> = (&'a str, &'a [u8], Option<&'a [u8]>);

/// A ZIP as Alipay makes it: GBK names without a flag that says so. Each file with its content and,
/// when it is deflated, what that became.
fn pack(files: &[Packed<'_>]) -> Vec<u8> {
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).expect("small").to_le_bytes();
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for (name, content, deflated) in files {
        let name = gbk(name);
        let packed = deflated.unwrap_or(content);
        let offset = size(&zip);
        let method = if deflated.is_some() { 8 } else { 0 };
        let mut common = vec![10, 0, 0, 0, method, 0, 0, 0, 0x30, 0x4f];
        common.extend(crc32(content).to_le_bytes());
        common.extend(size(packed));
        common.extend(size(content));
        common.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
        common.extend([0, 0]);
        zip.extend(*b"PK\x03\x04");
        zip.extend(&common);
        zip.extend(&name);
        zip.extend(packed);
        directory.extend(*b"PK\x01\x02\x0a\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(&name);
    }
    let count = u16::try_from(files.len()).expect("few").to_le_bytes();
    let (start, length) = (size(&zip), size(&directory));
    zip.extend(&directory);
    zip.extend(*b"PK\x05\x06\0\0\0\0");
    zip.extend(count);
    zip.extend(count);
    zip.extend(length);
    zip.extend(start);
    zip.extend([0, 0]);
    zip
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

#[test]
fn a_zip_of_alipays_is_unpacked() {
    let detail = gbk(&trade_bill(&[PAYMENT, REFUND]));
    let kinds = gbk("#支付宝业务汇总查询\n门店编号\n#结束\n");
    let zip = archive(&[
        ("20880211096256330156_20190916_业务明细.csv", &detail),
        ("20880211096256330156_20190916_业务明细(汇总).csv", &kinds),
    ]);
    let archive = BillArchive::open(Cursor::new(zip.clone())).expect("a ZIP");
    assert_eq!(archive.len(), 2);
    assert_eq!(
        archive.name(0).expect("a name"),
        "20880211096256330156_20190916_业务明细.csv"
    );
    let lines = archive
        .bill(0)
        .expect("a bill")
        .collect::<Result<Vec<_>, _>>();
    assert_eq!(lines.expect("lines").len(), 2);
    assert_eq!(
        archive.bill(1).expect("a bill").kind(),
        BillKind::TradeSummary
    );
    assert!(matches!(archive.bill(2), Err(BillError::NoFile(2))));

    // Deflated, as Alipay's really are.
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&detail).expect("written");
    let packed = encoder.finish().expect("packed");
    assert!(packed.len() < detail.len());
    let deflated = pack(&[("业务明细.csv", &detail, Some(&packed))]);
    let archive = BillArchive::open(Cursor::new(deflated.clone())).expect("a ZIP");
    assert_eq!(
        archive
            .bill(0)
            .expect("a bill")
            .filter_map(Result::ok)
            .count(),
        2
    );
    let mut unknown = deflated;
    for place in [8, unknown.len() - 22 - 46 - gbk("业务明细.csv").len() + 10] {
        assert_eq!(unknown[place], 8);
        unknown[place] = 14;
    }
    let archive = BillArchive::open(Cursor::new(unknown)).expect("a ZIP");
    assert!(matches!(archive.bill(0), Err(BillError::Zip(_))));

    // One byte of a file changed: its checksum does not fit.
    let mut damaged = zip.clone();
    let place = damaged
        .windows(5)
        .position(|bytes| bytes == b"88.80")
        .expect("an amount");
    damaged[place] = b'9';
    let archive = BillArchive::open(Cursor::new(damaged)).expect("a ZIP");
    assert!(matches!(archive.bill(0), Err(BillError::Read(_))));
    assert!(archive.bill(1).is_ok());

    for bytes in [&b""[..], b"<html>", &zip[..zip.len() - 30]] {
        assert!(matches!(
            BillArchive::open(Cursor::new(bytes.to_vec())),
            Err(BillError::Zip(_))
        ));
    }
}
