from __future__ import annotations

import pytest

from core.errors import RunError
from core.runs import Run
from core.runs.report import run_downloads
from core.subprocesses import export_command
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown
from tests.pages.train.actions import (
    MakeRun,
    make,
    offered,
    saves,
)


def test_a_finished_run_offers_its_network_and_record_as_files(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_command, "can_convert_to_onnx", lambda: True)
    finished.bundle.mkdir()
    for name in ("model.keras", "model.tflite"):
        (finished.bundle / name).write_bytes(b"a model")

    at = open_page("train", run=finished.id)

    assert offered(at) == [
        "model.keras",
        "model.tflite",
        "saved_model.zip",
        "model.onnx",
        "metrics.csv",
        "tensorboard.zip",
        "script.zip",
        "config.json",
    ]
    assert saves(at) == []
    for name in ("model.keras", "metrics.csv", "config.json"):
        make(at, name)
        assert saves(at) == [name]


def test_a_file_is_made_before_its_download_so_that_runs_of_other_pages_cannot_delete_it(
    open_page: OpenPage, finished: Run
) -> None:
    at = make(open_page("train", run=finished.id), "config.json")

    (button,) = at.get("download_button")
    assert button.proto.url
    assert not button.proto.deferred_file_id


def test_a_file_that_cannot_be_made_shows_one_error_and_the_others_can_still_be_made(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = RunError("runs.disk_full", folder="runs")

    def fails(run: Run, form: str) -> bytes:
        raise full

    monkeypatch.setattr(run_downloads, "converted", fails)
    at = make(open_page("train", run=finished.id), "tensorboard.zip")

    assert [error.value for error in at.error] == [as_shown(full)]
    assert saves(at) == []
    make(at, "config.json")
    assert (len(at.error), saves(at)) == (0, ["config.json"])


def test_onnx_is_offered_only_where_its_converter_is_installed(
    open_page: OpenPage, finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.bundle.mkdir()
    (finished.bundle / "model.keras").write_bytes(b"a model")
    monkeypatch.setattr(export_command, "can_convert_to_onnx", lambda: False)

    names = offered(open_page("train", run=finished.id))

    assert "saved_model.zip" in names
    assert "model.onnx" not in names


def test_a_run_without_a_step_offers_only_its_configuration(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(state="stopped")

    at = open_page("train", run=run.id)

    assert offered(at) == ["config.json"]
