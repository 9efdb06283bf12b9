from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.parts.inside.gan_game_part import LABELS
from tests.browser.conftest import ROOT, Server
from tests.browser.steps import PAGES, button, field, opened, option

pytestmark = pytest.mark.browser


def test_every_page_is_in_this_test() -> None:
    files = {path.stem for path in Path(ROOT / "pages").glob("*.py")}
    assert {path or "home" for path in PAGES} == files


def test_every_page_declares_the_navigation_before_it_shows_anything() -> None:
    for script in Path(ROOT / "pages").glob("*.py"):
        body = ast.parse(script.read_text(encoding="utf-8")).body
        calls = [ast.unparse(each.value) for each in body if isinstance(each, ast.Expr)]
        assert calls[1] == "navigation.ensure_declared()", script.name  # after the docstring


def test_a_link_opened_first_on_a_fresh_server_shows_the_whole_page(
    fresh_server: Server, visitor: Callable[..., Page]
) -> None:
    """Open a link of an older version; the test above stands for the other pages."""
    link = "inside?part=Contest&contest=In+two+dimensions&layers=Field&kd=3"
    page = opened(visitor(color_scheme="dark"), f"{fresh_server.url}/{link}")

    expect(page.locator("h1")).to_have_text(PAGES["inside"])
    assert PAGES["inside"] in page.title()
    names = ["Home", *list(PAGES.values())[1:]]
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(len(names))
    assert [link.inner_text().split("\n")[-1] for link in page.get_by_test_id("stTopNavLink").all()] == names
    background = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    assert background == "rgb(20, 19, 28)"  # the dark colour of our theme, not Streamlit's
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(option(page, "contest", LABELS["plane"])).to_be_checked()
    expect(field(page, "kd")).to_have_value("3")
    expect(button(page, "start gan_game_plane")).to_be_visible()
    expect(page).to_have_url(re.compile("part=contest.*contest=plane"))
