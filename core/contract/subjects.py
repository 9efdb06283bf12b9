"""Say what the images of a data set or a network show: words and abilities by the id of the subject.

A data set's description and a network's card hold the id. These are the only words that depend on it, so a
new kind of images needs one entry here and no change to a page.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.language import N_

PIXEL_ART = "pixel art"  # a class of images that are drawn in squares, however its name is spelt
FEWEST_PIXELS = 16  # of a side; smaller images are pixel art


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Subject of images. Texts are message ids, marked by ``N_``."""

    upload: str = N_("A picture")  # label of the field that takes a visitor's picture to be redrawn
    redraw: str = N_(
        "**Upload a picture**, and the generator searches its latent space for the point whose image comes "
        "closest to it. If no image comes close, the generator has not learnt to draw such a picture."
    )
    unlike: str = N_("The generator draws nothing that is much like your picture.")
    properties: tuple[str, ...]  # what is measured in images, and can name a direction in latent space
    parts: tuple[str, ...] = ()  # what can be kept while another image is drawn
    is_drawn_by_pen: bool = False  # a visitor can draw one on the canvas
    fills_images: bool = False  # what a picture shows is enlarged until it nearly reaches the margins
    has_styles: bool = False  # a class is a style: one latent point is the same person in each of them


_COLOUR = ("brightness", "warmth", "colourfulness")
_NO_FACE = N_(
    "The generator draws nothing that is much like your picture; a portrait with the face in the middle and "
    "a plain background works best."
)
_FORM = ("slant", "width", "stroke_weight", "size", "height")
_FACE = ("hair", "skin", "background")

OTHER = Subject(properties=("brightness", "width", "height"))
OTHER_IN_COLOUR = Subject(properties=_COLOUR)
SUBJECTS = {
    "digit": Subject(
        upload=N_("A picture with one digit"),
        redraw=N_(
            "**Draw a digit**, and the generator searches its latent space for the point whose image comes "
            "closest to it. If no image comes close, the generator has not learnt to draw such a digit."
        ),
        properties=_FORM,
        is_drawn_by_pen=True,
    ),
    "letter": Subject(
        upload=N_("A picture with one letter"),
        redraw=N_(
            "**Draw a letter**, and the generator searches its latent space for the point whose image comes "
            "closest to it. If no image comes close, the generator has not learnt to draw such a letter."
        ),
        properties=_FORM,
        is_drawn_by_pen=True,
    ),
    "clothing": Subject(
        upload=N_("A picture of one piece of clothing"),
        redraw=N_(
            "**Upload a picture of a shirt, a shoe or a bag**, and the generator searches its latent space "
            "for the point whose image comes closest to it. The whole picture is redrawn, so a plain "
            "background helps."
        ),
        properties=("width", "height", "size", "brightness"),
        fills_images=True,
    ),
    "avatar": Subject(
        upload=N_("A portrait"),
        redraw=N_(
            "**Upload a portrait**, and the generator searches its latent space for the avatar that comes "
            "closest to it in colours and shapes. A face in the middle and a plain background help."
        ),
        unlike=_NO_FACE,
        properties=(*_FACE, "warmth", "colourfulness"),
        parts=("hair", "skin", "background"),
        has_styles=True,
    ),
    "face": Subject(
        upload=N_("A portrait"),
        redraw=N_(
            "**Upload a portrait**, and the generator searches its latent space for the face that comes "
            "closest to it in colours and shapes. A face in the middle and a plain background help."
        ),
        unlike=_NO_FACE,
        properties=(*_FACE, "warmth", "colourfulness"),
        parts=("hair", "skin", "background"),
    ),
}


def subject(name: str, channels: int) -> Subject:
    """Return the subject of that id; one that is not listed has no words of its own.

    Args:
        name: the id on a card or in a description.
        channels: 1 for grey images, 3 for colour.
    """
    return SUBJECTS.get(name) or (OTHER_IN_COLOUR if channels == 3 else OTHER)


def is_pixel_art(class_name: str, shape: tuple[int, int, int]) -> bool:
    """Return whether images of a class, of a shape (height, width, channels), are drawn in squares."""
    spelt = "".join(c for c in class_name.casefold() if c.isalpha())
    return max(shape[:2]) <= FEWEST_PIXELS or spelt == PIXEL_ART.replace(" ", "")
