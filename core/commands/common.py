"""What the commands share: errors in one line, bars on standard error, models by name or folder."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from core.bundles.bundle import Bundle, open_bundle, pretrained
from core.datasets import registry
from core.errors import LabError
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, home

PERCENT = 100


class DatasetName(click.ParamType):
    """The name of a data set, also of one that some run's generator draws (``drawn:RUN``)."""

    name = "dataset"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, if there is such a data set."""
        try:
            return registry.describe(value).name
        except LabError as error:
            self.fail(str(error), param, ctx)


def errors_in_one_line(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turns the project's errors into one line on standard error and exit code 1."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except LabError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error; the function it gives takes the share done, 0 to 1."""
    with click.progressbar(length=PERCENT, label=label, file=sys.stderr) as shown:
        yield lambda share: shown.update(round(share * PERCENT) - shown.pos)


@contextmanager
def native_messages_hidden() -> Iterator[None]:
    """Keeps what LiteRT's C++ side prints when it starts off standard error, which is for errors and bars."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def find_bundle(name: str) -> Bundle:
    """A shipped model by its name, or any bundle (or finished run) by its folder."""
    folder = Path(name)
    for candidate in (folder, folder / "bundle"):
        if os.path.isfile(candidate / "card.json"):  # unlike pathlib's, it takes any name for an answer
            return open_bundle(candidate)
    return pretrained(name)


def find_run(named: str) -> Run:
    """The run of an id, or in a folder.

    Raises:
        RunError: when there is none.
    """
    folder = Path(named)
    if os.path.isfile(folder / "config.json"):
        return Run(folder.resolve())
    return RunStore(home()).open(named)
