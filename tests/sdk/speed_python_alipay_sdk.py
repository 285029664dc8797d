"""Page-pay links per second of python-alipay-sdk from PyPI, unmodified."""

import platform
from importlib.metadata import version

from alipay import AliPay

from speed import AMOUNT, APP_ID, GATEWAY, NOTIFY_URL, NUMBER, RETURN_URL, SUBJECT, count, keys

app_key, alipay_key = keys()
sdk = AliPay(appid=APP_ID, app_private_key_string=app_key, alipay_public_key_string=alipay_key)


def make():
    """One link, from its fields on."""
    query = sdk.api_alipay_trade_page_pay(
        subject=SUBJECT, out_trade_no=NUMBER, total_amount=AMOUNT, return_url=RETURN_URL, notify_url=NOTIFY_URL
    )
    return GATEWAY + "?" + query


count(make, version("python-alipay-sdk"), "Python " + platform.python_version())
