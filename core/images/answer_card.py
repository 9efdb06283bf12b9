"""Draw a card with a picture, its boxes and what was read in it, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from core.images.encode import png

WIDTH, MARGIN = 800, 40  # pixels
MOST_HEIGHT = 800  # of the picture
PAPER, INK, PALE = (255, 255, 255), (30, 27, 46), (113, 111, 128)
TITLE, LINE, TAG = 56, 24, 20  # sizes of letters
SPACING = 1.4  # of lines
MOST_LINES = 12
CHINESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


@dataclass(frozen=True)
class Tagged:
    """A box with a short text above it."""

    edges: tuple[int, int, int, int]  # left, top, right, bottom in pixels of the original
    text: str
    colour: tuple[int, int, int]


def shows_chinese() -> bool:
    """Return whether this machine has a font with Chinese characters."""
    return _chinese_font() is not None


def answer_card(
    image: Image.Image, original: tuple[int, int], boxes: Sequence[Tagged], title: str, lines: Sequence[str]
) -> bytes:
    """Return the card as a PNG file.

    Args:
        image: the picture.
        original: width and height of the picture before it was reduced, of which the boxes are places.
        boxes: of its glyphs.
        title: what was read, in large letters.
        lines: what else there is to say; the first few are shown.
    """
    scale = min((WIDTH - 2 * MARGIN) / image.width, MOST_HEIGHT / image.height)
    shown = image.convert("RGB").resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    )
    texts = [(title, TITLE, INK), *((line, LINE, PALE) for line in lines[:MOST_LINES])]
    height = 3 * MARGIN + shown.height + round(sum(SPACING * size for _, size, _ in texts))
    card = Image.new("RGB", (WIDTH, height), PAPER)
    left = (WIDTH - shown.width) // 2
    card.paste(shown, (left, MARGIN))
    draw = ImageDraw.Draw(card)
    for box in boxes:
        _draw_box(draw, box, (left, MARGIN), shown.width / original[0])
    top = 2.0 * MARGIN + shown.height
    for text, size, colour in texts:
        draw.text((MARGIN, top), _fitted(text, size), fill=colour, font=_font(size))
        top += SPACING * size
    return png(card)


def _draw_box(draw: ImageDraw.ImageDraw, box: Tagged, corner: tuple[int, int], scale: float) -> None:
    left, top, right, bottom = (round(edge * scale) + corner[i % 2] for i, edge in enumerate(box.edges))
    draw.rectangle((left - 2, top - 2, max(left, right), max(top, bottom)), outline=box.colour, width=3)
    font = _font(TAG)
    tag = draw.textbbox((left, top - 2), box.text, font=font, anchor="lb")
    draw.rectangle((tag[0] - 3, tag[1] - 3, tag[2] + 4, tag[3] + 2), fill=box.colour)
    draw.text((left, top - 2), box.text, fill=PAPER, font=font, anchor="lb")


def _fitted(text: str, size: int) -> str:
    """Return a text, shortened to the width of the card."""
    font = _font(size)
    if font.getlength(text) <= WIDTH - 2 * MARGIN:
        return text
    while text and font.getlength(f"{text}…") > WIDTH - 2 * MARGIN:
        text = text[:-1]
    return f"{text}…"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _chinese_font()
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


@cache
def _chinese_font() -> str | None:
    return next((path for path in CHINESE_FONTS if Path(path).is_file()), None)
