import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import registry
from core.datasets.synthetic import handwriting
from core.datasets.synthetic.pen_paths import DIGIT_PATHS
from core.errors import DatasetError

MNIST = Path(os.environ.get("DEEP_IMAGE_LAB_DATA", "/work/shared/data")) / "mnist.npz"

seeds = st.integers(0, 2**31)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, count=st.integers(0, 300))
def test_an_image_is_the_same_for_every_count(seed, count):
    labels = handwriting.balanced_labels(300, seed)
    few = handwriting.render(labels[:count], seed)
    assert np.array_equal(few, handwriting.render(labels, seed)[:count])


@settings(max_examples=25, deadline=None)
@given(seed=seeds, count=st.integers(0, 2000))
def test_labels_are_balanced_and_the_same_for_every_count(seed, count):
    labels = handwriting.balanced_labels(count, seed)
    assert np.array_equal(labels, handwriting.balanced_labels(2000, seed)[:count])
    assert np.ptp(np.bincount(labels, minlength=10)) <= 1


def test_another_seed_draws_other_images():
    labels = np.arange(10)
    assert not np.array_equal(handwriting.render(labels, 1), handwriting.render(labels, 2))


def test_changing_one_label_changes_no_other_image():
    one, other = handwriting.render(np.array([3, 4, 5]), 7), handwriting.render(np.array([3, 8, 5]), 7)
    assert np.array_equal(one[[0, 2]], other[[0, 2]])
    assert not np.array_equal(one[1], other[1])


def test_images_are_light_on_black_and_fit_the_20_pixel_box_of_mnist():
    images = handwriting.render(handwriting.balanced_labels(1000, 0), 0)
    assert images.shape == (1000, 28, 28)
    assert images.dtype == np.uint8
    assert (images.max(axis=(1, 2)) > 150).all()
    assert np.median(images[:, :2]) == np.median(images[:, :, :2]) == 0
    rows, columns = (images > 64).any(axis=2), (images > 64).any(axis=1)
    longest = np.maximum(_extent(rows), _extent(columns))
    assert longest.min() >= 18
    assert longest.max() <= 21  # 20 and one for anti-aliasing


def _extent(ink: np.ndarray) -> np.ndarray:
    return ink.shape[1] - ink.argmax(axis=1) - ink[:, ::-1].argmax(axis=1)


def test_the_centre_of_mass_is_on_pixel_14_as_in_mnist():
    images = handwriting.render(handwriting.balanced_labels(1000, 0), 0).astype(float)
    mass = images.sum(axis=(1, 2))
    x, y = (images.sum(axis=1) @ np.arange(28)) / mass, (images.sum(axis=2) @ np.arange(28)) / mass
    assert abs(np.median(x) - 14) < 0.15
    assert abs(np.median(y) - 14) < 0.15
    assert np.quantile(np.hypot(x - 14, y - 14), 0.95) < 1.5


def test_edges_are_anti_aliased():
    images = handwriting.render(np.arange(10), 0)
    assert ((images > 30) & (images < 150)).sum(axis=(1, 2)).min() >= 10


@pytest.mark.parametrize("labels", [[10], [-1], [0.5], ["4"]])
def test_only_digits_can_be_rendered(labels):
    with pytest.raises(DatasetError) as refused:
        handwriting.render(np.array(labels), 0)
    assert refused.value.message.key == "datasets.no_path"


def test_every_digit_is_written_in_at_least_five_ways():
    assert len(DIGIT_PATHS) == 10
    assert min(len(set(paths)) for paths in DIGIT_PATHS) >= 5


def test_beads_lie_closer_together_than_the_width_of_the_thinnest_pen():
    for digit in range(10):
        for index, path in enumerate(DIGIT_PATHS[digit]):
            points, pieces = handwriting.parse_path(path)
            beads = handwriting.bead_map(points, pieces) @ points * handwriting.BOX
            jumps = np.sort(np.hypot(*np.diff(beads, axis=0).T))
            lifts = path.count("|")
            assert jumps[: len(jumps) - lifts].max() < 1.4, (digit, index)  # pixels


def test_a_data_set_of_rendered_digits_has_the_size_asked_for():
    dataset = registry.load("rendered", train_size=123, seed=5)
    assert dataset.x_train.shape == (123, 28, 28, 1)
    assert dataset.y_train.shape == (123,)
    assert dataset.x_test.shape == (dataset.info.test_size, 28, 28, 1)
    assert dataset.y_train.dtype == dataset.y_test.dtype == np.uint8


def test_the_test_digits_are_the_same_for_every_seed_and_are_not_training_digits():
    one, other = (registry.load("rendered", train_size=500, seed=seed) for seed in (1, 2))
    assert np.array_equal(one.x_test, other.x_test)
    train = {image.tobytes() for image in one.x_train}
    assert not train & {image.tobytes() for image in one.x_test}


def test_drawing_reports_progress_until_the_end():
    reports: list[float | None] = []
    registry.load("rendered", train_size=1000, progress=lambda text, fraction: reports.append(fraction))
    assert len(reports) >= 10
    assert reports == sorted(reports)  # type: ignore[type-var]
    assert reports[-1] == pytest.approx(1)


def test_drawing_less_than_one_digit_is_refused():
    with pytest.raises(DatasetError) as refused:
        registry.load("rendered", train_size=0)
    assert refused.value.message.key == "datasets.too_few"


@pytest.mark.skipif(not MNIST.is_file(), reason=f"needs the real MNIST at {MNIST}")
def test_rendered_digits_alone_suffice_to_classify_real_ones():
    """Classify by the nearest of 5,000 rendered digits, which needs no network and takes about a second."""
    drawn = registry.load("rendered", train_size=5000)
    with np.load(MNIST, allow_pickle=False) as file:
        x, y = file["x_test"][:2000], file["y_test"][:2000]
    known, seen = (images.reshape(-1, 784).astype(np.float32) / 255 for images in (drawn.x_train, x))
    distance = (known**2).sum(axis=1) - 2 * seen @ known.T
    assert (drawn.y_train[distance.argmin(axis=1)] == y).mean() > 0.75
