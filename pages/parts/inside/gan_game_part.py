"""Play a GAN game step by step: on images, on points in the plane, with four losses, and on text."""

from __future__ import annotations

from core.language import N_, gettext
from pages.parts.inside.gan_games import image_game, loss_race, plane_game, text_game
from pages.parts.shared import view_picker

VIEWS = {
    "images": image_game.show,
    "plane": plane_game.show,
    "losses": loss_race.show,
    "text": text_game.show,
}
LABELS = {
    "images": N_("Images"),
    "plane": N_("Points"),
    "losses": N_("Compare losses"),
    "text": N_("Text"),
}
EARLIER = {
    "On images": "images",
    "In two dimensions": "plane",
    "Cures": "losses",
    "On text": "text",
}  # the labels that older links hold


def show() -> None:
    """Show the game that the visitor chose."""
    view_picker.pick_view(gettext("Game"), VIEWS, "contest", LABELS, EARLIER)()
