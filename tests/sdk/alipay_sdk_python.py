"""alipay-sdk-python (Alipay's own) from PyPI, unmodified, against the sandbox named by its sandbox.json."""

import sys
from importlib.metadata import version

from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.domain.AlipayTradeCloseModel import AlipayTradeCloseModel
from alipay.aop.api.domain.AlipayTradeFastpayRefundQueryModel import AlipayTradeFastpayRefundQueryModel
from alipay.aop.api.domain.AlipayTradePagePayModel import AlipayTradePagePayModel
from alipay.aop.api.domain.AlipayTradePrecreateModel import AlipayTradePrecreateModel
from alipay.aop.api.domain.AlipayTradeQueryModel import AlipayTradeQueryModel
from alipay.aop.api.domain.AlipayTradeRefundModel import AlipayTradeRefundModel
from alipay.aop.api.exception.Exception import ResponseException
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest
from alipay.aop.api.request.AlipayTradePrecreateRequest import AlipayTradePrecreateRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest
from alipay.aop.api.response.AlipayTradeCloseResponse import AlipayTradeCloseResponse
from alipay.aop.api.response.AlipayTradeFastpayRefundQueryResponse import AlipayTradeFastpayRefundQueryResponse
from alipay.aop.api.response.AlipayTradePrecreateResponse import AlipayTradePrecreateResponse
from alipay.aop.api.response.AlipayTradeQueryResponse import AlipayTradeQueryResponse
from alipay.aop.api.response.AlipayTradeRefundResponse import AlipayTradeRefundResponse

from checks import AMOUNT, PART, SUBJECT, Checks, Sandbox, new_number, open_page


def client(sandbox, alipay_key):
    """The SDK with nothing set but the application, the keys and the address.

    It always connects to port 80, whatever the address says, so the sandbox must listen there.
    """
    config = AlipayClientConfig()
    config.server_url = sandbox.gateway_url
    config.app_id = sandbox.app_id
    config.app_private_key = sandbox.key("app_private_key")
    config.alipay_public_key = sandbox.key(alipay_key)
    return DefaultAlipayClient(config)


def filled(model, **fields):
    """A request's model with these fields."""
    for name, value in fields.items():
        setattr(model, name, value)
    return model


def order(model, number, **fields):
    """The model of something to be paid."""
    return filled(model, out_trade_no=number, total_amount=AMOUNT, subject=SUBJECT, **fields)


def call(sdk, request, response):
    """Executes; the SDK has verified the signature when this comes back."""
    response.parse_response_content(sdk.execute(request))
    return response


def precreate(sdk, number):
    """Asks for a code."""
    request = AlipayTradePrecreateRequest(biz_model=order(AlipayTradePrecreateModel(), number))
    return call(sdk, request, AlipayTradePrecreateResponse())


def query(sdk, number):
    """Asks for the trade."""
    model = filled(AlipayTradeQueryModel(), out_trade_no=number)
    return call(sdk, AlipayTradeQueryRequest(biz_model=model), AlipayTradeQueryResponse())


def refund_query(sdk, number, request_no):
    """Asks for the refund."""
    model = filled(AlipayTradeFastpayRefundQueryModel(), out_trade_no=number, out_request_no=request_no)
    request = AlipayTradeFastpayRefundQueryRequest(biz_model=model)
    return call(sdk, request, AlipayTradeFastpayRefundQueryResponse())


def close(sdk, number):
    """Closes the trade."""
    model = filled(AlipayTradeCloseModel(), out_trade_no=number)
    return call(sdk, AlipayTradeCloseRequest(biz_model=model), AlipayTradeCloseResponse())


def main():
    print("alipay-sdk-python %s" % version("alipay-sdk-python"))
    sandbox = Sandbox(sys.argv[1])
    sdk = client(sandbox, "alipay_public_key")
    checks = Checks()

    page_no = new_number("aa")
    model = order(AlipayTradePagePayModel(), page_no, product_code="FAST_INSTANT_TRADE_PAY")
    link = sdk.page_execute(AlipayTradePagePayRequest(biz_model=model), http_method="GET")
    checks.cashier("page.pay link", open_page(link))

    number = new_number("ap")
    code = precreate(sdk, number)
    checks.equal("precreate", code.code, "10000")
    checks.true("precreate hands out a code", str(code.qr_code).startswith("http"), code.qr_code)

    sandbox.pay(number)
    trade = query(sdk, number)
    checks.equal("query knows the trade is paid", trade.trade_status, "TRADE_SUCCESS")
    checks.equal("query knows the amount", trade.total_amount, AMOUNT)

    request_no = new_number("ar")
    model = filled(
        AlipayTradeRefundModel(), out_trade_no=number, refund_amount=PART, out_request_no=request_no
    )
    refund = call(sdk, AlipayTradeRefundRequest(biz_model=model), AlipayTradeRefundResponse())
    checks.equal("refund", refund.code, "10000")
    checks.equal("refund moved money", refund.fund_change, "Y")
    checks.equal("refund adds up", refund.refund_fee, PART)

    asked = refund_query(sdk, number, request_no)
    checks.equal("refund query", asked.refund_amount, PART)

    closed = close(sdk, page_no)
    checks.equal("close of an unpaid trade", closed.code, "10000")
    checks.equal("close says which", closed.out_trade_no, page_no)
    late = close(sdk, number)
    checks.equal("close of a paid trade is refused", late.code, "40004")

    wrong = client(sandbox, "app_public_key")
    checks.refused("a wrong Alipay key: query", lambda: query(wrong, number), ResponseException)
    checks.refused(
        "a wrong Alipay key: refund query", lambda: refund_query(wrong, number, request_no), ResponseException
    )
    checks.refused("a wrong Alipay key: precreate", lambda: precreate(wrong, new_number("aw")), ResponseException)
    checks.end()


main()
