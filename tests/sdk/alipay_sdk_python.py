"""alipay-sdk-python (Alipay's own) from PyPI, unmodified, walks the table against the sandbox named by its sandbox.json."""

import importlib
import json
import sys
from importlib.metadata import version

import rsa
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.exception.Exception import ResponseException
from alipay.aop.api.FileItem import FileItem
from alipay.aop.api.util.SignatureUtils import get_sign_content, verify_with_rsa
from Crypto.PublicKey import RSA

from table import Refused, Table, Wrong


def of(kind, method):
    """One of the SDK's classes for a method: its `Request`, its `Response`, in `domain` its `Model`."""
    name = "".join(part.capitalize() for part in method.split(".")) + kind
    folder = "domain" if kind == "Model" else kind.lower()
    return getattr(importlib.import_module("alipay.aop.api.%s.%s" % (folder, name)), name)


def with_file(request):
    """The SDK's request class with a file beside the content, as those of its methods have that take one."""

    class WithFile(request):
        def get_multipart_params(self):
            return {"image": FileItem("a.png", b"\x89PNG\r\n")}

    return WithFile


class Client:
    """The SDK with nothing set but the application, the keys and the address.

    It always connects to port 80, whatever the address says, so the sandbox must listen there.
    """

    def __init__(self, sandbox, way, app, wrong_key):
        mode = way["mode"]
        self.charset = "gbk" if mode == "GBK" else "utf-8"
        self.multipart = mode == "multipart"
        self.key = app["app_public_key" if wrong_key else "alipay_public_key"]
        self.app_auth_token = app.get("app_auth_token")
        config = AlipayClientConfig()
        config.server_url = sandbox.gateway_url
        config.app_id = app["app_id"]
        # It takes PKCS#1 only; the control API hands out PKCS#8.
        config.app_private_key = RSA.importKey(app["app_private_key"]).exportKey().decode()
        config.alipay_public_key = self.key
        if "RSA" in (mode, app.get("sign_type")):
            config.sign_type = "RSA"
        if mode == "GBK":
            config.charset = "gbk"
        self.sdk = DefaultAlipayClient(config)

    def request(self, method, biz, params):
        """The SDK's request class, with its model; what it has no place for goes beside."""
        request = (with_file(of("Request", method)) if self.multipart else of("Request", method))()
        if biz:
            request.biz_model = of("Model", method).from_alipay_dict(biz)
        if self.app_auth_token:
            params = dict(params, app_auth_token=self.app_auth_token)
        for name, value in params.items():
            if hasattr(type(request), name):
                setattr(request, name, value)
            else:
                request.add_other_text_param(name, value)
        return request

    def call(self, method, biz, params):
        try:
            content = self.sdk.execute(self.request(method, biz, params))
        except ResponseException as error:
            words = str(error)
            if "shape maybe illegal" in words:
                answer = json.loads(words[words.index("{") :])
                raise Refused(words, next(iter(answer.values()))) from error
            raise Refused(words) from error
        node = json.loads(content)
        # Its own class for the answer must read it, too.
        response = of("Response", method)()
        response.parse_response_content(content)
        if response.code != node.get("code") or response.is_success() != ("sub_code" not in node):
            raise Wrong("its response class reads %s from %s" % (response.code, content))
        return node

    def page(self, method, biz, params, by):
        return self.sdk.page_execute(self.request(method, biz, params), http_method=by)

    def string(self, method, biz, params):
        return self.sdk.sdk_execute(self.request(method, biz, params))

    def verify(self, fields, charset):
        """Its functions for text and signature; which fields are signed its user has to know."""
        signature = fields.pop("sign")
        fields.pop("sign_type")
        message = get_sign_content(fields).encode(charset)
        try:
            return verify_with_rsa(self.key, message, signature)
        except rsa.VerificationError:
            return False


class Sdk:
    """Makes clients."""

    def client(self, way, app, wrong_key):
        return Client(table.sandbox, way, app, wrong_key)


print("alipay-sdk-python %s" % version("alipay-sdk-python"))
table = Table(Sdk(), "alipay-sdk-python", sys.argv[1])
table.run(sys.argv[2] if len(sys.argv) > 2 else None)
