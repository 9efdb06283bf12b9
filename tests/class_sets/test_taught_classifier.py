from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.class_sets.class_set_store import ClassSetStore
from core.class_sets.features import BACKBONE, Backbone
from core.class_sets.taught_classifier import TaughtClassifier
from core.class_sets.taught_set import answer, teach_set
from core.errors import ImageError
from core.images.whole_picture import whole_picture
from core.inference.classifier import Classifier
from tests.class_sets.conftest import OWNER, picture


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Classifier, ClassSetStore, str]:
    store = ClassSetStore(Path(tmp_path_factory.mktemp("sets")))
    made = store.create(OWNER, "Colours")
    filled = store.add(
        made.id, [(colour, "a.jpg", picture(colour, k)) for colour in ("red", "blue") for k in range(3)]
    )
    backbone = Backbone(pretrained(BACKBONE))
    return TaughtClassifier(teach_set(store, filled, backbone), backbone), store, made.id


def test_it_answers_as_the_page_does(taught) -> None:
    classifier, store, set_id = taught
    described = store.open(set_id)
    shown = store.picture(set_id, described.classes[1].pictures[0].id)
    image = whole_picture(shown, classifier.card.preprocessing)

    probabilities = classifier.probabilities(image[None])
    backbone = Backbone(pretrained(BACKBONE))
    told = answer(teach_set(store, described, backbone), shown, backbone)
    np.testing.assert_allclose(probabilities[0], told.probabilities, atol=1e-4)
    assert classifier.are_strange(image[None])[0] == told.is_none_of_these
    assert classifier.card.classes == ("red", "blue")
    assert classifier.bundle.name == "Colours"
    assert set(classifier.activations(image[None])) == set(classifier.card.activations)


def test_no_picture_has_no_answer_and_one_of_another_size_is_refused(taught) -> None:
    classifier, _, _ = taught

    assert classifier.probabilities(np.empty((0, 224, 224, 3), np.uint8)).shape == (0, 2)
    with pytest.raises(ImageError):
        classifier.probabilities(np.zeros((1, 28, 28, 3), np.uint8))
