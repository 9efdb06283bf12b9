from __future__ import annotations

import json
from typing import get_args

import numpy as np
import pytest

from core.contract import events
from core.contract.events import (
    Answers,
    ClassifierSteps,
    EpochEnd,
    Finished,
    GanSteps,
    Preparing,
    SamplePredictions,
    Samples,
    Snapshot,
    Started,
)
from core.errors import RunError
from core.messages import Message, message
from tests.refusals import raises

EVENTS = [
    Preparing(message("datasets.downloading", file="mnist.npz"), 0.25),
    Preparing(Message("A finished sentence")),
    Started(93_322, 55_000, 5_000, 859, 4295),
    ClassifierSteps(3, [2.3, 2.2, 2.1], [0.1, 0.2, 0.3], [0.001, 0.002, 0.003], 6200.0, 0.5),
    EpochEnd(1, 859, 0.1, 0.97, 9.5),
    GanSteps(2, [1.4, 1.3], [0.7, 0.8], [0.5, 0.6], [0.5, 0.4], 3000.0, 1.0),
    Samples(20, 0, None, "samples/step-00000020.png"),
    ClassifierSteps(1, [2.3], [0.1], [0.001], 6200.0, 0.5, {"conv1": 2.5}, {"conv1": 0.1}),
    GanSteps(1, [1.4], [0.7], [0.5], [0.5], 3000.0, 1.0, [0.001], [0.002], {"generator/up2": 2.5}),
    Answers(859, 1, "validation", [[9, 1], [0, 10]], None, "answers/validation-00000859.npz"),
    SamplePredictions(859, "Deep CNN", 200, [90, 100], [80, 95], 10),
    Snapshot(80, None, "snapshots/step-00000080.tflite"),
    Finished(4295, 60.0, True, {"test_accuracy": 0.99}, [[9, 1], [0, 10]]),
    Finished(0, 0.0),
    Finished(9, 1.0, reason=message("lab.time_is_up", seconds=60)),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_survives_json(event):
    assert events.from_dict(json.loads(json.dumps(events.to_dict(event)))) == event


def test_every_event_has_a_kind_of_its_own():
    assert len({event.kind for event in EVENTS}) == len(get_args(events.Event)) == len(set(map(type, EVENTS)))


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ('{"kind": "message", "text": "Drawing", "progress": 0.5}', Preparing(Message("Drawing"), 0.5)),
        ('{"kind": "message", "text": "", "progress": null}', Preparing(Message(""))),
        ('{"kind": "finished", "step": 4, "seconds": 1.5, "stopped": false, "metrics": {}, "confusion": [], '
         '"reason": ""}', Finished(4, 1.5)),
        ('{"kind": "finished", "step": 4, "seconds": 1.5, "reason": "its 60 seconds were over"}',
         Finished(4, 1.5, reason=Message("its 60 seconds were over"))),
        ('{"kind": "census", "step": 20, "judge": "Deep CNN", "samples": 9, "seen": [5], "right": [4], '
         '"unknown": 4}', SamplePredictions(20, "Deep CNN", 9, [5], [4], 4)),
    ],
)  # fmt: skip
def test_a_line_of_an_older_version_is_read(line, event):
    assert events.from_dict(json.loads(line)) == event


def test_the_images_of_samples_are_not_in_the_line():
    line = events.to_dict(Samples(20, 1, np.zeros((4, 28, 28, 1), np.uint8), "a.png"))
    assert line == {"kind": "samples", "step": 20, "epoch": 1, "file": "a.png", "columns": 10}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "party"},
        {"kind": []},
        {"kind": "message"},
        {"kind": "preparing"},
        {"kind": "preparing", "message": 7},
        {"kind": "finished", "step": 1, "seconds": 1.0, "reason": 7},
        {"kind": "message", "text": "a", "colour": "red"},
        {"kind": "samples", "step": 1},
        [],
        None,
        7,
    ],
)
def test_anything_but_an_event_is_refused_in_one_sentence(values):
    with raises(RunError, "contract.unreadable_event"):
        events.from_dict(values)
