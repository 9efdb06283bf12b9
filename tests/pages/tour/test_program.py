from __future__ import annotations

import ast

import numpy as np
import pytest

from pages.parts.tour.program import source


def test_the_parts_make_one_program_that_defines_and_calls_its_functions() -> None:
    tree = ast.parse(source())
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert len(defined) == 3
    assert defined <= called


def test_the_program_runs_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run every line with MNIST's numbers of images replaced by small ones."""
    from tensorflow import keras  # noqa: PLC0415 (imports TensorFlow)

    def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(count) % 10
        return np.repeat(labels.astype(np.uint8), 28 * 28).reshape(count, 28, 28), labels

    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: (drawn(64), drawn(32)))
    program = source()
    assert program.count("60000") == program.count("10000") == 1

    exec(program.replace("60000", "64").replace("10000", "32"), {"__name__": "__main__"})

    assert "Test accuracy: " in capsys.readouterr().out
