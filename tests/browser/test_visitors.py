"""Several modules: who a visitor is, as the browser and the server tell each other."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from core.contract.config import ClassifierConfig
from core.messages import Message
from core.runs import Run, RunStore
from core.visitors import is_secret, visitor_id
from tests.browser.conftest import FLAGS, ROOT, Server, chromium_path, serving
from tests.browser.embedding import frame_of, framed
from tests.browser.steps import opened

pytestmark = pytest.mark.browser

KEPT = "localStorage.getItem('deep-image-lab visitor')"
# Playwright switches off the storage that real browsers give to a frame of another site.
PARTITIONED = ("--disable-features=HttpsUpgrades", "--test-third-party-cookie-phaseout")
SCRIPT = """async ([script, kept, data]) => {
  kept === null ? localStorage.clear() : localStorage.setItem('deep-image-lab visitor', kept);
  let said = null;
  const module = await import('data:text/javascript;base64,' + script);
  module.default({ data, setStateValue: (name, value) => { said = value; } });
  return [said, localStorage.getItem('deep-image-lab visitor')];
}"""
A, B, C = (32 * letter for letter in "abc")


def secret_of(page: Page | Frame) -> str:
    """Return the secret that the browser keeps, once it does."""
    page.wait_for_function(f"{KEPT} !== null")
    found = page.evaluate(KEPT)
    assert is_secret(found)
    return found


def run_of(secret: str, server: Server) -> Run:
    """Make a finished run of the visitor with this secret."""
    run = RunStore(server.home).create(ClassifierConfig(), visitor=visitor_id(secret))
    run.write_status(state="stopped", message=Message("Stopped."))
    return run


def lists_only(page: Page | Frame, run: Run) -> None:
    """Assert that the page lists the run as the visitor's, and none of other visitors."""
    expect(page.locator(f'[class*="st-key-ticked-{run.id}"]')).to_have_count(1)
    expect(page.locator('[class*="st-key-ticked-"]')).to_have_count(1)


def test_a_visitor_is_the_same_after_a_reload_in_a_second_tab_and_after_a_restart(
    browser: Browser, visitor: Any, tmp_path: Path
) -> None:
    with serving(tmp_path) as server:
        page = opened(visitor(), f"{server.url}/train")
        run = run_of(secret_of(page), server)
        run_of(A, server)
        page.reload()
        lists_only(page, run)
        tab = page.context.new_page()
        tab.goto(f"{server.url}/train")
        lists_only(tab, run)
        tab.close()
        page.goto("about:blank")  # before the server ends
    page.context.clear_cookies()  # as when the browser was closed
    with serving(tmp_path, port=int(server.url.rpartition(":")[2])):
        page.goto(f"{server.url}/train")
        lists_only(page, run)
        page.goto("about:blank")


def test_a_visitor_is_the_same_after_a_reload_in_a_frame_of_another_site(
    browser: Browser, server: Server
) -> None:
    path = chromium_path(whole=True)
    chromium = browser.browser_type.launch(executable_path=path, args=[*FLAGS, *PARTITIONED])
    with framed(f"{server.url}/train") as address:
        page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(address)
        frame = frame_of(page)
        run = run_of(secret_of(frame), server)
        assert frame.evaluate("document.cookie") == ""
        page.reload()
        frame = frame_of(page)
        lists_only(frame, run)
        assert "visitor=" not in frame.url
    chromium.close()


def test_a_frame_whose_browser_keeps_nothing_names_the_visitor_in_its_link(
    browser: Browser, server: Server
) -> None:
    chromium = browser.browser_type.launch(executable_path=chromium_path(whole=True), args=list(FLAGS))
    with framed(f"{server.url}/train") as address:
        page = chromium.new_page()
        page.goto(address)
        frame = frame_of(page)
        frame.wait_for_function("location.search.includes('visitor=')")
        run = run_of(frame.url.partition("visitor=")[2], server)
        frame.evaluate("location.reload()")
        lists_only(frame_of(page), run)
    chromium.close()


CASES: list[tuple[str | None, tuple[str, str, bool], str | None, str]] = [
    # what the browser keeps; what is offered, known and started; what it says; what it keeps then
    (None, (A, A, False), None, A),  # a first visit costs no message
    (A, (A, A, True), None, A),
    (B, (A, A, False), B, B),
    (B, (A, B, True), f"{B} {A}", f"{B} {A}"),
    (f"{B} {A}", (C, B, True), f"{B} {C} {A}", f"{B} {C} {A}"),
    ("invented", (A, A, False), None, A),
    (B, ("", "", False), B, B),  # somebody else's link changes nothing
]


def test_the_browser_keeps_its_secrets_and_reports_only_news(server: Server, page: Page) -> None:
    script = b64encode((ROOT / "pages/parts/components/browser_secret.js").read_bytes()).decode()
    page.goto(f"{server.url}/_stcore/health")

    def answer(kept: str | None, offered: str, known: str, started: bool) -> list[Any]:
        data = {"offered": offered, "known": known, "started": started}
        return page.evaluate(SCRIPT, [script, kept, data])

    for kept, asked, said, after in CASES:
        assert answer(kept, *asked) == [said, after]
    fresh, _ = answer(None, "", "", False)
    assert is_secret(fresh)
    most, _ = answer(" ".join(32 * digit for digit in "01234567"), A, "", True)
    assert most.split() == [32 * "0", A, *(32 * digit for digit in "234567")], "at most eight"
