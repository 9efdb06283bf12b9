from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from core.contract.config import ClassifierConfig
from core.runs import Run
from core.visitors import is_secret, visitor_id
from pages.parts.components import browser_secret
from pages.parts.shared import own_runs, visitors

A, B = 32 * "a", 32 * "b"


class Browser:
    """A browser with a cookie, a link and an answer; ``opens`` begins a session."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, token: str | None = None, link: str = "") -> None:
        self.patch, self.token, self.answer = monkeypatch, token, None
        self.link = {visitors.LINK: link} if link else {}
        self.asked: list[Any] = []
        self.opens()

    def opens(self) -> None:
        cookies = {}
        if self.token:
            cookies["_streamlit_xsrf"] = generate_xsrf_token_string(bytes.fromhex(self.token), 1)
        context = type("Context", (), {"cookies": cookies, "headers": {}, "ip_address": None})
        self.patch.setattr(st, "context", context)
        self.patch.setattr(st, "query_params", self.link)
        self.patch.setattr(st, "session_state", {})
        self.patch.setattr(browser_secret, "answer", lambda: self.answer)
        self.patch.setattr(browser_secret, "ask", lambda *asked: self.asked.append(asked))

    def says(self, answer: object) -> None:
        visitors.ask_browser()
        self.answer = answer
        self.asked[-1][-1]()


def test_a_cookie_is_the_same_visitor_in_every_session(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch, token=A)
    first = visitors.visitor()
    browser.opens()

    assert first == visitors.visitor()
    assert first.id == visitor_id(A)
    Browser(monkeypatch, token=B)
    assert visitors.visitor() != first


def test_the_browser_s_own_secret_counts_before_the_cookie_and_both_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = Browser(monkeypatch, token=A)
    browser.says(B)

    assert visitors.visitor().id == visitor_id(B)
    assert visitors.visitor().owns(visitor_id(A))


@pytest.mark.parametrize("answer", [None, 7, "", "b", f"{B} b", " ".join(9 * [B]), [B], {"secrets": B}])
def test_an_answer_of_another_form_changes_nothing(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    browser = Browser(monkeypatch, token=A)
    browser.says(answer)

    assert visitors.visitor().ids == {visitor_id(A)}


def test_what_began_before_the_answer_stays_the_visitor_s_in_later_sessions(
    monkeypatch: pytest.MonkeyPatch, started: list[Run]
) -> None:
    browser = Browser(monkeypatch)
    visitors.ask_browser()
    [run] = own_runs.start([ClassifierConfig()])
    browser.says(B)
    assert own_runs.runs() == [run]
    visitors.ask_browser()
    offered, known, has_started, _ = browser.asked[-1]
    assert (known, has_started) == (B, True)
    assert visitor_id(offered) == run.status().visitor

    browser.opens()
    assert own_runs.runs() == []
    browser.says(f"{B} {offered}")  # as the browser answers from then on
    assert own_runs.runs() == [run]


def test_a_browser_that_keeps_nothing_is_known_by_its_link(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(monkeypatch)
    visitors.keep_in_link()
    assert visitors.LINK not in browser.link
    browser.says(visitors.REFUSED)
    visitors.keep_in_link()
    me = visitors.visitor()
    assert is_secret(browser.link[visitors.LINK])

    browser.opens()

    assert visitors.visitor() == me


def test_a_link_of_another_visitor_does_not_change_who_a_visitor_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = Browser(monkeypatch, link=A)
    visitors.ask_browser()
    assert browser.asked[-1][0] == "", "the browser must not keep another visitor's secret"
    browser.says(B)
    visitors.keep_in_link()

    assert visitors.visitor().ids == {visitor_id(B)}
    assert visitors.LINK not in browser.link
    Browser(monkeypatch, token=B, link=A)
    assert visitors.visitor().ids == {visitor_id(B)}


def test_a_link_of_another_form_is_no_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    Browser(monkeypatch, link="guessed")

    assert visitors.visitor().id != visitor_id("guessed")
