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
from core.images.glyph_links import MAX_CHARACTERS, MAX_GLYPHS, from_code, to_code


@given(st.integers(1, MAX_GLYPHS), st.integers(0, 2**31), st.sampled_from([1, 16, 255]))
def test_glyphs_survive_a_link_bit_by_bit(count: int, seed: int, most: int) -> None:
    glyphs = np.random.default_rng(seed).integers(0, most + 1, (count, 28, 28)).astype(np.uint8)

    code = to_code(list(glyphs))

    assert code is not None
    assert len(code) <= MAX_CHARACTERS
    assert quote(code, safe="") == code  # a link needs no escapes
    np.testing.assert_array_equal(from_code(code), glyphs)


def test_a_digit_takes_a_few_hundred_characters() -> None:
    codes = [to_code([glyph]) for glyph in render(np.arange(10), seed=1)]

    assert max(len(code or "") for code in codes) < 500


def test_no_glyphs_and_too_many_glyphs_have_no_code() -> None:
    assert to_code([]) is None
    assert to_code([np.zeros((28, 28), np.uint8)] * (MAX_GLYPHS + 1)) is None


@given(st.text(max_size=600))
def test_any_text_is_read_as_glyphs_or_refused(text: str) -> None:
    assert _reads_or_refuses(text)


@given(st.integers(0, 2000), st.characters())
def test_a_damaged_code_is_read_as_glyphs_or_refused(place: int, character: str) -> None:
    code = to_code([render(np.array([3]), seed=2)[0]])
    assert code is not None
    place %= len(code)

    assert _reads_or_refuses(code[:place] + character + code[place + 1 :])
    assert _error_key(code[:place]) == "images.link_damaged"


@pytest.mark.parametrize("size", [0, 783, 785, 784 * (MAX_GLYPHS + 1), 3_000_000])
def test_a_code_of_another_size_is_refused(size: int) -> None:
    packed = zlib.compress(bytes(size), 9)[2:-4]

    assert _error_key(urlsafe_b64encode(packed).decode().rstrip("=")) == "images.link_damaged"


def test_a_long_code_is_refused() -> None:
    assert _error_key("A" * (MAX_CHARACTERS + 1)) == "images.link_too_long"


def _error_key(code: str) -> str:
    with pytest.raises(ImageError) as caught:
        from_code(code)
    return caught.value.message.key


def _reads_or_refuses(code: str) -> bool:
    try:
        return from_code(code).shape[1:] == (28, 28)
    except ImageError as error:
        return "\n" not in str(error)
