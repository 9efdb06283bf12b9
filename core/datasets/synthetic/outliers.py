"""Draw images of no class, so that a network learns to give low probabilities to what it does not know.

A classifier that has only seen digits gives a high probability to some digit for any image. One that has also
seen these outliers, with equal probabilities as the target, does so for digits alone (outlier exposure:
Hendrycks, Mazeika, Dietterich 2019, section 3). The outliers are letters by pen and in Pillow's own typeface,
scribbles, silhouettes, overlapping leaves in place of photographs (the dead leaves model: Lee, Mumford,
Huang 2001), noise, blank images, and training images cut to pieces and shuffled. A network of clothes sees
digits, lines of signs and textures instead of silhouettes, which are like clothes.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.datasets.synthetic.handwriting import BOX, CENTRE, SIDE, render
from core.datasets.synthetic.pen_paths import DIGIT_PATHS, LETTER_PATHS, Paths

FACE_LETTERS = "ACDEFGHJKLMNPQRTUVWXYacdefhkmnprtuvwxABCDEFGHKMNPRTUVWXY&@#?%*+=!"
DIGITS = "0123456789"
ALL_GREY = 255
CLOTHING = "clothing"  # the subject of a data set, as its description says it

Drawing = Callable[[int], np.ndarray]  # from a number of images to N×28×28 uint8


def outliers(images: np.ndarray, count: int, seed: int, subject: str = "digit") -> np.ndarray:
    """Return ``count`` images of no class, shaped like ``images`` (N×H×W×C uint8), by a seed.

    ``subject`` is what the data set shows, as its description says it.
    """
    rng = np.random.default_rng((seed, 0x07))
    shares = _unlike_clothes(rng) if subject == CLOTHING else _unlike_digits(rng)
    drawn = [kind(round(count * share)) for kind, share in shares.items()]
    found = _shaped(np.concatenate(drawn), images.shape[1:], rng)
    rest = _shuffled(images, count - len(found), rng)
    return np.concatenate([found, rest])[rng.permutation(count)]


def as_photographed(images: np.ndarray, seed: int) -> np.ndarray:
    """Return images (N×H×W×1 uint8, light on dark), two in three of them with small flaws of photographs.

    These are paper that is not quite even, noise, and blur. With larger ones, more photographs would pass for
    clothes.
    """
    rng = np.random.default_rng((seed, 0x08))
    found = images.copy()
    for image, flaws in zip(found, rng.random((len(images), 3)) < 0.3, strict=True):
        values = image[..., 0].astype(np.float32)
        if flaws[0]:
            values = cv2.GaussianBlur(values, (0, 0), rng.uniform(0.3, 0.6))
        if flaws[1]:
            down, across = (np.linspace(-1, 1, side) * rng.normal(0, 0.4) for side in values.shape)
            values = np.maximum(values, rng.uniform(2, 16) * (1 + down[:, None] + across))
        if flaws[2]:
            values = values + rng.normal(0, rng.uniform(0, 5), values.shape)
        image[..., 0] = np.round(values.clip(0, 255))
    return found


def _unlike_digits(rng: np.random.Generator) -> dict[Drawing, float]:
    """Return what to draw for a network of glyphs, with the share of each; training images are the rest."""
    return {
        lambda n: _pen_signs(n, rng, LETTER_PATHS): 0.3,
        lambda n: _face_signs(n, rng, FACE_LETTERS): 0.18,
        lambda n: _many(_scribble, n, rng): 0.1,
        lambda n: _many(_silhouette, n, rng): 0.17,
        lambda n: _many(_leaves, n, rng): 0.08,
        lambda n: _many(_noise, n, rng): 0.1,
        lambda n: _many(_blank, n, rng): 0.02,
    }


def _unlike_clothes(rng: np.random.Generator) -> dict[Drawing, float]:
    """Return the same for a network that is shown whole pictures of clothes."""
    return {
        lambda n: _pen_signs(n, rng, DIGIT_PATHS): 0.13,
        lambda n: _pen_signs(n, rng, LETTER_PATHS): 0.12,
        lambda n: _face_signs(n, rng, FACE_LETTERS + 3 * DIGITS): 0.13,
        lambda n: _placed_signs(n, rng): 0.13,
        lambda n: _many(_scribble, n, rng): 0.06,
        lambda n: _many(_leaves, n, rng): 0.08,
        lambda n: _many(_texture, n, rng): 0.08,
        lambda n: _many(_object_in_its_place, n, rng): 0.12,
        lambda n: _many(_noise, n, rng): 0.08,
        lambda n: _many(_blank, n, rng): 0.02,
    }


def _many(
    kind: Callable[[np.random.Generator], np.ndarray], count: int, rng: np.random.Generator
) -> np.ndarray:
    """Call a function that draws one image (values 0 to 1) ``count`` times: N×28×28 uint8."""
    drawn = np.stack([kind(rng) for _ in range(count)]) if count else np.zeros((0, SIDE, SIDE))
    return np.round(255 * np.clip(drawn, 0, 1)).astype(np.uint8)


def _pen_signs(count: int, rng: np.random.Generator, paths: Paths) -> np.ndarray:
    """Draw digits or capital letters with the pen of *Rendered digits*: N×28×28 uint8."""
    return render(rng.integers(0, len(paths), count), int(rng.integers(2**31)), paths=paths)


def _face_signs(count: int, rng: np.random.Generator, signs: str) -> np.ndarray:
    """Draw printed characters, some bold, slanted, stretched or with serifs: N×28×28 uint8."""
    size = 48
    font = ImageFont.load_default(size)
    found = np.zeros((count, SIDE, SIDE), np.uint8)
    for i in range(count):
        canvas = Image.new("L", (2 * size, 2 * size))
        letter = signs[rng.integers(len(signs))]
        weight = int(rng.integers(0, 4))
        ImageDraw.Draw(canvas).text(
            (size, size), letter, fill=255, font=font, anchor="mm", stroke_width=weight
        )
        ink = np.asarray(canvas)
        if rng.random() < 0.4:
            ink = _with_serifs(ink, rng)
        found[i] = boxed(_slanted(ink, rng))
    return found


def _with_serifs(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add short bars across the ends of the strokes that touch the letter's top and bottom."""
    rows = np.flatnonzero(ink.any(axis=1))
    thick, reach = int(rng.integers(2, 5)), int(rng.integers(2, 7))
    result = ink.copy()
    for begin in (rows[0], rows[-1] - thick + 1):
        band = ink[begin : begin + thick].max(axis=0)
        result[begin : begin + thick] = cv2.dilate(band[None], np.ones((1, 2 * reach + 1), np.uint8))
    return result


