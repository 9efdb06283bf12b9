from __future__ import annotations

import numpy as np
import pytest

from core.bundles.bundle import open_bundle, pretrained
from core.datasets.synthetic.handwriting import render
from core.errors import ImageError
from core.inference.generator import Generator
from core.latent.inversion import ROUNDS, invert
from tests import avatar_bundle
from tests.refusals import raises


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(pretrained("dcgan"))


def test_the_point_of_an_image_drawn_by_the_generator_is_found(generator):
    target = generator.draw(np.array([4]), generator.latent(1, 123))[0]
    *_, last = invert(generator, target, 4)
    redrawn = generator.draw(np.array([4]), last.latent[None])[0]
    assert last.error < 8  # of 255 grey levels
    assert np.sqrt(np.mean((redrawn.astype(float) - target) ** 2)) == pytest.approx(last.error, abs=0.1)


def test_every_round_is_reported_and_none_increases_the_error(generator):
    target = render(np.array([7]), seed=2)[0][..., None]
    found = list(invert(generator, target, 7))
    assert len(found) == ROUNDS + 1
    assert [f.progress for f in found] == sorted(f.progress for f in found)
    assert found[-1].progress == 1
    assert found[-1].error < 0.8 * found[0].error
    assert np.linalg.norm(found[-1].latent) < 2 * np.sqrt(
        generator.latent_size
    )  # within the range of random points


def test_the_search_gives_the_same_result_for_the_same_target(generator):
    target = render(np.array([3]), seed=2)[0][..., None]
    first, again = (next(invert(generator, target, 3)).latent for _ in range(2))
    assert np.array_equal(first, again)


def test_an_image_of_another_size_is_refused_in_one_sentence(generator):
    with raises(ImageError, "latent.target_shape", wanted="28×28×1", got="8×8×3"):
        next(invert(generator, np.zeros((8, 8, 3), np.uint8), 0))


def test_without_a_class_the_class_of_the_closest_image_is_found_too():
    generator = Generator(open_bundle(avatar_bundle.FOLDER))
    target = generator.draw(np.array([7]), generator.latent(1, 99))[0]
    *_, last = invert(generator, target, None)
    assert last.label == 7
    assert last.error < 2
