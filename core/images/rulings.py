"""Remove rulings, squares and the frames of form boxes, which are long straight lines, from the ink."""

from __future__ import annotations

import cv2
import numpy as np

from core.images.frames import MAX_BAR, RIM, Connected, connected, is_frame, without_frames
from core.images.ink import stroke_width
from core.images.pen import wide_stroke_width

MIN_SPAN = 0.6  # of the picture's width or height; shorter lines may be strokes
MAX_THICKNESS = 0.06  # of the picture's height
HOUGH_SIDE = 800  # pixels, enough to find lines that are so long
EDGE = 2  # of these pixels, searched on each side of a thick line; all of it takes five times as long
MAX_FILL, MAX_SEGMENTS = 0.3, 500  # of a ruled page; the search in anything fuller would take seconds
PARALLEL_SPAN = 0.8  # of the picture's width or height: several lines of this length are rulings, thin or not
FULL_SPAN = 0.95  # of the picture's width or height; a digit with a margin does not reach as far
MAX_FULL_PIECES = 12  # of pieces that reach from edge to edge; more are rulings that nothing crosses
MAX_FRAMES = 200  # the largest pieces that may be frames; the others are ignored
WIDTH_FACTOR = 1.5  # times the width of the thinnest ruling is the greatest of a ruling
HAIR_WIDTH, HAIR_CONTRAST = 0.25, 0.7  # of the pen's; thinner and paler ink belongs to the paper
MAX_HAIR = 12  # pixels; to open a page with a larger kernel takes long
MAX_SLOPE = 0.12  # a photographed page is rarely turned by more


def without_rulings(mask: np.ndarray, contrast: np.ndarray, *, frames: bool = True) -> np.ndarray:
    """Remove lines across the picture from a mask (H×W bool); strokes that cross a line keep their pixels.

    The contrast (H×W, 0 to 1) tells the pen from paler rulings. ``frames``: also boxes that strokes touch.
    """
    dark = _without_pale_rulings(connected(mask), contrast)
    unframed = _without_rim(_without_frames(without_frames(dark) if frames else dark))
    return _without_hairs(_without_lines(unframed), contrast)


def _without_rim(pieces: Connected) -> np.ndarray:
    """Remove what runs along the picture's edges, as the lines of a form do in a cell that was cut out.

    There must be something else further inside: a 7 that fills its picture runs along two edges, too.
    """
    mask, labels, stats = pieces.mask, pieces.labels, pieces.stats
    long = (stats[:, 2:4] > MIN_SPAN * np.array(mask.shape[::-1])).any(axis=1)
    if not long[1:].any():
        return mask
    rows, columns = (round(RIM * side) for side in mask.shape)
    inner = np.s_[rows : mask.shape[0] - rows, columns : mask.shape[1] - columns]
    counts = np.bincount(labels[inner][mask[inner]], minlength=len(stats))
    within = counts > 0.1 * stats[:, cv2.CC_STAT_AREA]
    within[0] = False
    inside = within & (4 * stats[:, cv2.CC_STAT_HEIGHT] > mask.shape[0])
    if not inside.any():
        return mask
    gone = long & ~within
    gone[0] = False
    tallest = int(stats[inside, cv2.CC_STAT_HEIGHT].max())
    if gone.sum() == 1 and _is_top_bar(stats[gone.argmax()], tallest, mask.shape):
        return mask
    return mask & ~gone[labels] if gone[1:].any() else mask


def _is_top_bar(stats: np.ndarray, tallest: int, shape: tuple[int, ...]) -> bool:
    """Return whether a piece along an edge is the separate bar of a digit so tall, as of a 5, by its stats.

    Such a bar lies at the top, reaches no edge of the picture (of this shape), and is not much longer than
    the digit is tall.
    """
    left, top, wide, tall, _ = stats
    is_apart = min(left, top) > 0 and left + wide < shape[1]
    return bool(is_apart and top + tall < shape[0] / 2 and wide <= MAX_BAR * tallest)


def _without_frames(pieces: Connected) -> Connected:
    """Remove form boxes: pieces with ink along the four sides of their box, and another piece inside."""
    mask, labels, stats = pieces.mask, pieces.labels, pieces.stats
    largest = np.argsort(-stats[1:, 2] * stats[1:, 3])[:MAX_FRAMES] + 1
    for i in largest:
        left, top, wide, tall = stats[i, :4]
        if min(wide, tall) < 12 or not _encloses(stats[i], stats[1:]):
            continue
        part = np.s_[top : top + tall, left : left + wide]
        if is_frame(labels[part] == i):
            mask = mask.copy() if mask is pieces.mask else mask
            mask[part] &= labels[part] != i
    return pieces if mask is pieces.mask else connected(mask)


def _encloses(outer: np.ndarray, stats: np.ndarray) -> bool:
    """Return whether another piece, at least a quarter as high, lies well inside a piece's box."""
    start, end = stats[:, :2], stats[:, :2] + stats[:, 2:4]
    inside = (start > outer[:2]).all(axis=1) & (end < outer[:2] + outer[2:4]).all(axis=1)
    return bool((inside & (4 * stats[:, 3] > outer[3])).any())


