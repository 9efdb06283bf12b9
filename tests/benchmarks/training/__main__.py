"""Print one JSON object with the named parts, or all: ``python -m tests.benchmarks.training cnn lstm``.

Each part runs in a child process of its own. Contenders take turns within a part; figures are medians.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import click

from tests.benchmarks.training import page, speed, workers

PARTS: dict[str, Callable[[int], dict[str, float]]] = {
    "cnn": speed.cnn,  # images/s beside Keras's fit and the bare loop
    "lstm": speed.lstm,
    "two_lstms": speed.two_lstms,
    "fast": speed.fast,  # seconds to the tutorial's accuracy beside the tutorial's program
    "summaries": page.summaries,  # milliseconds to read 1,000 runs' summaries
    "refresh": page.refresh,  # milliseconds of a live refresh at 100,000 steps
    "start": workers.first_point,  # seconds from Start to the first point in the record
    "click": page.first_point,  # seconds from the click on Start to the first point in Chromium's chart
    "gan": workers.gan,  # seconds to digits that an outside classifier reads
    "memory": workers.memory,  # of a worker over 20 runs
}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--rounds", type=click.IntRange(min=1), default=5, help="Measurements of each contender.")
def main(parts: tuple[str, ...], rounds: int) -> None:
    """Print one JSON object with the figures of the named parts, or of all."""
    report: dict[str, object] = {"cores": len(os.sched_getaffinity(0)), "load_before": os.getloadavg()[0]}
    for part in parts or PARTS:
        with ProcessPoolExecutor(1, get_context("spawn")) as child:
            report[part] = child.submit(PARTS[part], rounds).result()
        click.echo(f"{part}: {json.dumps(report[part])}", err=True)
    click.echo(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
