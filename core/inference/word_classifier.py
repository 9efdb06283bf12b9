"""Name what is on a photograph by words that people use, with a network that knows finer classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import read_first
from core.inference.classifier import Classifier

SURE = 0.3  # below this, the likeliest word was wrong more often than right on photographs held back
MOST_NAMES = 5  # of the classes behind a word


@dataclass(frozen=True)
class LikelyWord:
    """A word with its probability, and the network's own classes behind it with theirs, likeliest first."""

    word: str
    probability: float
    names: tuple[tuple[str, float], ...]


class WordClassifier(Classifier):
    """A classifier whose classes are the everyday words on its bundle's card.

    The probabilities of classes that mean one thing to a person are added up: tabby, tiger cat and Egyptian
    cat are a "cat". ``card`` has the words as its classes; ``bundle.card`` has the network's own.

    Raises:
        BundleError: when the bundle holds a generator.
    """

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        words = tuple(sorted(set(bundle.card.words)))
        place = {word: k for k, word in enumerate(words)}
        self._word_of_class = np.array([place[word] for word in bundle.card.words])
        self.card = replace(bundle.card, classes=words, words=(), refuse_below=SURE)

    def by_class(self, exact: np.ndarray) -> np.ndarray:
        """Return the probabilities of the words, N×words, from those of the classes, N×classes."""
        sums = np.zeros((len(exact), len(self.card.classes)), np.float32)
        np.add.at(sums.T, self._word_of_class, exact.T)
        return sums

    def likeliest_words(self, exact: np.ndarray, most: int = 5) -> list[LikelyWord]:
        """Return an image's likeliest words, each with the likeliest of the classes behind it.

        ``exact`` has the probabilities of the network's own classes.
        """
        by_word = self.by_class(exact[None])[0]
        ranked = np.argsort(by_word)[::-1][:most]
        return [
            LikelyWord(self.card.classes[k], float(by_word[k]), self._names_behind(k, exact)) for k in ranked
        ]

    def _names_behind(self, word: int, exact: np.ndarray) -> tuple[tuple[str, float], ...]:
        """Return the likeliest of the classes behind a word, with their probabilities."""
        behind = np.nonzero(self.classes_of(word))[0]
        ranked = behind[np.argsort(exact[behind])[::-1]][:MOST_NAMES]
        return tuple((self.bundle.card.classes[k], float(exact[k])) for k in ranked)

    @cached_property
    def output_kernel(self) -> np.ndarray:
        """Weights of the output layer, features×classes float16, read when they are first asked for.

        Raises:
            BundleError: when the stored model cannot be read.
        """
        return read_first(self.bundle, "Dense").weights[0]

    def classes_of(self, word: int) -> np.ndarray:
        """Return which of the network's classes the word of that number stands for, one bool per class."""
        return self._word_of_class == word


def open_classifier(bundle: Bundle) -> Classifier:
    """Return the classifier of a bundle; one whose card has everyday words answers with these.

    Raises:
        BundleError: when the bundle holds a generator.
    """
    return WordClassifier(bundle) if bundle.card.words else Classifier(bundle)
