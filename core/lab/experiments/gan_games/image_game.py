"""Play the GAN game over images with the conditional DCGAN of the app's own runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.bundles.bundle import open_bundle
from core.datasets import registry
from core.errors import BundleError, ConfigError
from core.gan_games.rules import Rules
from core.lab.experiments.gan_games.batch import Batch, numbers, random_seed
from core.lab.experiments.gan_games.game_experiment import GameExperiment
from core.lab.experiments.gan_games.gan_game import GanGame
from core.lab.models.gan import Gan, dcgan
from core.messages import Progress, message

BATCH = 16  # small, so that a turn takes little time
LATENT = 64
SHOWN = 8
MAX_IMAGES = 6000  # training images; even a long game needs no more


class ImageGameExperiment(GameExperiment):
    """A generator of images, new or from a bundle, and a new discriminator."""

    def __init__(
        self, progress: Progress, dataset: str = "rendered", bundle: str = "", seed: int = 0
    ) -> None:
        """Build the networks; ``bundle`` is the folder of a trained generator to start with.

        Raises:
            DatasetError: when the data set is unknown or cannot be loaded.
            BundleError: when the bundle is damaged or holds no generator, or one of images that are no
                whole multiple of the real ones.
        """
        keras.utils.set_random_seed(seed)
        trained = _generator(Path(bundle)) if bundle else None
        info = registry.describe(dataset)
        data = registry.load(
            dataset, train_size=MAX_IMAGES, seed=seed, progress=lambda text, _: progress(text, 0.82)
        )
        progress(message("lab.building_players"), 0.84)
        self._images = tf.constant(data.x_train)
        self._labels = tf.constant(data.y_train.astype(np.int32))
        self._seed = seed
        new = dcgan(info.shape, len(info.classes), LATENT)
        generator = with_images_of(trained, info.shape) if trained else new.generator
        players = Gan(generator, new.discriminator)
        self._picture: tuple[tf.Tensor, tf.Tensor] | None = None  # the visitor's (1×H×W×C) and its class
        self._latent_size = players.generator.inputs[0].shape[1]
        self.game = GanGame(players, self._draw, Rules())
        self._warm_up(progress)
        progress(message("lab.compiling"), 0.98)  # a busy machine takes long, and silence ends the game
        self.game.logits_and_gradients(tf.zeros((1, *info.shape)), [tf.constant([0])])
        self._start = self.game.state()

    def begin(self) -> dict[str, Any]:
        """Restore the initial state; return the first frame."""
        self.game.restore(self._start)
        return self.frame()

    def show_picture(self, image: np.ndarray, label: int) -> dict[str, Any]:
        """Add the discriminator's output for this image (H×W×C, 0 to 1) to all frames; return the frame.

        Raises:
            ConfigError: when the size of the image differs from that of the real images.
        """
        if image.shape != self._images.shape[1:]:
            raise ConfigError("lab.picture_size")
        self._picture = tf.constant(image[None], tf.float32), tf.constant([label])
        return self.frame()

    def frame(self) -> dict[str, Any]:
        """Return the first SHOWN of the current batch: noise, classes, images (0 to 1), logits' gradients.

        The discriminator's output covers the whole batch.
        """
        batch, output = self.game.batch(), self.game.discriminator_output()
        real_gradients, fake_gradients = self.game.logit_gradients()
        return {
            **self._counts(),
            "noise": batch.noise[0][:SHOWN].numpy(),
            "classes": batch.context[0][:SHOWN].numpy(),
            "fake": output.fake[:SHOWN].numpy(),
            "real": batch.real[:SHOWN].numpy(),
            "fake_gradients": fake_gradients[:SHOWN],
            "real_gradients": real_gradients[:SHOWN],
            "output": numbers(output),
            **self._picture_output(),
        }

    def _picture_output(self) -> dict[str, Any]:
        """Return the visitor's picture, its logit and the logit's gradient; nothing without a picture."""
        if self._picture is None:
            return {}
        image, label = self._picture
        logits, gradients = self.game.logits_and_gradients(image, [label])
        return {
            "picture": image[0].numpy(),
            "picture_logit": float(logits[0]),
            "picture_gradients": gradients[0],
        }

    def _draw(self, number: tf.Tensor) -> Batch:
        seeds = [random_seed(self._seed, number, use) for use in range(3)]
        chosen = tf.random.stateless_uniform([BATCH], seeds[0], 0, len(self._labels), tf.int32)
        images = tf.cast(tf.gather(self._images, chosen), tf.float32) / 255
        noise = tf.random.stateless_normal([BATCH, self._latent_size], seeds[1])
        mixing = tf.random.stateless_uniform([BATCH, 1, 1, 1], seeds[2])
        return Batch(images, [noise], [tf.gather(self._labels, chosen)], mixing)


def with_images_of(generator: keras.Model, shape: tuple[int, int, int]) -> keras.Model:
    """Return the generator with its images made smaller to the shape of the real ones, by averaging.

    Raises:
        BundleError: when its images are no whole multiple of them.
    """
    height, width, channels = generator.output.shape[1:]
    times = height // shape[0]
    if times < 1 or (height, width, channels) != (times * shape[0], times * shape[1], shape[2]):
        raise BundleError("lab.generator_size", height=shape[0], width=shape[1])
    if times == 1:
        return generator
    images = keras.layers.AveragePooling2D(times, name="made_smaller")(generator.output)
    return keras.Model(generator.inputs, images, name=generator.name)


def _generator(folder: Path) -> keras.Model:
    bundle = open_bundle(folder)
    if bundle.card.latent_size is None:
        raise BundleError("lab.not_a_generator", name=bundle.name)
    return keras.models.load_model(folder / "model.keras", compile=False, safe_mode=True)
