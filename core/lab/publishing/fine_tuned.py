"""Publish a fine-tuned network, in the form of a network that was taught a visitor's classes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.contract import architectures
from core.contract.config import to_dict
from core.lab.publishing.taught import write_taught
from core.lab.training.fine_tuning import FineTuning


def publish_fine_tuned(training: FineTuning, folder: Path) -> None:
    """Write the bundle of a fine-tuned network; the folder appears complete or not at all.

    Its LiteRT model takes uint8 images and has the outputs of a taught network, see ``taught``.
    """
    config, info = training.config, training.data.info
    card = replace(
        training.network.backbone.card,
        title=architectures.get(config.architecture).title,
        architecture=config.architecture,
        dataset=config.dataset,
        config=to_dict(config),
        metrics=dict(training.metrics),
        seed=config.seed,
    )
    write_taught(training.taught(), info.classes, training.whole, card, folder)
