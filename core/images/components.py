"""Join connected pieces of ink into glyphs, and glyphs into lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core.images.ink import Ink
from core.images.separators import separators

_SQUARE = np.ones((3, 3), np.uint8)
MIN_CONTRAST, MIN_STEEPNESS = 0.55, 0.3  # of a glyph, as a share of the picture's darkest and sharpest one
MAX_REMAINDER, MIN_REMAINDER_GAP = 0.75, 0.04  # of a cut-off neighbour: size and distance, in largest glyphs
MAX_BAR_HEIGHT, MAX_BAR_GAP = 0.35, 0.3  # of a top bar: height and distance, in heights of its digit
MIN_FLATNESS, MIN_UNDERLINE, MAX_UNDERLINE_GAP = 4.5, 1.1, 0.4  # widths in own and in digits' heights
MAX_STEM, MAX_DOT, MAX_DOT_GAP = 0.5, 0.35, 0.7  # of an i: width, its dot's height and distance, in heights
MAX_WIDTH = 1.8  # of two parts of one glyph, in heights of a usual glyph
COLUMN = 3  # pieces alike, one above the other, are not parts of one glyph
MAX_PIECES = 1500  # a photograph has many; the smaller ones are ignored

MAX_BOXES = 100  # removed from around pieces; the smaller ones are ignored
MIN_MARK, MAX_MARKS = 0.25, 20  # of what is left out and listed: size in heights of a glyph, and number
MIN_SPECK = 0.06  # of a glyph's height is the least of a speck that is counted; smaller ones are noise
ENOUGH = 200  # pixels of the longer side, to tell a pale mark from the edge of the paper
BLOCK = 3  # pixels; what is searched for large pieces only is first looked at in blocks of this side
FAINTEST = 0.33  # of the darkest glyph's contrast is the least of a paler one that is like the others
SOFT_FAINTEST = (
    0.25  # the same of one whose strokes are blurred, and so wider; its ink is measured across them
)
FAINT_HEIGHTS, FAINT_WIDTHS = (0.6, 1.5), (0.45, 2.2)  # of such a glyph: height and stroke, in the others'
MAX_SOFTNESS = 1.6  # of its stroke's width is the greatest width of its edge
RULING, SPECK, FAINT, EDGE, SEPARATOR = "ruling", "speck", "faint", "edge", "separator"  # what is left out

Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Piece:
    """The ink of a glyph, or of a part of one."""

    box: Box
    mask: np.ndarray  # bool, of the box's size
    line: int = 0


@dataclass(frozen=True)
class FoundGlyphs:
    """Glyphs of a picture in reading order, and what was taken for something else."""

    glyphs: list[Piece]
    left_out: list[tuple[str, Piece]]  # kind and ink, the largest first
    specks: int = 0  # left out too, but too small or too many to list
    small: tuple[Piece, ...] = ()  # all pieces too small to be glyphs, of which some may be dots of letters


def find_glyphs(mask: np.ndarray, ink: Ink) -> FoundGlyphs:
    """Return the glyphs of a mask (H×W bool), and what was left out.

    The contrast and the edges of ``ink`` tell ink from shadows. Its own mask still has the rulings.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    boxes = _boxes(stats)
    order = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:MAX_PIECES]
    alone = [_piece(labels, [i + 1], _union(boxes[[i]])) for i in order]
    grey = _without_boxes(ink, mask, boxes[order])
    on_sheet = np.array(
        [not _lies_along_edge(piece, mask.shape) and _is_on_paper(piece, grey) for piece in alone], bool
    )
    kinds = np.where(on_sheet, "", EDGE).astype(object)
    kinds[on_sheet] = np.where(_are_whole(boxes[order[on_sheet]], mask.shape), "", EDGE)
    kept = kinds == ""
    kinds[kept] = np.where(_are_underlines(boxes[order[kept]]), RULING, "")
    left_out = [(kind, piece) for kind, piece in zip(kinds, alone, strict=True) if kind]
    order = order[kinds == ""]
    if not len(order):
        return FoundGlyphs([], *_marks(left_out, mask, ink, 0))
    height = _reference_height(boxes[order], stats[1 + order, cv2.CC_STAT_AREA])
    groups = _group(boxes[order], height)
    pieces = [
        _piece(labels, [int(order[i]) + 1 for i in group], _union(boxes[order[group]])) for group in groups
    ]
    glyphs: list[Piece] = []
    for piece in pieces:
        if _is_glyph(piece, height, mask.shape):
            glyphs.append(piece)
        else:
            left_out.append((SPECK, piece))
    glyphs, faint, pale = _apart_by_contrast(glyphs, ink)
    left_out += [(FAINT, piece) for piece in faint]
    # Of a pale digit, the mask may have had a part.
    left_out = [mark for mark in left_out if not _is_covered(mark[1].box, glyphs)]
    known = [piece for _, piece in left_out]
    left_out += [
        (FAINT if _is_on_paper(*in_fewer_pixels(piece, ink.grey)) else EDGE, piece)
        for piece in pale
        if not _is_covered(piece.box, known)
    ]
    small = tuple(piece for kind, piece in left_out if kind == SPECK)
    ordered = _in_reading_order(glyphs)
    dividing = separators(ordered)
    left_out += [(SEPARATOR, ordered[i]) for i in dividing]
    glyphs = [piece for i, piece in enumerate(ordered) if i not in dividing]
    return FoundGlyphs(glyphs, *_marks(left_out, mask, ink, height), small)


