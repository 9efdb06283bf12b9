"""Measure how long a visitor waits for classes to be learnt: ``python -m tests.benchmarks.teaching_times``.

A set of 200 pictures, CIFAR-10's enlarged to 256 pixels, of four classes: the time from one more picture's
bytes to a head that has learnt, is measured and calibrated, and that of a fine-tuning with Teach's settings,
from the start of its process to the published bundle. Prints one JSON object, with the processor time of each
and the load of the machine, and exits with 1 if a floor is missed. Needs CIFAR-10 in DEEP_IMAGE_LAB_DATA.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from PIL import Image

from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import shipped_backbone
from core.class_sets.set_files import SIDES
from core.class_sets.taught_set import teach_set
from core.class_sets.ways_to_learn import Way, configuration
from core.contract import config as configs
from core.datasets import registry
from core.images.encode import png
from core.images.reduced import reduced

PICTURES, CLASSES = 200, 4
ENLARGED = 256  # pixels
CHANGES = 7  # pictures added one after the other
FLOORS = {"a picture more": 0.5, "fine-tuning": 60.0}  # seconds


@click.command()
def main() -> None:
    """Print one JSON object."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place:
        store, files = ClassSetStore(Path(place)), _files()
        filled = _filled(store, files[CHANGES:])
        report = {"a picture more": _change(store, filled, files[:CHANGES])}
        report["fine-tuning"] = _fine_tuning(Path(place), filled)
    click.echo(json.dumps({"load before": load, **report, "load after": os.getloadavg()[0]}, indent=1))
    if any(report[name]["seconds"] > floor for name, floor in FLOORS.items()):
        sys.exit(1)


def _files() -> list[tuple[str, bytes]]:
    """Return the class and the file of each picture, the classes in turn."""
    data = registry.load("cifar10")
    each = (PICTURES + CHANGES) // CLASSES + 1
    places = np.stack([np.nonzero(data.y_train == one)[0][:each] for one in range(CLASSES)]).T.ravel()
    found = []
    for number in places[: PICTURES + CHANGES]:
        large = Image.fromarray(data.x_train[number]).resize((ENLARGED, ENLARGED), Image.Resampling.BICUBIC)
        found.append((data.info.classes[data.y_train[number]], png(large)))
    return found


def _filled(store: ClassSetStore, files: list[tuple[str, bytes]]) -> ClassSet:
    """Return a set of the pictures, whose features are kept."""
    made = store.create("0" * 32)
    filled = store.add(made.id, [(name, "", reduced(content, "", *SIDES)) for name, content in files])
    teach_set(store, filled, shipped_backbone())
    return filled


def _change(store: ClassSetStore, filled: ClassSet, files: list[tuple[str, bytes]]) -> dict[str, float]:
    """Return the median time to learn once more after a picture was added; the set is then as before."""
    times = []
    for name, content in files:
        began, processor = time.perf_counter(), time.process_time()
        larger = store.add(filled.id, [(name, "", reduced(content, "", *SIDES))])
        teach_set(store, larger, shipped_backbone())
        times.append((time.perf_counter() - began, time.process_time() - processor))
        store.change(filled.id, lambda old: filled)
    seconds, processor_seconds = (statistics.median(values) for values in zip(*times, strict=True))
    return {"seconds": round(seconds, 2), "processor_seconds": round(processor_seconds, 2)}


def _fine_tuning(home: Path, filled: ClassSet) -> dict[str, float]:
    """Return the time of a fine-tuning in a process of its own."""
    file = home / "config.json"
    file.write_text(json.dumps(configs.to_dict(configuration(Way.FINE_TUNED, filled.id, PICTURES))))
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "core", "train", "--config", str(file)],
        env={**os.environ, "DEEP_IMAGE_LAB_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(processor_seconds, 1),
    }


if __name__ == "__main__":
    main()
