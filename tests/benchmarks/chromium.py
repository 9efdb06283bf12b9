"""Open a page of the app in Chromium and measure how long it takes to answer."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, NAMES, serving
from tests.browser.steps import opened


@contextmanager
def page_of_the_app(path: str) -> Iterator[Page]:
    """Open a page in Chromium, from a server of its own."""
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise click.ClickException(f"No browser: none of {', '.join(NAMES)} is on the PATH.")
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page()
        page.set_default_timeout(60_000)
        yield opened(page, f"{server.url}/{path}")
        browser.close()


def milliseconds(page: Page, act: Callable[[], object], event: str, what: str) -> float:
    """Return milliseconds from the event (such as "pointerup") that ``act`` causes until the page changes.

    ``what`` is a JavaScript function that returns what is compared.
    """
    page.evaluate(f"""() => {{
      const what = {what}
      const before = what()
      const once = {{ once: true, capture: true }}
      let begin
      window.addEventListener('{event}', () => {{ begin = performance.now() }}, once)
      window.answered = new Promise((resolve, reject) => {{
        const watcher = new MutationObserver(() => {{
          if (what() !== before) {{ watcher.disconnect(); resolve(performance.now() - begin) }}
        }})
        watcher.observe(document.body, {{ subtree: true, childList: true, attributes: true }})
        setTimeout(() => reject(new Error('no answer within 20 seconds')), 20000)
      }})
    }}""")
    act()
    return page.evaluate("() => window.answered")
