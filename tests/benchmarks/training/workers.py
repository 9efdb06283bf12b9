"""Measure what workers take: time to the first point, memory over many runs, time to readable digits."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from core.bundles.bundle import open_bundle, pretrained
from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.contract.presets import PRESETS
from core.inference.classifier import Classifier
from core.inference.generator import Generator
from core.runs import Control, Run, RunStore
from core.runs.process import launch
from core.runs.report.history import History

PATIENCE = 3600.0  # seconds
QUIET = 1.0  # seconds without work after which a warm worker is taken to be ready
RUNS = 20
AGREEMENT = 0.85

FIRST: dict[str, TrainingConfig] = {
    "cnn": ClassifierConfig(train_size=10_000, epochs=3),  # what the page offers first
    "rnn": ClassifierConfig(family="rnn", architecture="lstm", train_size=10_000, epochs=3),
    "gan": GanConfig(train_size=10_000, epochs=10),
}


def first_point(rounds: int) -> dict[str, float]:
    """Time from Start to the first figures in the record, with and without a warm worker."""
    result = {}
    for name, config in FIRST.items():
        for kind, minutes in (("warm", "5"), ("cold", "0")):
            with _home(minutes) as store:
                times = [_first_point(store, config, kind == "warm") for _ in range(rounds)]
            result[f"{name}_{kind}_s"] = statistics.median(times)
    return result


def memory(rounds: int) -> dict[str, float]:
    """Measure the peak memory, in MB, of the worker of each of 20 runs in a row, most of them warm."""
    config = ClassifierConfig(train_size=1000, epochs=1)
    with _home("5") as store:
        most = [_memory(store, config) for _ in range(RUNS)]
    return {
        "runs": RUNS,
        "first_mb": most[0],
        "last_mb": most[-1],
        "most_over_least": max(most) / min(most),
        "last_five_over_first_five": statistics.median(most[-5:]) / statistics.median(most[:5]),
    }


def gan(rounds: int) -> dict[str, float]:
    """Time from Start until the preset "Fast" draws what it is asked for, as the shipped CNN sees it."""
    config = next(preset.config for preset in PRESETS if preset.name == "fast-gan")
    results = []
    for _ in range(rounds if rounds < 5 else 1):  # minutes each; the default is one
        with _home("0") as store:
            results.append(_gan(store, config))
    return {name: statistics.median(result[name] for result in results) for name in results[0]}


def _gan(store: RunStore, config: TrainingConfig) -> dict[str, float]:
    run = store.create(config)
    begin = time.monotonic()
    launch.start(run)
    readable, history = 0.0, History(run)
    while run.status().is_live and time.monotonic() - begin < PATIENCE:
        found = history.refresh().sample_predictions
        if not readable and any(sum(c.right) >= AGREEMENT * c.samples for c in found):
            readable = time.monotonic() - begin
        time.sleep(0.5)
    if run.status().state != "finished":
        raise RuntimeError(f"{run.status().message!s} {run.log.read_text()[-2000:]}")
    generator, labels = Generator(open_bundle(run.bundle)), np.arange(2000) % 10
    drawn = generator.draw(labels, generator.latent(len(labels), 0))
    predicted = Classifier(pretrained("cnn")).probabilities(drawn).argmax(axis=1)
    return {
        "readable_s": readable,
        "finished_s": time.monotonic() - begin,
        "agreement": float((predicted == labels).mean()),
    }


@contextmanager
def _home(minutes: str) -> Iterator[RunStore]:
    """Open a home of its own, with or without a warm worker; end its processes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DEEP_IMAGE_LAB_WARM"] = minutes
        os.environ["DEEP_IMAGE_LAB_HOME"] = folder
        store = RunStore(Path(folder))
        try:
            yield store
        finally:
            for process in processes(folder):
                with suppress(ProcessLookupError):
                    os.kill(process, 9)


def processes(folder: str) -> list[int]:
    """Return the processes whose command line names a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (path / "cmdline").read_bytes()
            if int(path.name) != os.getpid() and folder.encode() in command and b"core.runs" in command:
                found.append(int(path.name))
    return found


def _first_point(store: RunStore, config: TrainingConfig, warm: bool) -> float:
    if warm:
        warmed(store)
    run = store.create(config)
    begin = time.monotonic()
    launch.start(run)
    _until(lambda: History(run).refresh().step > 0, run)
    seconds = time.monotonic() - begin
    run.request(Control.STOP)
    _until(lambda: run.status().is_over and not run.is_locked(), run)
    return seconds


def _memory(store: RunStore, config: TrainingConfig) -> float:
    """Return the peak memory of a run's worker, in MB."""
    run = store.create(config)
    launch.start(run)
    most = 0.0
    while not run.status().is_over:
        if pid := run.status().pid:
            with suppress(OSError, IndexError):
                most = max(most, _most(pid))
        time.sleep(0.02)
    _until(lambda: not run.is_locked(), run)
    return most


def _most(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def warmed(store: RunStore) -> None:
    """Wait until a warm worker has imported and rehearsed: until it no longer uses the processor."""
    launch.warm_up(store.root)
    quiet, last = 0.0, -1.0
    while quiet < QUIET:
        time.sleep(0.25)
        used = sum(map(_cpu_seconds, processes(str(store.root))))
        quiet = quiet + 0.25 if used == last and used > 1.0 else 0.0
        last = used


def _cpu_seconds(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _until(condition: Callable[[], bool], run: Run) -> None:
    give_up = time.monotonic() + PATIENCE
    while not condition():
        if run.status().state in ("failed", "interrupted") or time.monotonic() > give_up:
            raise RuntimeError(f"{run.status().message!s} {run.log.read_text()[-2000:]}")
        time.sleep(0.01)
