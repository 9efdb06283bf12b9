from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError, RunError
from core.runs import Control, Run, RunStore, Status, files, home
from core.training.config import ClassifierConfig, GanConfig
from core.training.events import (
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Message,
    Samples,
    Snapshot,
    Started,
)

COUNTS = st.integers(0, 10**9)
NUMBERS = st.floats(allow_nan=False)
LISTS = st.lists(NUMBERS, max_size=3)
EVENTS = st.one_of(
    st.builds(Message, st.text(), st.none() | NUMBERS),
    st.builds(Started, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS),
    st.builds(ClassifierSteps, COUNTS, LISTS, LISTS, LISTS, NUMBERS, NUMBERS),
    st.builds(GanSteps, COUNTS, LISTS, LISTS, LISTS, LISTS, NUMBERS, NUMBERS),
    st.builds(EpochEnd, COUNTS, COUNTS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(Samples, COUNTS, COUNTS, st.none(), st.text()),
    st.builds(Finished, COUNTS, NUMBERS, st.booleans(), st.dictionaries(st.text(), NUMBERS, max_size=2)),
)
A_FEW = settings(max_examples=60, deadline=None)


def recorded(run: Run, events: list[Event]) -> bytes:
    for event in events:
        run.append(event)
    record = run.folder / "events.jsonl"
    return record.read_bytes() if record.exists() else b""


# the record


@A_FEW
@given(st.lists(EVENTS, max_size=8))
def test_any_sequence_of_events_survives_the_record(events: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder))
        size = len(recorded(run, events))
        assert run.events() == (events, size)


@A_FEW
@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_record_cut_at_any_byte_holds_a_prefix_of_its_events(
    events: list[Event], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder))
        cut = data.draw(st.integers(0, len(recorded(run, events))))
        os.truncate(run.folder / "events.jsonl", cut)
        found, offset = run.events()
        assert found == events[: len(found)]
        assert offset <= cut


@A_FEW
@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_writing_goes_on_after_a_cut_at_any_byte(events: list[Event], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder))
        os.truncate(run.folder / "events.jsonl", data.draw(st.integers(0, len(recorded(run, events)))))
        before, offset = run.events()
        run.append(Message("on it goes"))
        after, _ = run.events(offset)
        whole = before + after
        assert whole[:-1] == events[: len(whole) - 1]
        assert whole[-1] == Message("on it goes")


@A_FEW
@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_reader_with_an_offset_sees_every_event_once(events: list[Event], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run, seen, offset = Run(Path(folder)), [], 0
        for event in events:
            run.append(event)
            if data.draw(st.booleans()):
                new, offset = run.events(offset)
                seen += new
        assert seen + run.events(offset)[0] == events


def test_a_torn_last_line_is_ignored_and_read_when_it_is_whole(run: Run) -> None:
    run.append(Message("first"))
    run.append(Message("second"))
    record = run.folder / "events.jsonl"
    whole = record.read_bytes()
    record.write_bytes(whole[:-7])
    found, offset = run.events()
    assert found == [Message("first")]
    record.write_bytes(whole)
    assert run.events(offset) == ([Message("second")], len(whole))


@pytest.mark.parametrize(
    "line",
    [b"", b"nonsense", b"\xff\xfe", b"[]", b"7", b'{"kind": "unheard of"}', b'{"kind": []}', b"[" * 10**5],
)
def test_an_unreadable_line_in_the_middle_is_skipped(run: Run, line: bytes) -> None:
    run.append(Message("before"))
    with open(run.folder / "events.jsonl", "ab") as file:
        file.write(line + b"\n")
    run.append(Message("after"))
    assert run.events()[0] == [Message("before"), Message("after")]


def test_a_loss_that_is_no_number_survives_the_record(run: Run) -> None:
    run.append(ClassifierSteps(1, [float("nan"), float("inf")], [0.0], [0.1], 1.0, 1.0))
    assert run.events()[0][0].loss == pytest.approx([float("nan"), float("inf")], nan_ok=True)


@pytest.mark.parametrize("offset", [-5, 10**12])
def test_an_offset_outside_the_record_is_no_error(run: Run, offset: int) -> None:
    run.append(Message("here"))
    found, _ = run.events(offset)
    assert found == ([Message("here")] if offset < 0 else [])


def test_a_run_that_recorded_nothing_has_no_events(run: Run) -> None:
    assert run.events() == ([], 0)


def test_the_pictures_of_samples_become_a_png_that_the_event_names(run: Run) -> None:
    images = np.zeros((4, 28, 28, 1), np.uint8)
    run.append(Samples(120, 2, images), draw=lambda images: b"PNG of %d" % len(images))
    (event,), _ = run.events()
    assert event == Samples(120, 2, None, "samples/step-00000120.png")
    assert (run.folder / event.file).read_bytes() == b"PNG of 4"


def test_a_snapshot_becomes_a_file_that_the_event_names(run: Run) -> None:
    run.append(Snapshot(80, b"TFL3"))
    (event,), _ = run.events()
    assert event == Snapshot(80, None, "snapshots/step-00000080.tflite")
    assert [file.read_bytes() for file in run.snapshots.iterdir()] == [b"TFL3"]


# the status


def test_a_new_run_knows_its_name_its_time_and_its_configuration(store: RunStore) -> None:
    config = GanConfig(epochs=3)
    run = store.create(config, name="Mine")
    assert run.config == config
    assert (run.status().state, run.status().name) == ("created", "Mine")
    assert run.status().created > 1.6e9


def test_a_status_changes_in_the_fields_that_are_named_and_no_other(run: Run) -> None:
    before = run.status()
    run.write_status(state="failed", step=7)
    after = run.status()
    assert (after.state, after.step, after.created) == ("failed", 7, before.created)


def test_a_live_run_that_nobody_holds_is_interrupted(run: Run) -> None:
    lock = run.hold()
    run.write_status(state="running", step=3)
    assert run.status().state == "running"
    lock.release()
    assert (run.status().state, run.status().step) == ("interrupted", 3)
    assert run.status().message.endswith("is kept.")


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "created"])
def test_a_run_that_is_over_or_not_begun_needs_nobody_to_hold_it(run: Run, state: str) -> None:
    run.write_status(state=state)
    assert run.status().state == state


