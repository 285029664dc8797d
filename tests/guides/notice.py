# What follows the guide's pieces in Python: the sandbox's own notice arrives, and once more changed.
import http.server
import threading
import urllib.parse
import urllib.request

ORDER = {"total_amount": "39.00"}
CAME = threading.Event()
SAID = []


class View(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(raw))
        SAID.append(answer(dict(form), ORDER))
        SAID.append(answer(dict(form, total_amount="0.01"), ORDER))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(SAID[0].encode())
        CAME.set()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), View)
threading.Thread(target=server.serve_forever, daemon=True).start()
order = alipay.api_alipay_trade_page_pay(
    out_trade_no="A9", total_amount="39.00", subject="课程",
    notify_url="http://127.0.0.1:%d/notify" % server.server_address[1],
)
request = urllib.request.Request(
    box["console_url"] + "sandbox/v1/trades/A9/pay",
    data=json.dumps({"url": box["gateway_url"] + "?" + order}).encode(),
    headers={"Content-Type": "application/json"},
)
urllib.request.urlopen(request).read()
assert CAME.wait(30), "no notice came"
print(", then ".join(SAID))
