from __future__ import annotations

import pytest

from core.errors import RunError
from core.runs import Run
from core.runs.report import run_downloads
from tests.pages.conftest import OpenPage
from tests.pages.train.actions import (
    MakeRun,
    make,
    offered,
    saves,
)


def test_a_finished_run_can_be_taken_away(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_downloads, "can_convert_to_onnx", lambda: True)
    finished.bundle.mkdir()
    for name in ("model.keras", "model.tflite"):
        (finished.bundle / name).write_bytes(b"a model")

    at = open_page("train", run=finished.id)

    assert offered(at) == [
        "Keras", "LiteRT", "SavedModel", "ONNX", "Metrics", "TensorBoard", "Keras script", "Settings",
    ]  # fmt: skip
    assert saves(at) == []
    for label, name in (("Keras", "model.keras"), ("Metrics", "metrics.csv"), ("Settings", "config.json")):
        make(at, label)
        assert saves(at) == [f"Save {name}"]


def test_a_file_is_there_before_it_is_asked_for_so_that_nobody_else_s_page_can_sweep_it_away(
    open_page: OpenPage, finished: Run
) -> None:
    at = make(open_page("train", run=finished.id), "Settings")

    (button,) = at.get("download_button")
    assert button.proto.url
    assert not button.proto.deferred_file_id


def test_a_file_that_cannot_be_made_is_one_sentence_and_the_others_are_still_to_be_had(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(run: Run, form: str) -> bytes:
        raise RunError("The disk is full; delete runs that are no longer needed.")

    monkeypatch.setattr(run_downloads, "converted", fails)
    at = make(open_page("train", run=finished.id), "TensorBoard")

    assert [error.value for error in at.error] == [
        "The disk is full; delete runs that are no longer needed\\."
    ]
    assert saves(at) == []
    make(at, "Settings")
    assert (len(at.error), saves(at)) == (0, ["Save config.json"])


def test_where_its_converter_is_not_installed_onnx_is_not_offered(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.bundle.mkdir()
    (finished.bundle / "model.keras").write_bytes(b"a model")
    monkeypatch.setattr(run_downloads, "can_convert_to_onnx", lambda: False)

    labels = offered(open_page("train", run=finished.id))

    assert "SavedModel" in labels
    assert "ONNX" not in labels


def test_a_run_that_learnt_nothing_offers_its_configuration_alone(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(state="stopped", message="Stopped before the first step.")

    at = open_page("train", run=run.id)

    assert offered(at) == ["Settings"]
