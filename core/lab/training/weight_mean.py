"""Average the weights of a network with those of others that began as it.

Fine-tuned networks lie near the one that they began with, so that their mean is a network, too. It keeps
most of what each has learnt. Source: Wortsman et al. 2022, Robust fine-tuning of zero-shot models, and Model
soups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.bundles.bundle import Bundle
from core.contract.config import ClassifierConfig, from_dict
from core.errors import ConfigError
from core.lab.publishing.export_formats import load_model
from core.lab.training.classifier_training import ClassifierTraining
from core.lab.training.start import start
from core.messages import Progress

Weights = list[np.ndarray]


def mixed(bundle: Bundle, others: Sequence[tuple[Bundle, float]], progress: Progress) -> ClassifierTraining:
    """Return a classifier's training as if it had ended with the mean of its weights and those of others.

    Each of the others has a share; the classifier has the rest. The mean is calibrated and measured.

    Raises:
        ConfigError: when a network is no classifier, or of another architecture.
        BundleError: when a bundle cannot be read.
        DatasetError: when the data set cannot be loaded.
    """
    config = from_dict(bundle.card.config)
    if not isinstance(config, ClassifierConfig):
        raise ConfigError("lab.mean_of_classifiers", name=bundle.name)
    first, shares = load_model(bundle).get_weights(), [share for _, share in others]
    tuned = [load_model(other).get_weights() for other, _ in others]
    for (other, _), weights in zip(others, tuned, strict=True):
        if [weight.shape for weight in weights] != [weight.shape for weight in first]:
            raise ConfigError("lab.other_first_weights", name=other.name)
    training = start(config, progress)
    assert isinstance(training, ClassifierTraining)
    training.model.set_weights(mean_of_weights(first, tuned, shares))
    training.finish()
    return training


def mean_of_weights(first: Weights, others: Sequence[Weights], shares: Sequence[float]) -> Weights:
    """Return the weighted mean: others have these shares, the first one has the rest.

    The statistics of batch normalisation are averaged alike.
    """
    rest = 1 - sum(shares)
    columns = zip(first, *others, strict=True)
    return [
        np.asarray(rest * own + sum(share * one for share, one in zip(shares, ones, strict=True)), own.dtype)
        for own, *ones in columns
    ]
