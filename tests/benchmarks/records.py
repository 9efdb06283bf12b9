"""What a page waits for when it reads runs: ``python -m tests.benchmarks.records [--json FILE]``.

A new look at 1,000 runs' summaries, a first look at a run of 100,000 recorded steps, and a live refresh of
the page (what was recorded since, and its curves and layers drawn anew). Medians, in milliseconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.figures import training as figures
from core.runs import Run, RunStore
from core.runs.history import History
from core.runs.status import Status
from core.training import config as configs
from core.training.config import ClassifierConfig
from core.training.events import ClassifierSteps, EpochEnd, Started, to_dict

RUNS = 1_000
STEPS = 100_000
CHUNK = 25  # steps: a quarter of a second's, for the tutorial's CNN
TIMES = 9


def main() -> None:
    """Makes the records in a temporary folder, times, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures as well")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        store = RunStore(Path(home))
        told = {
            f"summaries of {RUNS:,} runs, all": _milliseconds(_many(store).list),
            f"summaries of {RUNS:,} runs, a visitor's own": _milliseconds(lambda: store.of_visitor("1")),
        }
        run = store.create(ClassifierConfig())
        _record(run)
        told[f"first look at {STEPS:,} steps"] = _milliseconds(lambda: History(run).refresh())
        history = History(run).refresh()
        step = [STEPS]
        told[f"live refresh at {STEPS:,} steps"] = _milliseconds(lambda: _refresh(run, history, step))
    for name, milliseconds in told.items():
        print(f"{name:45} {milliseconds:8.1f} ms")
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1) + "\n")


def _milliseconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def _many(store: RunStore) -> RunStore:
    """Runs of ten visitors, as finished ones leave their folders."""
    for i in range(RUNS):
        folder = store.root / "runs" / f"run{i:04d}"
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps(configs.to_dict(ClassifierConfig(seed=i))))
        status = Status("finished", visitor=str(i % 10), created=float(i), metrics={"test_accuracy": 0.99})
        (folder / "status.json").write_text(json.dumps(dataclasses.asdict(status)))
    return store


def _steps(last: int, count: int = CHUNK) -> ClassifierSteps:
    """A chunk as the lab records it: single precision, written out in full; a dozen layers' norms."""
    random = np.random.default_rng(last)
    loss, accuracy, rate = random.random((3, count), np.float32).tolist()
    norms = {f"conv{i}_kernel": float(value) for i, value in enumerate(random.random(12, np.float32))}
    return ClassifierSteps(last, loss, accuracy, rate, 6000.0, last / 100, norms, norms)


def _record(run: Run) -> None:
    events = [Started(93_322, 55_000, 5_000, 859, STEPS), *map(_steps, range(CHUNK, STEPS + 1, CHUNK))]
    events += [EpochEnd(i, 859 * i, 0.1, 0.98, 8.59 * i) for i in range(1, STEPS // 859)]
    lines = (json.dumps(to_dict(event), separators=(",", ":")) for event in events)
    (run.folder / "events.jsonl").write_text("\n".join(lines) + "\n")


def _refresh(run: Run, history: History, step: list[int]) -> None:
    """What the page's fragment does twice a second, but for Streamlit's own work."""
    step[0] += CHUNK
    run.append(_steps(step[0]))
    history.refresh()
    losses = [(epoch.step, epoch.validation_loss) for epoch in history.epochs]
    accuracies = [(epoch.step, epoch.validation_accuracy) for epoch in history.epochs]
    chunk = history.by_chunk
    for figure in (
        figures.loss_chart(history.by_step["loss"], losses, "cnn"),
        figures.accuracy_chart(history.by_step["accuracy"], accuracies, "cnn"),
        figures.rate_chart({"Learning rate": history.by_step["learning_rate"]}, "cnn"),
        figures.speed_chart(chunk["step"], chunk["images_per_second"], "cnn"),
        figures.norms_chart(chunk["step"], history.weight_norms, "weights"),
    ):
        figure.to_json()


if __name__ == "__main__":
    main()
