from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.contract.config import ClassifierConfig, GanConfig
from core.contract.events import Preparing
from core.contract.field_labels import label
from core.errors import ConfigError, RunError
from core.messages import Message
from core.runs import Control, Run, RunStore, Status, home
from core.runs.store import files
from tests.refusals import raises

# the status


def test_a_new_run_has_a_name_a_time_and_a_configuration(store: RunStore) -> None:
    config = GanConfig(epochs=3)
    run = store.create(config, name="Mine")
    assert run.config == config
    assert (run.status().state, run.status().name) == ("created", "Mine")
    assert run.status().created > 1.6e9


def test_a_run_keeps_its_visitor_and_address(store: RunStore) -> None:
    run = store.create(GanConfig(), visitor="me", address="a1")
    assert (run.status().visitor, run.status().address) == ("me", "a1")
    unknown = store.create(GanConfig()).status()
    assert (unknown.visitor, unknown.address) == ("", "")


def test_writing_a_status_changes_only_the_named_fields(run: Run) -> None:
    before = run.status()
    run.write_status(state="failed", step=7)
    after = run.status()
    assert (after.state, after.step, after.created) == ("failed", 7, before.created)


def test_a_live_run_without_a_lock_is_interrupted(run: Run) -> None:
    lock = run.lock()
    run.write_status(state="running", step=3)
    assert run.status().state == "running"
    lock.release()
    assert (run.status().state, run.status().step) == ("interrupted", 3)
    assert str(run.status().message).endswith("is kept.")


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "created"])
def test_a_run_that_has_ended_or_not_begun_needs_no_lock(run: Run, state: str) -> None:
    run.write_status(state=state)
    assert run.status().state == state


def test_a_run_cannot_be_locked_twice(run: Run) -> None:
    lock = run.lock()
    with raises(RunError, "runs.already_running"):
        run.lock()
    lock.release()
    run.lock().release()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "7", '{"state": "dancing"}', '{"created": "now"}', '{"step": NaN}', '{"pid": true}'],
)
def test_a_damaged_status_is_reported_in_one_sentence(run: Run, content: str) -> None:
    (run.folder / "status.json").write_text(content)
    with pytest.raises(RunError) as refused:
        run.status()
    assert refused.value.message.key in ("runs.damaged_status", "runs.damaged_file")


def test_unknown_fields_of_a_status_from_a_newer_version_are_ignored(run: Run) -> None:
    (run.folder / "status.json").write_text('{"state": "finished", "mood": "good"}')
    assert run.status() == Status(state="finished")


def test_an_invalid_configuration_is_refused_by_the_label_of_its_field(run: Run) -> None:
    (run.folder / "config.json").write_text('{"family": "cnn", "batch_size": -1}')
    with pytest.raises(ConfigError) as caught:
        _ = run.config
    assert caught.value.message.values["name"] == label("batch_size")


# the control


def test_the_latest_request_holds(run: Run) -> None:
    assert run.control() is Control.RUN
    run.request(Control.PAUSE)
    run.request(Control.STOP)
    assert run.control() is Control.STOP


def test_two_requests_for_a_step_differ(run: Run) -> None:
    run.request(Control.STEP)
    first = run.requested()
    run.request(Control.STEP)
    assert run.requested() != first


@pytest.mark.parametrize("content", ["", "[]", '{"control": "fly", "token": ""}', '{"control": []}'])
def test_a_damaged_request_is_ignored(run: Run, content: str) -> None:
    (run.folder / "control.json").write_text(content)
    assert run.control() is Control.RUN


# the store


def test_ids_are_unique_and_cannot_be_mistaken_for_an_option(store: RunStore) -> None:
    ids = {store.create(ClassifierConfig()).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(run_id) == 16 and run_id[0].isalnum() for run_id in ids)


@pytest.mark.parametrize(
    "run_id",
    ["", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\0b", "a\n", ".new-x", "-x", "ü", "x" * 65, "nobody"],
)
def test_an_id_of_no_run_is_refused_in_one_sentence(store: RunStore, run_id: str) -> None:
    store.create(ClassifierConfig())
    (store.root / "x").mkdir()
    (store.root / "x" / "config.json").write_text("{}")
    with pytest.raises(RunError) as refused:
        store.open(run_id)
    assert refused.value.message.key == "runs.missing"


def test_a_run_is_found_by_its_id(store: RunStore, run: Run) -> None:
    assert store.open(run.id) == run


def test_runs_are_listed_newest_first_without_damaged_ones(store: RunStore) -> None:
    runs = [store.create(ClassifierConfig()) for _ in range(4)]
    (runs[1].folder / "status.json").write_text("{")
    (store.root / "runs" / ".new-half").mkdir()
    assert store.list() == [runs[3], runs[2], runs[0]]


def test_a_visitors_runs_are_found_newest_first_and_read_once(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = [store.create(GanConfig(), visitor="me") for _ in range(2)]
    store.create(GanConfig(), visitor="you")
    (store.create(GanConfig(), visitor="me").folder / "status.json").write_text("{")
    assert store.started_by("me".__eq__) == mine[::-1]
    latest = store.create(GanConfig(), visitor="me")
    store.delete(mine[0].id)
    read: list[Run] = []
    status = Run.status
    monkeypatch.setattr(Run, "status", lambda run: read.append(run) or status(run))
    assert store.started_by("me".__eq__) == [latest, mine[1]]
    assert latest in read
    assert mine[1] not in read


def test_a_home_without_runs_lists_none(tmp_path: Path) -> None:
    assert RunStore(tmp_path / "nowhere").list() == []


def test_a_deleted_run_is_gone(store: RunStore, run: Run) -> None:
    run.record.append(Preparing(Message("soon gone")))
    store.delete(run.id)
    assert os.listdir(store.root / "runs") == []
    with pytest.raises(RunError) as refused:
        store.delete(run.id)
    assert refused.value.message.key == "runs.missing"


def test_a_run_under_way_is_not_deleted(store: RunStore, run: Run) -> None:
    lock = run.lock()
    with raises(RunError, "runs.running"):
        store.delete(run.id)
    lock.release()
    assert store.open(run.id) == run


def test_the_environment_sets_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    assert home() == tmp_path.resolve()
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", "")
    assert home() == (Path.home() / ".deep-image-lab").resolve()


# disks


def test_a_file_that_cannot_be_replaced_keeps_its_old_content(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = sorted(os.listdir(run.folder)), run.status()
    monkeypatch.setattr(os, "fsync", full)
    with raises(RunError, "runs.disk_full"):
        run.write_status(state="failed")
    assert (sorted(os.listdir(run.folder)), run.status()) == before


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_home_that_may_not_be_written_to_is_reported_in_one_sentence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def forbidden(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files, "write_json", forbidden)
    with pytest.raises(RunError) as refused:
        store.create(ClassifierConfig())
    assert refused.value.message.key == "runs.forbidden"
    assert os.listdir(store.root / "runs") == []


def test_a_home_that_is_a_file_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError) as refused:
        RunStore(tmp_path / "file").create(ClassifierConfig())
    assert refused.value.message.key == "runs.unwritable"


# imports


def test_runs_import_neither_tensorflow_nor_streamlit() -> None:
    script = "import core.runs, core.runs.process.worker, sys, json; print(json.dumps(list(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
    assert not {"tensorflow", "keras", "streamlit"} & set(json.loads(printed))
