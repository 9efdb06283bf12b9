"""Try docs/hosting/nginx.conf and docs/hosting/Caddyfile with the real programs, before two servers.

``python -m tests.hosting.proxy_trial nginx`` (or ``caddy``) needs the program, openssl and Chromium; Debian
has all. It changes ports, names and certificates of the recipe, nothing else. The servers share one home
folder. Each check prints what it found, and the first that fails ends the trial.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from pages.parts.classify.picture_input import SOURCES
from tests.browser.conftest import FLAGS, NOT_OURS, ROOT, Server, chromium_path, serving
from tests.browser.embedding import frame_of, framed
from tests.browser.steps import PAGES, button, opened, option, readings, settled, take_photo, upload
from tests.browser.test_classify import COPY
from tests.pictures import photograph

PORT, PLAIN_PORT = 18443, 18080
ADDRESS = f"https://127.0.0.1:{PORT}"
PARTS = ("convolution", "training", "memory", "contest")  # of Inside
CONNECTIONS = 300  # of one address; limit_conn in nginx.conf
CLASS = 6  # visitors from one address
WANTED = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


def main() -> None:
    """Start the servers and the proxy, and try all."""
    program = sys.argv[1]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which ends the servers too
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        settings = {"DEEP_IMAGE_LAB_PROXIES": "1", "DEEP_IMAGE_LAB_HOSTED": "1"}
        settings |= {"STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false"}
        servers = []
        for place in ("a", "b"):
            (folder / place).mkdir()
            (folder / place / "home").symlink_to(folder / "home")
            servers.append(stack.enter_context(serving(folder / place, environment=settings)))
        stack.enter_context(PROGRAMS[program](folder, [port_of(server) for server in servers]))
        _headers_and_refusals()
        _half_sent_requests(program)
        if program == "nginx":  # Caddy cannot
            _many_connections()
        with sync_playwright() as playwright:
            flags = [*FLAGS, "--test-third-party-cookie-phaseout"]
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
            _every_page(browser)
            _other_sites(browser)
            _a_class(browser, servers)
            browser.close()
    print("all checks passed")


def port_of(server: Server) -> int:
    """Return the port of a server."""
    return int(server.url.rpartition(":")[2])


@contextmanager
def nginx(folder: Path, ports: list[int]) -> Iterator[None]:
    """Start nginx with the recipe."""
    text = (ROOT / "docs/hosting/nginx.conf").read_text(encoding="utf-8")
    text = _own_places(text, folder, ports).replace("listen 80;", f"listen {PLAIN_PORT};")
    text = text.replace("listen 443 ssl;", f"listen {PORT} ssl;")
    text = f"user root;\npid {folder}/nginx.pid;\ndaemon off;\n{text}"
    text = text.replace("http {", f"http {{\n access_log {folder}/access.log;\n", 1)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    print(checked.stderr.strip())
    assert checked.returncode == 0
    with _started(command, folder):
        yield


@contextmanager
def caddy(folder: Path, ports: list[int]) -> Iterator[None]:
    """Start Caddy with the recipe."""
    text = (ROOT / "docs/hosting/Caddyfile").read_text(encoding="utf-8")
    text = _own_places(text, folder, ports)
    certificate = f"tls {folder}/lab.pem {folder}/lab.key"
    text = text.replace("lab.example.org {", f"https://127.0.0.1:{PORT} {{\n\t{certificate}", 1)
    text = text.replace("{\n\tservers", f"{{\n\tadmin off\n\thttp_port {PLAIN_PORT}\n\tservers", 1)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]
    with _started(command, folder):
        yield


PROGRAMS: dict[str, Callable[[Path, list[int]], object]] = {"nginx": nginx, "caddy": caddy}


def _own_places(text: str, folder: Path, ports: list[int]) -> str:
    """Put the trial's ports and certificate into a recipe, and let the test's own site frame the app."""
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/lab.key"]
    subprocess.run([*request, *names, "-out", f"{folder}/lab.pem"], check=True, capture_output=True)
    text = re.sub(r"/etc/ssl/\w+/lab\.example\.org\.", f"{folder}/lab.", text)
    text = text.replace("frame-ancestors 'self'\"", "frame-ancestors 'self' http://localhost:*\"")
    return text.replace("127.0.0.1:8501", f"127.0.0.1:{ports[0]}").replace("8502", str(ports[1]))


@contextmanager
def _started(command: list[str], folder: Path) -> Iterator[None]:
    with open(folder / "proxy.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HOME": str(folder)})
    try:
        for _ in range(50):
            if _answers():
                break
            time.sleep(0.1)
        else:
            raise AssertionError((folder / "proxy.log").read_text())
        yield
    finally:
        process.terminate()
        process.wait()


def _answers() -> bool:
    try:
        return _request("GET", "/_stcore/health")[0] == 200
    except OSError:
        return False


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _request(method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPSConnection("127.0.0.1", PORT, timeout=20, context=_trusting())
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, found


def _headers_and_refusals() -> None:
    status, headers = _request("GET", "/")
    assert status == 200
    assert WANTED.items() <= headers.items(), headers
    assert "frame-ancestors" in headers["content-security-policy"]
    print(f"cookie: {headers['set-cookie']}")
    assert all(word in headers["set-cookie"] for word in ("lab_server=", "SameSite=None", "Partitioned"))
    socket_headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    socket_headers["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    for origin, wanted in (("https://evil.example", 403), (ADDRESS, 101)):
        answer = _request("GET", "/_stcore/stream", Origin=origin, **socket_headers)[0]
        print(f"a web socket from {origin}: {answer}")
        assert answer == wanted
    answer = _large_upload()
    print(f"an upload of 40 MB: {answer}")
    assert answer in (413, 400)  # Caddy passes it on at once, and the app refuses it sooner


def _large_upload() -> int:
    """Send 40 MB in spite of any answer meanwhile, and return its status."""
    connection = http.client.HTTPSConnection("127.0.0.1", PORT, timeout=30, context=_trusting())
    connection.putrequest("PUT", "/_stcore/upload_file/a/b")
    for name, value in {"Content-Length": "40000000", "Origin": ADDRESS}.items():
        connection.putheader(name, value)
    connection.endheaders()
    with contextlib.suppress(OSError):  # cut off
        for _ in range(40):
            connection.send(bytes(1_000_000))
    status = connection.getresponse().status
    connection.close()
    return status


def _half_sent_requests(program: str) -> None:
    """Hold connections with half a request, and see how long they last and that others are served."""
    tls = _trusting()
    half = b"GET / HTTP/1.1\r\nHost: lab\r\nX: "
    body = b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: lab\r\nContent-Length: 9999\r\n\r\nfew"
    kinds = {"headers": half, "body": body} if program == "nginx" else {"headers": half}
    for kind, sent in kinds.items():
        held = [tls.wrap_socket(socket.create_connection(("127.0.0.1", PORT))) for _ in range(60)]
        start = time.monotonic()
        for each in held:
            each.sendall(sent)
        sent_after = time.monotonic() - start
        assert _answers()
        took = time.monotonic() - start - sent_after
        held[-1].settimeout(30)
        with contextlib.suppress(OSError):
            held[-1].recv(1000)
        ended = time.monotonic() - start
        print(f"60 unfinished requests ({kind}): others wait {took:.2f} s; cut off after {ended:.0f} s")
        assert 5 < ended < 25
        for each in held:
            each.close()


def _many_connections() -> None:
    """Hold more unfinished uploads than one address may have, and see that the next request is refused."""
    tls = _trusting()
    head = f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Length: 9999\r\n\r\n"
    held = []
    for _ in range(CONNECTIONS + 5):
        held.append(tls.wrap_socket(socket.create_connection(("127.0.0.1", PORT))))
        held[-1].sendall(head.encode())
    status = _request("GET", "/_stcore/health")[0]
    print(f"beyond {CONNECTIONS} connections from one address: {status}")
    assert status == 503
    for each in held:
        each.close()
    assert _answers()


def _every_page(browser: Browser) -> None:
    """Visit all pages; whatever the content policy refuses appears in the console."""
    permissions = ["clipboard-read", "clipboard-write", "camera"]
    context = browser.new_context(ignore_https_errors=True, permissions=permissions, accept_downloads=True)
    page, errors = context.new_page(), []
    page.on("console", lambda message: errors.append(message.text) if _is_error(message) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in PAGES:
        opened(page, f"{ADDRESS}/{path}")
    for part in PARTS:
        opened(page, f"{ADDRESS}/inside?part={part}")
        page.wait_for_timeout(1000)
    opened(page, f"{ADDRESS}/classify")
    upload(page, photograph(7))
    expect(readings(page)).to_have_text(["7"] * 3)
    expect(page.get_by_test_id("stImage").first).to_be_visible()
    page.evaluate(COPY, base64.b64encode(photograph(4)).decode())
    button(page, "catcher").first.click()
    expect(readings(page)).to_have_text(["4"] * 3)
    option(page, "source", SOURCES["camera"]).click()
    take_photo(page)
    opened(page, f"{ADDRESS}/generate")
    with page.expect_download() as download:
        button(page, "download png").click()
    print(f"downloaded {download.value.suggested_filename}")
    print(f"pages visited under the content policy; errors in the console: {errors}")
    assert errors == []
    context.close()


def _is_error(message: ConsoleMessage) -> bool:
    source = message.location.get("url", "")
    return message.type == "error" and not any(part in source for part in NOT_OURS)


def _other_sites(browser: Browser) -> None:
    """Show the app in a frame of an allowed site, and of one that is not."""
    page = browser.new_page(ignore_https_errors=True)
    with framed(f"{ADDRESS}/classify") as address:
        page.goto(address)
        frame = frame_of(page)
        settled(frame)
        upload(frame, photograph(7))
        expect(readings(frame)).to_have_text(["7"] * 3)
        kept = [cookie["name"] for cookie in page.context.cookies()]
        print(f"in a frame of an allowed site: uploaded and read; cookies {kept}")
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(address.replace("localhost", "127.0.0.1"))
        page.wait_for_timeout(1000)
        print(f"in a frame of another: {[text[:70] for text in refused]}")
        assert any("frame-ancestors" in text for text in refused)
    page.close()


def _a_class(browser: Browser, servers: list[Server]) -> None:
    """Let a class upload from one address, then end one server and let all go on."""
    pages: list[Page] = []
    for _ in range(CLASS):
        page = browser.new_context(ignore_https_errors=True).new_page()
        opened(page, f"{ADDRESS}/classify")
        upload(page, photograph(7))
        expect(readings(page)).to_have_text(["7"] * 3)
        pages.append(page)
    counts = [_sockets(port_of(server)) for server in servers]
    print(f"{CLASS} visitors from one address: all uploads read; web sockets on the servers: {counts}")
    assert min(counts) > 0
    os.killpg(servers[0].pid, signal.SIGKILL)
    for page in pages:
        page.reload()
        settled(page)
        upload(page, photograph(4))
        expect(readings(page)).to_have_text(["4"] * 3)
    print("one server killed: all visitors upload to the other after a reload")


def _sockets(port: int) -> int:
    shown = subprocess.run(
        ["ss", "-Htn", "state", "established", f"( sport = :{port} )"],
        capture_output=True,
        text=True,
        check=True,
    )
    return len(shown.stdout.splitlines())


if __name__ == "__main__":
    assert shutil.which(sys.argv[1]), f"{sys.argv[1]} is not installed"
    main()