def _slanted(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Slant, stretch and turn the letter a little about its middle."""
    slant, wide, angle = rng.normal(0.05, 0.15), np.exp(rng.normal(0, 0.2)), rng.normal(0, 0.1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[wide, -slant], [0, 1]])
    middle = np.array(ink.shape) / 2
    full = np.c_[matrix, middle - matrix @ middle]
    return cv2.warpAffine(ink, full, ink.shape[::-1], flags=cv2.INTER_LINEAR)


def boxed(ink: np.ndarray) -> np.ndarray:
    """Scale the ink to MNIST's 20×20 box and centre it by mass: 28×28 uint8."""
    left, top, width, height = cv2.boundingRect(ink)
    scale = BOX / max(width, height, 1)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink[top : top + height, left : left + width], size, interpolation=cv2.INTER_AREA)
    moments = cv2.moments(small)
    mass = max(moments["m00"], 1e-6)
    centre = (moments["m10"] / mass, moments["m01"] / mass)
    corner = [
        int(np.clip(round(CENTRE - 0.5 - c), 0, SIDE - side)) for c, side in zip(centre, size, strict=True)
    ]
    found = np.zeros((SIDE, SIDE), np.uint8)
    found[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]] = small
    return found


def _scribble(rng: np.random.Generator) -> np.ndarray:
    """Draw one pen stroke that turns too often to write anything."""
    turns = rng.integers(9, 22)
    corners = rng.uniform(0.1, 0.9, (turns, 2)) * SIDE * 8
    if rng.random() < 0.5:  # curves instead of corners
        smooth = np.linspace(0, turns - 1, turns * 12)
        corners = np.stack([np.interp(smooth, np.arange(turns), c) for c in corners.T], -1)
        corners = cv2.blur(corners.astype(np.float32), (1, 13)).astype(np.float64)
    canvas = np.zeros((SIDE * 8, SIDE * 8), np.uint8)
    thick = int(rng.integers(8, 26))
    cv2.polylines(canvas, [corners.astype(np.int32)[:, None]], False, ALL_GREY, thick, cv2.LINE_AA)
    return cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA) / 255


