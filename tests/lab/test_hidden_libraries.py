"""Several modules: libraries that Keras would import needlessly are hidden while the lab imports it."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from core import errors

LAB = Path(errors.__file__).parent / "lab/__init__.py"
HIDDEN = ["pandas", "sklearn"]
KERAS = f"""
missing = []
for name in {HIDDEN}:
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
"""


def test_keras_finds_no_pandas_and_no_scikit_learn_and_they_are_not_hidden_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keras.py").write_text(KERAS)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("keras", *HIDDEN):
        monkeypatch.setitem(sys.modules, name, None)  # so that its absence is undone too
        monkeypatch.delitem(sys.modules, name)

    runpy.run_path(str(LAB))

    assert sys.modules["keras"].missing == HIDDEN
    assert not set(HIDDEN) & set(sys.modules)
