from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.class_sets import teaching_process
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from pages.parts.shared import visitors
from pages.parts.shared.visitors import Visitor
from pages.parts.teach import adding, live
from tests.class_sets.conftest import COLOURS, HereReducer, picture
from tests.class_sets.test_features import MeanColours
from tests.pages.conftest import OpenPage

ME = "a" * 32

OpenTeach = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce pictures in this process, and take their mean colours for features."""
    for module in (teaching_process, live):
        monkeypatch.setattr(module, "shipped_backbone", MeanColours)
    for module in (adding, live):
        monkeypatch.setattr(module, "reducer", HereReducer)
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor(ME, ids=frozenset({ME})))


@pytest.fixture
def open_teach(open_page: OpenPage) -> OpenTeach:
    """Return a function that opens the page with a set, or the visitor's own."""

    def opened(described: ClassSet | None = None) -> AppTest:
        return open_page("teach", **({"set": described.id} if described else {}))

    return opened


def filled(*counts: int, owner: str = ME) -> ClassSet:
    """Make a set with so many pictures in the classes red, green and blue."""
    made = own_class_sets().create(owner)
    pictures = [
        (colour, f"{k}.jpg", picture(colour, k))
        for colour, count in zip(COLOURS, counts, strict=False)
        for k in range(count)
    ]
    return own_class_sets().add(made.id, pictures)
