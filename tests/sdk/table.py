"""Walks the table of calls (`calls/*.json`) with one SDK: what both Python scripts share.

What a scenario, a way and a step are is told in `calls/README.md`. A script hands in its SDK as an
object with `client(way, app, wrong_key)`, whose answer can `call`, `page`, `string` and `verify`.
"""

import json
import pathlib
import re
import sys
import threading
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from buyer import agree, read_bill

PLACE = re.compile(r"\{([A-Za-z0-9_.+-]+)\}")
NOTICE_LIMIT_S = 20


class Refused(Exception):
    """The SDK says that an answer's signature does not hold, or that there is none."""

    def __init__(self, words, node=None):
        super().__init__(words)
        self.node = node


class Wrong(Exception):
    """What a step found is not what the table says."""


class Sandbox:
    """A running sandbox, known only from its `sandbox.json`."""

    def __init__(self, path):
        self.folder = pathlib.Path(path).resolve().parent
        self.file = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.gateway_url = self.file["gateway_url"]
        self.origin = self.gateway_url.rsplit("/", 1)[0]

    def text(self, name):
        """The text of a file that `sandbox.json` names, exactly as it lies there."""
        return (self.folder / name).read_text(encoding="utf-8")

    def app(self):
        """The application at the top of the file."""
        app = {name: self.text(file) for name, file in self.file["keys"].items()}
        app.update({name: self.text(file) for name, file in self.file.get("certs", {}).items()})
        app.update(app_id=self.file["app_id"], seller_id=self.file["seller_id"])
        if "aes_key" in self.file:
            app["aes_key"] = self.file["aes_key"]
        return app

    def control(self, line, body=None):
        """One call of the control API: `POST trades/1/pay`. Hands back the status and the answer."""
        verb, path = line.split(" ", 1)
        data = None if verb == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.origin + "/sandbox/v1/" + path,
            data=data,
            headers={"Content-Type": "application/json"},
            method=verb,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


class Receiver:
    """Where notices arrive; each is answered `success`."""

    def __init__(self):
        self.notices = []
        self.arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.arrived:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    receiver.notices.append((headers, body))
                    receiver.arrived.notify_all()
                self.send_response(200)
                self.send_header("Content-Length", "7")
                self.end_headers()
                self.wfile.write(b"success")

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d/notify" % server.server_address[1]

    def wait(self, wanted):
        """The first notice with these fields, as headers, body and fields in its own charset."""

        def find():
            for headers, body in self.notices:
                fields = read_form(body)
                if all(fields.get(name) == value for name, value in wanted.items()):
                    return headers, body, fields
            return None

        with self.arrived:
            found = self.arrived.wait_for(find, NOTICE_LIMIT_S)
        if not found:
            raise Wrong("no such notice came within %d s" % NOTICE_LIMIT_S)
        return found


def read_form(body):
    """A form's fields, read in the charset that it names itself."""
    text = body.decode("ascii")
    charset = dict(parse_qsl(text)).get("charset", "utf-8")
    return dict(parse_qsl(text, keep_blank_values=True, encoding=charset))


def open_page(url, data=None):
    """Opens a link, or sends a form, as a browser would. Hands back the page."""
    headers = {"Accept": "text/html", "Accept-Language": "zh-CN"}
    if data is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers), timeout=15) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            return answer.read().decode(charset, "replace")
    except urllib.error.HTTPError as error:
        return "HTTP %d: %s" % (error.code, error.read().decode("utf-8", "replace"))


def unescape(text):
    """An attribute's value: only entities that end with `;` are any, as a browser has it here."""
    names = {"quot": '"', "amp": "&", "lt": "<", "gt": ">", "#39": "'"}
    return re.sub(r"&(quot|amp|lt|gt|#39);", lambda found: names[found[1]], text)


def submit(form, charset="utf-8"):
    """Sends the form that an SDK wrote for the browser."""
    action = unescape(re.search(r'action="([^"]*)"', form)[1])
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return open_page(action, urlencode([(n, unescape(v)) for n, v in fields], encoding=charset).encode())


def look_up(answer, path):
    """A value inside an answer: `fund_bill_list.0.amount`."""
    for part in path.split("."):
        if isinstance(answer, list) and part.isdigit() and int(part) < len(answer):
            answer = answer[int(part)]
        elif isinstance(answer, dict) and part in answer:
            answer = answer[part]
        else:
            return None
    return answer


