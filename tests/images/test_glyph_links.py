from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.synthetic.handwriting import render
from core.errors import ImageError
from core.images.glyph_links import MOST_CHARACTERS, MOST_GLYPHS, from_code, to_code


@given(st.integers(1, MOST_GLYPHS), st.integers(0, 2**31), st.sampled_from([1, 16, 255]))
def test_any_glyphs_come_back_to_the_last_bit(count: int, seed: int, most: int) -> None:
    glyphs = np.random.default_rng(seed).integers(0, most + 1, (count, 28, 28)).astype(np.uint8)

    code = to_code(list(glyphs))

    assert code is not None
    assert len(code) <= MOST_CHARACTERS
    assert quote(code, safe="") == code  # a link needs no escapes
    np.testing.assert_array_equal(from_code(code), glyphs)


def test_a_digit_takes_a_few_hundred_characters() -> None:
    codes = [to_code([glyph]) for glyph in render(np.arange(10), seed=1)]

    assert max(len(code or "") for code in codes) < 500


def test_none_and_too_many_glyphs_have_no_code() -> None:
    assert to_code([]) is None
    assert to_code([np.zeros((28, 28), np.uint8)] * (MOST_GLYPHS + 1)) is None


@given(st.text(max_size=600))
def test_any_text_is_glyphs_or_one_sentence(text: str) -> None:
    assert _sentence_or_glyphs(text)


@given(st.integers(0, 2000), st.characters())
def test_an_altered_or_cut_code_is_glyphs_or_one_sentence(place: int, character: str) -> None:
    code = to_code([render(np.array([3]), seed=2)[0]])
    assert code is not None
    place %= len(code)

    assert _sentence_or_glyphs(code[:place] + character + code[place + 1 :])
    with pytest.raises(ImageError, match="damaged or cut short"):
        from_code(code[:place])


@pytest.mark.parametrize("size", [0, 783, 785, 784 * (MOST_GLYPHS + 1), 3_000_000])
def test_a_code_of_another_size_is_one_sentence(size: int) -> None:
    packed = zlib.compress(bytes(size), 9)[2:-4]

    with pytest.raises(ImageError, match="damaged or cut short"):
        from_code(urlsafe_b64encode(packed).decode().rstrip("="))


def test_a_long_code_is_one_sentence() -> None:
    with pytest.raises(ImageError, match="too long"):
        from_code("A" * (MOST_CHARACTERS + 1))


def _sentence_or_glyphs(code: str) -> bool:
    try:
        return from_code(code).shape[1:] == (28, 28)
    except ImageError as error:
        return "\n" not in str(error)
