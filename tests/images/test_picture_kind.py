from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from core.bundles.bundle import pretrained
from core.datasets.synthetic.example_pictures import EXAMPLES
from core.datasets.synthetic.handwriting import render
from core.images.picture_kind import CLOTHING, DIGIT, THING
from core.inference.generator import Generator
from core.inference.picture_reading import prepare
from tests.benchmarks.pictures import drawn
from tests.images.forms import FAMILIES
from tests.pictures import blank_paper, encoded, photograph


def kind(content: bytes) -> str:
    return prepare(content, "x.png").kind


def scenery(seed: int) -> bytes:
    """Return a picture full of soft colours."""
    coarse = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), np.uint8)
    return encoded(Image.fromarray(cv2.resize(coarse, (360, 280), interpolation=cv2.INTER_CUBIC)))


@pytest.mark.parametrize("content", [photograph(2, 4, 7), photograph(4), blank_paper()])
def test_digits_and_blank_paper_are_taken_for_digits(content):
    assert kind(content) == DIGIT


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_app_s_own_examples_are_taken_for_digits(example):
    assert kind(example.content()) == DIGIT


def test_numbers_in_small_strips_are_taken_for_digits():
    labels = np.arange(20) % 10
    digits = render(labels, seed=67)
    drawings = [drawn("strip", FAMILIES["strip"], digits, labels, seed)[0] for seed in range(3)]
    assert [kind(encoded(Image.fromarray(drawing))) for drawing in drawings] == [DIGIT] * 3


def test_pictures_full_of_colours_are_taken_for_photographs():
    assert {kind(scenery(seed)) for seed in range(4)} == {THING}


def test_most_drawn_clothes_are_taken_for_clothes():
    generator = Generator(pretrained("fashion_dcgan"))
    images = generator.draw(np.arange(20) % 10, generator.latent(20, 3))[..., 0]
    assert [kind(encoded(Image.fromarray(image))) for image in images].count(CLOTHING) >= 18


def test_a_clear_photograph_is_searched_for_digits_only_when_asked():
    photo = scenery(1)
    assert prepare(photo, "x.png").is_searched
    quick = prepare(photo, "x.png", thorough=False)
    assert (quick.is_searched, quick.kind) == (False, THING)
    assert max(quick.picture.image.size) == 360
    digits = prepare(photograph(2, 4, 7), "x.png", thorough=False)
    assert digits.is_searched
    assert len(digits.reading.glyphs) == 3
