from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.contract.events import (
    ClassifierSteps,
    EpochEnd,
    Event,
    Finished,
    GanSteps,
    Preparing,
    Samples,
    Snapshot,
    Started,
)
from core.errors import RunError
from core.messages import Message
from core.runs.store.record import Record
from tests.refusals import raises

COUNTS = st.integers(0, 10**9)
NUMBERS = st.floats(allow_nan=False)
LISTS = st.lists(NUMBERS, max_size=3)
EVENTS = st.one_of(
    st.builds(Preparing, st.builds(Message, st.text()), st.none() | NUMBERS),
    st.builds(Started, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS),
    st.builds(ClassifierSteps, COUNTS, LISTS, LISTS, LISTS, NUMBERS, NUMBERS),
    st.builds(GanSteps, COUNTS, LISTS, LISTS, LISTS, LISTS, NUMBERS, NUMBERS),
    st.builds(EpochEnd, COUNTS, COUNTS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(Samples, COUNTS, COUNTS, st.none(), st.text()),
    st.builds(Finished, COUNTS, NUMBERS, st.booleans(), st.dictionaries(st.text(), NUMBERS, max_size=2)),
)
A_FEW = settings(max_examples=25, deadline=None)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path)


def recorded(record: Record, events: list[Event]) -> bytes:
    for event in events:
        record.append(event)
    return record.file.read_bytes() if record.file.exists() else b""


@A_FEW
@given(st.lists(EVENTS, max_size=8))
def test_any_sequence_of_events_survives_the_record(events: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder))
        size = len(recorded(record, events))
        assert record.events() == (events, size)


@A_FEW
@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_record_cut_at_any_byte_holds_a_prefix_of_its_events(
    events: list[Event], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder))
        cut = data.draw(st.integers(0, len(recorded(record, events))))
        os.truncate(record.file, cut)
        found, offset = record.events()
        assert found == events[: len(found)]
        assert offset <= cut


@A_FEW
@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_writing_continues_after_a_cut_at_any_byte(events: list[Event], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Path(folder))
        os.truncate(record.file, data.draw(st.integers(0, len(recorded(record, events)))))
        before, offset = record.events()
        record.append(Preparing(Message("on it goes")))
        after, _ = record.events(offset)
        whole = before + after
        assert whole[:-1] == events[: len(whole) - 1]
        assert whole[-1] == Preparing(Message("on it goes"))


@A_FEW
@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_reader_with_an_offset_sees_every_event_once(events: list[Event], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        record, seen, offset = Record(Path(folder)), [], 0
        for event in events:
            record.append(event)
            if data.draw(st.booleans()):
                new, offset = record.events(offset)
                seen += new
        assert seen + record.events(offset)[0] == events


def test_an_incomplete_last_line_is_read_once_it_is_complete(record: Record) -> None:
    record.append(Preparing(Message("first")))
    record.append(Preparing(Message("second")))
    whole = record.file.read_bytes()
    record.file.write_bytes(whole[:-7])
    found, offset = record.events()
    assert found == [Preparing(Message("first"))]
    record.file.write_bytes(whole)
    assert record.events(offset) == ([Preparing(Message("second"))], len(whole))


@pytest.mark.parametrize(
    "line",
    [b"", b"nonsense", b"\xff\xfe", b"[]", b"7", b'{"kind": "unheard of"}', b'{"kind": []}', b"[" * 10**5],
)
def test_an_unreadable_line_in_the_middle_is_skipped(record: Record, line: bytes) -> None:
    record.append(Preparing(Message("before")))
    with open(record.file, "ab") as file:
        file.write(line + b"\n")
    record.append(Preparing(Message("after")))
    assert record.events()[0] == [Preparing(Message("before")), Preparing(Message("after"))]


def test_a_loss_that_is_not_a_number_survives_the_record(record: Record) -> None:
    record.append(ClassifierSteps(1, [float("nan"), float("inf")], [0.0], [0.1], 1.0, 1.0))
    assert record.events()[0][0].loss == pytest.approx([float("nan"), float("inf")], nan_ok=True)


@pytest.mark.parametrize("offset", [-5, 10**12])
def test_an_offset_outside_the_record_is_not_an_error(record: Record, offset: int) -> None:
    record.append(Preparing(Message("here")))
    found, _ = record.events(offset)
    assert found == ([Preparing(Message("here"))] if offset < 0 else [])


def test_a_run_that_recorded_nothing_has_no_events(record: Record) -> None:
    assert record.events() == ([], 0)


def test_sample_images_become_a_png_file_that_the_event_names(record: Record) -> None:
    images = np.zeros((4, 28, 28, 1), np.uint8)
    record.append(Samples(120, 2, images), draw=lambda images, columns: b"PNG of %d" % len(images))
    (event,), _ = record.events()
    assert event == Samples(120, 2, None, "samples/step-00000120.png")
    assert (record.folder / event.file).read_bytes() == b"PNG of 4"


def test_a_snapshot_becomes_a_file_that_the_event_names(record: Record) -> None:
    record.append(Snapshot(80, b"TFL3"))
    (event,), _ = record.events()
    assert event == Snapshot(80, None, "snapshots/step-00000080.tflite")
    assert [file.read_bytes() for file in (record.folder / "snapshots").iterdir()] == [b"TFL3"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_writing_a_record_on_a_full_disk_fails_in_one_sentence(record: Record) -> None:
    record.file.symlink_to("/dev/full")
    with raises(RunError, "runs.disk_full"):
        record.append(Preparing(Message("one too many")))


def test_cutting_back_without_a_checkpoint_keeps_only_messages(record: Record) -> None:
    chunk = ClassifierSteps(2, [0.5] * 2, [0.5] * 2, [0.1] * 2, 10.0, 1.0)
    for event in (Preparing(Message("a")), Started(10, 20, 5, 4, 8), chunk, Finished(2, 1.0)):
        record.append(event)
    record.cut_back(0)
    assert record.events()[0] == [Preparing(Message("a"))]
