"""List the designs of DiceBear's avatars: who drew them, where they were published, and under which licence.

Each line is what the file LICENSE of the design's npm package says (version 9.4.3). The packages' code, which
puts a design's parts together, has the MIT licence.
"""

from __future__ import annotations

from dataclasses import dataclass

CC0, CC_BY = "CC0 1.0", "CC BY 4.0"
DRAWN_WITH = "DiceBear 9.4.3, https://www.dicebear.com"


@dataclass(frozen=True)
class Design:
    """A style of avatars."""

    style: str  # in DiceBear's collection
    title: str  # the name of the class
    work: str  # the title of the published design
    designer: str
    source: str
    licence: str

    @property
    def attribution(self) -> str:
        """Designer, place and licence of the design, as CC BY 4.0 asks for."""
        return f"{self.work} by {self.designer}, {self.source} ({self.licence})"


DESIGNS = (
    Design(
        "adventurer", "Adventurer", "Adventurer", "Lisa Wischofsky",
        "https://www.figma.com/community/file/1184595184137881796", CC_BY,
    ),
    Design(
        "bigSmile", "Big Smile", "Custom Avatar", "Ashley Seo",
        "https://www.figma.com/community/file/881358461963645496", CC_BY,
    ),
    Design(
        "lorelei", "Lorelei", "Lorelei", "Lisa Wischofsky",
        "https://www.figma.com/community/file/1198749693280469639", CC0,
    ),
    Design(
        "micah", "Micah", "Avatar Illustration System", "Micah Lanier",
        "https://www.figma.com/community/file/829741575478342595", CC_BY,
    ),
    Design(
        "notionists", "Notionists", "Notionists", "Zoish",
        "https://heyzoish.gumroad.com/l/notionists", CC0,
    ),
    Design(
        "openPeeps", "Open Peeps", "Open Peeps", "Pablo Stanley",
        "https://www.openpeeps.com/", CC0,
    ),
    Design(
        "personas", "Personas", "Personas by Draftbit", "Draftbit",
        "https://personas.draftbit.com/", CC_BY,
    ),
    Design(
        "toonHead", "Toon Head", "ToonHead", "Johan Melin",
        "https://www.figma.com/community/file/1589627891082866389", CC_BY,
    ),
    Design(
        "croodles", "Croodles", "Croodles - Doodle your face", "Vijay Verma",
        "https://www.figma.com/community/file/966199982810283152", CC_BY,
    ),
    Design(
        "pixelArt", "Pixel Art", "Pixel Art", "DiceBear",
        "https://www.figma.com/community/file/1198754108850888330", CC0,
    ),
)  # fmt: skip
PIXEL_ART = DESIGNS[-1]