def _placed_signs(count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw pictures of one to four signs, large or small, anywhere on shaded paper: N×28×28 uint8."""
    pen = np.concatenate([_pen_signs(count, rng, paths) for paths in (DIGIT_PATHS, LETTER_PATHS)])
    signs = np.concatenate([pen, _face_signs(count, rng, FACE_LETTERS + 3 * DIGITS)])
    found = np.zeros((count, SIDE, SIDE), np.uint8)
    for image in found:
        number = int(rng.integers(1, 5))
        side = int(rng.integers(18, 37)) if number == 1 else int(rng.integers(28 // number, 40 // number))
        canvas = np.zeros((SIDE + 2 * side, SIDE + 2 * side), np.float32)
        row, column = rng.integers(side, side + max(1, SIDE - side // 2), 2)
        for k in range(number):
            sign = cv2.resize(signs[rng.integers(len(signs))], (side, side), interpolation=cv2.INTER_AREA)
            left = int(column + k * 0.8 * side)
            if left + side <= canvas.shape[1]:
                part = canvas[row : row + side, left : left + side]
                np.maximum(part, sign[: part.shape[0]], out=part)
        ink = canvas[side : side + SIDE, side : side + SIDE] / 255 * rng.uniform(0.4, 1)
        paper = rng.uniform(0, 0.4) * (rng.random() < 0.6)
        shade = paper * (1 + rng.uniform(0, 0.5) * _smooth(rng, 6.0)) + rng.normal(0, 0.02, (SIDE, SIDE))
        image[:] = np.round(255 * np.clip(np.maximum(ink, shade * (paper > 0)), 0, 1))
    return found


def _silhouette(rng: np.random.Generator) -> np.ndarray:
    """Draw an object on black: a smooth, often symmetric outline, filled with shades and patterns."""
    field = _smooth(rng, rng.uniform(1.5, 5.0))
    if rng.random() < 0.7:
        field = field + field[:, ::-1]
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    tall, wide = rng.uniform(0.5, 1.1, 2)
    shape = 1.3 * field / field.std() + 2.5 * (1 - (rows / tall) ** 4 - (columns / wide) ** 4)
    inside = np.clip(2 * shape, 0, 1)
    pattern = rng.uniform(0.3, 1.0) + rng.uniform(0, 0.35) * _smooth(rng, rng.uniform(0.5, 4.0))
    if rng.random() < 0.3:
        pattern = pattern * (0.7 + 0.3 * np.sign(np.sin(rows * rng.uniform(4, 20) + rng.uniform(0, 6))))
    return inside * np.clip(pattern, 0.05, 1)


def _leaves(rng: np.random.Generator) -> np.ndarray:
    """Draw overlapping discs and boxes of all sizes and greys."""
    canvas = np.full((SIDE * 4, SIDE * 4), int(rng.integers(0, 256)), np.uint8)
    for _ in range(rng.integers(3, 40)):
        x, y = (int(v) for v in rng.integers(-10, SIDE * 4 + 10, 2))
        reach = int(min(70, 4 / rng.uniform(0.04, 1)))
        grey = int(rng.integers(0, 256))
        if rng.random() < 0.5:
            cv2.circle(canvas, (x, y), reach, grey, -1, cv2.LINE_AA)
        else:
            other = (x + int(rng.integers(2, 4 * reach + 3)), y + int(rng.integers(2, 2 * reach + 3)))
            cv2.rectangle(canvas, (x, y), other, grey, -1)
    return cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA) / 255


def _texture(rng: np.random.Generator) -> np.ndarray:
    """Draw what fills a picture to its margin: clouds of several grains, a slope, or stripes."""
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    angle = rng.uniform(0, np.pi)
    along = rows * np.sin(angle) + columns * np.cos(angle)
    field = sum(rng.uniform(0, 1) * grain * _smooth(rng, grain) for grain in (0.4, 1.0, 2.5, 6.0))
    field = field / max(np.std(field), 1e-6) + rng.normal(0, 1.5) * along
    if rng.random() < 0.3:
        field = field + 2 * np.sin(rng.uniform(4, 30) * along + rng.uniform(0, 6))
    return rng.uniform(0.15, 0.8) + rng.uniform(0.08, 0.3) * field


def _object_in_its_place(rng: np.random.Generator) -> np.ndarray:
    """Draw an object before a background that is not plain, as a photograph shows animals and vehicles."""
    behind = _texture(rng) if rng.random() < 0.6 else _leaves(rng)
    shape = np.roll(_silhouette(rng), rng.integers(-8, 9, 2), (0, 1))
    return np.where(shape > 0.1, shape, np.clip(behind, 0.05, 1))


def _noise(rng: np.random.Generator) -> np.ndarray:
    """Draw noise of one of several kinds and grains, over the whole image or in a patch of it."""
    kind = rng.integers(4)
    if kind == 0:
        noise = rng.uniform(0, rng.uniform(0.3, 1), (SIDE, SIDE))
    elif kind == 1:
        noise = rng.normal(rng.uniform(0, 0.6), rng.uniform(0.1, 0.5), (SIDE, SIDE))
    elif kind == 2:
        noise = (rng.uniform(size=(SIDE, SIDE)) < rng.uniform(0.02, 0.6)).astype(float)
    else:
        noise = 0.5 + rng.uniform(0.2, 0.8) * _smooth(rng, rng.uniform(0.5, 3.0))
    if rng.random() < 0.3:  # a picture of noise becomes such a square when it is prepared
        edge = (SIDE - BOX) // 2
        noise[:edge] = noise[-edge:] = 0
        noise[:, :edge] = noise[:, -edge:] = 0
    return noise


def _blank(rng: np.random.Generator) -> np.ndarray:
    """Draw one grey with hardly any shading and at most a few specks."""
    image = np.full((SIDE, SIDE), rng.uniform(0, 1) if rng.random() < 0.5 else 0.0)
    image += rng.uniform(0, 0.1) * _smooth(rng, 6.0)
    for row, column in rng.integers(2, SIDE - 2, (rng.integers(0, 4), 2)):
        image[row, column] += 0.8
    return image


def _smooth(rng: np.random.Generator, grain: float) -> np.ndarray:
    """Draw Gaussian noise smoothed over ``grain`` pixels, with standard deviation 1: 28×28."""
    field = cv2.GaussianBlur(rng.standard_normal((SIDE + 16, SIDE + 16)), (0, 0), grain)[8:-8, 8:-8]
    return (field - field.mean()) / max(field.std(), 1e-6)


def _shuffled(images: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Cut images of the data set into sixteen parts and shuffle these: its strokes without its shapes."""
    chosen = images[rng.integers(0, len(images), count)]
    height, width = images.shape[1] // 4, images.shape[2] // 4
    found = np.zeros_like(chosen)
    for image, result in zip(chosen, found, strict=True):
        for place, part in enumerate(rng.permutation(16)):
            (row, column), (from_row, from_column) = divmod(place, 4), divmod(int(part), 4)
            result[row * height : (row + 1) * height, column * width : (column + 1) * width] = image[
                from_row * height : (from_row + 1) * height, from_column * width : (from_column + 1) * width
            ]
    return found


def _shaped(images: np.ndarray, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Give 28×28 grey images the size and channels of the data set; tint them where it has colours."""
    height, width, channels = shape
    if (height, width) != (SIDE, SIDE):
        images = np.stack([cv2.resize(i, (width, height), interpolation=cv2.INTER_LINEAR) for i in images])
    if channels == 1:
        return images[..., None]
    tint = rng.uniform(0.3, 1, (len(images), 1, 1, channels))
    return np.round(images[..., None] * tint).astype(np.uint8)
