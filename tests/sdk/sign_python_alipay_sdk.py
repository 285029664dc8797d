"""Signs the table of cases with python-alipay-sdk from PyPI, unmodified."""

import json
import sys
from importlib.metadata import version
from urllib.parse import parse_qsl

from alipay import AliPay


def main():
    table = json.load(open(sys.argv[1], encoding="utf-8"))
    sdks = {
        sign_type: AliPay(
            appid="2021000000000001",
            app_private_key_string=table["app_private_key"],
            alipay_public_key_string=table["app_public_key"],
            sign_type=sign_type,
        )
        for sign_type in ("RSA2", "RSA")
    }
    answers = []
    for case in table["cases"]:
        params = case["params"]
        sdk = sdks[params["sign_type"]]
        signed = sdk.sign_data(dict(params, biz_content=case["biz_content"]))
        beside = {name: value for name, value in params.items() if name not in ("method", "timestamp")}
        sent = sdk.client_api(params["method"], case["biz"], **beside)
        answers.append({"id": case["id"], "signature": dict(parse_qsl(signed))["sign"], "sent": sent})
    json.dump(answers, open(sys.argv[2], "w", encoding="utf-8"))
    print("python-alipay-sdk %s signed %d cases" % (version("python-alipay-sdk"), len(answers)))


main()
