from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE, serving
from tests.browser.pseudo_locale import CLOSE, OPEN
from tests.browser.steps import settled

pytestmark = pytest.mark.browser

LINKS = (
    *("", "classify", "teach", "train", "generate", "remedies", "tour?chapter=pooling"),
    *(f"inside?part={part}" for part in ("convolution", "training", "memory", "contest")),
)
# Streamlit's and Plotly's own words, which have no translations; below, names of functions, layers, formats.
STREAMLIT = (
    *("Download as CSV:", "Download plot as a PNG", "Search:", "Show/hide columns:"),
    *(
        "App pages",
        "Choose an option",
        "Copy to clipboard",
        "Decrement",
        "Fullscreen:",
        "Help for",
        "Increment",
    ),
    *("Link to heading", "Main menu", "Open", "Skip to main content", "Upload", "file upload"),
)
NAMES = re.compile(
    r"\b(conv|pool|dense|flatten|logits|softmax|maxi, j|max[ᵢⱼ]*|tanh|ReLU|PNG|SVG)\d*\b|\d+MB per file.*"
)
BRACKETED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
# All texts of the page in their order, those in the attributes that visitors read or hear too.
TEXTS = """() => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === 3) return found.push(node.data);
    if (node.matches?.("script, style, template, noscript, code")) return;
    if (node.nodeType === 1 && getComputedStyle(node).fontFamily.includes("Material")) return; // an icon
    if (node.matches?.(".page-links [aria-hidden]")) return; // an icon whose styles are those of phones
    for (const name of ["aria-label", "alt", "title", "placeholder"])
      if (node.getAttribute?.(name)) found.push("\\n" + node.getAttribute(name) + "\\n");
    if (node.shadowRoot) walk(node.shadowRoot);
    node.childNodes.forEach(walk);
    if (node.nodeType === 1 && !node.matches("span, b, i, strong, em, a, sub, sup, tspan")) found.push("\\n");
  };
  walk(document.querySelector('[data-testid="stAppViewContainer"]'));
  return found.join("");
}"""


def test_every_text_of_every_page_can_be_translated(browser: Browser, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.browser.pseudo_locale"]
    with serving(tmp_path, command=command, environment={"DEEP_IMAGE_LAB_WARM": "0"}) as server:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        found = {}
        for link in LINKS:
            page.goto(f"{server.url}/{link}")
            found[link] = _untranslated(settled(page))
        page.close()
    assert {link: texts for link, texts in found.items() if texts} == {}


def _untranslated(page: Page) -> list[str]:
    """Return what stands outside brackets and looks like words."""
    text = page.evaluate(TEXTS)
    assert OPEN in text, "the server must put texts in brackets"
    while (shorter := BRACKETED.sub("", text)) != text:
        text = shorter
    rest = (NAMES.sub("", line).strip() for line in text.splitlines())
    return sorted({line for line in rest if re.search("[A-Za-z]{3}", line) and line not in STREAMLIT})
