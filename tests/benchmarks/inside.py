"""How fast Inside answers: ``python -m tests.benchmarks.inside``. Run it on a machine that does nothing else.

Medians: of each step of training, asked of the experiment's process; of reading a picture with the shipped
LSTM and taking a unit apart; of completing a digit in twenty ways.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from core.bundles.bundle import pretrained
from core.datasets.rendered import render
from core.inside.completion import USUAL, complete, open_generator
from core.inside.recurrent import taken_apart
from core.inside.rows import Reader, as_rows, read, reader
from core.inside.weights import read_layers
from core.stepper import Seats, Stepper

REPEATS = 20
LABELS = np.arange(12) % 10
IMAGES = render(LABELS, 7)


def main() -> None:
    """Prints a line for each."""
    begun = time.perf_counter()
    stepper = Stepper("steps_of_training", seats=Seats(1))
    stepper.wait()
    print(f"start of the experiment   {time.perf_counter() - begun:7.1f} s")
    batch = {"images": IMAGES, "labels": LABELS.tolist()}
    setting = {"seed": 1, "optimiser": "Adam", "learning_rate": 0.001}
    spent: dict[str, list[float]] = {}
    for _ in range(REPEATS):
        for step in ("initialise", "forward", "loss", "backward", "update"):
            options = {**batch, **setting} if step == "initialise" else {}
            _timed(spent, step, partial(stepper.ask, step, **options))
        _timed(spent, "again, 10 steps", lambda: stepper.ask("again", count=10))
    stepper.close()
    network = reader(read_layers(pretrained("lstm")))
    generator, half = open_generator(pretrained("rows")), IMAGES[3][:14]
    for _ in range(REPEATS):
        _timed(spent, "a unit of the LSTM", lambda: _unit(network))
        _timed(spent, "20 completions", partial(complete, generator, half, np.full(20, -1), USUAL, 1))
    for name, seconds in spent.items():
        print(f"{name:24} {1000 * np.median(seconds):7.0f} ms")


def _unit(network: Reader) -> None:
    reading = read(network, as_rows(IMAGES[:1, ..., None] / np.float32(255)))
    taken_apart(network.cells[1], reading.traces[1], 0, 14, 30)


def _timed(spent: dict[str, list[float]], name: str, ask: Callable[[], object]) -> None:
    begun = time.perf_counter()
    ask()
    spent.setdefault(name, []).append(time.perf_counter() - begun)


if __name__ == "__main__":
    main()
