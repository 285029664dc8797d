"""Signs the table of cases with alipay-sdk-python (Alipay's own) from PyPI, unmodified."""

import importlib
import json
import sys
from importlib.metadata import version

from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.util.SignatureUtils import get_sign_content, sign_with_rsa, sign_with_rsa2


def client(table, params):
    """The SDK with the application, the key, and what the case says."""
    config = AlipayClientConfig()
    config.app_id = params["app_id"]
    config.app_private_key = table["app_private_key"]
    config.alipay_public_key = table["app_public_key"]
    config.sign_type = params["sign_type"]
    config.charset = params["charset"]
    return DefaultAlipayClient(config)


def request(case):
    """The SDK's own request class for the method, with its model."""
    name = "".join(part.capitalize() for part in case["params"]["method"].split("."))
    model = getattr(importlib.import_module("alipay.aop.api.domain.%sModel" % name), "%sModel" % name)
    made = getattr(importlib.import_module("alipay.aop.api.request.%sRequest" % name), "%sRequest" % name)
    filled = made(biz_model=model.from_alipay_dict(case["biz"]))
    for beside in ("notify_url", "return_url", "prod_code", "terminal_info"):
        setattr(filled, beside, case["params"].get(beside))
    return filled


def main():
    table = json.load(open(sys.argv[1], encoding="utf-8"))
    answers = []
    for case in table["cases"]:
        params = case["params"]
        sign = sign_with_rsa2 if params["sign_type"] == "RSA2" else sign_with_rsa
        content = get_sign_content(dict(params, biz_content=case["biz_content"]))
        signature = sign(table["app_private_key"], content, params["charset"])
        sent = client(table, params).sdk_execute(request(case))
        answers.append({"id": case["id"], "signature": signature, "sent": sent})
    json.dump(answers, open(sys.argv[2], "w", encoding="utf-8"))
    print("alipay-sdk-python %s signed %d cases" % (version("alipay-sdk-python"), len(answers)))


main()
