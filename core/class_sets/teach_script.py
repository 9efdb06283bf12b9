"""Write a short Keras script that learns a class set's classes without this project."""

from __future__ import annotations

from pathlib import Path
from string import Template

from core.bundles.bundle import Card
from core.class_sets.linear_head import PENALTY

NAME = "learn.py"
BACKBONE_FILE = "backbone.keras"  # beside the script
PICTURES = "pictures"  # the folder that the script reads by default

_TEMPLATE = Path(__file__).with_suffix(".txt")


def teach_script(backbone: Card, temperature: float) -> str:
    """Return the text of the script.

    Args:
        backbone: the card of the network whose features are read.
        temperature: the one that was fitted on pictures held out.
    """
    wanted = backbone.preprocessing
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=backbone.title,
        backbone=BACKBONE_FILE,
        pictures=PICTURES,
        size=(wanted.width, wanted.height),
        resampling=wanted.interpolation.upper(),
        bleed=round((1 - wanted.crop) / 2, 6),
        mean=wanted.mean[0],
        scale=wanted.scale[0],
        penalty=PENALTY,
        temperature=round(temperature, 4),
    )
