from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.bundles.bundle import Bundle, pretrained
from core.errors import BundleError
from core.explain.class_activation import class_activation, last_maps, word_activation
from core.images.whole_picture import whole_picture
from core.inference.classifier import Classifier
from core.inference.word_classifier import WordClassifier
from tests.pictures import cat


def test_the_map_has_the_size_of_the_image_and_a_maximum_of_1(cnn_bundle: Bundle, digit: np.ndarray) -> None:
    heat = class_activation(Classifier(cnn_bundle), digit, 3)
    assert heat.shape == digit.shape
    assert heat.min() >= 0
    assert heat.max() == pytest.approx(1.0)


def test_an_image_with_a_channel_axis_gives_the_same_map(cnn_bundle: Bundle, digit: np.ndarray) -> None:
    classifier = Classifier(cnn_bundle)
    plain = class_activation(classifier, digit, 3)
    np.testing.assert_array_equal(class_activation(classifier, digit[..., None], 3), plain)


def test_each_map_is_weighted_by_the_probability_of_the_image_that_it_masks(
    cnn_bundle: Bundle, digit: np.ndarray
) -> None:
    """Compare with the definition of Score-CAM, on maps that need no resizing."""
    classifier = _OneMap(cnn_bundle)
    heat = class_activation(classifier, digit, 3)
    mask = np.linspace(0, 1, digit.size).reshape(digit.shape)
    np.testing.assert_allclose(heat, mask, atol=1e-6)


def test_a_network_may_have_more_last_maps_than_opencv_resizes_at_once(
    cnn_bundle: Bundle, digit: np.ndarray
) -> None:
    class ManyMaps(_OneMap):
        def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
            [maps] = super().activations(images).values()
            return {"conv3": np.repeat(maps, 256, axis=3)}

    expected = class_activation(_OneMap(cnn_bundle), digit, 3)
    np.testing.assert_allclose(class_activation(ManyMaps(cnn_bundle), digit, 3), expected, atol=1e-5)


def test_the_last_maps_of_the_tutorial_cnn_are_those_of_its_third_convolution(
    cnn_bundle: Bundle,
) -> None:
    assert last_maps(Classifier(cnn_bundle)) == "conv3"


def test_an_rnn_has_no_maps(rnn_bundle: Bundle, digit: np.ndarray) -> None:
    with pytest.raises(BundleError) as caught:
        class_activation(Classifier(rnn_bundle), digit, 3)
    assert caught.value.message.key == "explain.no_maps"


class _OneMap(Classifier):
    """A network with one map of the image's own size, which grows from 0 to 1 along the pixels."""

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        ramp = np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(1, 28, 28, 1)
        return {"conv3": np.repeat(ramp, len(images), axis=0)}

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        return np.full((len(images), 10), 0.1, np.float32)


def test_the_map_for_a_word_is_what_each_place_of_the_last_maps_adds_to_its_logit() -> None:
    things = WordClassifier(pretrained("efficientnet_lite0"))
    pixels = np.random.default_rng(3).integers(0, 256, (224, 224, 3), np.uint8)
    word = next(k for k in range(len(things.card.classes)) if things.classes_of(k).sum() == 1)
    own = int(things.classes_of(word).argmax())
    outputs = things.activations(pixels[None])
    added = np.maximum(outputs["head"][0] @ things.output_kernel.astype(np.float32)[:, own], 0)
    small = word_activation(things, pixels, word)
    np.testing.assert_allclose(small, added / added.max(), atol=1e-5)
    large = class_activation(things, pixels, word)
    assert large.shape == (224, 224)
    assert 0 <= large.min() < large.max() <= 1


def test_the_map_of_a_cat_lies_on_the_cat() -> None:
    things = WordClassifier(pretrained("efficientnet_lite0"))
    sheet = Image.new("RGB", (640, 640), (120, 140, 110))
    sheet.paste(Image.open(io.BytesIO(cat())), (30, 30))

    pixels = whole_picture(sheet, things.card.preprocessing)  # the middle 560×560 pixels
    heat = class_activation(things, pixels, things.card.classes.index("cat"))

    assert things.card.classes[int(things.probabilities(pixels[None])[0].argmax())] == "cat"
    on_cat = heat[: 224 * (330 - 40) // 560, : 224 * (481 - 40) // 560]
    assert on_cat.size < 0.41 * heat.size
    assert on_cat.sum() > 0.7 * heat.sum()
