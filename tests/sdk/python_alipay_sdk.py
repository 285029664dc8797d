"""python-alipay-sdk from PyPI, unmodified, against the sandbox named by its sandbox.json."""

import sys
from importlib.metadata import version

from alipay import AliPay
from alipay.exceptions import AliPayValidationError

from checks import AMOUNT, PART, SUBJECT, Checks, Sandbox, new_number, open_page


def client(sandbox, alipay_key):
    """The SDK with nothing set but the application, the keys and the address."""
    sdk = AliPay(
        appid=sandbox.app_id,
        app_private_key_string=sandbox.key("app_private_key"),
        alipay_public_key_string=sandbox.key(alipay_key),
    )
    # It knows two gateways by heart and takes no other; this is its only place for an address.
    sdk._gateway = sandbox.gateway_url
    return sdk


def main():
    print("python-alipay-sdk %s" % version("python-alipay-sdk"))
    sandbox = Sandbox(sys.argv[1])
    sdk = client(sandbox, "alipay_public_key")
    checks = Checks()

    page_no = new_number("pa")
    query = sdk.api_alipay_trade_page_pay(subject=SUBJECT, out_trade_no=page_no, total_amount=AMOUNT)
    checks.cashier("page.pay link", open_page(sandbox.gateway_url + "?" + query))

    number = new_number("pp")
    code = sdk.api_alipay_trade_precreate(subject=SUBJECT, out_trade_no=number, total_amount=AMOUNT)
    checks.equal("precreate", code.get("code"), "10000")
    checks.true("precreate hands out a code", str(code.get("qr_code", "")).startswith("http"), code)

    sandbox.pay(number)
    trade = sdk.api_alipay_trade_query(out_trade_no=number)
    checks.equal("query knows the trade is paid", trade.get("trade_status"), "TRADE_SUCCESS")
    checks.equal("query knows the amount", trade.get("total_amount"), AMOUNT)

    request_no = new_number("pr")
    refund = sdk.api_alipay_trade_refund(PART, out_trade_no=number, out_request_no=request_no)
    checks.equal("refund", refund.get("code"), "10000")
    checks.equal("refund moved money", refund.get("fund_change"), "Y")
    checks.equal("refund adds up", refund.get("refund_fee"), PART)

    asked = sdk.api_alipay_trade_fastpay_refund_query(out_request_no=request_no, out_trade_no=number)
    checks.equal("refund query", asked.get("refund_amount"), PART)

    closed = sdk.api_alipay_trade_close(out_trade_no=page_no)
    checks.equal("close of an unpaid trade", closed.get("code"), "10000")
    checks.equal("close says which", closed.get("out_trade_no"), page_no)
    late = sdk.api_alipay_trade_close(out_trade_no=number)
    checks.equal("close of a paid trade is refused", late.get("code"), "40004")

    wrong = client(sandbox, "app_public_key")
    checks.refused(
        "a wrong Alipay key: query", lambda: wrong.api_alipay_trade_query(out_trade_no=number), AliPayValidationError
    )
    checks.refused(
        "a wrong Alipay key: refund query",
        lambda: wrong.api_alipay_trade_fastpay_refund_query(out_request_no=request_no, out_trade_no=number),
        AliPayValidationError,
    )
    checks.refused(
        "a wrong Alipay key: precreate",
        lambda: wrong.api_alipay_trade_precreate(
            subject=SUBJECT, out_trade_no=new_number("pw"), total_amount=AMOUNT
        ),
        AliPayValidationError,
    )
    checks.end()


main()