def _marks(
    left_out: list[tuple[str, Piece]], mask: np.ndarray, ink: Ink, height: float
) -> tuple[list[tuple[str, Piece]], int]:
    """Return the largest marks left out, with the rulings that the mask no longer has; count the others."""
    rulings, least = ink.mask & ~mask, MIN_MARK * height
    if height and np.count_nonzero(rulings) > least:
        left_out = left_out + [(RULING, piece) for piece in _long_pieces(rulings, least)]
    large = [(kind, piece) for kind, piece in left_out if _side(piece) >= max(5, MIN_MARK * height)]
    listed = sorted(large, key=lambda mark: -_side(mark[1]))[:MAX_MARKS]
    seen = sum(_side(piece) >= max(3, MIN_SPECK * height) for _, piece in left_out)
    return listed, seen - len(listed)


def _long_pieces(mask: np.ndarray, least: float) -> list[Piece]:
    """Return the pieces of a mask longer than ``least`` pixels; those less than a block apart are one."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_in_blocks(mask), connectivity=8)
    found = []
    for i in np.nonzero(BLOCK * stats[:, 2:4].max(axis=1) > least)[0]:
        if not i:
            continue
        left, top, wide, tall = stats[i, :4]
        x, y = BLOCK * int(left), BLOCK * int(top)
        own = (labels[top : top + tall, left : left + wide] == i).repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
        part = mask[y : y + BLOCK * tall, x : x + BLOCK * wide]
        piece = _moved(as_one_glyph(part & own[: part.shape[0], : part.shape[1]])[0], x, y)
        if _side(piece) > least:
            found.append(piece)
    return found


def _in_blocks(mask: np.ndarray) -> np.ndarray:
    """Return, as uint8, which blocks of a mask (H×W bool) have ink; the last ones may be incomplete."""
    below, beside = (-side % BLOCK for side in mask.shape)
    whole = cv2.copyMakeBorder(mask.astype(np.uint8), 0, below, 0, beside, cv2.BORDER_CONSTANT, value=0)
    grown = cv2.dilate(whole, np.ones((BLOCK, BLOCK), np.uint8))
    return np.ascontiguousarray(grown[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK])


def _moved(piece: Piece, x: int, y: int) -> Piece:
    left, top, right, bottom = piece.box
    return Piece((left + x, top + y, right + x, bottom + y), piece.mask)


def _is_covered(box: Box, pieces: list[Piece]) -> bool:
    """Return whether one of the pieces has half of a box, or more, in its own."""
    return any(_overlap(box, piece.box) >= 0.5 for piece in pieces)


def _side(piece: Piece) -> int:
    left, top, right, bottom = piece.box
    return max(right - left, bottom - top)


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

    stems = _stems_of_dots(boxes, height)
    by_left = np.argsort(boxes[:, 0])
    for place, i in enumerate(by_left):
        for j in by_left[place + 1 :]:
            if boxes[j, 0] > boxes[i, 2] + 0.15 * height:
                break
            if stems.get(i, j) != j or stems.get(j, i) != i:
                continue  # a dot belongs to no glyph beside its stem
            if _belong_together(boxes[i], boxes[j], height):
                parent[root(int(j))] = root(int(i))
    groups: dict[int, list[int]] = {}
    for i in range(len(boxes)):
        groups.setdefault(root(i), []).append(i)
    found: list[list[int]] = []
    for group in groups.values():
        found += [[i] for i in group] if _is_column(boxes[group]) else [group]
    return found


def _is_column(boxes: np.ndarray) -> bool:
    """Return whether boxes (N×4) are of three digits or more in a column: a row that lies on its side."""
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    alike = np.maximum(wide, tall) >= 0.5 * max(wide.max(), tall.max())
    height = boxes[:, 3].max() - boxes[:, 1].min()
    return bool(alike.sum() >= COLUMN and height > MAX_WIDTH * np.maximum(wide, tall).max())


def _stems_of_dots(boxes: np.ndarray, height: float) -> dict[int, int]:
    """Return the stem of each box (N×4) that lies above one like the dot of an i, both by their indices.

    Specks, which are part of no glyph, are not looked at.
    """
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    stems = np.nonzero((wide <= MAX_STEM * tall) & (tall >= 0.5 * height))[0]
    short, long = np.minimum(wide, tall), np.maximum(wide, tall)
    found: dict[int, int] = {}
    for i in np.nonzero((long <= 2 * short) & (long >= 0.12 * height) & (long <= 0.5 * height))[0]:
        middle = (boxes[i, 0] + boxes[i, 2]) / 2
        gap = boxes[stems, 1] - boxes[i, 3]
        above = (gap >= 0) & (gap <= MAX_DOT_GAP * tall[stems]) & (tall[i] <= MAX_DOT * tall[stems])
        above &= (boxes[stems, 0] <= middle) & (middle <= boxes[stems, 2])
        if above.any():
            found[int(i)] = int(stems[above][gap[above].argmin()])
    return found


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
    part = labels[top:bottom, left:right]
    return Piece(box, part == members[0] if len(members) == 1 else np.isin(part, members))


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


def in_fewer_pixels(piece: Piece, grey: np.ndarray) -> tuple[Piece, np.ndarray]:
    """Return a large piece and its picture with only every second, third… row and column of the picture."""
    step = 1 + _side(piece) // ENOUGH
    left, top = -(-piece.box[0] // step), -(-piece.box[1] // step)
    mask = piece.mask[top * step - piece.box[1] :: step, left * step - piece.box[0] :: step]
    return Piece((left, top, left + mask.shape[1], top + mask.shape[0]), mask), grey[::step, ::step]


def _is_on_paper(glyph: Piece, grey: np.ndarray) -> bool:
    """Return whether a piece is darker than its surroundings on nearly all sides, as a stroke is.

    A strip of the table along a sheet looks dark too, but has paper on one side only. The edge of a shadow is
    soft, so there is no paper close to it. Inside and outside are compared place by place, because a shadow
    may lie across the glyph.
    """
    mask, grey = _with_margin(glyph, grey)
    width = 2 * mask.sum() / max(1, (mask - cv2.erode(mask, _SQUARE)).sum())
    near = cv2.dilate(mask, _SQUARE, iterations=max(1, round(width / 3)))
    ring = (cv2.dilate(near, _SQUARE, iterations=2) - near).astype(bool)
    size = 2 * round(width) + 7
    weight = cv2.blur(mask.astype(np.float32), (size, size))
    inside = cv2.blur(grey * mask, (size, size))[ring] / np.maximum(weight[ring], 1e-6)
    contrast = ((grey[ring] - inside) / np.maximum(grey[ring], 1))[weight[ring] > 1e-4]
    return len(contrast) == 0 or float(np.mean(contrast > 0.5 * np.percentile(contrast, 75))) > 0.65


def _without_boxes(ink: Ink, mask: np.ndarray, pieces: np.ndarray) -> np.ndarray:
    """Return the grey picture (H×W), with paper in place of boxes that the mask (H×W bool) no longer has.

    A box close around one of the pieces (N×4) would look like the edge of a shadow or of the sheet.
    """
    removed = ink.mask & ~mask
    _, labels, stats, _ = cv2.connectedComponentsWithStats(removed.astype(np.uint8), connectivity=8)
    largest = np.argsort(-stats[1:, 2] * stats[1:, 3])[:MAX_BOXES]
    edges = _boxes(stats)[largest][:, None]
    around = ((edges[..., :2] < pieces[:, :2]) & (edges[..., 2:] > pieces[:, 2:])).all(axis=2).any(axis=1)
    if not around.any():
        return ink.grey
    own = cv2.dilate(np.isin(labels, largest[around] + 1).astype(np.uint8), np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero(own & ~mask)
    grey = ink.grey.copy()
    grey[rows, columns] /= 1 - np.minimum(ink.contrast[rows, columns], 0.95)
    return grey


def _with_margin(glyph: Piece, grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the glyph's mask (uint8) and that part of the picture, with a margin as far as there is one."""
    left, top, right, bottom = glyph.box
    margin = 4 + max(right - left, bottom - top) // 8
    x, y = max(0, left - margin), max(0, top - margin)
    around = grey[y : bottom + margin, x : right + margin]
    mask = np.zeros(around.shape, np.uint8)
    mask[top - y : bottom - y, left - x : right - x] = glyph.mask
    return mask, around


