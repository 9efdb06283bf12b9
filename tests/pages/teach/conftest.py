from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.class_sets import teaching_process
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import own_class_sets
from pages.parts.shared import visitors
from pages.parts.shared.visitors import Visitor
from pages.parts.teach import activation_maps, adding, live
from tests.class_sets.conftest import COLOURS, HereReducer, picture
from tests.class_sets.test_features import MeanColours
from tests.pages.conftest import OpenPage

ME = "a" * 32

OpenTeach = Callable[..., AppTest]


class MapsOfColours(MeanColours):
    """The same backbone, whose last maps are colours at 4×4 places."""

    def maps(self, images: np.ndarray) -> np.ndarray:
        return images.reshape(-1, 4, 2, 4, 2, 3).mean(axis=(2, 4)).astype(np.float32)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce pictures in this process, and take their mean colours for features."""
    for module in (teaching_process, live):
        monkeypatch.setattr(module, "shipped_backbone", MeanColours)
    for module in (adding, live):
        monkeypatch.setattr(module, "reducer", HereReducer)
    monkeypatch.setattr(activation_maps, "shipped_backbone", MapsOfColours)
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor(ME, ids=frozenset({ME})))


@pytest.fixture
def open_teach(open_page: OpenPage) -> OpenTeach:
    """Return a function that opens the page with a set, or the visitor's own."""

    def opened(described: ClassSet | None = None) -> AppTest:
        return open_page("teach", **({"set": described.id} if described else {}))

    return opened


@pytest.fixture
def colours_id() -> str:
    """Return the id of a set of two classes, red and blue, of four pictures."""
    return filled(4, 0, 4).id


def filled(*counts: int, owner: str = ME) -> ClassSet:
    """Make a set with so many pictures in the classes red, green and blue."""
    made = own_class_sets().create(owner)
    pictures = [
        (colour, f"{k}.jpg", picture(colour, k))
        for colour, count in zip(COLOURS, counts, strict=False)
        for k in range(count)
    ]
    return own_class_sets().add(made.id, pictures)


def shelves(at: AppTest) -> list[list[str]]:
    """Return the ids of the pictures in each class."""
    shown = [c for c in at.get("bidi_component") if c.proto.component_name.endswith("picture_shelf")]
    return [[one["id"] for one in json.loads(component.proto.json)[0]["pictures"]] for component in shown]


def add_class(at: AppTest, name: str) -> None:
    at.text_input(key="new class").input(name)
    at.button(key="add class button").click().run()
    assert not at.exception


def upload(at: AppTest, *files: tuple[str, bytes]) -> None:
    """Upload files where the open class takes pictures."""
    place = next(one for one in at.file_uploader if one.key.startswith("upload "))
    for name, content in files:
        place.upload(name, content)
    at.run()
    assert not at.exception
