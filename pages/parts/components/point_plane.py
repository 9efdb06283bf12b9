"""Draw a GAN game in the plane, frame by frame, on a canvas: a component of this app."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.gan_games.point_sets import HALF_WIDTH
from core.gan_games.rules import realness
from pages.parts.components import saving
from pages.parts.components.component_data import unsearched

DIGITS = 3  # decimals of a coordinate: a thousandth is a sixth of a pixel
LAYERS = ("grid", "field", "arrows")

_CSS = """
.saving { font-family: var(--st-font); color: var(--st-text-color); }
canvas { width: 100%; aspect-ratio: 1; display: block; color: var(--st-text-color);
  box-shadow: inset 0 0 0 1px var(--st-border-color); border-radius: var(--st-base-radius); }
"""
_COMPONENT = st.components.v2.component(
    "plane",
    html='<canvas role="img"></canvas>' + saving.HTML,
    css=_CSS + saving.CSS,
    js=saving.JAVASCRIPT + Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def plane(
    frame: Mapping[str, Any],
    real: np.ndarray,
    loss: str,
    *,
    key: str,
    alt: str,
    layers: Collection[str] = LAYERS,
    milliseconds: int = 0,
) -> None:
    """Draw a frame of ``core.lab.experiments.gan_games.plane_game`` among the real points (N×2).

    Args:
        frame: of the game.
        real: points that are drawn with it.
        loss: an id of ``core.gan_games.rules.LOSSES``, which says how logits are coloured.
        key: of the component.
        alt: what screen readers say.
        layers: the ids of the layers that are drawn besides the points.
        milliseconds: how long the points take to move from their positions in the previous frame.
    """
    field = frame["field"]
    _COMPONENT(
        data=unsearched(
            {
                "frame": str(frame["turns"]),
                "reach": HALF_WIDTH,
                "milliseconds": milliseconds,
                "show": {name: name in layers for name in LAYERS},
                "real": _points(real),
                "fake": _points(frame["fake"]),
                "arrows": np.asarray(frame["arrows"]).round(5).tolist(),
                "grid": _points(frame["grid"].reshape(-1, 2)),
                "lines": len(frame["grid"]),
                "field": {"cells": _bytes(realness(loss, field)), "side": len(field)},
                "alt": alt,
                "saving": saving.offer("points"),
            }
        ),
        key=key,
    )


def _points(values: np.ndarray) -> list[list[float]]:
    return np.clip(values, -10, 10).astype(float).round(DIGITS).tolist()


def _bytes(shares: np.ndarray) -> str:
    return base64.b64encode(np.round(255 * shares).astype(np.uint8).tobytes()).decode()
