from __future__ import annotations

import json

import numpy as np
import pytest

from core.contract import events
from core.contract.events import (
    Answers,
    Census,
    ClassifierSteps,
    EpochEnd,
    Finished,
    GanSteps,
    Message,
    Samples,
    Snapshot,
    Started,
)
from core.errors import RunError

EVENTS = [
    Message("Downloading MNIST", 0.25),
    Message("Unpacking"),
    Started(93_322, 55_000, 5_000, 859, 4295),
    ClassifierSteps(3, [2.3, 2.2, 2.1], [0.1, 0.2, 0.3], [0.001, 0.002, 0.003], 6200.0, 0.5),
    EpochEnd(1, 859, 0.1, 0.97, 9.5),
    GanSteps(2, [1.4, 1.3], [0.7, 0.8], [0.5, 0.6], [0.5, 0.4], 3000.0, 1.0),
    Samples(20, 0, None, "samples/step-00000020.png"),
    ClassifierSteps(1, [2.3], [0.1], [0.001], 6200.0, 0.5, {"conv1": 2.5}, {"conv1": 0.1}),
    GanSteps(1, [1.4], [0.7], [0.5], [0.5], 3000.0, 1.0, [0.001], [0.002], {"generator/up2": 2.5}),
    Answers(859, 1, "validation", [[9, 1], [0, 10]], None, "answers/validation-00000859.npz"),
    Census(859, "Deep CNN", 200, [90, 100], [80, 95], 10),
    Snapshot(80, None, "snapshots/step-00000080.tflite"),
    Finished(4295, 60.0, True, {"test_accuracy": 0.99}, [[9, 1], [0, 10]]),
    Finished(0, 0.0),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_survives_json(event):
    assert events.from_dict(json.loads(json.dumps(events.to_dict(event)))) == event


def test_every_event_has_a_kind_of_its_own_that_can_be_read_back():
    assert {event.kind for event in EVENTS} == set(events._KINDS)


def test_the_pictures_of_samples_stay_out_of_the_line():
    line = events.to_dict(Samples(20, 1, np.zeros((4, 28, 28, 1), np.uint8), "a.png"))
    assert line == {"kind": "samples", "step": 20, "epoch": 1, "file": "a.png"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "party"},
        {"kind": []},
        {"kind": "message"},
        {"kind": "message", "text": "a", "colour": "red"},
        {"kind": "samples", "step": 1},
        [],
        None,
        7,
    ],
)
def test_what_is_no_event_is_told_in_a_sentence(values):
    with pytest.raises(RunError, match=r"an event that this version cannot read \([^\n]*\)\.$"):
        events.from_dict(values)
