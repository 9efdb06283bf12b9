"""Measure how fast Inside answers: ``python -m tests.benchmarks.inside``, on an idle machine.

Medians: of a click on a cell until its equation appears, in Chromium; of each step of training,
asked of the experiment's process; of reading a picture with the shipped LSTM and computing one unit; of
completing a digit in twenty ways.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from playwright.sync_api import Page

from core.bundles.bundle import pretrained
from core.bundles.saved_weights import read_layers
from core.datasets.synthetic.handwriting import render
from core.inside.recurrent_cells import decompose
from core.inside.row_completion import DEFAULT_TEMPERATURE, complete, open_generator
from core.inside.row_reader import RowReader, as_rows, read, reader
from core.language import gettext
from core.subprocesses import ChildProcess, ProcessLimit
from pages.parts.inside.map_panels import OUTPUT
from tests.benchmarks.chromium import milliseconds, page_of_the_app
from tests.browser.steps import settled

REPEATS = 20
CLICKS, CELLS = 10, 14  # clicks on a map of 14×14 cells
EQUATION = """() => document.querySelector("dl.lines")?.innerText"""
LABELS = np.arange(12) % 10
IMAGES = render(LABELS, 7)


def main() -> None:
    """Print a line for each figure."""
    print(f"a click on a cell        {_click():7.0f} ms")
    begun = time.perf_counter()
    child = ChildProcess("training_steps", limit=ProcessLimit(1))
    child.wait()
    print(f"start of the experiment   {time.perf_counter() - begun:7.1f} s")
    batch = {"images": IMAGES, "labels": LABELS.tolist()}
    setting = {"seed": 1, "optimiser": "adam", "learning_rate": 0.001}
    spent: dict[str, list[float]] = {}
    for _ in range(REPEATS):
        for step in ("initialise", "forward", "loss", "backward", "update"):
            options = {**batch, **setting} if step == "initialise" else {}
            _timed(spent, step, partial(child.ask, step, **options))
        _timed(spent, "again, 10 steps", lambda: child.ask("again", count=10))
    child.close()
    network = reader(read_layers(pretrained("lstm")))
    generator, half = open_generator(pretrained("rows")), IMAGES[3][:14]
    for _ in range(REPEATS):
        _timed(spent, "a unit of the LSTM", lambda: _unit(network))
        _timed(
            spent,
            "20 completions",
            partial(complete, generator, half, np.full(20, -1), DEFAULT_TEMPERATURE, 1),
        )
    for name, seconds in spent.items():
        print(f"{name:24} {1000 * np.median(seconds):7.0f} ms")


def _click() -> float:
    """Return the median milliseconds from a press on a cell until its equation appears."""
    with page_of_the_app("inside?layer=conv2&map=11&row=1&column=1") as page:
        panel = (
            page.locator("figure.panel")
            .filter(has_text=gettext(OUTPUT, number=11, layer="conv2"))
            .locator(".frame")
        )
        panel.scroll_into_view_if_needed()
        taken = []
        for i in range(CLICKS):  # along strokes of the digit: in its empty parts equations are alike
            box = panel.bounding_box()
            assert box is not None
            column, row = (4.5 + i % 4) / CELLS, (3.5 + i % 5) / CELLS
            page.mouse.move(box["x"] + box["width"] * column, box["y"] + box["height"] * row)
            taken.append(milliseconds(page, partial(_press, page), "pointerdown", EQUATION))
            settled(page)
    return statistics.median(taken)


def _press(page: Page) -> None:
    page.mouse.down()
    page.mouse.up()


def _unit(network: RowReader) -> None:
    reading = read(network, as_rows(IMAGES[:1, ..., None] / np.float32(255)))
    decompose(network.cells[1], reading.traces[1], 0, 14, 30)


def _timed(spent: dict[str, list[float]], name: str, ask: Callable[[], object]) -> None:
    begun = time.perf_counter()
    ask()
    spent.setdefault(name, []).append(time.perf_counter() - begun)


if __name__ == "__main__":
    main()
