"""Page-pay links per second of alipay-sdk-python (Alipay's own) from PyPI, unmodified."""

import platform
from importlib.metadata import version

from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.domain.AlipayTradePagePayModel import AlipayTradePagePayModel
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest

from speed import AMOUNT, APP_ID, GATEWAY, NOTIFY_URL, NUMBER, RETURN_URL, SUBJECT, count, keys

config = AlipayClientConfig()
config.server_url = GATEWAY
config.app_id = APP_ID
config.app_private_key, config.alipay_public_key = keys()
sdk = DefaultAlipayClient(config)


def make():
    """One link, from its fields on."""
    model = AlipayTradePagePayModel()
    model.out_trade_no = NUMBER
    model.total_amount = AMOUNT
    model.subject = SUBJECT
    model.product_code = "FAST_INSTANT_TRADE_PAY"
    request = AlipayTradePagePayRequest(biz_model=model)
    request.return_url = RETURN_URL
    request.notify_url = NOTIFY_URL
    return sdk.page_execute(request, http_method="GET")


count(make, version("alipay-sdk-python"), "Python " + platform.python_version())