def plain(value):
    """A value as the table compares it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Walk:
    """One scenario, walked in one way."""

    def __init__(self, table, scenario, way):
        self.table, self.scenario, self.way = table, scenario, way
        sandbox = table.sandbox
        buyer = sandbox.file["buyer"]
        self.values = {"buyer." + name: value for name, value in buyer.items()}
        self.values.update(notify_url=table.receiver.url, gateway_url=sandbox.gateway_url, origin=sandbox.origin)
        for name in scenario.get("fresh", []):
            self.values[name] = name[:4] + uuid.uuid4().hex[:22]
        self.values["day"] = table.china_time("")[:10]
        self.values["sign_type"] = "RSA" if way["mode"] == "RSA" else "RSA2"
        self.app = sandbox.app()
        self.clients = {}

    def fill(self, value):
        """The value with everything in braces filled in."""
        if isinstance(value, str):
            return PLACE.sub(lambda found: str(self.value(found[1])), value)
        if isinstance(value, list):
            return [self.fill(one) for one in value]
        if isinstance(value, dict):
            return {name: self.fill(one) for name, one in value.items()}
        return value

    def value(self, name):
        if name in self.values:
            return self.values[name]
        if name in ("app_id", "seller_id"):
            return self.app[name]
        if name.startswith("now"):
            return self.table.china_time(name[3:])
        if name == "today":
            return self.table.china_time("")[:10]
        raise Wrong("nothing is called {%s}" % name)

    def client(self, wrong_key=False, changes=None):
        key = (wrong_key, json.dumps(changes, sort_keys=True), self.app["app_id"])
        if key not in self.clients:
            app = dict(self.app, **(changes or {}))
            self.clients[key] = self.table.sdk.client(self.way, app, wrong_key)
        return self.clients[key]

    def run(self):
        wishes = dict(self.way.get("app", {}), **self.scenario.get("app", {}))
        if wishes:
            status, made = self.table.sandbox.control("POST apps", dict(wishes, name="t" + uuid.uuid4().hex[:20]))
            if status != 201:
                raise Wrong("no application: %s %s" % (status, made))
            self.app = dict(made, **made.get("certs", {}))
        for step in self.scenario["steps"]:
            if self.way["id"] in step.get("not_for", []):
                continue
            label = "%s / %s: %s" % (self.scenario["name"], self.way["id"], say(step))
            try:
                self.step(step)
                self.table.held(label)
            except Exception as error:
                self.table.failed(label, "%s: %s" % (type(error).__name__, error))
                return

    def step(self, step):
        kind = next(kind for kind in KINDS if kind in step)
        KINDS[kind](self, step)

    def biz(self, step):
        return self.fill(step.get("biz", {}))

    def params(self, step):
        names = ("notify_url", "return_url", "auth_token", "app_auth_token")
        params = {name: self.fill(step[name]) for name in names if name in step}
        params.update(self.fill(step.get("params", {})))
        return params

    def call(self, step):
        """A method that answers."""
        method, biz, params = step["call"], self.biz(step), self.params(step)
        expect = step.get("expect", {})
        client = self.client(changes=self.fill(step.get("client")))
        try:
            node = client.call(method, biz, params)
            if expect.get("unsigned") or expect.get("refused"):
                raise Wrong("a signature that should not hold: %s" % plain(node))
        except Refused as refused:
            if expect.get("refused") and refused.node is None:
                return
            if not expect.get("unsigned") or refused.node is None:
                raise
            node = refused.node
        self.compare(node, expect)
        self.save(step, node)
        if self.scenario.get("wrong_key"):
            try:
                answer = self.client(wrong_key=True).call(method, biz, params)
            except Refused as refused:
                if refused.node is not None:
                    raise Wrong("no signature to refuse: %s" % refused)
            else:
                raise Wrong("believed with a wrong key: %s" % plain(answer))

    def compare(self, node, expect):
        if "code" in expect or "sub_code" in expect or not expect.get("codeless"):
            wanted = expect.get("code", "10000" if "sub_code" not in expect else "40004")
            if node.get("code") != wanted:
                raise Wrong("code is %s, not %s: %s" % (node.get("code"), wanted, plain(node)))
        if node.get("sub_code") != expect.get("sub_code"):
            raise Wrong("sub_code is %s, not %s: %s" % (node.get("sub_code"), expect.get("sub_code"), plain(node)))
        self.fields(node, expect)

    def fields(self, node, expect):
        for path, pattern in expect.get("has", {}).items():
            found = look_up(node, path)
            pattern = PLACE.sub(lambda m: re.escape(str(self.value(m[1]))) if not m[1].isdigit() else m[0], pattern)
            if found is None or not re.fullmatch(pattern, plain(found), re.S):
                raise Wrong("%s is %r, not %s: %s" % (path, found, pattern, plain(node)))
        for path in expect.get("lacks", []):
            if look_up(node, path) is not None:
                raise Wrong("%s should not be there: %s" % (path, plain(node)))

    def save(self, step, node):
        for name, path in step.get("save", {}).items():
            found = look_up(node, path)
            if found is None:
                raise Wrong("no %s to keep: %s" % (path, plain(node)))
            self.values[name] = found

    def page(self, step):
        """A page for the browser."""
        client = self.client(changes=self.fill(step.get("client")))
        made = client.page(step["page"], self.biz(step), self.params(step), step["by"])
        if step["by"] == "GET":
            self.values["link"] = made
        seen = open_page(made) if step["by"] == "GET" else submit(made, client.charset)
        for text in self.fill(step.get("shows", [])):
            if text not in seen:
                raise Wrong("the page does not show %s: %s" % (text, seen[:2000]))

    def string(self, step):
        """An order for the wallet."""
        client = self.client(changes=self.fill(step.get("client")))
        self.values["order_string"] = client.string(step["string"], self.biz(step), self.params(step))

    def control(self, step):
        """The control API."""
        line, body = self.fill(step["control"]), self.fill(step.get("body"))
        status, answer = self.table.sandbox.control(line, body)
        if status != step.get("status", 200):
            raise Wrong("answered %s: %s" % (status, plain(answer)))
        self.fields(answer, step.get("expect", {}))
        self.save(step, answer)

    def agree(self, step):
        """The buyer agrees on a page of Alipay's."""
        self.save(step, agree(self.fill(step["agree"]), self.table.sandbox.file["buyer"]))

    def bill(self, step):
        """A bill is downloaded, unpacked and read."""
        names, text = read_bill(self.fill(step["bill"]))
        wanted = self.fill(step["holds"])
        missing = [one for one in wanted if one not in text]
        if missing or len(names) != step["files"]:
            raise Wrong("the bill with the files %s does not hold %s" % (names, missing))

    def notice(self, step):
        """A notice, verified by the SDK; changed, or with a wrong key, it is refused."""
        headers, body, fields = self.table.receiver.wait(self.fill(step["notice"]))
        self.fields(fields, step.get("expect", {}))
        charset = step.get("charset", "utf-8")
        wanted = "application/x-www-form-urlencoded; text/html; charset=%s" % charset.upper()
        if headers.get("content-type") != wanted or headers.get("user-agent") != "Mozilla/4.0":
            raise Wrong("its headers are %s" % headers)
        self.verify(fields, charset, self.way["sdk"] not in step.get("beyond", []))

    def returned(self, step):
        """The browser's return, verified by the SDK."""
        fields = read_form(urlsplit(self.fill(step["return"])).query.encode())
        self.fields(fields, step.get("expect", {}))
        self.verify(fields, fields.get("charset", "utf-8"), self.way["sdk"] not in step.get("beyond", []))

    def verify(self, fields, charset, holds):
        if self.client().verify(dict(fields), charset) != holds:
            raise Wrong("the SDK should say %s: %s" % (holds, fields))
        changed = dict(fields, total_amount="0.01")
        if self.client().verify(changed, charset):
            raise Wrong("a changed amount was believed: %s" % changed)
        if self.client(wrong_key=True).verify(dict(fields), charset):
            raise Wrong("it was believed with a wrong key: %s" % fields)