def _without_pale_rulings(pieces: Connected, contrast: np.ndarray) -> Connected:
    """Reduce pieces that reach from edge to edge to their darker ink, if that does not reach as far.

    The paler ink must contain straight lines: a digit may fill its picture and be paler in part.
    """
    mask, labels, stats = pieces.mask, pieces.labels, pieces.stats
    reaching = (stats[1:, 2:4] >= FULL_SPAN * np.array(mask.shape[::-1])).any(axis=1)
    if reaching.sum() > MAX_FULL_PIECES:
        return pieces
    for i in np.nonzero(reaching)[0] + 1:
        own = labels == i
        levels = np.round(255 * contrast[own]).astype(np.uint8)
        darker = _darker_ink(own, contrast, cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)[0] / 255)
        _, _, parts, _ = cv2.connectedComponentsWithStats(darker.astype(np.uint8), connectivity=8)
        within = (
            len(parts) > 1 and (parts[1:, 2:4].max(axis=0) < FULL_SPAN * np.array(mask.shape[::-1])).all()
        )
        if within and _has_lines(own & ~darker):
            mask = (mask & ~own) | darker
    return pieces if mask is pieces.mask else connected(mask)


def _darker_ink(own: np.ndarray, contrast: np.ndarray, threshold: float) -> np.ndarray:
    """Return what is darker than a threshold in a piece (H×W bool), with its soft edges and faint joints."""
    core = own & (contrast > threshold)
    paler = own & ~core
    if not core.any() or not paler.any():
        return core
    rulings = float(np.median(contrast[paler]))
    _, labels = cv2.connectedComponents((own & (contrast > (rulings + threshold) / 2)).astype(np.uint8))
    return np.isin(labels, np.unique(labels[core]))


def _has_lines(mask: np.ndarray) -> bool:
    return bool(_lines(_flat(mask)).any() or _lines(_flat(np.ascontiguousarray(mask.T))).any())


def _without_lines(mask: np.ndarray) -> np.ndarray:
    """Remove straight lines across the picture."""
    turned = np.ascontiguousarray(mask.T)
    across, down = _thin_lines(mask), _thin_lines(turned)
    if not across.any() and not down.any():
        return mask
    across, down = _thinnest_lines((across, mask), (down, turned))
    if not _are_rulings(mask, across, down):
        return mask
    kept = _erase(mask, across)
    return np.ascontiguousarray(_erase(np.ascontiguousarray(kept.T), down).T)


def _without_hairs(mask: np.ndarray, contrast: np.ndarray) -> np.ndarray:
    """Remove what is far thinner and paler than most of the mask: pieces of faint squares."""
    part = _inked_part(mask.view(np.uint8))
    kept = np.zeros_like(mask)
    kept[part] = _part_without_hairs(mask[part], contrast[part])
    return kept


def _part_without_hairs(mask: np.ndarray, contrast: np.ndarray) -> np.ndarray:
    size = min(MAX_HAIR, round(HAIR_WIDTH * wide_stroke_width(mask.astype(np.uint8))))
    if size < 2:
        return mask
    kernel, near = (cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (n, n)) for n in (size + 1, size + 3))
    thick = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel).astype(bool)
    kept = cv2.dilate(thick.astype(np.uint8), near).astype(bool) & mask
    hairs = mask & ~kept
    if 2 * thick.sum() < mask.sum() or not hairs.any():
        return mask
    return kept if np.median(contrast[hairs]) < HAIR_CONTRAST * np.median(contrast[thick]) else mask


def _thinnest_lines(*pairs: tuple[np.ndarray, np.ndarray]) -> list[np.ndarray]:
    """Return, for pairs of lines and the mask with them, the lines about as thin as the thinnest of all.

    A wider line is a straight stroke of a digit; so is one that takes up much of the picture's height.
    """
    found = []
    for line, mask in pairs:
        count, labels = cv2.connectedComponents(line.astype(np.uint8), connectivity=8)
        runs = _vertical_runs(mask) if count > 1 else np.zeros(mask.shape)
        widths = _lower_quartiles(labels[line], runs[line], count)
        found.append((labels, np.where(widths <= _max_thickness(mask.shape[0]), widths, np.inf)))
    least = min(widths.min() for _, widths in found)
    return [((widths < np.inf) & (widths <= WIDTH_FACTOR * least + 1))[labels] for labels, widths in found]


def _max_thickness(height: int) -> int:
    """Return how thick a ruling may be in a picture of this height, in pixels."""
    return max(3, int(MAX_THICKNESS * height))


