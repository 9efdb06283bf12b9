"""Fine-tune the last blocks of a network with published weights on the pictures of a few classes.

All blocks before them are frozen, so their maps are computed once for each picture and its mirror image. A
step then costs a small part of the whole network's arithmetic. The training begins with the linear head that
``core.class_sets`` would learn from the same pictures, so it begins where the head alone ends.
Source: Yosinski, Clune, Bengio, Lipson 2014, How transferable are features in deep neural networks?
"""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.bundles.bundle import Bundle
from core.class_sets import linear_head
from core.class_sets.held_out import HeldOut, TaughtHead, threshold
from core.class_sets.likeness import Likeness
from core.class_sets.linear_head import LinearHead
from core.contract.config import ClassifierConfig
from core.datasets.dataset import Dataset
from core.lab.models.efficientnet_lite import FEATURES, before_last_blocks
from core.lab.training.classifier_training import FEWEST_TO_CALIBRATE, ClassifierTraining
from core.messages import Progress, message

BLOCKS = 2  # that learn, and the last convolution; see docs/models.md for what more of them bring
BATCH = 32  # pictures whose maps are computed at once
ASKED = 100  # pictures that the last blocks answer at once
SHOWN = 32  # pixels of the small copies that the run keeps of its pictures
EVERYTHING_FAMILIAR = -1.0  # the lowest cosine


