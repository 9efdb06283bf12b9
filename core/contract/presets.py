"""List ready-made configurations, tuned on validation images only."""

from __future__ import annotations

from dataclasses import dataclass

from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.language import N_


@dataclass(frozen=True)
class Preset:
    """A configuration that is known to work; ``gettext(title)`` and ``gettext(summary)`` are for visitors."""

    name: str
    title: str
    summary: str
    config: TrainingConfig


PRESETS = (
    Preset(
        "fast-cnn",
        N_("Fast"),
        N_(
            "The tutorial's CNN on MNIST. In two epochs it reaches the accuracy of five, thanks to a high "
            "learning rate that rises and falls once, and to label smoothing."
        ),
        ClassifierConfig(dataset="mnist", epochs=2, batch_size=128, learning_rate=0.01, label_smoothing=0.1),
    ),
    Preset(
        "fast-faces",
        N_("Fast faces"),
        N_(
            "A GAN in colour on Pixel faces, which come with the app. On two cores faces appear within a "
            "minute; the training takes about three."
        ),
        GanConfig(
            architecture="colour_dcgan",
            dataset="pixel_faces",
            epochs=15,
            held_rate=0.6,
            translation=1,
            r1_weight=0.5,
            weight_average=0.995,
        ),
    ),
    Preset(
        "fast-avatars",
        N_("Fast avatars"),
        N_("A GAN in colour on Avatars: people in ten styles. On two cores the training takes minutes."),
        GanConfig(
            architecture="colour_dcgan",
            dataset="avatars",
            epochs=9,
            held_rate=0.6,
            translation=2,
            r1_weight=0.5,
            weight_average=0.995,
        ),
    ),
    Preset(
        "fast-rnn",
        N_("Fast"),
        N_(
            "An LSTM on MNIST. In two epochs it reads more than 98% of the test images, thanks to large "
            "batches and a high learning rate that rises and falls once."
        ),
        ClassifierConfig(
            family="rnn",
            architecture="lstm",
            dataset="mnist",
            epochs=2,
            batch_size=128,
            learning_rate=0.01,
        ),
    ),
    Preset(
        "fast-gan",
        N_("Fast digits"),
        N_("A conditional DCGAN on MNIST that draws readable digits within three minutes on two cores."),
        GanConfig(dataset="mnist", epochs=2, batch_size=64, weight_average=0.99),
    ),
)


def of_family(family: str) -> list[Preset]:
    """Return the presets of a family (cnn, rnn or gan)."""
    return [preset for preset in PRESETS if preset.config.family == family]
