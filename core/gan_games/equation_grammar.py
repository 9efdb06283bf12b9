"""Define a small language whose sentences can be checked: sums and differences such as 3+4=7.

The grammar, to which one condition is added: the equation must be true::

    sentence = digit sign digit "=" digit
    sign     = "+" | "-"
    digit    = "0" | … | "9"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ALPHABET = "0123456789+-="
LENGTH = 5
HELD_OUT = 22  # sentences that the networks never see, to tell new sentences from repeated ones
SPLIT_SEED = 0

_FORM = re.compile("([0-9])([+-])([0-9])=([0-9])")


@dataclass(frozen=True)
class Score:
    """Score of a generator's sentences."""

    valid: float  # share that the grammar allows, 0 to 1
    distinct: int  # different valid sentences
    new: int  # different valid sentences that are not in the training data


def is_valid(sentence: str) -> bool:
    """Return True if the grammar allows a sentence and its equation is true."""
    match = _FORM.fullmatch(sentence)
    if not match:
        return False
    left, sign, right, result = match.groups()
    return int(result) == (int(left) + int(right) if sign == "+" else int(left) - int(right))


def sentences() -> list[str]:
    """Return all valid sentences: 55 sums and 55 differences."""
    sums = [f"{a}+{b}={a + b}" for a in range(10) for b in range(10 - a)]
    return sums + [f"{a}-{b}={a - b}" for a in range(10) for b in range(a + 1)]


def split() -> tuple[list[str], list[str]]:
    """Return the sentences for training and those held out; the split is always the same."""
    all_sentences = sentences()
    order = np.random.default_rng(SPLIT_SEED).permutation(len(all_sentences))
    return [all_sentences[i] for i in order[HELD_OUT:]], [all_sentences[i] for i in order[:HELD_OUT]]


def score(generated: Sequence[str]) -> Score:
    """Return the share of valid sentences, the number of different ones, and how many of those are new."""
    valid = [sentence for sentence in generated if is_valid(sentence)]
    held_out = set(split()[1])
    return Score(len(valid) / max(1, len(generated)), len(set(valid)), len(held_out & set(valid)))


def chance() -> tuple[float, float]:
    """Return the share of valid sentences among texts of this length, and among texts of the right form."""
    count = len(sentences())
    return count / len(ALPHABET) ** LENGTH, count / (10 * 2 * 10 * 10)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Return texts as indices into the alphabet, N×LENGTH int32."""
    return np.array([[ALPHABET.index(character) for character in text] for text in texts], np.int32)


def decode(indices: np.ndarray) -> list[str]:
    """Return the texts of indices into the alphabet."""
    return ["".join(ALPHABET[index] for index in row) for row in indices]
