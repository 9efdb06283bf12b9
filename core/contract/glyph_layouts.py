"""Name the ways in which a glyph is laid out in an image; core/images/normalise.py says how they differ."""

from __future__ import annotations

MNIST_LAYOUT, EMNIST_LAYOUT = LAYOUTS = ("mnist", "emnist")
