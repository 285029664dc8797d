"""What the two Python scripts share: the sandbox's file, its control API, and a list of checks."""

import json
import pathlib
import sys
import urllib.error
import urllib.request
import uuid

SUBJECT = "通宝 SDK 课程 & more"
AMOUNT = "88.80"
PART = "30.30"


class Sandbox:
    """A running sandbox, known only from its `sandbox.json`."""

    def __init__(self, path):
        self.folder = pathlib.Path(path).resolve().parent
        self.file = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.gateway_url = self.file["gateway_url"]
        self.app_id = self.file["app_id"]

    def key(self, name):
        """The text of a key file, exactly as it lies there."""
        return (self.folder / self.file["keys"][name]).read_text(encoding="ascii")

    def pay(self, out_trade_no):
        """Plays the buyer, who scans the code and pays."""
        url = self.gateway_url.rsplit("/", 1)[0] + "/sandbox/v1/trades/" + out_trade_no + "/pay"
        request = urllib.request.Request(
            url, data=b"{}", headers={"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=15) as answer:
            return json.load(answer)


def open_page(url):
    """Opens a link as a browser would: redirects are followed. Hands back the page."""
    request = urllib.request.Request(url, headers={"Accept": "text/html", "Accept-Language": "zh-CN"})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return "HTTP %d: %s" % (error.code, error.read().decode("utf-8", "replace"))


def new_number(prefix):
    """A merchant's number that nobody used before."""
    return prefix + uuid.uuid4().hex[:24]


class Checks:
    """Prints one line per check, and remembers whether all held."""

    def __init__(self):
        self.good = True

    def equal(self, what, found, wanted):
        """Both must be the same text."""
        self.true(what, str(found) == str(wanted), "found %r, wanted %r" % (found, wanted))

    def true(self, what, held, why=""):
        """It must be so."""
        self.good = self.good and bool(held)
        print("ok %s" % what if held else "not ok %s: %s" % (what, why), flush=True)

    def cashier(self, what, page):
        """The page is the cashier of this order."""
        self.true(what + " shows the amount", AMOUNT in page, page[:600])
        self.true(what + " shows the subject", "SDK 课程" in page, page[:600])

    def refused(self, what, action, refusal):
        """The action must raise exactly this refusal."""
        try:
            answer = action()
        except refusal as error:
            self.true(what, True)
            return error
        except Exception as error:
            self.true(what, False, "%s: %s" % (type(error).__name__, error))
            return error
        self.true(what, False, "accepted: %r" % (answer,))
        return None

    def end(self):
        """Leaves with the exit code that the checks deserve."""
        sys.exit(0 if self.good else 1)
