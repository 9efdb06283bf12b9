"""Measure how time grows with the amount of work, as JSON: ``python -m tests.benchmarks.growth``.

Print for each series its seconds of processor time (the least of several runs) and the exponent that fits
them: 1 if the time grows as the amount does, less if part of it is the same for any amount. Series: the
digits on a page that are read; the runs in a home folder of which a new visitor's are listed, with the
process's memory of them and without; and of as many runs of one visitor, the names.
"""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from core.bundles.bundle import pretrained
from core.contract.config import ClassifierConfig
from core.datasets.synthetic.handwriting import balanced_labels, render
from core.images.encode import png
from core.images.grid import grid
from core.inference.classifier import Classifier
from core.inference.picture_reading import answer, prepare
from core.runs import RunStore
from core.runs.report.run_names import distinct_names

DIGITS, RUNS, NAMED = (1, 10, 100), (10, 100, 1_000, 10_000), (10, 100, 1_000)
REPEATED = 3
COLUMNS, MARGIN = 10, 8  # a margin in pixels around each digit of 28×28


@click.command()
def main() -> None:
    """Print one JSON object."""
    report = {"digits read": _series(DIGITS, _reading)}
    with tempfile.TemporaryDirectory() as folder:
        store = _filled(RunStore(Path(folder)), max(RUNS))
        report["runs listed, first time"] = _series(RUNS, lambda count: _listing(store, count, False))
        report["runs listed"] = _series(RUNS, lambda count: _listing(store, count, True))
        report["runs named"] = _series(NAMED, lambda count: _naming(store, count))
    click.echo(json.dumps(report, indent=1))


def _series(amounts: tuple[int, ...], prepared: Callable[[int], Callable[[], object]]) -> dict[str, object]:
    """Return the seconds for each amount, and the slope of their logarithms."""
    seconds = [_least(prepared(amount)) for amount in amounts]
    exponent = np.polyfit(np.log(amounts), np.log(seconds), 1)[0]
    return {**dict(zip(map(str, amounts), seconds, strict=True)), "exponent": float(exponent)}


def _least(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATED):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def _reading(count: int) -> Callable[[], object]:
    """Return what reads a page with so many digits; a page of fewer digits is smaller."""
    classifier, page = Classifier(pretrained("cnn")), page_of_digits(count)
    found = len(answer(prepare(page, "page"), classifier))
    assert found == count, found
    return lambda: answer(prepare(page, "page"), classifier)


def page_of_digits(count: int) -> bytes:
    """Return a white page with so many digits, without lines, as PNG."""
    digits = 255 - render(np.resize(balanced_labels(10, 3), count), seed=3)
    digits = np.pad(digits, [(0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)], constant_values=255)
    return png(grid(digits, columns=min(count, COLUMNS), gap=0, scale=3))


def _filled(store: RunStore, count: int) -> RunStore:
    """Return the store with so many runs; the first is copied, since flushing each to the disk takes long."""
    first = store.create(ClassifierConfig(), visitor="me")
    for number in range(1, count):
        shutil.copytree(first.folder, first.folder.with_name(f"run{number}"))
    return store


def _listing(store: RunStore, count: int, remembered: bool) -> Callable[[], object]:
    """Return what lists a visitor's runs among ``count``; the others are put aside."""
    part = Path(tempfile.mkdtemp(dir=store.root))
    for run in sorted((store.root / "runs").iterdir())[:count]:
        shutil.copytree(run, part / "runs" / run.name)
    RunStore(part).started_by("me".__eq__)
    numbers = itertools.count()

    def work() -> object:
        """List them, under a path that this process has seen or has not."""
        nonlocal part
        if not remembered:
            part = part.rename(part.with_name(f"{count} runs, {next(numbers)}"))
        return RunStore(part).started_by("me".__eq__)

    return work


def _naming(store: RunStore, count: int) -> Callable[[], object]:
    runs = store.started_by("me".__eq__)[:count]
    return lambda: distinct_names(runs)


if __name__ == "__main__":
    main()