KINDS = {
    "call": Walk.call,
    "page": Walk.page,
    "string": Walk.string,
    "control": Walk.control,
    "agree": Walk.agree,
    "bill": Walk.bill,
    "notice": Walk.notice,
    "return": Walk.returned,
}


def say(step):
    """A step in a few words."""
    kind = next(kind for kind in KINDS if kind in step)
    words = step.get("say") or step[kind]
    words = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)
    code = step.get("expect", {}).get("sub_code")
    return "%s %s%s" % (kind, words, " -> " + code if code else "")


class Table:
    """All scenarios that are walked with one SDK."""

    def __init__(self, sdk, name, sandbox_file):
        self.sdk, self.good = sdk, True
        self.sandbox = Sandbox(sandbox_file)
        self.receiver = Receiver()
        folder = pathlib.Path(__file__).resolve().parent / "calls"
        ways = json.loads((folder / "ways.json").read_text(encoding="utf-8"))
        self.ways = [way for way in ways["ways"] if way["sdk"] == name]
        self.groups = ways["groups"]
        self.scenarios = []
        for file in sorted(folder.glob("*.json")):
            if file.name != "ways.json":
                self.scenarios += json.loads(file.read_text(encoding="utf-8"))["scenarios"]

    def china_time(self, shift):
        """The sandbox's business time, so many seconds on, as Alipay writes it."""
        from datetime import datetime, timedelta

        now = self.sandbox.control("GET clock")[1]["now"]
        at = datetime.strptime(now[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(hours=8, seconds=int(shift or 0))
        return at.strftime("%Y-%m-%d %H:%M:%S")

    def run(self, only=None):
        for scenario in self.scenarios:
            if only and only not in scenario["name"]:
                continue
            named = scenario["ways"]
            wanted = {way for name in ([named] if isinstance(named, str) else named) for way in self.groups.get(name, [name])}
            for way in self.ways:
                if way["id"] in wanted:
                    self.one(scenario, way)
        sys.exit(0 if self.good else 1)

    def one(self, scenario, way):
        try:
            Walk(self, scenario, way).run()
        except Exception as error:
            self.failed("%s / %s" % (scenario["name"], way["id"]), "%s: %s" % (type(error).__name__, error))

    def held(self, label):
        print("ok %s" % label, flush=True)

    def failed(self, label, why):
        self.good = False
        print("not ok %s: %s" % (label, " ".join(why.split())), flush=True)


def link_of(query_or_url):
    """The fields of a link or of an order for the wallet, for those who look inside."""
    query = urlsplit(query_or_url).query or query_or_url
    return {name: unquote_plus(value) for name, _, value in (part.partition("=") for part in query.split("&"))}
