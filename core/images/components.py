"""Join connected pieces of ink into glyphs, and glyphs into lines of text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.images.ink import Ink

_SQUARE = np.ones((3, 3), np.uint8)
MIN_CONTRAST, MIN_STEEPNESS = 0.55, 0.3  # of a glyph, as a share of the picture's darkest and sharpest one
MAX_REMAINDER, MIN_REMAINDER_GAP = 0.75, 0.04  # of a cut-off neighbour: size and distance, in largest glyphs
MAX_BAR_HEIGHT, MAX_BAR_GAP = 0.35, 0.3  # of a top bar: height and distance, in heights of its digit
MIN_FLATNESS, MIN_UNDERLINE, MAX_UNDERLINE_GAP = 4.5, 1.1, 0.4  # widths in own and in digits' heights
MAX_WIDTH = 1.8  # of two parts of one glyph, in heights of a usual glyph
MAX_PIECES = 1500  # a photograph has many; the smaller ones are ignored

Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Piece:
    """The ink of a glyph, or of a part of one."""

    box: Box
    mask: np.ndarray  # bool, of the box's size
    line: int = 0


def find_glyphs(mask: np.ndarray, ink: Ink) -> list[Piece]:
    """Return the glyphs of a mask (H×W bool) in reading order.

    The contrast and the edges of ``ink`` tell ink from shadows.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    boxes = _boxes(stats)
    order = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:MAX_PIECES]
    alone = [_piece(labels, [i + 1], _union(boxes[[i]])) for i in order]
    order = order[[not _lies_along_edge(piece, mask.shape) and _is_on_paper(piece, ink) for piece in alone]]
    order = order[_are_whole(boxes[order], mask.shape)]
    order = order[~_are_underlines(boxes[order])]
    if not len(order):
        return []
    height = _reference_height(boxes[order], stats[1 + order, cv2.CC_STAT_AREA])
    groups = _group(boxes[order], height)
    glyphs = [
        _piece(labels, [int(order[i]) + 1 for i in group], _union(boxes[order[group]])) for group in groups
    ]
    glyphs = [glyph for glyph in glyphs if _is_glyph(glyph, height, mask.shape)]
    return _in_reading_order(_without_faint(glyphs, ink.contrast))


def as_one_glyph(mask: np.ndarray) -> list[Piece]:
    """Return all ink of a mask (H×W bool) as one glyph, or no glyph if there is no ink."""
    if not mask.any():
        return []
    left, top, wide, tall = cv2.boundingRect(mask.astype(np.uint8))
    return [Piece((left, top, left + wide, top + tall), mask[top : top + tall, left : left + wide])]


def _boxes(stats: np.ndarray) -> np.ndarray:
    left, top = stats[1:, cv2.CC_STAT_LEFT], stats[1:, cv2.CC_STAT_TOP]
    return np.stack(
        [left, top, left + stats[1:, cv2.CC_STAT_WIDTH], top + stats[1:, cv2.CC_STAT_HEIGHT]], axis=1
    )


def _reference_height(boxes: np.ndarray, areas: np.ndarray) -> float:
    """Return the height of a typical glyph: the median over pixels of ink, so that specks hardly count."""
    heights = (boxes[:, 3] - boxes[:, 1]).astype(float)
    order = np.argsort(heights)
    half = np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)
    return float(heights[order][min(half, len(order) - 1)])


def _are_underlines(boxes: np.ndarray) -> np.ndarray:
    """Return, as N bool, which boxes (N×4) are of flat lines, under or over writing, and no part of a digit.

    Such a line is longer than digits are tall, or lies under one. A shorter one on top may be a digit's bar.
    """
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    flat = wide > MIN_FLATNESS * tall
    if not flat.any() or flat.all():
        return np.zeros(len(boxes), bool)
    others = boxes[~flat]
    height = float((others[:, 3] - others[:, 1]).max())
    found = flat & (wide > MIN_UNDERLINE * height)
    for i in np.nonzero(flat & ~found)[0]:
        left, top, right, _ = boxes[i]
        above = others[(others[:, 3] <= top + 2) & (others[:, 2] > left) & (others[:, 0] < right)]
        near = top - above[:, 3] <= MAX_UNDERLINE_GAP * (above[:, 3] - above[:, 1])
        wide_enough = right - left >= 0.6 * (above[:, 2] - above[:, 0])
        found[i] = bool((near & wide_enough & (above[:, 3] - above[:, 1] >= 0.5 * height)).any())
    return found


