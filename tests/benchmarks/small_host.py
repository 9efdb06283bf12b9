"""Measure what the app takes on a host of 2 GB: ``python -m tests.benchmarks.small_host``.

A visitor opens every page and uses some, then networks are trained. Print the memory of the server and its
children, and each floor with what was measured. Files in memory, such as libraries, count once, however
many processes of the app map them, and in full if processes of others do. ``DEEP_IMAGE_LAB_MEMORY_GB``
stands for the host.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.errors import RunError
from core.runs import Control, Run, RunStore
from core.runs.process import launch
from core.settings import PREFIX
from tests.benchmarks.streamlit_client import Visitor
from tests.browser.conftest import Server, serving
from tests.browser.steps import PAGES
from tests.pictures import cat, photograph

VISITED, TRAINING = 450.0, 900.0  # MB: the floors
EVERY = 0.5  # seconds between two looks at the memory
CONFIGS: dict[str, TrainingConfig] = {
    "cnn": ClassifierConfig(epochs=1000),
    "gan": GanConfig(epochs=1000),
}


@click.command()
@click.option("--gigabytes", type=click.FloatRange(min=0.1), default=2.0, show_default=True)
@click.option(
    "--seconds", type=click.IntRange(min=1), default=40, show_default=True, help="Of each training."
)
@click.option("--modules", is_flag=True, help="Name the processes that hold it.")
def main(gigabytes: float, seconds: int, modules: bool) -> None:
    """Print figures and floors."""
    os.environ[f"{PREFIX}MEMORY_GB"] = str(gigabytes)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        os.environ[f"{PREFIX}HOME"] = str(server.home)
        started = _megabytes(server)
        asyncio.run(_visit(server.url))
        time.sleep(2)
        visited = _megabytes(server)
        if modules:
            click.echo(json.dumps(_by_process(_family(server.pid)), indent=1), err=True)
        report = {"started_mb": started, "visited_mb": visited}
        for name, config in CONFIGS.items():
            run = _started(server, config)
            report[f"training_{name}_mb"] = _most(server, run, seconds) - visited
    click.echo(json.dumps({name: round(value) for name, value in report.items()}, indent=1))
    _judge("memory after a visit to all pages, in MB", visited, VISITED)
    for name in CONFIGS:
        _judge(f"memory of a training beside ({name}), in MB", report[f"training_{name}_mb"], TRAINING)


async def _visit(url: str) -> None:
    """Open every page, read digits and a photograph, and draw a person."""
    async with Visitor(url) as visitor:
        for page in PAGES:
            await visitor.open(page)
            if page == "classify":
                await visitor.upload("pictures", "digits.png", photograph(2, 4, 7))
                await visitor.upload("pictures", "cat.png", cat())
            if page == "generate":
                await visitor.press("person next")
            for error in visitor.errors:
                click.echo(f"{page}: {error}", err=True)


def _started(server: Server, config: TrainingConfig) -> Run:
    """Start to train a network in the app's home, and wait for its first step."""
    run = RunStore(server.home).create(config)
    launch.start(run)
    while not (status := run.status()).step:
        if status.is_over:
            raise click.ClickException(str(status.message))
        time.sleep(EVERY)
    return run


def _most(server: Server, run: Run, seconds: int) -> float:
    """Return the most that the app and a training take, for some seconds and while it is stopped, in MB."""
    end, most = time.monotonic() + seconds, 0.0
    while not (status := run.status()).is_over:
        most = max(most, _megabytes(server, status.pid))
        if time.monotonic() > end:
            with suppress(RunError):  # it has just ended
                run.request(Control.STOP)  # its network is then converted and written
        time.sleep(EVERY)
    return most


def _megabytes(server: Server, worker: int | None = None) -> float:
    """Return the memory of the app, in MB."""
    own, files = 0.0, {}
    for process in {*_family(server.pid), *([worker] if worker else [])}:
        anonymous, mapped = _memory(process)
        own += anonymous
        for file, size in mapped.items():
            files[file] = max(size, files.get(file, 0.0))
    return own + sum(files.values())


def _by_process(processes: Sequence[int]) -> dict[str, tuple[float, float]]:
    """Return the command, the anonymous memory and the files in memory of each process, in MB."""
    found = {}
    for process in processes:
        with suppress(OSError):
            command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:100]
            anonymous, files = _memory(process)
            found[command] = (round(anonymous), round(sum(files.values())))
    return found


def _memory(process: int) -> tuple[float, dict[str, float]]:
    """Return the anonymous memory of a process and that of each mapped part of a file, in MB; see proc(5)."""
    anonymous, files, name = 0.0, {}, ""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps").read_text().splitlines():
            words = line.split()
            if not words[0].endswith(":"):  # addresses, permissions, offset, device, inode, path
                name = " ".join([words[2], *words[5:]]) if len(words) > 5 else ""
            elif words[0] == "Rss:":
                resident = int(words[1]) / 1024
            elif words[0] == "Anonymous:":
                own = int(words[1]) / 1024
                anonymous += own
                files[name] = files.get(name, 0.0) + resident - own
    return anonymous, files


def _family(process: int) -> list[int]:
    """Return the ids of a process and of all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(folder.name))
    found = [process]
    for each in found:
        found += children.get(each, [])
    return found


def _judge(name: str, value: float, floor: float) -> None:
    click.echo(f"{'holds' if value <= floor else 'FAILS'}  {name}: {value:.0f} (at most {floor:.0f})")


if __name__ == "__main__":
    main()
