from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import pretrained
from core.errors import ConfigError
from core.inference.generator import Generator
from core.latent.writing import MOST_CHARACTERS, labels_of, write
from tests.refusals import raises

CLASSES = tuple("0123456789")


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(pretrained("dcgan"))


@pytest.mark.parametrize(
    "text", ["", "  ", "1" * (MOST_CHARACTERS + 1), "1" * 10_000, "20a6", "²", "٣", "1/2"]
)
def test_text_that_cannot_be_written_is_refused_in_one_short_sentence(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        labels_of(text, CLASSES)
    assert len(str(error.value)) < 100


def test_a_generator_of_other_classes_cannot_write() -> None:
    with raises(ConfigError, "latent.no_digits"):
        labels_of("1", ("shoe", "bag"))


def test_classes_are_found_by_their_names_in_any_order() -> None:
    assert labels_of("10", ("blank", *reversed(CLASSES))) == [9, 10]


def test_a_written_number_is_ink_on_an_empty_background(generator: Generator) -> None:
    picture = write(generator, "20 26", 0, one_hand=True)
    pixels = np.asarray(picture)
    assert picture.mode == "RGBA"
    assert picture.height == 28 < picture.width
    assert (pixels[..., :3] == 0).all()
    assert pixels[..., 3].min() == 0
    assert pixels[..., 3].max() > 200


def test_a_telephone_number_has_its_signs_drawn_between_its_digits(generator: Generator) -> None:
    assert labels_of("+49 30-1", CLASSES) == ["+", 4, 9, " ", 3, 0, "-", 1]
    plain, signed = (np.asarray(write(generator, text, 0, one_hand=True))[..., 3] for text in ("1", "+1-"))
    assert signed.shape[1] > plain.shape[1] + 20
    minus = signed[:, -10:]
    assert minus.max() == 255
    assert (minus.max(axis=1) > 0).sum() < 6  # a bar in the middle of the line
    assert np.asarray(write(generator, "+", 0, one_hand=False)).any()


def test_the_same_seed_writes_the_same_image_and_another_seed_a_different_one(generator: Generator) -> None:
    first, again, other = (write(generator, "2026", seed, one_hand=True).tobytes() for seed in (1, 1, 2))
    assert first == again != other


def test_equal_digits_are_not_copies_and_one_hand_makes_them_alike(generator: Generator) -> None:
    def spread(seed: int, one_hand: bool) -> float:
        picture = np.asarray(write(generator, "8" * 12, seed, one_hand=one_hand))[..., 3]
        columns = picture.max(axis=0) > 8
        edges = np.flatnonzero(np.diff(np.r_[0, columns.astype(int), 0]))
        widths = np.diff(edges)[::2]
        return float(np.std(widths[widths > 3]))  # widths of the eights, without specks beside them

    alike, anew = ([spread(seed, one_hand) for seed in range(8)] for one_hand in (True, False))
    assert min(alike) > 0
    assert np.median(alike) < np.median(anew)
