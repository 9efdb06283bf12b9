from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.digits import Glyph
from core.inference.neighbours import (
    LOOK_ALIKES,
    MOST_ALIKE_ODDS,
    SAME_KIND,
    SAME_KIND_AFTER_SPACE,
    decided_by_neighbours,
    links,
    look_alike,
)

CLASSES = tuple(string.digits + string.ascii_uppercase)


def _row(**shares: float) -> np.ndarray:
    """Return the probabilities of a glyph; what the named classes leave is shared among all."""
    named = {name.strip("_"): share for name, share in shares.items()}
    rest = (1 - sum(named.values())) / len(CLASSES)
    return np.array([named.get(label, 0.0) + rest for label in CLASSES])


def _unsure(pair: str) -> np.ndarray:
    return _row(**{f"_{pair[0]}": 0.5, f"_{pair[1]}": 0.499})


def _clear(label: str) -> np.ndarray:
    return _row(**{f"_{label}": 0.9999})


def _read(*rows: np.ndarray, same_kind: list[float] | None = None) -> str:
    same_kind = same_kind or [0.5] + [SAME_KIND] * (len(rows) - 1)
    decided = decided_by_neighbours(np.stack(rows), CLASSES, same_kind)
    return "".join(CLASSES[best] for best in decided.argmax(1))


@st.composite
def _glyphs(draw: st.DrawFn) -> np.ndarray:
    count = draw(st.integers(1, 8))
    seed = draw(st.integers(0, 2**32 - 1))
    sharpness = draw(st.floats(0, 20))
    logits = np.random.default_rng(seed).normal(0, 1, (count, len(CLASSES))) * sharpness
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("pair", ["0O", "1I", "2Z", "5S", "8B", "1L"])
def test_an_ambiguous_glyph_is_of_the_kind_of_its_neighbours(pair):
    digit, letter = pair
    unsure = _unsure(pair)
    assert _read(_clear("A"), unsure, _clear("M")) == f"A{letter}M"
    assert _read(_clear("A"), _clear("M"), unsure) == f"AM{letter}"
    assert _read(_clear("4"), unsure, _clear("7")) == f"4{digit}7"
    assert _read(unsure, _clear("7")) == f"{digit}7"


def test_neighbours_beyond_other_ambiguous_glyphs_count_too():
    assert _read(_clear("R"), _unsure("0O"), _unsure("0O"), _unsure("1I")) == "ROOI"


def test_a_space_lets_another_kind_follow():
    row = [_clear("A"), _clear("M"), _row(_0=0.7, O=0.29)]
    assert _read(*row) == "AMO"
    assert _read(*row, same_kind=[0.5, SAME_KIND, SAME_KIND_AFTER_SPACE]) == "AM0"


def test_a_code_of_clear_letters_and_digits_is_kept():
    assert _read(*map(_clear, "A4K7")) == "A4K7"


@given(_glyphs())
def test_the_result_is_probabilities_whose_ratios_within_a_kind_stay(glyphs):
    found = decided_by_neighbours(glyphs, CLASSES, [0.5] + [SAME_KIND] * (len(glyphs) - 1))
    assert np.allclose(found.sum(axis=1), 1)
    assert (found >= 0).all()
    for kind in (slice(0, 10), slice(10, 36)):
        before, after = np.maximum(glyphs, 1e-12)[:, kind], found[:, kind]
        assert np.allclose(after / after.sum(1, keepdims=True), before / before.sum(1, keepdims=True))


@given(_glyphs())
def test_a_line_read_backwards_gives_the_same(glyphs):
    same_kind = [0.5] + [SAME_KIND] * (len(glyphs) - 1)
    forwards = decided_by_neighbours(glyphs, CLASSES, same_kind)
    backwards = decided_by_neighbours(glyphs[::-1], CLASSES, same_kind)[::-1]
    assert np.allclose(forwards, backwards)


@given(_glyphs(), st.sampled_from(string.ascii_uppercase + string.digits), st.integers(0, 7))
def test_a_clear_glyph_without_a_look_alike_keeps_its_kind_whatever_is_beside_it(glyphs, label, place):
    place %= len(glyphs)
    glyphs[place] = _clear(label)
    found = decided_by_neighbours(glyphs, CLASSES, [0.5] + [SAME_KIND] * (len(glyphs) - 1))
    if label not in LOOK_ALIKES:
        assert CLASSES[found[place].argmax()] == label


@given(_glyphs())
def test_a_glyph_alone_is_of_the_kind_that_its_ink_says(glyphs):
    letters, digits = glyphs[0, 10:].sum(), glyphs[0, :10].sum()
    found = decided_by_neighbours(glyphs[:1], CLASSES, [0.5])[0]
    assert (found[10:].sum() > found[:10].sum()) == (letters > digits)


def test_the_ink_of_a_look_alike_counts_no_more_than_its_limit():
    found = decided_by_neighbours(_clear("O")[None], CLASSES, [0.5])[0]
    assert found[CLASSES.index("O")] == pytest.approx(MOST_ALIKE_ODDS / (1 + MOST_ALIKE_ODDS), abs=0.001)


def test_no_glyphs_give_no_probabilities():
    assert decided_by_neighbours(np.empty((0, 36)), CLASSES, []).shape == (0, 36)


def test_a_look_alike_that_may_well_be_meant_is_named():
    assert look_alike(_unsure("0O"), CLASSES) == "O"
    assert look_alike(_row(I=0.6, L=0.35, _1=0.04), CLASSES) == "L"
    assert look_alike(_clear("O"), CLASSES) is None
    assert look_alike(_row(A=0.5, _4=0.45), CLASSES) is None  # no look-alikes
    assert look_alike(np.array([0.5, 0.4, 0.1]), ("cat", "dog", "O")) is None


def test_look_alikes_are_mutual():
    assert all(label in LOOK_ALIKES[other] for label, others in LOOK_ALIKES.items() for other in others)


def test_a_glyph_is_linked_to_the_one_before_it_by_line_and_word():
    blank = np.zeros((28, 28), np.uint8)
    glyphs = [
        Glyph(blank, (0, 0, 1, 1), line, starts_word=starts)
        for line, starts in ((0, False), (0, False), (0, True), (1, False))
    ]
    assert links(glyphs) == [0.5, SAME_KIND, SAME_KIND_AFTER_SPACE, 0.5]
