"""The app in a real browser, served by a real ``streamlit run``."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect, sync_playwright

from core.errors import RunError
from core.runs import Control, RunStore

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"  # the same without windows, for a third less work
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
PATIENCE = 60_000  # milliseconds; a machine that trains beside the tests is slow
TABS = 3  # kept for the next tests; each takes some 150 MB
expect.set_options(timeout=PATIENCE)

# Streamlit's own noise: it looks for its server below the page's address first.
NOT_OURS = ("/_stcore/health", "/_stcore/host-config")
OWN_ADDRESS = re.compile(r"(https?|wss?)://(127(\.\d+){3}|(\w+\.)*localhost)[:/]|(data|blob|about):")

LOST_PICTURE = re.compile(r"Image source error - (\S+/media/\S+)")


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    home: Path
    log: Path
    pid: int


def chromium_path(*, whole: bool = False) -> str | None:
    """Return where Chromium is, None without one.

    ``whole``: not its shell, which lets frames of other sites keep what they like.
    """
    return next(filter(None, map(shutil.which, NAMES if whole else (SHELL, *NAMES))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; without one, tests are skipped, but fail in CI."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM then ends the servers as well
    if chromium_path() is None:
        absent = f"no browser: none of {', '.join(NAMES)} is on the PATH"
        pytest.fail(absent) if os.environ.get("CI") else pytest.skip(absent)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield chromium
        chromium.close()


@contextmanager
def serving(
    folder: Path,
    ends_workers: bool = True,
    script: str = "streamlit_app.py",
    port: int | None = None,
    command: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Serve the app with a home in the folder; then kill it, and its workers if asked.

    A command and variables of one's own may replace the usual start; the port and the home are set besides.
    """
    port, home, log_file = port or free_port(), folder / "home", folder / "server.log"
    usual = [sys.executable, "-m", "streamlit", "run", script]
    variables = {
        **os.environ,
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_HEADLESS": "true",
        **(environment or {}),
        "STREAMLIT_SERVER_PORT": str(port),
        "DEEP_IMAGE_LAB_HOME": str(home),
    }
    with open(log_file, "wb") as log:
        process = subprocess.Popen(
            command or usual, cwd=ROOT, env=variables, stdout=log, stderr=log, start_new_session=True
        )
    server = Server(f"http://127.0.0.1:{port}", home, log_file, process.pid)
    try:
        wait_until_healthy(server.url, process, server.log)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if ends_workers:
            _end_workers(RunStore(server.home))


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one server for all tests of a process."""
    with serving(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def fresh_server(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """Start a server that has not answered any request yet."""
    with serving(tmp_path) as started:
        yield started


# A tab's own storage, which Storage.clearDataForOrigin leaves: else a drawing goes on in the next test.
FORGET_SESSION = "() => { try { sessionStorage.clear() } catch { /* nothing is kept here */ } }"


@dataclass(frozen=True)
class Tab:
    """The only tab of a context of these options."""

    page: Page
    options: dict[str, Any]

    def leave(self, origins: set[str]) -> bool:
        """Make the tab that of a new visitor, without what those origins have stored, unless it is closed."""
        if self.page.is_closed():
            self.page.context.close()
            return False
        for other in self.page.context.pages:
            if other is not self.page:
                other.close()
        self.page.evaluate(FORGET_SESSION)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        devices = self.page.context.new_cdp_session(self.page)
        for origin in origins:
            devices.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        devices.detach()
        return True


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> list[Tab]:
    """Return the tabs that earlier tests have left, the last one at the end.

    A tab that has shown the app opens it again in 0.7 s of processor time, and a new one in 2.5 s.
    """
    return []


@pytest.fixture
def visitor(browser: Browser, tabs: list[Tab]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty tab of a new visitor. Errors in its console fail the test.

    So does any request to another host than the server's, the icon of the tab included.

    A picture that the server no longer has also fails it, if it is still shown at the end: when one choice
    follows another at once, Streamlit deletes pictures of the first that the browser has not asked for yet,
    and those of the second replace them. The browser reports the loss, and so does Streamlit's own script.
    """
    used: list[Tab] = []
    errors: list[str] = []
    gone: set[str] = set()
    sent: set[str] = set()

    def heard(message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        if "/media/" in source and "404" in message.text:
            gone.add(source)
        elif lost := LOST_PICTURE.search(message.text):
            gone.add(lost[1])
        elif message.type == "error" and not any(part in source for part in NOT_OURS):
            errors.append(f"{message.text} ({source})")

    def failed(error: Error) -> None:
        errors.append(str(error))

    def asked(request: Request) -> None:
        sent.add(request.url)

    def made(width: int = 1280, height: int = 900, **options: Any) -> Page:
        options = {"viewport": {"width": width, "height": height}, **options}
        tab = next((tab for tab in tabs if tab.options == options), None)
        if tab:
            tabs.remove(tab)
        else:
            tab = Tab(browser.new_context(**options).new_page(), options)
        used.append(tab)
        tab.page.context.set_default_timeout(PATIENCE)
        tab.page.context.on("request", asked)
        tab.page.on("console", heard)
        tab.page.on("pageerror", failed)
        return tab.page

    yield made
    pages = [page for tab in used for page in tab.page.context.pages]
    shown = {url for page in pages for url in page.evaluate("[...document.images].map(image => image.src)")}
    # A browser without windows does not always ask for the icon, so its address is checked.
    icons = "[...document.querySelectorAll('link[rel~=icon]')].map(link => link.href)"
    sent.update(url for page in pages for url in page.evaluate(icons))
    for tab in used:
        tab.page.context.remove_listener("request", asked)
        tab.page.remove_listener("console", heard)
        tab.page.remove_listener("pageerror", failed)
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in sent if url.startswith("http")}
    tabs += [tab for tab in used if tab.leave(origins)]
    for tab in tabs[:-TABS]:
        tab.page.context.close()
    del tabs[:-TABS]
    assert {url for url in sent if not OWN_ADDRESS.match(url)} == set(), "something was sent elsewhere"
    assert errors == [], "the browser's console shows errors"
    assert gone & shown == set(), "pictures are shown that the server no longer has"


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """Open a tab of desktop size."""
    return visitor()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Show the server's log beside a failure."""
    outcome = yield
    report = outcome.get_result()
    fixtures = getattr(item, "funcargs", {})
    for name in ("server", "fresh_server"):
        if report.failed and name in fixtures:
            report.sections.append(("the server's log", fixtures[name].log.read_text(errors="replace")))


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; fail the test if it does not."""
    give_up = time.monotonic() + PATIENCE / 1000
    while True:
        with (
            suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(url + "/_stcore/health", timeout=5),
        ):
            return
        if process.poll() is not None or time.monotonic() > give_up:
            pytest.fail(f"the server does not answer:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _end_workers(store: RunStore) -> None:
    """End the trainings of a server that has been killed: each worker leads a process group of its own."""
    for run in store.list():
        give_up = time.monotonic() + 30
        while run.is_locked() and time.monotonic() < give_up:
            with suppress(RunError):  # the worker has just ended
                run.request(Control.STOP)  # for a worker that is still starting
            if pid := run.status().pid:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            time.sleep(0.1)
