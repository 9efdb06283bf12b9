from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import language
from core.language import gettext
from tests.pages.conftest import OpenPage


def _title(of: str) -> str:
    with language.using(of):
        return gettext("Generate")


def _titles(at: AppTest) -> list[str]:
    return [title.value for title in at.title]


def test_a_link_with_a_language_opens_the_page_in_it(open_page: OpenPage) -> None:
    at = open_page("generate", lang="zh")
    assert _titles(at) == [_title("zh")] != [_title("en")]


def test_the_browser_chooses_the_language_of_a_link_without_one(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "locale", property(lambda _: "zh-CN"))
    at = open_page("generate")
    assert _titles(at) == [_title("zh")]
    assert "lang" not in at.query_params


def test_an_unknown_language_in_the_link_is_passed_over(open_page: OpenPage) -> None:
    assert _titles(open_page("generate", lang="<b>")) == [_title("en")]


def test_the_button_switches_the_language_in_the_same_run(open_page: OpenPage) -> None:
    at = open_page("generate")

    at.button(key="language").click().run()

    assert _titles(at) == [_title("zh")]
    assert at.query_params["lang"] == "zh"


def _app() -> None:
    from pages.parts.shared import visitor_language  # noqa: PLC0415 (it runs as a script of its own)

    visitor_language.choose()
    visitor_language.show_button()
    visitor_language.keep_in_link()


def test_links_within_the_app_keep_the_chosen_language() -> None:
    at = AppTest.from_function(_app).run()
    assert at.query_params == {}

    at.button(key="language").click().run()
    at.query_params = {"run": "1"}  # a link within the app has other parameters
    at.run()
    assert at.button(key="language").label == language.LANGUAGES["en"]
    assert at.query_params == {"run": "1", "lang": "zh"}

    at.button(key="language").click().run()
    assert at.button(key="language").label == language.LANGUAGES["zh"]
    assert at.query_params == {"run": "1", "lang": "en"}


def test_two_visitors_of_one_server_read_two_languages(open_page: OpenPage) -> None:
    chinese, english = open_page("generate", lang="zh"), open_page("generate")

    chinese.run()

    assert _titles(chinese) == [_title("zh")]
    assert _titles(english) == [_title("en")]