def _apart_by_contrast(glyphs: list[Piece], ink: Ink) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Return the glyphs of the picture's pens, and those too faint or too soft: remains of rulings, shadows.

    A paler or softer glyph is kept if it is as high, as wide in its strokes and on one line with a clear one;
    such glyphs are also looked for where the ink's mask has none, and returned last if they are not kept.
    """
    if not glyphs:
        return [], [], []
    measured = np.array([_core_edge_and_width(glyph, ink.contrast) for glyph in glyphs])
    darkest, sharpest, _ = measured.max(axis=0)
    is_clear = (measured[:, 0] >= MIN_CONTRAST * darkest) & (measured[:, 1] >= MIN_STEEPNESS * sharpest)
    if not is_clear.any():
        return glyphs, [], []
    clear = [glyphs[i] for i in np.nonzero(is_clear)[0]]
    width = float(np.median(measured[is_clear, 2]))
    kept = list(clear)
    faint: list[Piece] = []
    pale: list[Piece] = []
    for i in np.nonzero(~is_clear)[0]:
        fits = _is_like(glyphs[i], measured[i], clear, ink, darkest, width)
        (kept if fits else faint).append(glyphs[i])
    for piece in _pale_pieces(kept, ink, darkest):
        fits = _is_like(piece, _core_edge_and_width(piece, ink.contrast), clear, ink, darkest, width)
        (kept if fits else pale).append(piece)
    return kept, faint, pale


def _pale_pieces(glyphs: list[Piece], ink: Ink, darkest: float) -> list[Piece]:
    """Return pieces of ink too pale for the mask, about as high as the glyphs."""
    least = max(ink.faintest, FAINTEST / 2 * darkest)
    covered = cv2.dilate(ink.mask[::BLOCK, ::BLOCK].astype(np.uint8), _SQUARE).astype(bool)
    uncovered = (ink.contrast[::BLOCK, ::BLOCK] > least) & ~covered
    if BLOCK**2 * np.count_nonzero(uncovered) < min(glyph.mask.sum() for glyph in glyphs) / 4:
        return []
    height = float(np.median([glyph.box[3] - glyph.box[1] for glyph in glyphs]))
    low, high = FAINT_HEIGHTS
    pale = ink.contrast > least
    _, blocks, stats, _ = cv2.connectedComponentsWithStats(_in_blocks(pale), connectivity=8)
    chosen = BLOCK * stats[:, cv2.CC_STAT_HEIGHT] >= low * height
    chosen &= np.bincount(blocks[uncovered], minlength=len(stats)) > 0
    if not chosen.any():
        return []
    x, y, end, last = (BLOCK * edge for edge in _union(_boxes(stats)[np.nonzero(chosen)[0] - 1]))
    part = pale[y:last, x:end].astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    tall, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    fitting = (tall >= low * height) & (tall <= (high + 0.3) * height) & (wide <= 1.5 * height)
    fitting[0] = False
    found = []
    for i in np.nonzero(fitting)[0][:MAX_PIECES]:
        left, top, wide_, tall_ = stats[i, :4]
        own = labels[top : top + tall_, left : left + wide_] == i
        box = (int(left) + x, int(top) + y, int(left + wide_) + x, int(top + tall_) + y)
        is_chosen = chosen[blocks[box[1] // BLOCK, (box[0] + int(own[0].argmax())) // BLOCK]]
        if not is_chosen or any(_overlap(box, glyph.box) > 0.1 for glyph in glyphs):
            continue
        contrast = ink.contrast[box[1] : box[3], box[0] : box[2]]
        core = own & (contrast > 0.5 * float(np.percentile(contrast[own], 90)))
        found += [_moved(piece, box[0], box[1]) for piece in as_one_glyph(core)]
    return found


def _overlap(box: Box, other: Box) -> float:
    """Return the share of a box that another covers."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    tall = min(box[3], other[3]) - max(box[1], other[1])
    return max(0, wide) * max(0, tall) / max(1, (box[2] - box[0]) * (box[3] - box[1]))


