from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.bundles.bundle import Bundle, pretrained
from core.contract.config import GanConfig
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.errors import BundleError, ConfigError
from core.lab.experiments.gan_games import image_game
from core.lab.experiments.gan_games.image_game import SHOWN, ImageGameExperiment, with_images_of
from tests.conftest import Publish
from tests.lab.small_networks import small_gan
from tests.pages.inside.gan_games.conftest import Canned, kinds


@pytest.fixture(scope="module")
def trained(publish: Publish) -> Bundle:
    """Return the bundle of a small generator."""
    keras.utils.set_random_seed(1)
    generator = small_gan((28, 28, 1), 10, 16).generator
    return publish("small", generator, GanConfig(latent_size=16), {})


@pytest.fixture(scope="module")
def images(trained: Bundle, rendered: Dataset) -> ImageGameExperiment:
    """Return the game of that generator; it is built only once, since its compilation is slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load", lambda *arguments, **options: rendered)
        patch.setattr(image_game, "dcgan", small_gan)
        return ImageGameExperiment(lambda text, share: None, bundle=str(trained.folder))


def test_the_game_starts_with_the_trained_generator(images: ImageGameExperiment, trained: Bundle) -> None:
    finished = keras.models.load_model(trained.folder / "model.keras")
    images.begin()

    for ours, theirs in zip(
        images.game.generator.trainable_variables, finished.trainable_variables, strict=True
    ):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_real_and_generated_images_of_a_frame_have_the_same_classes(
    images: ImageGameExperiment, rendered: Dataset
) -> None:
    frame = images.begin()

    assert frame["noise"].shape == (SHOWN, 16)
    assert frame["fake"].shape == frame["real"].shape == frame["fake_gradients"].shape == (SHOWN, 28, 28, 1)
    for image, label in zip(frame["real"], frame["classes"], strict=True):
        same = (rendered.x_train == np.round(image * 255).astype(np.uint8)).all(axis=(1, 2, 3))
        assert label in rendered.y_train[same]


def test_the_answers_are_of_the_kind_from_which_the_tests_of_the_page_draw(
    images: ImageGameExperiment,
) -> None:
    canned, rules, image = Canned("gan_game_images", {}), images.game.rules, np.zeros((28, 28, 1), np.float32)

    assert kinds(images.begin()) == kinds(canned.begin())
    assert kinds(images.turn("generator", rules, new=True)) == kinds(canned.turn("generator", rules, True))
    assert kinds(images.play(1, rules)) == kinds(canned.play(1, rules))
    assert kinds(images.show_picture(image, 7)) == kinds(canned.show_picture(image, 7))


def test_moving_an_image_along_its_gradient_raises_the_logit(
    images: ImageGameExperiment,
) -> None:
    frame = images.begin()
    fakes, labels = tf.constant(frame["fake"]), tf.constant(frame["classes"])
    with tf.GradientTape() as tape:
        tape.watch(fakes)
        logits = images.game.discriminator([fakes, labels])

    np.testing.assert_allclose(frame["fake_gradients"], tape.gradient(logits, fakes), rtol=1e-3, atol=1e-6)
    nudged = images.game.discriminator([fakes + 0.001 * np.sign(frame["fake_gradients"]), labels])
    assert (nudged.numpy() > logits.numpy()).all()


def test_a_frame_has_the_logit_and_gradient_of_a_visitor_s_picture(images: ImageGameExperiment) -> None:
    """Expect the discriminator's logit and gradient in every later frame."""
    picture = np.random.default_rng(1).uniform(size=(28, 28, 1)).astype(np.float32)
    image, label = tf.constant(picture[None]), tf.constant([7])

    images.show_picture(picture, 7)
    frame = images.turn("discriminator", images.game.rules)

    with tf.GradientTape() as tape:
        tape.watch(image)
        logit = images.game.discriminator([image, label])
    assert frame["picture_logit"] == pytest.approx(float(logit[0, 0]), rel=1e-3)
    np.testing.assert_allclose(
        frame["picture_gradients"], tape.gradient(logit, image)[0], rtol=1e-3, atol=1e-6
    )
    np.testing.assert_array_equal(frame["picture"], picture)
    with pytest.raises(ConfigError) as refused:
        images.show_picture(picture[:20], 7)
    assert refused.value.message.key == "lab.picture_size"


def test_a_turn_without_a_new_batch_keeps_the_batch(images: ImageGameExperiment) -> None:
    before = images.begin()
    after = images.turn("discriminator", images.game.rules, new=False)
    other = images.turn("generator", images.game.rules)

    np.testing.assert_array_equal(before["real"], after["real"])
    assert after["turn"]["after"] < after["turn"]["before"]
    assert np.abs(other["real"] - after["real"]).max() > 0
    assert len(other["turn"]["layers"]) == len(other["turn"]["gradients"]) == 5


def test_a_classifier_cannot_play() -> None:
    with pytest.raises(BundleError) as refused:
        ImageGameExperiment(lambda text, share: None, bundle=str(pretrained("cnn").folder))
    assert refused.value.message.key == "lab.not_a_generator"


def test_a_lower_learning_rate_makes_smaller_updates(images: ImageGameExperiment) -> None:
    rules = images.game.rules
    images.begin()
    usual = images.turn("generator", rules)["turn"]["updates"]
    images.begin()
    slow = images.turn("generator", dataclasses.replace(rules, generator_learning_rate=1e-5))["turn"][
        "updates"
    ]

    assert (slow < usual).all()


def test_images_of_a_generator_are_averaged_to_the_size_of_the_real_ones() -> None:
    latent, label = keras.Input((2,)), keras.Input((), dtype="int32")
    levels = keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16, use_bias=False)(latent))
    generator = keras.Model([latent, label], levels)
    inputs = [np.ones((1, 2), np.float32), np.zeros(1, np.int32)]

    smaller = with_images_of(generator, (2, 2, 1))

    whole = np.asarray(generator(inputs))[0, :2, :2]
    assert np.asarray(smaller(inputs))[0, 0, 0] == pytest.approx(whole.mean(axis=(0, 1)), abs=1e-6)
    assert with_images_of(generator, (4, 4, 1)) is generator
    with pytest.raises(BundleError):
        with_images_of(generator, (3, 3, 1))
