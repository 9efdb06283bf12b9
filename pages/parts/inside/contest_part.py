"""The contest: a GAN's training taken apart, on images, in the plane, with four losses, and on text."""

from __future__ import annotations

from pages.parts.inside.gan_games import image_game, loss_race, plane_game, text_game
from pages.parts.shared import view_picker

VIEWS = {
    "On images": image_game.show,
    "In two dimensions": plane_game.show,
    "Cures": loss_race.show,
    "On text": text_game.show,
}


def show() -> None:
    """The part of the page."""
    view_picker.pick("What the contest is about", VIEWS, "contest")()
