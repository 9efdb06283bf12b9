from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import open_bundle, pretrained
from core.errors import ConfigError
from core.inference.generator import Generator
from core.latent.writing import LINE, MOST_CHARACTERS, lines_of, write
from tests import avatar_bundle
from tests.refusals import raises


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(pretrained("dcgan"))


def _ink(generator: Generator, text: str, seed: int = 0, *, one_hand: bool = True) -> np.ndarray:
    return np.asarray(write(generator, text, seed, one_hand).picture)[..., 3]


@pytest.mark.parametrize(
    "text", ["", "  ", "\n\n", "1" * (MOST_CHARACTERS + 1), "1" * 10_000, "abc", "²", "٣", "<b>"]
)
def test_text_that_cannot_be_written_is_refused_in_one_short_sentence(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        lines_of(text)
    assert len(str(error.value)) < 110


@pytest.mark.parametrize(
    ("text", "lines", "left_out"),
    [
        ("+49 (30) 1/2=3:4.5,6-7", ["+49 (30)", "1/2=3:4.5,6-7"], ""),
        ("２０２６：（１＋２）", ["2026:(1+2)"], ""),
        ("tel: 12\n34\r\n\n5", [": 12", "34", " ", "5"], "tel"),
        ("3 − 1 = 2", ["3 - 1 = 2"], ""),
        ("1" * (LINE + 3), ["1" * LINE, "111"], ""),
    ],
)
def test_what_people_type_is_written_in_lines_and_the_rest_is_left_out(
    text: str, lines: list[str], left_out: str
) -> None:
    assert lines_of(text) == (lines, left_out)


def test_a_generator_of_other_classes_cannot_write() -> None:
    with raises(ConfigError, "latent.no_digits"):
        write(Generator(open_bundle(avatar_bundle.FOLDER)), "1", 0, one_hand=True)


def test_written_lines_are_ink_on_an_empty_background(generator: Generator) -> None:
    picture = write(generator, "20 26\n7", 0, one_hand=True).picture
    pixels = np.asarray(picture)
    assert picture.mode == "RGBA"
    assert picture.height == 2 * 28 < picture.width
    assert (pixels[..., :3] == 0).all()
    assert pixels[..., 3].min() == 0
    assert pixels[:28, :, 3].max() > 200 < pixels[28:, :, 3].max()


def test_every_sign_is_drawn_and_no_two_are_alike(generator: Generator) -> None:
    drawn = {sign: _ink(generator, sign) for sign in "+-=/.,:()"}
    assert all(ink.max() > 200 for ink in drawn.values())
    assert len({ink.tobytes() for ink in drawn.values()}) == len(drawn)
    assert (drawn["-"].max(axis=1) > 0).sum() < 6  # a bar in the middle of the line
    assert np.array_equal(drawn["("], drawn[")"][:, ::-1])


def test_the_same_seed_writes_the_same_image_and_another_seed_a_different_one(generator: Generator) -> None:
    first, again, other = (_ink(generator, "2026", seed).tobytes() for seed in (1, 1, 2))
    assert first == again != other


def test_equal_digits_are_not_copies_and_one_hand_makes_them_alike(generator: Generator) -> None:
    def spread(seed: int, one_hand: bool) -> float:
        columns = _ink(generator, "8" * 12, seed, one_hand=one_hand).max(axis=0) > 8
        edges = np.flatnonzero(np.diff(np.r_[0, columns.astype(int), 0]))
        widths = np.diff(edges)[::2]
        return float(np.std(widths[widths > 3]))  # widths of the eights, without specks beside them

    alike, apart = ([spread(seed, one_hand) for seed in range(8)] for one_hand in (True, False))
    assert min(alike) > 0
    assert np.median(alike) < np.median(apart)
