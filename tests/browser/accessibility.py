"""Look for violations of accessibility rules with axe-core, which runs in the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

# Streamlit's own: its uploader has a label and no role; its code blocks have pale colours and, where they are
# too wide, no way to scroll them by the keyboard, but a button that copies all.
NOT_OURS = ["[data-testid=stFileUploaderDropzone]", ".stCode pre"]
_LIBRARY = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_RUN = """([exclude, rules]) => axe.run({ exclude: exclude.map(each => [each]) },
  { resultTypes: ["violations"], ...(rules && { runOnly: rules }) })"""


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what breaks a rule on the page as it is now, with the element; only of some rules if given."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_library())
    found: dict[str, Any] = page.evaluate(_RUN, [NOT_OURS, rules])
    return [
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary'][:160]})"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def violations_in_both_themes(page: Page) -> list[str]:
    """Return the violations of all rules, and those of contrast in the other theme."""
    found = violations(page)
    own, other = "light", "dark"
    if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        own, other = other, own
    page.emulate_media(color_scheme=other)
    page.wait_for_timeout(300)  # colours fade
    found += violations(page, ["color-contrast"])
    page.emulate_media(color_scheme=own)
    return found


@cache
def _library() -> str:
    return _LIBRARY.read_text(encoding="utf-8")