class CutNetwork:
    """A backbone cut before its last blocks, with a new layer of logits for so many classes.

    All its models share their layers. Batch normalisation does not learn: the mean and variance of a few
    pictures would be chance.

    Raises:
        BundleError: when the backbone cannot be read.
    """

    lower: keras.Model  # from a picture to the maps before the last blocks
    features: keras.Model  # from these maps to the features that the last layer reads
    upper: keras.Model  # from these maps to logits
    whole: keras.Model  # from a picture to logits

    def __init__(self, backbone: Bundle, classes: int, blocks: int = BLOCKS) -> None:
        self.backbone = backbone
        network = keras.models.load_model(backbone.folder / "model.keras", safe_mode=True)
        boundary = network.get_layer(before_last_blocks(network, blocks)).output
        self.features = keras.Model(boundary, network.get_layer(FEATURES).output)
        dropout, logits = network.get_layer("dropout"), layers.Dense(classes, name="logits")
        self.upper = keras.Model(self.features.inputs, logits(dropout(self.features.output)), name="upper")
        for layer in self.upper.layers:
            layer.trainable = not isinstance(layer, layers.BatchNormalization)
        self.lower = keras.Model(network.inputs, boundary)
        self.whole = keras.Model(network.inputs, logits(dropout(network.get_layer(FEATURES).output)))
        self._published = self.features.get_weights()

    def maps(self, images: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Return the maps of images (N×H×W×3 uint8) and of their mirror images, N×2×h×w×c float16."""

        @tf.function(reduce_retracing=True, autograph=False)
        def computed(inputs: tf.Tensor) -> tf.Tensor:
            return tf.cast(self.lower(inputs, training=False), tf.float16)

        found = np.empty((len(images), 2, *self.lower.output.shape[1:]), np.float16)
        for first in range(0, len(images), BATCH):
            if progress is not None:
                told = message("lab.lower_blocks", count=first, total=len(images))
                progress(told, first / len(images))
            inputs = self.backbone.card.preprocessing.to_input(images[first : first + BATCH])
            for side, turned in enumerate((inputs, inputs[:, :, ::-1])):
                found[first : first + BATCH, side] = computed(turned).numpy()
        return found

    def begin(self, maps: np.ndarray, labels: np.ndarray) -> None:
        """Set the published weights, and as the last layer a linear head for these maps and labels."""
        self.features.set_weights(self._published)
        logits = self.upper.get_layer("logits")
        head = linear_head.fit(outputs(self.features, maps), labels.astype(np.int64), logits.units)
        logits.set_weights([head.weights, head.bias])


class FineTuning(ClassifierTraining):
    """Training of the last blocks of a backbone, and of a new layer of logits.

    ``data`` has small copies of the pictures, and ``maps`` (of the training and of the test pictures) what
    ``network`` has computed of the large ones. ``model`` is the upper part of the network ``whole``.
    """

    def __init__(
        self,
        config: ClassifierConfig,
        data: Dataset,
        network: CutNetwork,
        maps: tuple[np.ndarray, np.ndarray],
        *,
        learn_from_all: bool = False,
    ) -> None:
        self.network, (self._train_maps, self._test_maps) = network, maps
        super().__init__(config, data, learn_from_all=learn_from_all)

    @classmethod
    def of_photographs(
        cls,
        config: ClassifierConfig,
        photographs: Dataset,
        backbone: Bundle,
        progress: Progress | None = None,
        blocks: int = BLOCKS,
    ) -> FineTuning:
        """Return the training on pictures in the size that the backbone reads.

        Raises:
            BundleError: when the backbone cannot be read.
        """
        keras.utils.set_random_seed(config.seed)
        network = CutNetwork(backbone, len(photographs.info.classes), blocks)
        maps = network.maps(np.concatenate([photographs.x_train, photographs.x_test]), progress)
        count = len(photographs.x_train)
        small = {name: small_copies(getattr(photographs, name)) for name in ("x_train", "x_test")}
        data = dataclasses.replace(photographs, **small)
        return cls(config, data, network, (maps[:count], maps[count:]))

    def _network(self) -> keras.Model:
        return self.network.upper

    def _inputs(self, chosen: np.ndarray) -> np.ndarray:
        """Return what the network reads of the training pictures with these numbers."""
        return self._train_maps[chosen]

    def _prepare(self) -> None:
        """Begin with the linear head of the pictures to learn from."""
        self.network.begin(self._train_maps[self._taught, 0], self.data.y_train[self._taught])

    def _augmented(self, images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Return each picture's maps, N×h×w×c float32, or by a chance of 1/2 those of its mirror image."""
        sides = 2 if self.config.augmentation == "mirror" else 1
        side = tf.random.stateless_uniform([images.shape[0]], seed, 0, sides, tf.int32)
        return tf.cast(tf.gather(images, side, batch_dims=1), tf.float32)

    def _validation_logits(self) -> np.ndarray:
        return outputs(self.model, self._train_maps[self._validation, 0])

    def _test_logits(self, images: np.ndarray) -> np.ndarray:
        del images  # small copies; the network reads the maps of the pictures
        return outputs(self.model, self._test_maps[:, 0])

    @property
    def whole(self) -> keras.Model:
        """Return the network from picture to logits; its learner then has the weights of ``model``."""
        for layer in self.model.layers:
            if weights := layer.get_weights():
                self.network.whole.get_layer(layer.name).set_weights(weights)
        return self.network.whole

    def result(self) -> FineTuning:
        """Return the training: its bundle is made of the whole network, cut and backbone."""
        return self

    def taught(self) -> TaughtHead:
        """Return the layer of logits with its calibration, as of a linear head on the network's features."""
        last = self.whole.get_layer("logits").get_weights()
        features = outputs(self.network.features, self._train_maps[:, 0])
        labels = self.data.y_train.astype(np.int64)
        known = Likeness.learn(features[self._taught], labels[self._taught], len(self.data.info.classes))
        familiarity = known.of(features[self._validation])
        logits = self._validation_logits()
        return TaughtHead(
            head=LinearHead(*last),
            known=known,
            held_out=HeldOut(self._validation, labels[self._validation], logits, familiarity),
            temperature=self.temperature,
            familiar_from=threshold(familiarity)
            if len(familiarity) >= FEWEST_TO_CALIBRATE
            else EVERYTHING_FAMILIAR,
        )


def small_copies(images: np.ndarray) -> np.ndarray:
    """Return images, N×H×W×3 uint8, reduced by a whole number to about ``SHOWN`` pixels."""
    factor = max(1, images.shape[1] // SHOWN)
    height, width = (side // factor for side in images.shape[1:3])
    cut_to_fit = images[:, : height * factor, : width * factor]
    squares = cut_to_fit.reshape(len(images), height, factor, width, factor, images.shape[3])
    return squares.mean(axis=(2, 4), dtype=np.float32).round().astype(np.uint8)


def outputs(model: keras.Model, maps: np.ndarray) -> np.ndarray:
    """Return a model's outputs, float32, for maps, N×h×w×c."""
    batches = [
        np.asarray(model(tf.cast(maps[i : i + ASKED], tf.float32), training=False))
        for i in range(0, len(maps), ASKED)
    ]
    return np.concatenate(batches) if batches else np.empty((0, *model.output.shape[1:]), np.float32)
