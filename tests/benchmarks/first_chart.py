"""Measure how long Home's first chart takes: ``python -m tests.benchmarks.first_chart``.

The plain page with one Plotly chart takes turns with Home. Of each, a new server and a new browser profile
show the page once (cold), and then show it again three times (reload). Print the medians in seconds from the
request until the first chart is drawn, and Home's over the plain page's.

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

SCRIPTS = {"plain page": "tests/benchmarks/plain_page.py", "home": "streamlit_app.py"}
VARIABLES = {"plain page": PLAIN, "home": {"DEEP_IMAGE_LAB_WARM": "0"}}
RELOADS = 3
PATIENCE = 120_000  # milliseconds
WATCH = """() => {
  const CHARTS = ".js-plotly-plot .main-svg .point, .networks .bar";
  const drawn = (root) => root.querySelector(CHARTS)
    || [...root.querySelectorAll("*")].some((element) => element.shadowRoot && drawn(element.shadowRoot));
  const look = () => {
    const main = document.querySelector(".stMain");
    if (main && drawn(main)) window.firstChart = performance.now() / 1000;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@click.command()
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
def main(rounds: int) -> None:
    """Print one JSON object with the medians of both pages and their ratios."""
    cold: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    again: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for _ in range(rounds):
            for name, script in SCRIPTS.items():
                with server_of(script, VARIABLES[name]) as server:
                    first, *others = _seconds(browser, server.url)
                cold[name].append(first)
                again[name] += others
        browser.close()
    click.echo(json.dumps({"cold": _report(cold), "reload": _report(again)}, indent=1))


def _seconds(browser: Browser, url: str) -> list[float]:
    """Return the seconds of one visit and of each reload."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(f"({WATCH})()")
    found = []
    for _ in range(1 + RELOADS):
        page.goto(url, wait_until="commit")
        page.wait_for_function("window.firstChart", timeout=PATIENCE)
        found.append(page.evaluate("window.firstChart"))
        page.wait_for_timeout(1500)
    page.close()
    return found


def _report(seconds: dict[str, list[float]]) -> dict[str, float]:
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    figures = {**medians, "home over plain": medians["home"] / medians["plain page"]}
    return {name: round(figure, 2) for name, figure in figures.items()}


if __name__ == "__main__":
    main()
