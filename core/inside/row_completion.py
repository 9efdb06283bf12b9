"""Draw images row by row with a recurrent network: each row from the rows above it, in NumPy.

After every row the network predicts a mixture for the next one: several components, each a whole row of ink
probabilities, and the probability of each component. One component is drawn at random and its row becomes the
next input; the pixels of a row fit together because they come from the same component.

Source: Graves 2013, Generating sequences with recurrent neural networks, sections 2 and 4 (feeding back
samples; mixtures as outputs); Bernoulli mixtures: Bishop 2006, section 9.3.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import read_layers
from core.contract.evaluation import log_sum_exp
from core.errors import BundleError, ConfigError
from core.inference.classifier import Classifier
from core.inside.recurrent_cells import Cell, Values, advance
from core.inside.row_reader import RowReader, read, reader

FAMILY = "rows"  # family in the bundle's card
MAX_TEMPERATURE = 2.0
DEFAULT_TEMPERATURE = 0.7  # prefers probable rows, but images still differ


@dataclass(frozen=True)
class RowGenerator:
    """Network of a bundle; its input is the previous row and the class, one-hot (all 0: any class)."""

    network: RowReader
    width: int
    height: int
    classes: tuple[str, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The recurrent layers."""
        return self.network.cells


def open_generator(bundle: Bundle) -> RowGenerator:
    """Return the generator in a bundle.

    Raises:
        BundleError: when the bundle holds another kind of model.
    """
    if bundle.card.family != FAMILY:
        raise BundleError("inside.no_row_generator", name=bundle.name)
    height, width, _ = bundle.card.shape
    return RowGenerator(reader(read_layers(bundle)), width, height, bundle.card.classes)


def complete(
    generator: RowGenerator,
    upper: np.ndarray,
    labels: np.ndarray,
    temperature: float,
    seed: int,
) -> np.ndarray:
    """Draw images, N×H×W uint8, that begin with the given rows and continue as the network predicts.

    ``upper`` are the rows, K×W uint8, or N×K×W if each image has its own.
    ``labels`` (N) are the classes to draw, -1 for any; ``temperature`` divides the logits of the
    components: near 0 the most probable row is drawn each time, above 1 improbable rows more often.

    Raises:
        ConfigError: when the temperature or a class is out of range, or there are too many rows.
    """
    _check(generator, upper, labels, temperature)
    random = np.random.default_rng(seed)
    count = len(labels)
    images = np.zeros((count, generator.height, generator.width), np.float32)
    given = upper.shape[-2]
    images[:, :given] = upper / np.float32(255)
    condition = one_hot(labels, len(generator.classes))
    states: list[Values | None] = [None] * len(generator.cells)
    row = np.zeros((count, generator.width), np.float32)
    for t in range(generator.height):
        values = np.concatenate([row, condition], axis=1)
        for i, cell in enumerate(generator.cells):
            state = advance(cell, values, states[i])
            states[i], values = state, state["state"]
        if t >= given:
            outputs = values @ generator.network.kernel + generator.network.bias
            weights, rows = mixture(outputs, generator.width)
            noise = random.gumbel(size=weights.shape)  # the largest logit plus Gumbel noise is a random draw
            chosen = (weights / max(temperature, 1e-3) + noise).argmax(axis=1)
            images[:, t] = rows[np.arange(count), chosen]
        row = images[:, t]
    return np.round(255 * images).astype(np.uint8)


def component_probabilities(generator: RowGenerator, upper: np.ndarray, label: int) -> np.ndarray:
    """Return the components' probabilities for the row below the given rows (K×W uint8), highest first.

    ``label`` is a class, -1 for any. A temperature T raises each to the power of 1 ÷ T.
    """
    above = np.concatenate([np.zeros((1, generator.width)), upper / 255]).astype(np.float32)
    condition = np.repeat(one_hot(np.array([label]), len(generator.classes)), len(above), axis=0)
    outputs = read(generator.network, np.concatenate([above, condition], axis=1)[None]).logits[0, -1]
    return np.sort(np.exp(mixture(outputs, generator.width)[0]))[::-1]


def tempered(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Return probabilities to the power of 1 ÷ temperature (above 0), not normalised."""
    return probabilities.astype(np.float64) ** (1 / temperature)


def measure(
    generator: RowGenerator, examiner: Classifier, images: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """Return the accuracy of ``examiner``, 0 to 1, on three sets; images are N×H×W uint8, labels N.

    The sets are images completed from their upper halves without a class, the same images unchanged, and
    images drawn from a class without any given row; all at ``DEFAULT_TEMPERATURE``.
    """
    half = images[:, : generator.height // 2]
    any_class = np.full(len(images), -1)
    drawn = {
        "completion_accuracy": complete(generator, half, any_class, DEFAULT_TEMPERATURE, 0),
        "completion_accuracy_real": images,
        "conditional_accuracy": complete(generator, half[:, :0], labels, DEFAULT_TEMPERATURE, 0),
    }
    return {
        name: float((examiner.logits(batch).argmax(axis=1) == labels).mean()) for name, batch in drawn.items()
    }


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return classes (N) as N×classes float32; all 0 for a label of -1."""
    return (np.asarray(labels)[:, None] == np.arange(classes)).astype(np.float32)


def mixture(outputs: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Split outputs (…×components·(width+1)) into log weights (…×components) and the components' rows.

    The rows (…×components×width) are probabilities of ink, 0 to 1.
    """
    components = outputs.shape[-1] // (width + 1)
    weights = outputs[..., :components]
    logits = outputs[..., components:].reshape(*outputs.shape[:-1], components, width)
    return weights - log_sum_exp(weights), 1 / (1 + np.exp(-logits))


def _check(generator: RowGenerator, upper: np.ndarray, labels: np.ndarray, temperature: float) -> None:
    if not 0 <= temperature <= MAX_TEMPERATURE:
        raise ConfigError("inside.temperature", high=MAX_TEMPERATURE, value=temperature)
    if upper.shape[-2] > generator.height or upper.shape[-1] != generator.width:
        raise ConfigError("inside.rows", rows=generator.height, columns=generator.width)
    if len(labels) and not -1 <= np.min(labels) <= np.max(labels) < len(generator.classes):
        raise ConfigError("inside.row_class", high=len(generator.classes) - 1)
