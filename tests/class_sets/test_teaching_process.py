from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.class_sets import teaching_process
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from core.class_sets.teaching_process import SetTeacher, TeachingPool
from core.errors import ExperimentError
from tests.class_sets.conftest import picture
from tests.class_sets.test_features import MeanColours


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClassSet:
    """Return a set of two classes in a home of its own, whose features are mean colours."""
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path))
    monkeypatch.setattr(teaching_process, "shipped_backbone", MeanColours)
    made = own_class_sets().create("")
    pictures = [(colour, "a.jpg", picture(colour, k)) for colour in ("red", "blue") for k in range(2)]
    return own_class_sets().add(made.id, pictures)


def test_a_small_set_is_learnt_here(described: ClassSet) -> None:
    assert TeachingPool().teach(described).classes == described


def test_a_large_set_is_learnt_by_a_child_which_is_started_again_once_it_has_ended(
    described: ClassSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Child] = []

    class Child:
        """A child process that ends when it is asked, unless it is the second."""

        def __init__(self, name: str, **options: Any) -> None:
            started.append(self)
            self.alive = True

        def ask(self, method: str, *, timeout: float, progress: Any, **arguments: Any) -> Any:
            if len(started) < 2:
                self.alive = False
                raise ExperimentError("subprocesses.ended")
            return getattr(SetTeacher(lambda told, share: None), method)(**arguments)

    monkeypatch.setattr(teaching_process, "ChildProcess", Child)
    monkeypatch.setattr(teaching_process, "FEW", 3)
    pool = TeachingPool()

    assert pool.teach(described).classes == pool.teach(described).classes == described
    assert len(started) == 2
