from __future__ import annotations

import threading

import pytest
import streamlit as st

from pages.parts.shared.process_cache import kept_in_process
from tests.pages.conftest import ROOT


def test_an_object_is_made_once_for_equal_arguments_and_survives_a_cleared_cache() -> None:
    made: list[str] = []

    @kept_in_process(2)
    def thing(name: str, _maker: object) -> list[str]:
        made.append(name)
        return [name]

    first = thing("a", object())
    st.cache_resource.clear()
    st.cache_data.clear()

    assert thing("a", []) is first
    assert thing("b", []) == ["b"]
    assert made == ["a", "b"]


def test_the_object_that_was_used_longest_ago_goes_first() -> None:
    made: list[str] = []

    @kept_in_process(2)
    def thing(name: str) -> None:
        made.append(name)

    for name in ("a", "b", "a", "c", "a", "b"):
        thing(name)

    assert made == ["a", "b", "c", "b"]


def test_an_error_is_not_kept() -> None:
    tries: list[int] = []

    @kept_in_process()
    def thing() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("once")
        return 7

    with pytest.raises(ValueError, match="once"):
        thing()
    assert [thing(), thing()] == [7, 7]


def test_threads_that_ask_at_once_get_one_object() -> None:
    begun, go_on, made, got = threading.Event(), threading.Event(), [], []

    @kept_in_process()
    def thing() -> object:
        made.append(1)
        begun.set()
        go_on.wait(10)
        return object()

    threads = [threading.Thread(target=lambda: got.append(thing())) for _ in range(3)]
    threads[0].start()
    begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)

    assert len(made) == 1
    assert len(set(map(id, got))) == 1
    assert len(got) == 3


def test_no_page_keeps_limits_or_shared_objects_where_visitors_can_clear_them() -> None:
    pages = [path for path in (ROOT / "pages").rglob("*.py") if "cache_resource" in path.read_text()]

    assert pages == []
