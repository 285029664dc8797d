//! Bills: asked for, fetched, unpacked, printed in three forms.

use crate::support::{Gateway, Line, command, path, run, tongbao};
use alipay::Charset;
use serde_json::{Value, json};
use std::path::Path;

const METHOD: &str = "alipay.data.dataservice.bill.downloadurl.query";

pub(crate) const HEAD: &str = "#支付宝业务明细查询\r\n#账号：[20880211096256330156]\r\n#----业务明细列表----\r\n\
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）,备注\r\n";
const FOOT: &str = "#----业务明细列表结束----\r\n#交易合计：1笔，商家实收共88.80元，商家优惠共0.00元\r\n#导出时间：[2026年08月21日 05:46:49]\r\n";
const PAYMENT: &str = "2026082022001\t,C1\t,交易,Rust 入门,2026-08-20 10:00:00,2026-08-20 10:00:12,,,,,*三(a***)\t,88.80,88.80,,-0.53,\t\r\n";
const REFUND: &str = "2026082022001\t,C1\t,退款,\"say \"\"hi\"\", 入门\",2026-08-20 10:00:00,2026-08-20 11:00:00,,,,,*三(a***)\t,-1.00,-1.00,R1\t,0.01,\u{1b}[2J\r\n";
const SUMMARY: &str = "#支付宝业务汇总查询\r\n#账号：[20880211096256330156]\r\n\
门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\r\n\
合计,,1,1,87.80,87.80,0.00,0.00,0.00,-0.52,0.00,87.28\r\n#结束\r\n";

fn gbk(text: &str) -> Vec<u8> {
    Charset::Gbk.encode(text).expect("GBK").into_owned()
}

/// A ZIP whose files are stored as they are, their names in GBK.
pub(crate) fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    let four = |number: usize| u32::try_from(number).expect("small").to_le_bytes();
    for (name, text) in files {
        let (name, bytes) = (gbk(name), gbk(text));
        let mut fields = Vec::from([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        fields.extend(crc32(&bytes).to_le_bytes());
        fields.extend(four(bytes.len()));
        fields.extend(four(bytes.len()));
        fields.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
        fields.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(four(zip.len()));
        directory.extend(&name);
        zip.extend(b"PK\x03\x04");
        zip.extend(&fields);
        zip.extend(&name);
        zip.extend(&bytes);
    }
    let at = four(zip.len());
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(files.len()).expect("few").to_le_bytes();
    zip.extend([count, count].concat());
    zip.extend(four(directory.len()));
    zip.extend(at);
    zip.extend([0, 0]);
    zip
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    };
    !bytes.iter().fold(!0, step)
}

fn day() -> Vec<u8> {
    let detail = format!("{HEAD}{PAYMENT}{REFUND}{FOOT}");
    zip(&[
        ("20880211096256330156_20260820_业务明细.csv", &detail),
        ("20880211096256330156_20260820_业务明细(汇总).csv", SUMMARY),
    ])
}

fn address_of(address: &str) -> Line {
    let url = format!("http://{address}/bill.zip?secret=abc");
    Line::Answer(
        METHOD,
        json!({"code": "10000", "msg": "Success", "bill_download_url": url}),
    )
}

#[test]
fn a_bill_is_fetched_and_printed_as_a_table() {
    let gateway = Gateway::with(|address| {
        vec![
            address_of(address),
            Line::Status(403),
            address_of(address),
            Line::File(day()),
        ]
    });
    let ran = gateway.call(&["bill", "2026-08-20"]).ended(0);
    let ran = ran.said(&[
        "new address",
        "Fetched",
        "2 lines in 1 files",
        "交易合计: 1 商家实收 88.80",
    ]);
    for word in [
        "商户订单号",
        "C1",
        "88.80",
        "-1.00",
        "R1",
        "say \"hi\", 入门",
    ] {
        assert!(ran.out.contains(word), "`{word}` is not in\n{}", ran.out);
    }
    assert!(
        !ran.err.contains("secret=abc"),
        "whoever has the address has the bill: {}",
        ran.err
    );
    let seen = gateway.seen();
    assert!(
        seen[0].contains("2026-08-20") && seen[0].contains("trade"),
        "{}",
        seen[0]
    );
}

