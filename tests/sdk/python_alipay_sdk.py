"""python-alipay-sdk from PyPI, unmodified, walks the table against the sandbox named by its sandbox.json."""

import inspect
import json
import sys
from importlib.metadata import version

from alipay import AliPay, DCAliPay, ISVAliPay
from alipay.exceptions import AliPayException, AliPayValidationError

from table import Refused, Table


# Its own function for these signs the call and does not make it.
ONLY_SIGNED = ("alipay.open.app.alipaycert.download",)


class Client:
    """The SDK with nothing set but the application, the keys and the address."""

    def __init__(self, sandbox, way, app, wrong_key):
        mode = way["mode"]
        self.charset = "gbk" if mode == "GBK" else "utf-8"
        sign_type = "RSA" if "RSA" in (mode, app.get("sign_type")) else "RSA2"
        if mode == "certificates":
            self.sdk = DCAliPay(
                appid=app["app_id"],
                app_private_key_string=app["app_private_key"],
                app_public_key_cert_string=app["app_cert"],
                alipay_public_key_cert_string=app["app_cert" if wrong_key else "alipay_cert"],
                alipay_root_cert_string=app["alipay_root_cert"],
            )
        else:
            keys = dict(
                app_private_key_string=app["app_private_key"],
                alipay_public_key_string=app["app_public_key" if wrong_key else "alipay_public_key"],
            )
            if "app_auth_token" in app:
                self.sdk = ISVAliPay(app["app_id"], app_auth_token=app["app_auth_token"], sign_type=sign_type, **keys)
            else:
                self.sdk = AliPay(app["app_id"], sign_type=sign_type, **keys)
        # It knows two gateways by heart and takes no other; this is its only place for an address.
        self.sdk._gateway = sandbox.gateway_url

    def beside(self, params):
        """Parameters beside the content; its GBK is a parameter like any other."""
        return dict(params, charset="gbk") if self.charset == "gbk" else params

    def own(self, method, biz, params):
        """The SDK's own function for the method, when it has one that takes these fields."""
        function = getattr(self.sdk, "api_" + method.replace(".", "_"), None)
        if function is None or self.charset == "gbk" or method in ONLY_SIGNED:
            return None
        try:
            inspect.signature(function).bind(**biz, **params)
        except TypeError:
            return None
        return lambda: function(**biz, **params)

    def call(self, method, biz, params):
        try:
            return self.ask(method, biz, params)
        except AliPayValidationError as error:
            raise Refused("validation error") from error
        except AliPayException as error:
            # It believes no answer without a signature, and no `error_response`.
            words = str(error)
            answer = json.loads(words[words.index("{") :])
            node = next(value for name, value in answer.items() if name.endswith("_response"))
            raise Refused(words, node) from error

    def ask(self, method, biz, params):
        own = self.own(method, biz, params)
        try:
            if own:
                return own()
        except AssertionError:
            # Its own function does not even ask; its general one does.
            pass
        return self.sdk.server_api(method, biz, **self.beside(params))

    def page(self, method, biz, params, by):
        assert by == "GET", "it writes no forms"
        return self.sdk._gateway + "?" + self.string(method, biz, params)

    def string(self, method, biz, params):
        own = self.own(method, biz, params)
        return own() if own else self.sdk.client_api(method, biz, **self.beside(params))

    def verify(self, fields, _charset):
        return self.sdk.verify(fields, fields.pop("sign"))


class Sdk:
    """Makes clients."""

    def client(self, way, app, wrong_key):
        return Client(table.sandbox, way, app, wrong_key)


print("python-alipay-sdk %s" % version("python-alipay-sdk"))
table = Table(Sdk(), "python-alipay-sdk", sys.argv[1])
table.run(sys.argv[2] if len(sys.argv) > 2 else None)