def _is_like(
    glyph: Piece, measured: Sequence[float], clear: list[Piece], ink: Ink, darkest: float, width: float
) -> bool:
    """Return whether a faint or soft glyph belongs to the clear ones: by height, stroke and line of text."""
    core, edge, own_width = measured
    tall = glyph.box[3] - glyph.box[1]
    on_line = [
        other.box[3] - other.box[1]
        for other in clear
        if abs(_middle_row(other.box) - _middle_row(glyph.box)) < 0.5 * (other.box[3] - other.box[1])
    ]
    return bool(
        core >= SOFT_FAINTEST * darkest
        and core * max(1.0, own_width / width) >= FAINTEST * darkest
        and on_line
        and FAINT_HEIGHTS[0] * np.median(on_line) <= tall <= FAINT_HEIGHTS[1] * np.median(on_line)
        and FAINT_WIDTHS[0] * width <= own_width <= FAINT_WIDTHS[1] * width
        and core <= MAX_SOFTNESS * own_width * edge
        and _is_on_paper(glyph, ink.grey)
    )


def _core_edge_and_width(glyph: Piece, contrast: np.ndarray) -> tuple[float, float, float]:
    """Return how dark a glyph's core is, its edges' slope (contrast per pixel), and its stroke's width."""
    mask, ink = _with_margin(glyph, contrast)  # at the edge of the box there is no slope to measure
    x, y = cv2.Sobel(ink, cv2.CV_32F, 1, 0), cv2.Sobel(ink, cv2.CV_32F, 0, 1)
    inner = cv2.erode(mask, _SQUARE, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    outline = (mask - inner).astype(bool)
    slope = np.hypot(x[outline], y[outline]) / 8
    width = 2 * float(mask.sum()) / max(1, int(outline.sum()))
    return float(np.percentile(ink[mask.astype(bool)], 70)), float(np.percentile(slope, 70)), width


def _in_reading_order(glyphs: list[Piece]) -> list[Piece]:
    lines = lines_of([glyph.box for glyph in glyphs])
    return [Piece(glyphs[i].box, glyphs[i].mask, number) for number, line in enumerate(lines) for i in line]


def lines_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Sort boxes into lines from top to bottom, each from left to right; return their indices.

    A box belongs to a line if its middle lies within the height of the line's last box, or if the two
    overlap by half of the shorter one's height.
    """
    lines: list[list[int]] = []
    for i in sorted(range(len(boxes)), key=lambda i: boxes[i][0]):
        middle = _middle_row(boxes[i])
        fitting = [line for line in lines if _continues(boxes[line[-1]], boxes[i], middle)]
        if fitting:
            min(fitting, key=lambda line: abs(_middle_row(boxes[line[-1]]) - middle)).append(i)
        else:
            lines.append([i])
    lines.sort(key=lambda line: float(np.median([_middle_row(boxes[i]) for i in line])))
    return lines


def _continues(last: Box, box: Box, middle: float) -> bool:
    """Return whether a box and its middle row continue the line of text that ends with ``last``."""
    overlap = min(last[3], box[3]) - max(last[1], box[1])
    return last[1] <= middle <= last[3] or overlap >= 0.5 * min(last[3] - last[1], box[3] - box[1])


def _middle_row(box: Box) -> float:
    return (box[1] + box[3]) / 2
