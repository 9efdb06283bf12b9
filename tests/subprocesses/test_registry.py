from __future__ import annotations

import importlib
import inspect

import pytest

from core.subprocesses.registry import EXPERIMENTS


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_of_the_list_exists_and_reports_its_progress(name: str) -> None:
    module, _, experiment = EXPERIMENTS[name].partition(":")
    parameters = inspect.signature(getattr(importlib.import_module(module), experiment)).parameters
    assert next(iter(parameters)) == "progress"
