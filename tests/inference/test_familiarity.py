from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.bundles.bundle import pretrained
from core.contract.preprocessing import standard
from core.images.whole_picture import whole_picture
from core.inference.classifier import Classifier
from core.inference.familiarity import energies, fit, read
from core.inference.generator import Generator
from core.inference.picture_reading import Verdict, answer, prepare
from tests.pictures import blank_paper, photograph

RANDOM = np.random.default_rng(0)


def test_images_far_from_every_class_or_with_low_energy_are_strange(tmp_path):
    labels = np.arange(400) % 2
    features = RANDOM.normal(0, 1, (400, 3)) + 8.0 * labels[:, None]
    logits = RANDOM.normal(5, 0.1, (400, 2))
    found = fit("average", features, labels, (features, logits))
    asked = np.array([[0, 0, 0], [8, 8, 8], [4, 4, 4], [8, 8, 8]], float)
    given = np.array([[5, 5], [5, 5], [5, 5], [1, 1]], float)
    assert list(found.are_strange(asked, given)) == [False, False, True, True]
    found.save(tmp_path / "familiarity.npz")
    again = read(tmp_path / "familiarity.npz")
    assert again.layer == "average"
    assert list(again.are_strange(asked, given)) == [False, False, True, True]


def test_the_energy_is_the_logarithm_of_the_sum_of_exponentials():
    assert energies(np.array([[0.0, 0.0], [1000.0, 0.0]])) == pytest.approx([np.log(2), 1000])


@pytest.fixture(scope="module")
def clothes() -> Classifier:
    return Classifier(pretrained("fashion_cnn"))


def test_blank_paper_noise_and_digits_are_refused_as_clothes(clothes):
    noise = RANDOM.integers(0, 256, (50, 28, 28), np.uint8)
    assert clothes.are_strange(noise).mean() >= 0.9
    blank = np.stack([np.full((28, 28), grey, np.uint8) for grey in range(0, 256, 15)])
    assert clothes.are_strange(blank).all()
    for content in (blank_paper(), photograph(4)):
        (given,) = answer(prepare(content, "x.png"), clothes)
        assert given.verdict is Verdict.UNKNOWN


def test_most_drawn_clothes_are_not_strange(clothes):
    generator = Generator(pretrained("fashion_dcgan"))
    images = generator.draw(np.arange(50) % 10, generator.latent(50, 1))
    assert clothes.are_strange(images).mean() <= 0.1


def test_a_network_without_the_file_calls_nothing_strange():
    whole = whole_picture(Image.new("RGB", (30, 30), "white"), standard("whole", (28, 28, 1)))
    assert not Classifier(pretrained("cnn")).are_strange(whole[None]).any()