def _group(boxes: np.ndarray, height: float) -> list[list[int]]:
    """Return the indices of the pieces of each glyph, with fragments joined to their glyph."""
    parent = list(range(len(boxes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    by_left = np.argsort(boxes[:, 0])
    for place, i in enumerate(by_left):
        for j in by_left[place + 1 :]:
            if boxes[j, 0] > boxes[i, 2] + 0.15 * height:
                break
            if _belong_together(boxes[i], boxes[j], height):
                parent[root(int(j))] = root(int(i))
    groups: dict[int, list[int]] = {}
    for i in range(len(boxes)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _belong_together(a: np.ndarray, b: np.ndarray, height: float) -> bool:
    """Return whether two pieces are parts of one glyph: a 5 and its top bar, the halves of a broken stroke.

    Specks are part of no glyph. Two whole glyphs side by side are never joined, however close they are; one
    above the other only if they nearly touch and are together no taller than a glyph may be.
    """
    across = min(a[2], b[2]) - max(a[0], b[0])  # overlap; negative: a gap
    down = min(a[3], b[3]) - max(a[1], b[1])
    size_a, size_b = max(a[2] - a[0], a[3] - a[1]), max(b[2] - b[0], b[3] - b[1])
    lower, taller = sorted((a[3] - a[1], b[3] - b[1]))
    if _is_top_bar(*sorted((a, b), key=lambda box: box[1] + box[3])) and min(size_a, size_b) >= 0.12 * height:
        return True
    too_wide = max(a[2], b[2]) - min(a[0], b[0]) > MAX_WIDTH * max(height, taller)
    if min(size_a, size_b) < 0.12 * height or too_wide:
        return False
    together = max(a[3], b[3]) - min(a[1], b[1])
    narrower = min(a[2] - a[0], b[2] - b[0])
    overlapping = across >= 0.5 * narrower
    # Few digits are wider than tall: two such pieces, one above the other, are one broken digit.
    flat = a[2] - a[0] >= 0.9 * (a[3] - a[1]) and b[2] - b[0] >= 0.9 * (b[3] - b[1])
    if flat and overlapping and -down <= 0.25 * taller:
        return True
    # One part of a broken digit is clearly smaller, and nearly touches the other.
    if lower < 0.75 * taller and across > 0 and -down <= 0.1 * together <= 0.2 * height:
        return True
    if together > 1.5 * height:
        return False
    stacked = overlapping and -down <= 0.2 * height
    fragment = lower < 0.6 * height
    beside = fragment and -across <= 0.15 * height and down >= 0.5 * lower
    return bool(stacked or beside)


def _is_top_bar(upper: np.ndarray, lower: np.ndarray) -> bool:
    """Return whether the upper piece is a flat stroke detached from the digit below, as of a hasty 5 or 9."""
    tall = lower[3] - lower[1]
    flat = upper[3] - upper[1] < min(MAX_BAR_HEIGHT * tall, 0.5 * (upper[2] - upper[0]))
    over = min(upper[2], lower[2]) > max(upper[0], lower[0])
    wide = 0.25 * tall < upper[2] - upper[0] <= tall
    return bool(flat and over and wide and lower[1] - upper[3] <= MAX_BAR_GAP * tall)


def _piece(labels: np.ndarray, members: list[int], box: Box) -> Piece:
    left, top, right, bottom = box
    return Piece(box, np.isin(labels[top:bottom, left:right], members))


def _union(boxes: np.ndarray) -> Box:
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return int(left), int(top), int(right), int(bottom)


def _is_glyph(piece: Piece, height: float, shape: tuple[int, ...]) -> bool:
    """Return whether a piece is tall enough, and not a dash, a speck or an edge of the paper."""
    left, top, right, bottom = piece.box
    wide, tall = right - left, bottom - top
    if tall < 0.35 * height or max(wide, tall) < 5:
        return False
    on_edge = left == 0 or top == 0 or right == shape[1] or bottom == shape[0]
    sliver = min(wide, tall) < 0.03 * max(wide, tall) or (on_edge and min(wide, tall) < 0.1 * max(wide, tall))
    return wide < 6 * tall and not sliver


def _lies_along_edge(piece: Piece, shape: tuple[int, ...]) -> bool:
    """Return whether a piece lies along the picture's edge, as a shadow or the table beside a sheet does."""
    left, top, right, bottom = piece.box
    sides = (
        (left == 0, piece.mask[:, 0]),
        (top == 0, piece.mask[0]),
        (right == shape[1], piece.mask[:, -1]),
        (bottom == shape[0], piece.mask[-1]),
    )
    contact = sum(int(side.sum()) for touches, side in sides if touches)
    return contact > 0.5 * (right - left + bottom - top)


def _are_whole(boxes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return, as N bool, which boxes (N×4) are not the remainder of a neighbour that the edge cut off.

    A remainder touches the edge, is clearly smaller than the largest piece that does not, and lies at a
    distance from it, towards that edge.
    """
    far = np.array([0, 0, shape[1], shape[0]])
    inner = boxes[(boxes != far).all(axis=1)]
    whole = np.ones(len(boxes), bool)
    if not len(inner):
        return whole
    largest = inner[np.argmax(inner[:, 3] - inner[:, 1])]
    size = np.maximum(largest[2] - largest[0], largest[3] - largest[1])
    for i, box in enumerate(boxes):
        gaps = (largest[0] - box[2], largest[1] - box[3], box[0] - largest[2], box[1] - largest[3])
        apart = np.array(gaps) > MIN_REMAINDER_GAP * size
        small = max(box[2] - box[0], box[3] - box[1]) < MAX_REMAINDER * size
        whole[i] = not ((box == far) & apart).any() or not small
    return whole


def _is_on_paper(glyph: Piece, ink: Ink) -> bool:
    """Return whether a piece is darker than its surroundings on nearly all sides, as a stroke is.

    A strip of the table along a sheet looks dark too, but has paper on one side only. The edge of a shadow is
    soft, so there is no paper close to it. Inside and outside are compared place by place, because a shadow
    may lie across the glyph.
    """
    mask, grey = _with_margin(glyph, ink.grey)
    width = 2 * mask.sum() / max(1, (mask - cv2.erode(mask, _SQUARE)).sum())
    near = cv2.dilate(mask, _SQUARE, iterations=max(1, round(width / 3)))
    ring = (cv2.dilate(near, _SQUARE, iterations=2) - near).astype(bool)
    size = 2 * round(width) + 7
    weight = cv2.blur(mask.astype(np.float32), (size, size))
    inside = cv2.blur(grey * mask, (size, size))[ring] / np.maximum(weight[ring], 1e-6)
    contrast = ((grey[ring] - inside) / np.maximum(grey[ring], 1))[weight[ring] > 1e-4]
    return len(contrast) == 0 or float(np.mean(contrast > 0.5 * np.percentile(contrast, 75))) > 0.65


def _with_margin(glyph: Piece, grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the glyph's mask (uint8) and that part of the picture, with a margin as far as there is one."""
    left, top, right, bottom = glyph.box
    margin = 4 + max(right - left, bottom - top) // 8
    x, y = max(0, left - margin), max(0, top - margin)
    around = grey[y : bottom + margin, x : right + margin]
    mask = np.zeros(around.shape, np.uint8)
    mask[top - y : bottom - y, left - x : right - x] = glyph.mask
    return mask, around


def _without_faint(glyphs: list[Piece], contrast: np.ndarray) -> list[Piece]:
    """Drop glyphs much fainter or with much softer edges than the rest: remains of rulings, shadows."""
    measured = [_core_and_edge(glyph, contrast) for glyph in glyphs]
    if len(measured) < 2:
        return glyphs
    darkest, sharpest = np.max(measured, axis=0)
    return [
        glyph
        for glyph, (core, edge) in zip(glyphs, measured, strict=True)
        if core >= MIN_CONTRAST * darkest and edge >= MIN_STEEPNESS * sharpest
    ]


def _core_and_edge(glyph: Piece, contrast: np.ndarray) -> tuple[float, float]:
    """Return how dark a glyph's core is, and how steep its edges are (change of contrast per pixel)."""
    mask, ink = _with_margin(glyph, contrast)  # at the edge of the box there is no slope to measure
    x, y = cv2.Sobel(ink, cv2.CV_32F, 1, 0), cv2.Sobel(ink, cv2.CV_32F, 0, 1)
    inner = cv2.erode(mask, _SQUARE, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    slope = np.hypot(x, y)[(mask - inner).astype(bool)] / 8
    return float(np.percentile(ink[mask.astype(bool)], 70)), float(np.percentile(slope, 70))


def _in_reading_order(glyphs: list[Piece]) -> list[Piece]:
    """Sort glyphs into lines from top to bottom, each from left to right.

    A glyph belongs to a line if its middle lies within the height of the line's last glyph, or if the two
    overlap by half of the shorter one's height.
    """
    lines: list[list[Piece]] = []
    for glyph in sorted(glyphs, key=lambda g: g.box[0]):
        middle = (glyph.box[1] + glyph.box[3]) / 2
        fitting = [line for line in lines if _continues(line[-1].box, glyph.box, middle)]
        if fitting:
            min(fitting, key=lambda line: abs(_middle_row(line[-1].box) - middle)).append(glyph)
        else:
            lines.append([glyph])
    lines.sort(key=lambda line: float(np.median([_middle_row(glyph.box) for glyph in line])))
    return [Piece(g.box, g.mask, number) for number, line in enumerate(lines) for g in line]


def _continues(last: Box, box: Box, middle: float) -> bool:
    """Return whether a box and its middle row continue the line of text that ends with ``last``."""
    overlap = min(last[3], box[3]) - max(last[1], box[1])
    return last[1] <= middle <= last[3] or overlap >= 0.5 * min(last[3] - last[1], box[3] - box[1])


def _middle_row(box: Box) -> float:
    return (box[1] + box[3]) / 2
