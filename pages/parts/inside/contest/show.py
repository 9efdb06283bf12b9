"""The contest: a GAN's training taken apart, on images, in the plane, with four losses, and on text."""

from __future__ import annotations

from pages.parts import views
from pages.parts.inside.contest import cures, images, plane, text

VIEWS = {
    "On images": images.show,
    "In two dimensions": plane.show,
    "Cures": cures.show,
    "On text": text.show,
}


def show() -> None:
    """The part of the page."""
    views.pick("What the contest is about", VIEWS, "contest")()
