"""Compare a generator with and without its broken images: ``python -m tests.benchmarks.broken_images``.

The critic and its threshold were learnt on other seeds (``core.commands.fit_critic``).
"""

from __future__ import annotations

import sys
from functools import partial

import numpy as np

from core.bundles.bundle import pretrained, shipped_classifier
from core.datasets import registry
from core.inference.classifier import Classifier
from core.inference.critic import SoundGenerator
from core.inference.generator import Generator
from core.inference.model_evaluation import classifier_features, measure_fidelity, measure_generator

SAMPLES, SEED = 10_000, 0


def main(model: str) -> None:
    """Print conditional accuracy, Fréchet ratio, recall and coverage of all images, and of sound ones."""
    bundle = pretrained(model)
    data = registry.load(bundle.card.dataset)
    examiner = Classifier(shipped_classifier(bundle.card.classes, unaugmented=True))
    for drawn_by in (Generator, SoundGenerator):
        generator = drawn_by(bundle)
        accuracy = measure_generator(generator, examiner, SAMPLES, SEED).accuracy
        found = measure_fidelity(generator, partial(classifier_features, examiner), data, SAMPLES, SEED)
        print(
            f"{drawn_by.__name__:15} conditional accuracy {accuracy:.2%}, "
            f"Fréchet ratio {found.frechet_ratio:.3f}, "
            f"recall {np.mean(found.recall_by_class):.2%}, coverage {np.mean(found.coverage_by_class):.2%}",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["dcgan"])
