from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.bundles.bundle import pretrained
from core.contract.preprocessing import standard
from core.datasets.synthetic.handwriting import render
from core.datasets.synthetic.outliers import CLOTHING, outliers
from core.datasets.synthetic.pen_paths import DIGIT_PATHS, LETTER_PATHS
from core.images.whole_picture import whole_picture
from core.inference.classifier import Classifier
from core.inference.familiarity import fit, pooled, read
from core.inference.generator import Generator
from core.inference.picture_reading import Verdict, answer, prepare
from tests.pictures import blank_paper, cat, photograph

RANDOM = np.random.default_rng(0)


def test_images_unlike_the_known_ones_are_strange_also_after_saving(tmp_path):
    known, unknown = RANDOM.normal(1, 0.3, (300, 4)), RANDOM.normal(-1, 0.3, (300, 4))
    found = fit(("maps",), known, unknown, known)
    found.save(tmp_path / "familiarity.npz")
    for one in (found, read(tmp_path / "familiarity.npz")):
        maps = np.stack([np.full((2, 2, 2), level) for level in (1.0, -1.0, -9.0)])
        assert list(one.are_strange({"maps": maps})) == [False, True, True]


def test_one_in_a_hundred_held_out_images_is_strange():
    known = RANDOM.normal(1, 1, (1000, 4))
    found = fit(("maps",), known, RANDOM.normal(-1, 1, (1000, 4)), known)
    assert np.mean(found.scores(known) < found.least_score) == pytest.approx(0.01, abs=0.002)


def test_features_are_the_mean_and_the_largest_value_of_each_map():
    maps = np.arange(8.0).reshape(1, 2, 2, 2)
    assert pooled({"a": maps, "b": 2 * maps}, ("a", "b")).tolist() == [[3, 4, 6, 7, 6, 8, 12, 14]]


@pytest.fixture(scope="module")
def clothes() -> Classifier:
    return Classifier(pretrained("fashion_cnn"))


def test_blank_paper_noise_digits_letters_and_a_cat_are_refused_as_clothes(clothes):
    noise = RANDOM.integers(0, 256, (50, 28, 28), np.uint8)
    assert clothes.are_strange(noise).mean() >= 0.95
    assert clothes.are_strange(outliers(np.zeros((8, 28, 28, 1), np.uint8), 100, 99, CLOTHING)).mean() >= 0.95
    for paths in (DIGIT_PATHS, LETTER_PATHS):
        assert clothes.are_strange(render(np.arange(50) % len(paths), 7, paths=paths)).mean() >= 0.95
    blank = np.stack([np.full((28, 28), grey, np.uint8) for grey in range(0, 256, 15)])
    assert clothes.are_strange(blank).all()
    for content in (blank_paper(), photograph(4), cat()):
        (given,) = answer(prepare(content, "x.png"), clothes)
        assert given.verdict is Verdict.UNKNOWN


def test_most_drawn_clothes_are_not_strange(clothes):
    generator = Generator(pretrained("fashion_dcgan"))
    images = generator.draw(np.arange(50) % 10, generator.latent(50, 1))
    assert clothes.are_strange(images).mean() <= 0.1


def test_a_network_without_the_file_calls_nothing_strange():
    whole = whole_picture(Image.new("RGB", (30, 30), "white"), standard("whole", (28, 28, 1)))
    assert not Classifier(pretrained("cnn")).are_strange(whole[None]).any()
