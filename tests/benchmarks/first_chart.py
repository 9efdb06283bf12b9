"""Measure how long each page's first content takes: ``python -m tests.benchmarks.first_chart``.

The plain page with one Plotly chart takes turns with the app's pages. Of each, a new server and a new browser
profile show the page once (cold), and then show it again three times (reload). Print the medians in seconds
from the request until the first chart is drawn (Home and the plain page) or the first picture, chart, field
or button below the title (the other pages), and each as a multiple of the plain page's.

The page's own clock is read, once a frame. Playwright's ``wait_for`` looks only every half a second once it
has waited for 0.3 s: by it, the plain page took 0.59 s and Home 1.09.
"""

from __future__ import annotations

import json
import shutil
import statistics

import click
from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.visitors import PLAIN, server_of
from tests.browser.conftest import FLAGS, NAMES
from tests.browser.steps import PAGES

PLAIN_PAGE, HOME = "plain page", "home"
APP_PAGES = (HOME, *(page for page in PAGES if page))
RELOADS = 3
PATIENCE = 120_000  # milliseconds
CHART = """(main) => [...main.querySelectorAll(".js-plotly-plot .main-svg .point, .networks .bar")]"""
CONTENT = """(main) => {
  const title = document.querySelector("h1");
  const own = [...main.querySelectorAll("img, canvas, .main-svg, input, button")];
  const isBelow = (element) => {
    const host = element.getRootNode().host || element;
    return title.compareDocumentPosition(host) & Node.DOCUMENT_POSITION_FOLLOWING;
  };
  return title ? own.filter((element) => isBelow(element) && element.getClientRects().length) : [];
}"""
WATCH = """(shown) => {
  const found = (root) => shown(root).length
    || [...root.querySelectorAll("*")].some((element) => element.shadowRoot && found(element.shadowRoot));
  const look = () => {
    const main = document.querySelector(".stMain");
    if (main && found(main)) window.firstContent = performance.now() / 1000;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--page", "pages", multiple=True, type=click.Choice(APP_PAGES), help="May be repeated. Without: all."
)
def main(rounds: int, pages: tuple[str, ...]) -> None:
    """Print one JSON object with the medians of all pages and their ratios."""
    names = (PLAIN_PAGE, *(pages or APP_PAGES))
    cold: dict[str, list[float]] = {name: [] for name in names}
    again: dict[str, list[float]] = {name: [] for name in names}
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for _ in range(rounds):
            for name in names:
                first, *others = _seconds_of(browser, name)
                cold[name].append(first)
                again[name] += others
        browser.close()
    click.echo(json.dumps({"cold": _report(cold), "reload": _report(again)}, indent=1))


def _seconds_of(browser: Browser, name: str) -> list[float]:
    """Return the seconds of a page from a new server: of one visit and of each reload."""
    if name == PLAIN_PAGE:
        with server_of("tests/benchmarks/plain_page.py", PLAIN) as server:
            return _seconds(browser, server.url, CHART)
    with server_of("streamlit_app.py", {"DEEP_IMAGE_LAB_WARM": "0"}) as server:
        if name == HOME:
            return _seconds(browser, server.url, CHART)
        return _seconds(browser, f"{server.url}/{name}", CONTENT)


def _seconds(browser: Browser, url: str, shown: str) -> list[float]:
    """Return the seconds of one visit and of each reload until JavaScript's ``shown`` finds something."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(f"({WATCH})({shown})")
    found = []
    for _ in range(1 + RELOADS):
        page.goto(url, wait_until="commit")
        page.wait_for_function("window.firstContent", timeout=PATIENCE)
        found.append(page.evaluate("window.firstContent"))
        page.wait_for_timeout(1500)
    page.close()
    return found


def _report(seconds: dict[str, list[float]]) -> dict[str, float]:
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    plain = medians[PLAIN_PAGE]
    ratios = {f"{name} over plain": median / plain for name, median in medians.items() if name != PLAIN_PAGE}
    return {name: round(figure, 2) for name, figure in {**medians, **ratios}.items()}


if __name__ == "__main__":
    main()
