"""Do what a visitor does on Train, and read what the page shows."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from core.contract.evaluation import ClassifiedImages
from core.contract.events import (
    ClassifierSteps,
    Finished,
    Started,
)
from core.runs import Run
from pages.parts.train import live_view

STEPS = 30
STARTED = Started(93_322, 900, 100, 15, STEPS)
CONFUSION = (np.eye(10, dtype=int) * 19 + 1).tolist()
FINISHED = Finished(STEPS, 6.0, metrics={"test_accuracy": 0.9512, "test_loss": 0.2}, confusion=CONFUSION)
MakeRun = Callable[..., Run]


def steps(first: int, last: int) -> ClassifierSteps:
    numbers = range(first, last + 1)
    return ClassifierSteps(
        last,
        [2.3 / n for n in numbers],
        [1 - 1 / n for n in numbers],
        [0.001] * len(numbers),
        800.0,
        last / 5,
    )


@contextmanager
def held(*runs: Run) -> Iterator[None]:
    """Lock the runs, as live workers do."""
    locks = [run.lock() for run in runs]
    try:
        yield
    finally:
        for lock in locks:
            lock.release()


def start(at: AppTest) -> AppTest:
    at.button(key="start").click().run()
    assert not at.exception
    return at


def look_at(at: AppTest, view: str) -> AppTest:
    at.button_group(key=live_view.VIEW).set_value(view).run()
    assert not at.exception
    return at


def offered(at: AppTest) -> list[str]:
    """Return the names of the files that the page can make."""
    return [str(button.key)[5:] for button in at.button if str(button.key).startswith("make ")]


def make(at: AppTest, name: str) -> AppTest:
    at.button(key=f"make {name}").click().run()
    assert not at.exception
    return at


def saves(at: AppTest) -> list[str]:
    """Return the names of the files that are made."""
    return [str(button.key)[5:] for button in at.get("download_button")]


def lengths(chart: dict[str, Any]) -> list[int]:
    """Return the number of points of each line of a chart."""
    return [_length(line["x"]) for line in chart["data"]]


def _length(x: Any) -> int:
    return len(x) if isinstance(x, list) else len(np.frombuffer(_decoded(x), x["dtype"]))


def _decoded(array: dict[str, str]) -> bytes:
    return base64.b64decode(array["bdata"])


def classified(*answers: tuple[int, int, float]) -> ClassifiedImages:
    labels, predicted, probability = zip(*answers, strict=True)
    images = np.zeros((len(answers), 28, 28, 1), np.uint8)
    return ClassifiedImages(images, np.uint8(labels), np.uint8(predicted), np.float32(probability))
