from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.inference.classifier import Classifier
from core.inference.picture_reading import answer, prepare
from core.inference.word_classifier import MOST_NAMES, SURE, WordClassifier, open_classifier
from tests.pictures import cat

IMAGE = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)


@pytest.fixture(scope="module")
def things() -> WordClassifier:
    found = open_classifier(pretrained("efficientnet_lite0"))
    assert isinstance(found, WordClassifier)
    return found


def test_probabilities_of_classes_that_mean_one_thing_are_added_up(things):
    names = things.bundle.card.classes
    exact = np.zeros((1, len(names)), np.float32)
    for name, p in (("tabby", 0.3), ("tiger cat", 0.2), ("Egyptian cat", 0.1), ("beagle", 0.4)):
        exact[0, names.index(name)] = p
    by_word = things.by_class(exact)[0]
    assert by_word[things.card.classes.index("cat")] == pytest.approx(0.6)
    assert by_word[things.card.classes.index("dog")] == pytest.approx(0.4)


def test_the_words_probabilities_add_up_to_one_and_the_exact_names_to_no_more(things):
    probabilities = things.probabilities(IMAGE[None])
    assert probabilities.shape == (1, len(things.card.classes))
    assert probabilities.sum() == pytest.approx(1, abs=1e-4)
    best = int(probabilities[0].argmax())
    first, *others = things.likeliest_words(things.exact_probabilities(IMAGE[None])[0])
    assert first.word == things.card.classes[best]
    assert first.probability == pytest.approx(float(probabilities[0, best]), abs=1e-4)
    ranked = [likely.probability for likely in (first, *others)]
    assert (len(ranked), ranked) == (5, sorted(ranked, reverse=True))
    shares = [p for _, p in first.names]
    assert shares == sorted(shares, reverse=True)
    assert len(first.names) == min(MOST_NAMES, things.classes_of(best).sum())
    assert sum(shares) <= first.probability + 1e-4
    assert things.card.refuse_below == SURE


def test_words_and_the_names_behind_them_come_from_one_run(things, monkeypatch):
    runs, logits = [], things.logits
    monkeypatch.setattr(things, "logits", lambda images: runs.append(len(images)) or logits(images))
    (given,) = answer(prepare(cat(), "cat.jpg", thorough=False), things)
    assert given.exact is not None
    assert things.likeliest_words(given.exact)[0].word == given.label == "cat"
    assert runs == [1]


def test_a_network_without_words_keeps_its_classes():
    assert type(open_classifier(pretrained("cnn"))) is Classifier
