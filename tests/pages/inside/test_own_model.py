from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bundles.bundle import PRETRAINED
from core.subprocesses import ChildProcess
from pages.parts.inside import own_model
from pages.parts.shared import experiment
from tests.inside.test_model_file import GOOD, entry, packed
from tests.pages.conftest import OpenPage
from tests.pages.inside.reading import equations

LSTM = PRETRAINED / "lstm" / "model.keras"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[ChildProcess]:
    """Return the child processes that the page starts."""
    started: list[ChildProcess] = []

    def start(*arguments: Any, **options: Any) -> ChildProcess:
        started.append(ChildProcess(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(experiment, "ChildProcess", start)
    return started


def _brought(at: AppTest, content: bytes) -> AppTest:
    at.file_uploader(key=own_model.UPLOAD).upload("mine.keras", content)
    return at.run()


def test_a_model_file_is_read_in_a_child_that_ends_and_is_shown_to_its_softmax(
    open_page: OpenPage, children: list[ChildProcess]
) -> None:
    at = _brought(open_page("inside"), packed(GOOD))

    assert not at.exception
    assert at.query_params["network"] == own_model.KEY
    assert at.selectbox(key="inside layer").options == ["conv", "flat", "answer", "softmax"]
    at.selectbox(key="inside layer").set_value("softmax").run()
    assert "÷ Σ" in equations(at)
    assert [child.name for child in children] == ["model_file"]
    assert not children[0].alive

    odd = packed([*GOOD[:2], entry("LayerNormalization", "odd_layer"), *GOOD[2:]])
    at = _brought(at, odd)
    assert any("LayerNormalization" in caption.value for caption in at.caption)

    broken = _brought(at, b"no model")
    assert broken.error
    assert "max(0, " in equations(broken), "the one before stays"

    rows = _brought(at, LSTM.read_bytes())
    assert len(rows.info) == 1, "it says where to look, and nothing about the model before it"
    assert not any(child.alive for child in children)


def test_a_recurrent_model_is_shown_row_by_row(open_page: OpenPage) -> None:
    at = open_page("inside", part="memory")
    _brought(at, LSTM.read_bytes())

    assert not at.exception
    assert at.selectbox(key="inside network").value == own_model.KEY
