"""Several modules: the command line as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.commands import main

COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_its_options(core, command, option):
    result = core(command, option)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {command} ")
    explanation = result.stdout.split("\n\n")[1].strip()
    assert explanation[0].isupper()


def test_the_real_command_prints_help_and_nothing_else_without_importing_tensorflow():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "core", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & {"tensorflow", "keras", "streamlit"}
    assert all(line.startswith("import time:") for line in done.stderr.splitlines())
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)


def test_an_unknown_command_is_refused_in_one_line(refused):
    assert "No such command 'clasify'" in refused("clasify")