def _lower_quartiles(labels: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Return the lower quartile of the values (N) of each label (N, from 1), and infinity for label 0.

    It is the width of a ruling even if the ruling meets a flat stroke of a digit on part of its length.
    """
    order = np.lexsort((values, labels))
    ends = np.searchsorted(labels[order], np.arange(1, count + 1))
    quarters = (3 * ends[:-1] + ends[1:]) // 4
    return np.array([np.inf, *values[order][quarters]])


def _are_rulings(mask: np.ndarray, across: np.ndarray, down: np.ndarray) -> bool:
    """Return whether lines belong to the paper: there is other ink, and they are not part of one digit.

    A 1, 4 or 7 that fills its picture also has a straight stroke of that length, and a 0 has two, but these
    are as thick as the rest of the digit. ``down`` is transposed.
    """
    found = across | down.T
    if not found.any():
        return False
    rest = mask & ~found
    if rest.sum() < 0.15 * mask.sum():
        return False
    if _count_long(across) > 1 or _count_long(down) > 1:
        return True
    return stroke_width(found) < 0.6 * stroke_width(rest)


def _thin_lines(mask: np.ndarray) -> np.ndarray:
    """Return the lines of a mask (H×W bool); none, without a search, if nothing flat is thin enough."""
    flat = _flat(mask)
    thick = _opened(flat, np.ones((_max_thickness(len(mask)) + 1, 1), np.uint8))
    return _lines(flat) if _flat(flat - thick).any() else np.zeros(mask.shape, bool)


def _flat(mask: np.ndarray) -> np.ndarray:
    """Return horizontal runs at least a sixteenth of the picture's width long, H×W uint8."""
    long = np.ones((1, max(3, round(mask.shape[1] / 16))), np.uint8)
    return _opened(mask.astype(np.uint8), long)


def _opened(mask: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the opening of a mask (H×W uint8) by a kernel; the empty margin costs no time."""
    part, opened = _inked_part(mask), np.zeros_like(mask)
    opened[part] = cv2.morphologyEx(mask[part], cv2.MORPH_OPEN, kernel)
    return opened


def _inked_part(mask: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns of a mask (H×W uint8) that have ink, with one pixel around as a margin.

    With it, an opening or a distance within the part is that within the mask.
    """
    left, top, wide, tall = cv2.boundingRect(mask)
    return np.s_[max(0, top - 1) : top + tall + 1, max(0, left - 1) : left + wide + 1]


def _lines(flat: np.ndarray) -> np.ndarray:
    """Return the pixels of nearly horizontal straight lines in a mask of flat parts, of any thickness."""
    height = len(flat)
    found = np.zeros_like(flat)
    for x1, y1, x2, y2 in _segments(flat):
        if abs(y2 - y1) <= MAX_SLOPE * abs(x2 - x1):
            cv2.line(found, (x1, y1), (x2, y2), 1, 1)
    if not found.any():
        return found.astype(bool)
    # The whole thickness of a line is what is flat and close to it.
    reach = np.ones((2 * max(1, round(height * MAX_THICKNESS / 2)) + 1, 1), np.uint8)
    return cv2.dilate(found, reach).astype(bool) & flat.astype(bool)


def _segments(flat: np.ndarray) -> np.ndarray:
    """Return the long straight segments in a mask, M×4: x1, y1, x2, y2; none if it is full of ink."""
    scale = max(1.0, max(flat.shape) / HOUGH_SIDE)
    size = (max(1, round(flat.shape[1] / scale)), max(1, round(flat.shape[0] / scale)))
    small = (cv2.resize(flat * 255, size, interpolation=cv2.INTER_AREA) > 64).astype(np.uint8)
    if cv2.boundingRect(small)[2] < MIN_SPAN * size[0] or small.mean() > MAX_FILL:
        return np.empty((0, 4), int)
    width = size[0]
    edges = small - cv2.erode(small, np.ones((2 * EDGE + 1, 1), np.uint8))
    segments = cv2.HoughLinesP(
        edges, 1, np.pi / 360, threshold=max(8, round(0.4 * width)),
        minLineLength=MIN_SPAN * width, maxLineGap=max(2, width / 25),
    )  # fmt: skip
    if segments is None:
        return np.empty((0, 4), int)
    return np.round(np.asarray(segments).reshape(-1, 4)[:MAX_SEGMENTS] * scale).astype(int)


def _erase(mask: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Remove a line from a mask, except where a stroke crosses it: columns much higher than the line."""
    if not line.any():
        return mask
    thick = 2 * max(1.0, stroke_width(line))
    runs = _vertical_runs(mask)
    return mask & ~(line & (runs <= thick + 1))


def _vertical_runs(mask: np.ndarray) -> np.ndarray:
    """Return, for every pixel of the mask, the length of its vertical run."""
    height = mask.shape[0]
    kind = np.int16 if height < np.iinfo(np.int16).max else np.int32  # a page has millions of pixels
    rows = np.arange(height, dtype=kind)[:, None]
    above = np.maximum.accumulate(np.where(mask, kind(-1), rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, kind(height), rows)[::-1], axis=0)[::-1]
    return np.where(mask, below - above - kind(1), kind(0))


def _count_long(lines: np.ndarray) -> int:
    """Return how many of the lines reach nearly across the picture."""
    stats = cv2.connectedComponentsWithStats(lines.astype(np.uint8), connectivity=8)[2]
    return int((stats[1:, cv2.CC_STAT_WIDTH] > PARALLEL_SPAN * lines.shape[1]).sum())
