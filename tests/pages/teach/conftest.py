from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.class_sets.class_set_store import own_class_sets
from core.class_sets.taught_set import teach_set
from pages.parts.teach import activation_maps, learnt
from tests.class_sets.conftest import picture
from tests.commands.test_teach import MeanColours


class MapsOfColours(MeanColours):
    """The same backbone, whose last maps are 7×7 means of colours."""

    def maps(self, images: np.ndarray) -> np.ndarray:
        return images.reshape(-1, 7, 32, 7, 32, 3).mean(axis=(2, 4)).astype(np.float32)


@pytest.fixture
def colours_id(store, monkeypatch) -> str:
    """Return the id of a set of two classes of four pictures, whose features are mean colours."""
    backbone: Any = MapsOfColours(None)
    monkeypatch.setattr(learnt, "kept", lambda described: teach_set(own_class_sets(), described, backbone))
    monkeypatch.setattr(activation_maps, "shipped_backbone", lambda: backbone)
    made = own_class_sets().create("", "Colours")
    own_class_sets().add(
        made.id, [(name, "", picture(name, k)) for name in ("red", "blue") for k in range(4)]
    )
    return made.id
