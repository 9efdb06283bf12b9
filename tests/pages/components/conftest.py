from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st


@dataclass
class Browser:
    """A browser that keeps what a component sends it, and answers what the test says."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)

    def __call__(self, **sent: Any) -> SimpleNamespace:
        self.sent.append(sent)
        return SimpleNamespace(**self.answer)

    @property
    def data(self) -> dict[str, Any]:
        """What the component sent last."""
        sent = self.sent[-1]["data"]
        return sent[0] if isinstance(sent, tuple) else sent


Mounted = Callable[[str], Any]


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


@pytest.fixture
def mounted(browser: Browser, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Mounted:
    """Return a function that imports a component a second time, with this browser in Streamlit's place."""

    def imported(name: str) -> Any:
        first = importlib.import_module(f"pages.parts.components.{name}")
        monkeypatch.setattr(st.components.v2, "component", lambda name, **parts: browser)
        spec = first.__spec__
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return imported