def test_only_one_can_hold_a_run(run: Run) -> None:
    lock = run.hold()
    with pytest.raises(RunError, match="already under way"):
        run.hold()
    lock.release()
    run.hold().release()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "7", '{"state": "dancing"}', '{"created": "now"}', '{"step": NaN}', '{"pid": true}'],
)
def test_a_damaged_status_is_told_in_a_sentence(run: Run, content: str) -> None:
    (run.folder / "status.json").write_text(content)
    with pytest.raises(RunError, match=r"damaged"):
        run.status()


def test_a_status_from_a_newer_version_is_read_without_what_is_unknown(run: Run) -> None:
    (run.folder / "status.json").write_text('{"state": "finished", "mood": "good"}')
    assert run.status() == Status(state="finished")


def test_an_edited_configuration_is_told_in_a_sentence(run: Run) -> None:
    (run.folder / "config.json").write_text('{"family": "cnn", "batch_size": -1}')
    with pytest.raises(ConfigError, match="batch_size"):
        _ = run.config


# the control


def test_what_was_asked_last_counts(run: Run) -> None:
    assert run.control() is Control.RUN
    run.request(Control.PAUSE)
    run.request(Control.STOP)
    assert run.control() is Control.STOP


def test_two_presses_of_one_step_can_be_told_apart(run: Run) -> None:
    run.request(Control.STEP)
    first = run.requested()
    run.request(Control.STEP)
    assert run.requested() != first


@pytest.mark.parametrize("content", ["", "[]", '{"control": "fly", "token": ""}', '{"control": []}'])
def test_a_damaged_request_counts_as_none(run: Run, content: str) -> None:
    (run.folder / "control.json").write_text(content)
    assert run.control() is Control.RUN


# the store


def test_ids_cannot_be_guessed_or_taken_for_an_option(store: RunStore) -> None:
    ids = {store.create(ClassifierConfig()).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(run_id) == 16 and run_id[0].isalnum() for run_id in ids)


@pytest.mark.parametrize(
    "run_id",
    ["", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\0b", "a\n", ".new-x", "-x", "ü", "x" * 65, "nobody"],
)
def test_an_id_that_no_run_has_is_refused_in_a_sentence(store: RunStore, run_id: str) -> None:
    store.create(ClassifierConfig())
    (store.root / "x").mkdir()
    (store.root / "x" / "config.json").write_text("{}")
    with pytest.raises(RunError, match="There is no run"):
        store.open(run_id)


def test_a_run_is_found_by_its_id(store: RunStore, run: Run) -> None:
    assert store.open(run.id) == run


def test_runs_are_listed_newest_first_and_damaged_ones_left_out(store: RunStore) -> None:
    runs = [store.create(ClassifierConfig()) for _ in range(4)]
    (runs[1].folder / "status.json").write_text("{")
    (store.root / "runs" / ".new-half").mkdir()
    assert store.list() == [runs[3], runs[2], runs[0]]


def test_a_home_without_runs_lists_none(tmp_path: Path) -> None:
    assert RunStore(tmp_path / "nowhere").list() == []


def test_a_deleted_run_is_gone(store: RunStore, run: Run) -> None:
    run.append(Message("soon gone"))
    store.delete(run.id)
    assert os.listdir(store.root / "runs") == []
    with pytest.raises(RunError, match="There is no run"):
        store.delete(run.id)


def test_a_run_under_way_is_not_deleted(store: RunStore, run: Run) -> None:
    lock = run.hold()
    with pytest.raises(RunError, match="stop it"):
        store.delete(run.id)
    lock.release()
    assert store.open(run.id) == run


def test_the_home_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
    with pytest.raises(RunError, match=r"full; delete runs"):
        run.write_status(state="failed")
    assert (sorted(os.listdir(run.folder)), run.status()) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_record_on_a_full_disk_is_told_in_a_sentence(run: Run) -> None:
    (run.folder / "events.jsonl").symlink_to("/dev/full")
    with pytest.raises(RunError, match=r"full; delete runs"):
        run.append(Message("one too many"))


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_home_that_may_not_be_written_to_is_told_in_a_sentence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def forbidden(**_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.tempfile, "mkstemp", forbidden)
    with pytest.raises(RunError, match="may not be written to; name another"):
        store.create(ClassifierConfig())
    assert os.listdir(store.root / "runs") == []


def test_a_home_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="Nothing can be written"):
        RunStore(tmp_path / "file").create(ClassifierConfig())


# the stage


def test_the_page_s_side_of_runs_imports_neither_tensorflow_nor_streamlit() -> None:
    script = "import core.runs, core.runs.worker, sys, json; print(json.dumps(list(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
    assert not {"tensorflow", "keras", "streamlit"} & set(json.loads(printed))
