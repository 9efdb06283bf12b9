"""Share what several commands need: errors in one line, progress bars, models by name or folder."""

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

bundle_folder_option = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the bundle; what is there is replaced.",
)


class DatasetName(click.ParamType):
    """The name of a data set, including those drawn by a run's generator (``drawn:RUN``)."""

    name = "dataset"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name if there is such a data set."""
        try:
            return registry.describe(value).name
        except LabError as error:
            self.fail(str(error), param, ctx)


def errors_in_one_line(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the project's errors into one line on standard error and exit code 1."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except LabError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """Show a progress bar on standard error; the yielded function takes the share done, 0 to 1."""
    with click.progressbar(length=PERCENT, label=label, file=sys.stderr) as shown:
        yield lambda share: shown.update(round(share * PERCENT) - shown.pos)


@contextmanager
def native_messages_hidden() -> Iterator[None]:
    """Hide what C++ libraries print on standard error when they start; it is for errors and bars."""
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


@contextmanager
def quiet_tensorflow() -> Iterator[None]:
    """Hide TensorFlow's messages while it is imported: it reports a missing GPU as an error."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with native_messages_hidden():
        yield


@contextmanager
def unwritable(out: Path) -> Iterator[None]:
    """Turn an ``OSError`` about writing a file into a sentence.

    Raises:
        LabError: for an ``OSError`` inside.
    """
    try:
        yield
    except OSError as error:
        raise LabError("commands.unwritable", file=out, error=error.strerror or str(error)) from error


def find_bundle(name: str) -> Bundle:
    """Return a shipped model by its name, or any bundle or finished run by its folder."""
    folder = Path(name)
    for candidate in (folder, folder / "bundle"):
        if os.path.isfile(candidate / "card.json"):  # unlike pathlib's, it accepts any name
            return open_bundle(candidate)
    return pretrained(name)


def find_run(named: str) -> Run:
    """Return the run with an id, or in a folder.

    Raises:
        RunError: when there is none.
    """
    folder = Path(named)
    if os.path.isfile(folder / "config.json"):
        return Run(folder.resolve())
    return RunStore(home()).open(named)