#[test]
fn json_lines_have_names_and_csv_has_every_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = path(folder.path(), "kept.zip");
    let gateway = Gateway::with(|address| vec![address_of(address), Line::File(day())]);
    let lines = gateway
        .call(&["bill", "2026-08-20", "--json", "--save", &saved])
        .ended(0);
    let lines: Vec<Value> = lines
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["table"], "trade");
    assert_eq!(lines[0]["out_trade_no"], "C1");
    assert_eq!(lines[1]["receipt_amount"], "-1.00");
    assert_eq!(lines[1]["out_request_no"], "R1");
    assert_eq!(lines[0]["out_request_no"], Value::Null);

    // What was kept is read without calling anybody.
    let csv = tongbao(&["bill", "--file", &saved, "--format", "csv"]).ended(0);
    let mut reader = csv::Reader::from_reader(csv.out.as_bytes());
    let head = reader.headers().expect("a head").clone();
    assert_eq!((head.len(), &head[0]), (16, "支付宝交易号"));
    let rows = reader
        .records()
        .collect::<Result<Vec<_>, _>>()
        .expect("rows");
    assert_eq!((rows.len(), &rows[1][3]), (2, "say \"hi\", 入门"));
    let summary = tongbao(&["bill", "--file", &saved, "--summary"]).ended(0);
    assert!(
        summary.out.contains("87.28") && summary.out.contains("合计"),
        "{}",
        summary.out
    );
    // Nobody's remark commands the terminal.
    let table = tongbao(&["bill", "--file", &saved]).ended(0);
    assert!(!table.out.contains('\u{1b}'));
    // Nothing is overwritten.
    gateway
        .call(&["bill", "2026-08-20", "--save", &saved])
        .ended(2)
        .said(&["kept.zip"]);
}

#[test]
fn a_bill_that_is_missing_broken_or_no_bill_is_said_to_be_so() {
    let none = json!({"code": "40004", "msg": "Business Failed", "sub_code": "BILL_NOT_EXIST", "sub_msg": "账单不存在"});
    let gateway = Gateway::with(|_| vec![Line::Answer(METHOD, none)]);
    gateway
        .call(&["bill", "2026-08-21"])
        .ended(1)
        .said(&["BILL_NOT_EXIST", "by about 09:00"]);

    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let file = path(folder.path(), name);
        std::fs::write(&file, bytes).expect("written");
        file
    };
    let read =
        |name: &str, bytes: &[u8]| tongbao(&["bill", "--file", &file(name, bytes), "--json"]);
    read("a", b"hello").ended(2).said(&["no bill"]);
    read("b", &zip(&[("readme.txt", "hello")]))
        .ended(2)
        .said(&["readme.txt"]);
    // Half a file: what is there is printed, and said to be incomplete.
    let half = read("c", &zip(&[("业务明细.csv", &format!("{HEAD}{PAYMENT}"))])).ended(2);
    assert_eq!(
        half.out.lines().filter(|line| line.contains("C1")).count(),
        1
    );
    half.said(&["incomplete"]);
    let odd = read(
        "d",
        &zip(&[(
            "业务明细.csv",
            &format!("{HEAD}{PAYMENT}1,2,3\r\n{REFUND}{FOOT}"),
        )]),
    )
    .ended(2);
    assert_eq!(
        odd.out.lines().filter(|line| line.contains("C1")).count(),
        2
    );
    odd.said(&["3 cells", "1 lines could not be read"]);
    let mut flipped = day();
    let at = flipped.len() / 4;
    flipped[at] ^= 1;
    read("e", &flipped).ended(2);
}

#[test]
fn a_bill_without_lines_is_no_error() {
    let empty = zip(&[("业务明细.csv", &format!("{HEAD}{FOOT}"))]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("empty.zip");
    std::fs::write(&file, empty).expect("written");
    for form in ["table", "csv", "jsonl"] {
        let args = ["bill", "--file", utf8(&file), "--format", form];
        let ran = run(command(args), "").ended(0);
        assert_eq!(
            ran.out.lines().count(),
            usize::from(form == "csv"),
            "{form}: {}",
            ran.out
        );
    }
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
