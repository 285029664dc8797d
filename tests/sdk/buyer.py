"""What people do between an SDK's calls: agree on Alipay's pages, and read a bill that was downloaded."""

import io
import re
import urllib.request
import zipfile
from http.cookiejar import CookieJar
from urllib.parse import parse_qsl, urlencode, urlsplit


def agree(url, buyer):
    """Opens a question of Alipay's, logs in and says yes. Hands back what the browser then carries to the shop."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.addheaders = [("Accept", "text/html"), ("Accept-Language", "zh-CN")]

    def visit(address, fields=None):
        data = None if fields is None else urlencode(fields).encode()
        with opener.open(address, data, timeout=15) as answer:
            return answer.geturl(), answer.headers.get("refresh", ""), answer.read().decode()

    def token(page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    address, _, page = visit(url)
    base = address.split("?")[0]
    login = {"csrf_token": token(page), "logon_id": buyer["logon_id"], "password": buyer["login_password"]}
    _, _, page = visit(base + "/login", login)
    word = {"csrf_token": token(page)}
    if 'name="pay_password"' in page:
        word["pay_password"] = buyer["pay_password"]
    _, refresh, _ = visit(base + "/agree", word)
    return dict(parse_qsl(urlsplit(refresh.partition("url=")[2]).query))


def read_bill(url):
    """Downloads a bill; hands back the names of the files in it, and all their text."""
    with urllib.request.urlopen(url, timeout=15) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    broken = archive.testzip()
    assert broken is None, "%s is damaged" % broken
    # The names are in GBK too; a ZIP that does not say so is read as code page 437.
    names = [info.filename.encode("cp437").decode("gbk") for info in archive.infolist()]
    return names, "".join(archive.read(info).decode("gbk") for info in archive.infolist())
