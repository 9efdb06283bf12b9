"""Tell letters from digits that look like them by their neighbours.

The network gives each glyph a probability for each letter and digit, but a circle may be an O or a 0. The
model is a hidden Markov chain along a line of text (Rabiner 1989, section III): the kind of a glyph, letter
or digit, is that of the glyph before it with a probability of ``SAME_KIND`` within a word and
``SAME_KIND_AFTER_SPACE`` across a space; each line begins with either kind. A glyph's ink speaks by the
odds of its letters to its digits. They count up to ``MOST_ODDS``, and up to ``MOST_ALIKE_ODDS`` for a glyph
that has a look-alike of the other kind: the ink of a circle says little, however high the network's
probability. The forward-backward algorithm gives the probability of each glyph's kind; the network decides
within a kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.images.digits import Glyph
from core.images.picture_kind import DIGIT, LETTER

SAME_KIND = 0.98
SAME_KIND_AFTER_SPACE = 0.6
MOST_ODDS, MOST_ALIKE_ODDS = 1e5, 200.0
DOUBTFUL = 0.05  # the least probability of a look-alike that is worth a word

# Capital and small letters are one class, so a 6 is like a b, and a 9 like a g or a q.
LOOK_ALIKES = {
    "0": "O", "1": "IL", "2": "Z", "5": "S", "6": "BG", "8": "B", "9": "GQ",
    "O": "0", "I": "1L", "L": "1I", "Z": "2", "S": "5", "B": "68", "G": "69Q", "Q": "9G",
}  # fmt: skip


def kind_of_sign(label: str) -> str:
    """Return if a class is a letter or a digit."""
    return DIGIT if label.isdigit() else LETTER


def decided_by_neighbours(
    probabilities: np.ndarray, classes: Sequence[str], same_kind: Sequence[float]
) -> np.ndarray:
    """Return the probabilities (glyphs×classes) of glyphs in reading order, once their neighbours count.

    ``same_kind`` has for each glyph the probability that it is of the kind of the one before; see ``links``.
    """
    if not len(probabilities):
        return probabilities
    probabilities = np.maximum(probabilities, 1e-12)
    is_digit = np.array([kind_of_sign(label) == DIGIT for label in classes])
    of_kind = np.stack([probabilities[:, ~is_digit].sum(1), probabilities[:, is_digit].sum(1)], axis=1)
    most = np.array([_most_odds(classes[best]) for best in probabilities.argmax(1)])
    odds = np.clip(of_kind[:, 0] / of_kind[:, 1], 1 / most, most)
    kinds = _forward_backward(np.stack([odds, np.ones_like(odds)], axis=1), same_kind)
    letters, digits = (kinds / of_kind).T[:, :, None]
    return probabilities * np.where(is_digit, digits, letters)


def links(glyphs: Sequence[Glyph]) -> list[float]:
    """Return for each glyph the probability that it is of the kind of the one before it."""
    before = [None, *(glyph.line for glyph in glyphs)]
    return [
        0.5 if glyph.line != line else SAME_KIND_AFTER_SPACE if glyph.starts_word else SAME_KIND
        for glyph, line in zip(glyphs, before, strict=False)
    ]


def look_alike(probabilities: np.ndarray, classes: Sequence[str]) -> str | None:
    """Return the likeliest class that looks like the best one, if the glyph may well show it; else None."""
    best = classes[int(probabilities.argmax())]
    alike = [classes.index(label) for label in LOOK_ALIKES.get(best, "") if label in classes]
    likeliest = max(alike, key=lambda place: probabilities[place], default=None)
    return classes[likeliest] if likeliest is not None and probabilities[likeliest] >= DOUBTFUL else None


def _most_odds(label: str) -> float:
    """Return the most that the ink of a glyph may say for or against its being a letter."""
    others = (kind_of_sign(other) for other in LOOK_ALIKES.get(label, ""))
    return MOST_ALIKE_ODDS if any(kind != kind_of_sign(label) for kind in others) else MOST_ODDS


def _forward_backward(evidence: np.ndarray, same_kind: Sequence[float]) -> np.ndarray:
    """Return the probability of both kinds for each glyph, N×2, from the likelihoods of its ink, N×2."""
    steps = [np.array([[same, 1 - same], [1 - same, same]]) for same in same_kind]
    forward, backward = np.empty_like(evidence), np.ones_like(evidence)
    state = np.full(2, 0.5)
    for i, seen in enumerate(evidence):
        state = (state @ steps[i]) * seen
        state = forward[i] = state / state.sum()
    for i in range(len(evidence) - 2, -1, -1):
        state = steps[i + 1] @ (evidence[i + 1] * backward[i + 1])
        backward[i] = state / state.sum()
    kinds = forward * backward
    return kinds / kinds.sum(axis=1, keepdims=True)
