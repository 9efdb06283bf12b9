"""Configurations with a name, for who would rather start than choose; chosen by validation images alone."""

from __future__ import annotations

from dataclasses import dataclass

from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig


@dataclass(frozen=True)
class Preset:
    """A configuration that is known to go well, and what for."""

    name: str
    title: str
    summary: str
    config: TrainingConfig


PRESETS = (
    Preset(
        "fast-cnn",
        "Fast",
        "The tutorial's CNN on MNIST: its accuracy of five epochs in two, by a high learning rate that "
        "climbs and falls once, and by labels that are smoothed.",
        ClassifierConfig(dataset="mnist", epochs=2, batch_size=128, learning_rate=0.01, label_smoothing=0.1),
    ),
    Preset(
        "fast-gan",
        "Fast",
        "A conditional DCGAN on MNIST that draws readable digits within three minutes on two cores.",
        GanConfig(dataset="mnist", epochs=2, batch_size=64, weight_average=0.99),
    ),
)


def of_family(family: str) -> list[Preset]:
    """The presets of a family (cnn, rnn or gan)."""
    return [preset for preset in PRESETS if preset.config.family == family]
