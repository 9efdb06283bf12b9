from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED
from core.images.corruption_kinds import KINDS, STRENGTHS
from core.inference.classifier import Classifier
from core.messages import Message
from core.remedies import own_corruptions
from core.remedies.own_corruptions import OwnCorruptions
from core.remedies.stored_answers import StoredAnswers


def test_a_network_is_measured_for_every_kind_and_strength(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = np.zeros((10, 1, 28, 28, 1), np.uint8)  # one of each class
    stored = StoredAnswers(np.arange(10, dtype=np.uint8), pictures, {}, {})
    monkeypatch.setattr(own_corruptions, "read_answers", lambda file: stored)
    monkeypatch.setattr(Classifier, "probabilities", lambda self, images: np.eye(10)[[0] * len(images)])
    told: list[tuple[Message, float | None]] = []
    folder = str(PRETRAINED / "plain_cnn")
    own = OwnCorruptions(lambda said, share: told.append((said, share)), folder, "mnist")

    found = own.measure(seed=1)

    assert found["clean"] == pytest.approx(0.9)  # all are read as 0, one of ten shows it
    assert list(found["errors"]) == [kind.name for kind in KINDS]
    assert all(errors == pytest.approx([0.9] * len(STRENGTHS)) for errors in found["errors"].values())
    assert len(told) == len(KINDS)
