from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from core.commands import main
from core.datasets.synthetic.handwriting import render
from core.images.encode import png
from core.images.grid import grid

BARS = ("Loading", "Measuring", "Drawing", "Reading")  # without a terminal, a bar prints only its label
Command = Callable[..., Result]


@pytest.fixture(scope="session")
def core() -> Command:
    """Return a function that calls the command line with its arguments."""

    def call(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture(scope="session")
def refused(core: Command) -> Callable[..., str]:
    """Return a function that calls the command line with a mistake and returns its error, one line."""

    def call(*arguments: object) -> str:
        result = core(*arguments)
        assert result.exit_code != 0
        assert result.stdout == ""
        *before, line = [line for line in result.stderr.splitlines() if line]
        assert all(word.startswith(("Usage:", "Try ", *BARS)) for word in before), result.stderr
        assert line.startswith("Error: ")
        return line

    return call


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a picture of four digits in a row and return its path."""
    file = tmp_path_factory.mktemp("pictures") / "digits.png"
    file.write_bytes(png(grid(255 - render(np.array([2, 0, 4, 7]), seed=4), columns=4, gap=0, scale=4)))
    return file
