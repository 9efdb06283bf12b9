"""Remove the lines of forms that writing touches: boxes, cells, tables and lines under a number.

A line is straight, reaches across most of its connected piece, and has the same width all along, so that
ink beside it is writing. Slopes are followed, because pages are rarely level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from core.images.ink import stroke_width

MAX_PIECES = 200  # the largest pieces that may have lines; the others are ignored
MAX_LINES = 60  # of one piece and direction
MAX_SLOPE, SLOPES = 0.12, 49
SAMPLE = 8000  # pixels, enough to find lines that are so long
MIN_SPAN = 0.5  # of a piece's width is the least of a line
FRAME_SPAN = 0.8  # of a piece's width is the least of two lines of a frame
MIN_SIDE = 12  # pixels; smaller pieces have no frames
WIDE = 1.15  # times its height is the least width of a piece whose lines need no sides
LONG = 1.8  # times its height is the least width of a piece whose lines may be shorter
ALONE = 0.55  # of the picture's width is the greatest of one of several boxes
SOFT = 2.0  # pixels on each side of a line: its soft edge
FLANK = 3  # columns beside a stroke in which its soft edge makes a line look wider
SLIM = 0.16  # of its length is the greatest width of a line
RIM = 0.08  # of a side: the distance to it of a frame's line, even if the page is turned a little
VISIBLE = 0.3  # of its width is the least that is seen of a stroke along a line
MIN_LEAN = 0.33  # columns a row, by which two strokes near each other that go on as an arc within a line
SHORT_OF_LINE = 3  # pixels, or the pen's width: the most by which halves of a digit end before the next line
MAX_HALVES = 1.2  # of their height is the greatest width of two halves together; a 5 and a 3 are wider
FLATTEST = 7  # times its depth is the greatest width of such an arc
MAX_ARC = 2.0  # of the pen's width is the most by which such an arc may be deeper than the line
MAX_ALONG = 1.3  # of its height is the greatest length of a digit along a line
MIN_WIDENING = 0.22  # of the pen's width: a line is wider by this where a stroke lies along it
MAX_END, MIN_STROKE = 0.5, 3.0  # heights of the end of a stroke, in its stroke's, and of that, in pens
END_REACH = 0.75  # of its stroke's height is the greatest distance of that end
MIN_TALL = 2.0  # widths of a line: the least height of what is on it; lower remnants are its own ends
MIN_STEMS = 3  # of a row of cells that are open at the top
MAX_BAR, MAX_BAR_GAP = 1.1, 0.3  # of a digit's height: length of its separate bar, and distance above it
MAX_BESIDE = 0.15  # of a digit's height is the greatest distance of a bar beside it
MAX_HOOK = 0.35  # of a digit's height is the greatest of the bend in which such a bar ends
MAX_STRAY = 0.05  # rows a column, by which two parts of one ruling are not in line
UNEVEN = 0.15  # of a cell's width is the greatest shift of a separator between two or three cells
WHOLE = 0.95  # of that distance is the least length of one that divides a box in two or three
COVERED = 0.86  # of the distance between two lines is the least length of a separator


@dataclass(frozen=True)
class _Line:
    """A nearly horizontal line: its first and last row in each column from ``left`` to ``right``."""

    left: int
    right: int  # not included
    first: np.ndarray
    last: np.ndarray
    width: float
    clean: np.ndarray  # bool: nothing touches the line in this column
    rough: float  # how much its width differs from column to column, in pixels

    @property
    def middle(self) -> float:
        return float((self.first + self.last).mean() / 2)

    @property
    def slope(self) -> float:
        return float(self.first[-1] - self.first[0]) / max(1, len(self.first) - 1)

    def row_at(self, columns: np.ndarray, end: bool) -> np.ndarray:
        """Return the first (or last) row at any columns; beyond its ends the line goes on straight."""
        rows = self.last if end else self.first
        at = np.arange(self.left, self.right)
        slope, offset = np.polyfit(at, rows, 1)
        inside = np.interp(columns, at, rows)
        return np.where((columns < self.left) | (columns >= self.right), slope * columns + offset, inside)


@dataclass(frozen=True)
class _Side:
    """The upper or lower side of a line, and where strokes clearly touch it."""

    line: _Line
    way: int  # away from the line: -1 upwards, 1 downwards
    edge: np.ndarray  # the line's outermost row in each of its columns
    ink: np.ndarray  # pixels of ink that follow it there
    touches: list[tuple[int, int]]  # first and last of these columns, counted from the line's left end


@dataclass(frozen=True)
class _Touch:
    """A place where a stroke touches a line: its columns, counted from the line's left end."""

    first: int
    last: int
    tip: tuple[float, float]  # the stroke's middle within the line: x, y
    label: int  # of its piece without the line
    tall: int  # height of that piece, in pixels
    columns: tuple[int, int]  # first and last of that piece

    def gap_to(self, other: _Touch) -> int:
        """Return the number of columns between two touches; 0 or less if they overlap."""
        return max(self.first, other.first) - min(self.last, other.last) - 1

    def distance_to(self, other: _Touch) -> tuple[int, int]:
        """Return the columns between this touch and the other's piece, and between the touches."""
        start, end = other.columns
        return max(0, self.first - end - 1, start - self.last - 1), self.gap_to(other)


@dataclass(frozen=True)
class Connected:
    """A mask and its connected pieces, which are counted once for all steps that leave them as they are."""

    mask: np.ndarray  # H×W bool
    labels: np.ndarray  # H×W int32, from 1; 0 where there is no ink
    stats: np.ndarray  # one row per label, from 0: left, top, width, height, area


def connected(mask: np.ndarray) -> Connected:
    """Return the connected pieces of a mask (H×W bool)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return Connected(mask, labels, stats)


def without_frames(pieces: Connected) -> Connected:
    """Remove frames, cells, tables and underlines from a mask, and keep what touches them."""
    mask, labels, stats = pieces.mask, pieces.labels, pieces.stats
    largest = np.argsort(-stats[1:, 2] * stats[1:, 3])[:MAX_PIECES] + 1
    for i in largest:
        left, top, wide, tall = stats[i, :4]
        if max(wide, tall) < MIN_SIDE:
            break
        part = np.s_[top : top + tall, left : left + wide]
        piece = labels[part] == i
        framed = min(wide, tall) >= MIN_SIDE and is_frame(piece)
        if not framed and wide < WIDE * tall:
            continue
        lines = _lines(piece)
        kept = _without_lines(piece, framed, lines)
        if kept is not piece and not framed and len(lines) == 1 and _is_top_bar(lines[0], kept, i, stats):
            continue
        is_square = wide < WIDE * tall
        is_one_box = is_square and len(lines) == 2 and wide >= ALONE * mask.shape[1]
        if is_one_box and _parts(kept | (mask[part] & ~piece)) < 2:
            continue  # one box around one digit is left to the search for lines across the picture
        if kept is not piece:
            mask = mask.copy() if mask is pieces.mask else mask
            mask[part] &= ~piece | kept
    return pieces if mask is pieces.mask else connected(mask)


def _is_top_bar(line: _Line, rest: np.ndarray, own: int, stats: np.ndarray) -> bool:
    """Return whether a piece with one line is a stroke at the top of a digit, as of a 5, that ends in a bend.

    It lies close above the digit or beside its upper half. It is no longer than the digit is tall, the line
    goes on nowhere else, and what lies on the line, ``rest`` (H×W bool), is too low for another digit.
    ``own`` is the piece's row of ``stats``.
    """
    left, top, wide, tall, _ = stats[own]
    hook = cv2.boundingRect(rest.astype(np.uint8))[3]
    below = stats[:, 1] - (top + tall)
    overlap = np.minimum(stats[:, 0] + stats[:, 2], left + wide) - np.maximum(stats[:, 0], left)
    fits = (below >= -0.5 * stats[:, 3]) & (below <= MAX_BAR_GAP * stats[:, 3])
    fits &= overlap > -MAX_BESIDE * stats[:, 3]
    fits &= (wide <= MAX_BAR * stats[:, 3]) & (hook <= MAX_HOOK * stats[:, 3])
    fits[[0, own]] = False
    if not fits.any():
        return False
    flat = stats[:, 3] <= SLIM * stats[:, 2]
    flat[[0, own]] = False
    middles = stats[flat, :2] + stats[flat, 2:4] / 2 - (left, top)
    distance = np.abs(middles[:, 0] - wide / 2)
    beside = np.abs(middles[:, 1] - line.row_at(middles[:, 0], False))
    elsewhere = stats[flat, 2][beside <= line.width + MAX_STRAY * distance].sum()
    return bool(elsewhere <= MAX_BAR * stats[fits, 3].max())


def is_frame(mask: np.ndarray) -> bool:
    """Return whether a mask has ink along each side of its box; an ellipse has it along half of a side."""
    rows, columns = (max(2, round(RIM * side)) for side in mask.shape)
    across = (mask[:rows], mask[-rows:])
    down = (mask[:, :columns], mask[:, -columns:])
    sides = [part.any(axis=0) for part in across] + [part.any(axis=1) for part in down]
    return all(side.mean() > 0.75 for side in sides)


def _parts(mask: np.ndarray) -> int:
    """Return the number of pieces at least half as high as the highest."""
    tall = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)[2][1:, cv2.CC_STAT_HEIGHT]
    return int((2 * tall >= tall.max()).sum()) if len(tall) else 0


def _without_lines(piece: np.ndarray, framed: bool, lines: list[_Line]) -> np.ndarray:
    """Return a piece (H×W bool) without its lines; the same array if these are strokes."""
    if not lines:
        return piece
    kept = _erase(piece, lines)
    if not _are_printed(piece, kept, lines, framed):
        return piece
    return _without_separators(piece, kept, sorted(lines, key=lambda line: line.middle))


def _lines(piece: np.ndarray) -> list[_Line]:
    """Return the nearly horizontal lines of a piece."""
    rows, columns = np.nonzero(piece)
    step = 1 + len(rows) // SAMPLE
    rows, columns = rows[::step], columns[::step]
    runs = _runs(piece)
    # In a narrow piece, slopes that differ by less move its ends by less than a pixel.
    slopes = np.linspace(-MAX_SLOPE, MAX_SLOPE, min(SLOPES, max(9, piece.shape[1] // 4) | 1))
    least = FRAME_SPAN * piece.shape[1] if piece.shape[1] < LONG * len(piece) else 0
    found: list[_Line] = []
    failed = 0
    while len(found) < MAX_LINES and failed < 3 and len(rows):
        slope, row, count = _strongest(rows, columns, slopes)
        if count * step < max(0.2 * piece.shape[1], 0.55 * least):
            break
        line = _trace(piece, runs, slope, row)
        if line is None:
            failed += 1
            away = np.abs(rows - (row + slope * columns)) > 1.5
        else:
            middle = (line.row_at(columns, False) + line.row_at(columns, True)) / 2
            away = np.abs(rows - middle) > line.width / 2 + 1
            if not any(_is_same(line, other) for other in found):
                found.append(line)
                failed = 0
                slopes = np.linspace(slope - 0.03, slope + 0.03, 13)
        if away.all():
            break
        rows, columns = rows[away], columns[away]
    return [line for line in found if line.right - line.left >= least]


def _is_same(line: _Line, other: _Line) -> bool:
    """Return whether two lines share most of their pixels."""
    at = np.arange(max(line.left, other.left), min(line.right, other.right), 8)
    return bool(np.median(np.abs(line.row_at(at, False) - other.row_at(at, False))) < other.width)


def _strongest(rows: np.ndarray, columns: np.ndarray, slopes: np.ndarray) -> tuple[float, float, int]:
    """Return slope, row at column 0 and number of pixels of the row, sloping, with most pixels."""
    counts, best = [], []
    for slope in slopes:
        level = np.round(rows - slope * columns).astype(np.int64)
        least = int(level.min())
        histogram = np.bincount(level - least)
        place = int(histogram.argmax())
        counts.append(int(histogram[place]))
        best.append(least + place)
    top = max(counts)
    plateau = [i for i, count in enumerate(counts) if count >= 0.97 * top]
    middle = plateau[len(plateau) // 2]
    middle = middle if counts[middle] >= 0.97 * top else counts.index(top)
    return float(slopes[middle]), float(best[middle]), counts[middle]


def _runs(piece: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last row of the vertical run of each pixel of a piece."""
    height = len(piece)
    rows = np.arange(height, dtype=np.int32)[:, None]
    first = np.maximum.accumulate(np.where(piece, np.int32(-1), rows), axis=0) + 1
    last = np.minimum.accumulate(np.where(piece, np.int32(height), rows)[::-1], axis=0)[::-1] - 1
    return first, last


def _trace(piece: np.ndarray, runs: tuple[np.ndarray, np.ndarray], slope: float, row: float) -> _Line | None:
    """Follow a line through a piece; None if it is too short, too wide or not straight."""
    height, width = piece.shape
    at = np.arange(width)
    reach = max(2, round(0.006 * width))
    near = (
        np.round(row + slope * at).astype(int)[None]
        + np.array(sorted(range(-reach, reach + 1), key=abs))[:, None]
    )
    inside = (near >= 0) & (near < height)
    near = near.clip(0, height - 1)
    ink = piece[near, at] & inside
    lengths = np.where(ink, runs[1][near, at] - runs[0][near, at] + 1, 2 * height)
    choice = (near[lengths.argmin(axis=0), at], at)
    has_ink, length = ink.any(axis=0), lengths.min(axis=0)
    left, right = _longest(has_ink, max(2, round(min(0.02 * width, 0.1 * height))))
    if right - left < MIN_SPAN * width:
        return None
    slimmest, usual, wider = np.percentile(length[left:right][has_ink[left:right]], (10, 30, 40))
    rough = float(np.clip(wider - slimmest, 0.2, 1))
    clean = has_ink & (length <= max(1.12 * usual + rough, usual + 1))
    clean[:left] = clean[right:] = False
    if usual > SLIM * (right - left) or clean.sum() < 0.35 * (right - left):
        return None
    x, inner = at[clean], np.arange(left, right)
    first, last = runs[0][choice][clean].astype(float), runs[1][choice][clean].astype(float)
    bend = np.polyfit((x - left) / width, (first + last) / 2, 2)
    beside = np.abs(np.polyval(bend, (x - left) / width) - (first + last) / 2)
    if np.percentile(beside, 90) > 0.5 * usual + 1:
        return None
    on_line = beside <= 0.5 * usual + 2  # a stroke near the line may be as slim
    clean[x[~on_line]] = False
    bare = _away_from_strokes(clean)[x]
    smooth = max(1, round(usual)) | 1
    rows = [np.interp(inner, x[bare], _smoothed(values[bare], smooth)) for values in (first, last)]
    return _Line(left, right, rows[0], rows[1], float(usual), clean[left:right], rough)


def _away_from_strokes(clean: np.ndarray) -> np.ndarray:
    """Return the clean columns (N bool) without those next to others: a stroke's soft edge widens the line.

    All clean columns are returned if that leaves less than half of them.
    """
    inner = cv2.erode(clean.astype(np.uint8)[None], np.ones((1, 2 * FLANK + 1), np.uint8))[0] > 0
    return inner if 2 * inner.sum() >= clean.sum() else clean


def _smoothed(values: np.ndarray, window: int) -> np.ndarray:
    if len(values) < window:
        return values
    padded = np.pad(values, window // 2, mode="edge")
    return np.convolve(padded, np.ones(window) / window, mode="valid")


def _longest(ink: np.ndarray, gap: int) -> tuple[int, int]:
    """Return the longest stretch of columns with ink, without gaps wider than ``gap``."""
    at = np.nonzero(ink)[0]
    if not len(at):
        return 0, 0
    breaks = np.nonzero(np.diff(at) > gap + 1)[0]
    starts, ends = at[np.r_[0, breaks + 1]], at[np.r_[breaks, len(at) - 1]] + 1
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])


def _erase(piece: np.ndarray, lines: list[_Line]) -> np.ndarray:
    """Return a piece without lines; what crosses a line, or lies along it, keeps its pixels."""
    bands = [_band(piece, line) for line in lines]
    kept = piece.copy()
    for rows, band in bands:
        kept[rows] &= ~band
    rest, pen = connected(kept.copy()), stroke_width(kept)
    for line, (rows, band) in zip(lines, bands, strict=True):
        ink = _beside(rest.mask, line, -1), _beside(rest.mask, line, 1)
        kept[rows] |= _of_strokes(line, ink, rest, pen, [other.middle for other in lines])[rows] & band
        near = np.s_[_rows_around(line, 1 + _least_stroke(line, pen), len(piece)), line.left : line.right]
        kept[near] &= ~(_rough_edges(line, ink, near[0], pen) & rest.mask[near])
    return _without_slivers(kept, lines)


def _without_slivers(kept: np.ndarray, lines: list[_Line]) -> np.ndarray:
    """Remove pieces that do not stand out of a line: its own rough edges."""
    near = np.zeros_like(kept)
    for line in lines:
        rows = _rows_around(line, 4, len(kept))
        at = np.arange(rows.start, rows.stop)[:, None]
        near[rows, line.left : line.right] |= (at > line.first - 4) & (at < line.last + 4)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(kept.astype(np.uint8), connectivity=8)
    inside = np.bincount(labels[near], minlength=len(stats))
    sliver = inside >= stats[:, cv2.CC_STAT_AREA]
    sliver[0] = False
    return kept & ~sliver[labels]


def _rows_around(line: _Line, margin: float, height: int) -> slice:
    """Return the rows of a line and those up to ``margin`` pixels from it, in a piece of so many rows."""
    first, last = int(line.first.min() - margin) - 1, int(line.last.max() + margin) + 2
    return slice(max(0, first), min(height, max(0, last)))


def _band(piece: np.ndarray, line: _Line) -> tuple[slice, np.ndarray]:
    """Return the rows around a line, and its pixels in them, with soft edges where nothing touches it."""
    rows = _rows_around(line, SOFT, len(piece))
    at = np.arange(rows.start, rows.stop)[:, None]
    band = np.zeros_like(piece[rows])
    margin = np.where(line.clean, SOFT, 0.5)
    inner = piece[rows, line.left : line.right]
    band[:, line.left : line.right] = inner & (at >= line.first - margin) & (at <= line.last + margin)
    return rows, band


def _rough_edges(line: _Line, ink: tuple[np.ndarray, np.ndarray], rows: slice, pen: float) -> np.ndarray:
    """Return which pixels of these rows and of a line's columns, if they have ink, are its rough edge."""
    least = _least_stroke(line, pen)
    at = np.arange(rows.start, rows.stop)[:, None]
    above, below = (np.where((side > 0) & (side < least), least + 1, 0) for side in ink)
    return (at >= line.first - above) & (at <= line.last + below)


def _least_stroke(line: _Line, pen: float) -> float:
    """Return how many pixels of ink must follow a line to be a stroke: ``VISIBLE`` of the pen's width."""
    return max(1 + line.rough, VISIBLE * pen)


def _of_strokes(
    line: _Line, ink: tuple[np.ndarray, np.ndarray], rest: Connected, pen: float, others: list[float]
) -> np.ndarray:
    """Return the pixels of a line that belong to strokes, H×W bool; what is not on the line does not count.

    A stroke crosses the line, or is half hidden in it; less than ``VISIBLE`` of its width is no stroke, but
    where one goes on. ``ink`` is what follows the line above and below, ``rest`` the piece without its lines;
    ``others`` are the middle rows of all lines.
    """
    above, below = ink
    least = _least_stroke(line, pen)
    reach = np.ones((1, 2 * max(1, round(line.width / 2)) + 1), np.uint8)
    near = [cv2.dilate((side >= least).astype(np.uint8)[None], reach)[0] > 0 for side in (above, below)]
    crossing = near[0] & near[1]
    hidden = [np.where((side >= least) & (side < pen), pen - side, 0) for side in (above, below)]
    stroke, rows = np.zeros_like(rest.mask), _rows_around(line, SOFT, len(rest.mask))
    at = np.arange(rows.start, rows.stop)[:, None]
    upper, lower = ((each > 0) for each in hidden)
    stroke[rows, line.left : line.right] = (
        crossing | (upper & (at < line.first + hidden[0])) | (lower & (at > line.last - hidden[1]))
    )
    sides = [
        _Side(line, way, edge, each, _stretches(each >= least))
        for each, edge, way in ((above, line.first, -1), (below, line.last, 1))
    ]
    for side in sides:
        if len(side.touches) > 1:
            away = [side.way * (row - line.middle) for row in others]
            span = min((rows for rows in away if rows > pen), default=np.inf) - line.width
            _draw_hidden_arcs(stroke, rest, side, pen, span)
        if side.touches:
            _draw_along_line(stroke, rest, side, pen)
    _draw_to_ends(stroke, rest, sides, pen)
    return stroke


def _stretches(chosen: np.ndarray) -> list[tuple[int, int]]:
    """Return the first and last index of each stretch of chosen columns (N bool)."""
    steps = np.diff(np.r_[False, chosen, False].astype(np.int8))
    ends = zip(np.nonzero(steps == 1)[0], np.nonzero(steps == -1)[0] - 1, strict=True)
    return [(int(first), int(last)) for first, last in ends]


def _draw_along_line(drawn: np.ndarray, rest: Connected, side: _Side, pen: float) -> None:
    """Draw the strokes that lie along a line, which is only a little wider there, onto ``drawn`` (H×W bool).

    Each goes on from where a stroke clearly touches the line, and not further than that stroke is high.
    """
    line, way, outer = side.line, side.way, side.edge + side.way * side.ink
    at, free, strong = np.arange(len(outer)), line.clean.copy(), np.zeros(len(outer), bool)
    for first, last in side.touches:
        strong[first : last + 1] = True
    free &= ~strong
    if free.sum() < MIN_SIDE:
        return
    beyond = way * (outer - np.polyval(np.polyfit(at[free], outer[free], 2), at))
    free &= beyond <= np.median(beyond[free]) + 0.5
    if free.sum() < MIN_SIDE:
        return
    beyond = way * (outer - np.polyval(np.polyfit(at[free], outer[free], 2), at))
    window = max(3, round(pen)) | 1
    least = max(0.5, MIN_WIDENING * pen, 2 * float(np.std(beyond[free])))
    kernel = np.ones((1, window), np.uint8)
    weak = (_smoothed(beyond.clip(max=pen), window) >= least).astype(np.uint8)[None]
    weak = cv2.erode(weak, kernel)[0] > 0  # without what smoothing added at the ends
    joined = cv2.morphologyEx((weak | strong).astype(np.uint8)[None], cv2.MORPH_CLOSE, kernel)[0] > 0
    for first, last in _stretches(joined):
        own = slice(first, last + 1)
        high = _height_beside(rest, line.left + at[own][strong[own]], outer[own][strong[own]])
        if pen <= last + 1 - first - strong[own].sum() and last + 1 - first <= MAX_ALONG * high:
            rows = _rows_around(line, SOFT, len(drawn))
            level = np.arange(rows.start, rows.stop)[:, None]
            drawn[rows, line.left + first : line.left + last + 1] |= way * (outer[own] - level) < pen


def _height_beside(rest: Connected, columns: np.ndarray, rows: np.ndarray) -> int:
    """Return the height of the tallest piece at some pixels; 0 if there is none."""
    labels = rest.labels[np.round(rows).astype(int).clip(0, len(rest.mask) - 1), columns]
    return int(rest.stats[labels[labels > 0], cv2.CC_STAT_HEIGHT].max(initial=0))


def _draw_hidden_arcs(drawn: np.ndarray, rest: Connected, side: _Side, pen: float, span: float) -> None:
    """Draw the arcs that join two strokes within a line, as the bottom of a 0, onto ``drawn`` (H×W bool).

    Near the line the strokes bend towards each other. They are parts of one piece, or both reach the next
    line, ``span`` rows away, which cut their digit, too, and are together no wider than a digit.
    """
    line, way = side.line, side.way
    deepest = line.width + MAX_ARC * pen
    for (_, end), (start, _) in pairwise(side.touches):
        if start - end > FLATTEST * deepest:
            continue
        tips = [(line.left + column, round(float(side.edge[column])) + way) for column in (end, start)]
        labels = [_label_near(rest, *tip, way) for tip in tips]
        if not all(labels):
            continue
        tall = int(rest.stats[labels, cv2.CC_STAT_HEIGHT].min())
        is_one = labels[0] == labels[1]
        if start - end > tall:
            continue
        if not is_one and (tall < span - max(SHORT_OF_LINE, pen) or _width(rest, labels) > MAX_HALVES * tall):
            continue
        leans = [_lean(rest.mask, tip, way, pen, towards) for tip, towards in zip(tips, (1, -1), strict=True)]
        # A 4 is open at the top.
        least, least_sum = (-MIN_LEAN, MIN_LEAN) if is_one and way < 0 else (MIN_LEAN / 2, 2 * MIN_LEAN)
        if min(leans) < least or sum(leans) < least_sum:
            continue
        depth = (start - end) / 2 * math.tan(math.atan2(2, sum(leans)) / 2)
        if depth <= deepest:
            _draw_arc(drawn.view(np.uint8), tips, -way * min(depth, line.width), pen)


def _width(rest: Connected, labels: list[int]) -> int:
    """Return how many columns some pieces take up together."""
    left, wide = rest.stats[labels, cv2.CC_STAT_LEFT], rest.stats[labels, cv2.CC_STAT_WIDTH]
    return int((left + wide).max() - left.min())


def _draw_to_ends(drawn: np.ndarray, rest: Connected, sides: list[_Side], pen: float) -> None:
    """Draw what joins small pieces at a line with their strokes, as the foot of a 2, onto ``drawn``.

    Such a piece is too low for a digit: most of its stroke lies within the line. That stroke goes on where
    a tall piece touches the line, on either side: one above or below the small piece, or else next to it.
    """
    touches = [touch for side in sides for touch in _touches_of(rest, side, pen)]
    for label in {touch.label for touch in touches if touch.last + 1 - touch.first >= pen}:
        ends = [touch for touch in touches if touch.label == label]
        least = max(MIN_STROKE * pen, ends[0].tall / MAX_END)
        pairs = [(end, other) for end in ends for other in touches if other.tall >= least]
        end, stroke = min(pairs, key=lambda pair: pair[0].distance_to(pair[1]), default=(ends[0], ends[0]))
        if 0 < end.gap_to(stroke) <= END_REACH * stroke.tall:
            fine = np.round(16 * np.array([end.tip, stroke.tip])).astype(np.int32)[:, None]
            cv2.polylines(drawn.view(np.uint8), [fine], False, 1, max(1, round(pen)), shift=4)


def _touches_of(rest: Connected, side: _Side, pen: float) -> list[_Touch]:
    """Return where strokes touch a side of a line, but for its ends, where the sides of a box do."""
    found, line = [], side.line
    for first, last in side.touches:
        column = (first + last) // 2
        edge = float(side.edge[column])
        label = _label_near(rest, line.left + column, round(edge) + side.way, side.way)
        if label and line.width < first and last < len(side.edge) - 1 - line.width:
            tip = (line.left + (first + last) / 2, edge - side.way * pen / 2)
            start, _, wide, tall = (int(value) for value in rest.stats[label, :4])
            start -= line.left
            found.append(_Touch(first, last, tip, label, tall, (start, start + wide - 1)))
    return found


def _label_near(rest: Connected, column: int, row: int, way: int) -> int:
    """Return the label of the piece at a pixel or, as edges are rough, up to two rows further on."""
    rows = (row + way * np.arange(3)).clip(0, len(rest.mask) - 1)
    return int(rest.labels[rows, column].max())


def _draw_arc(drawn: np.ndarray, tips: list[tuple[int, int]], depth: float, pen: float) -> None:
    """Draw an arc between two points (x, y) that goes down by ``depth`` rows, or up."""
    (left, first), (right, last) = tips
    ends = np.array([(left - pen / 2, first), (right + pen / 2, last)])
    middle = ends.mean(axis=0) + np.array([0, 2 * depth + math.copysign(pen / 2, depth)])
    along = np.linspace(0, 1, 16)[:, None]
    points = (1 - along) ** 2 * ends[0] + 2 * along * (1 - along) * middle + along**2 * ends[1]
    fine = np.round(16 * points).astype(np.int32)[:, None]
    cv2.polylines(drawn, [fine], False, 1, max(1, round(pen)), shift=4)


def _lean(rest: np.ndarray, tip: tuple[int, int], way: int, pen: float, side: int) -> float:
    """Return how far a stroke leans towards ``side`` (1: right, -1: left) in each row that it nears a line.

    ``tip``: its last column on that side, and its last row.
    """
    column, row = tip
    reach, at, count = round(2 * pen) + 2, column, 0
    for count in range(max(3, round(1.5 * pen))):
        y = row + way * count
        if not 0 <= y < len(rest):
            break
        xs = at + side * np.arange(-reach, reach + 1)
        ink = rest[y, xs.clip(0, rest.shape[1] - 1)] & (xs >= 0) & (xs < rest.shape[1])
        if ink[reach]:
            gaps = np.nonzero(~ink[reach:])[0]
            at = at + side * (int(gaps[0]) - 1 if len(gaps) else reach)
        else:
            inner = np.nonzero(ink[:reach])[0]
            if not len(inner):
                break
            at = at - side * int(reach - inner[-1])
    return side * (column - at) / max(1, count)


def _beside(rest: np.ndarray, line: _Line, way: int) -> np.ndarray:
    """Return how many pixels of ink follow a line in each column, upwards (-1) or downwards (1)."""
    height, most = len(rest), max(2, len(rest) // 4)
    at, edge = np.arange(line.left, line.right), line.first if way < 0 else line.last
    start = np.round(edge).astype(int) + way
    rows = start[None] + way * np.arange(-1, min(most, 40))[:, None]
    ink = rest[rows.clip(0, height - 1), at[None]] & (rows >= 0) & (rows < height)
    begins = ink[:3].argmax(axis=0)  # the edge is a mean, and may be a pixel away
    order = np.arange(len(rows))[:, None]
    broken = np.where(~ink & (order >= begins), order, len(rows)).min(axis=0)
    return np.where(ink[:3].any(axis=0), broken - begins, 0)


def _are_printed(piece: np.ndarray, kept: np.ndarray, lines: list[_Line], framed: bool) -> bool:
    """Return whether lines belong to a form, and are not strokes of a digit."""
    height, width = piece.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(kept.astype(np.uint8), connectivity=8)
    tall = float(stats[1:, cv2.CC_STAT_HEIGHT].max(initial=0))
    if kept.sum() < 0.02 * piece.sum() or tall < MIN_TALL * max(line.width for line in lines):
        return False  # nothing but a line
    long = [line for line in lines if line.right - line.left >= FRAME_SPAN * width]
    rows = [line.middle for line in long]
    if len(long) > 1 and max(rows) - min(rows) > 0.3 * height:
        return framed or width >= WIDE * height
    parts = int((stats[1:, cv2.CC_STAT_HEIGHT] >= 0.5 * tall).sum())
    longest = max(lines, key=lambda line: line.right - line.left)
    length = longest.right - longest.left
    if longest.middle < 0.5 * height:
        return length >= 2.5 * tall
    columns = np.nonzero(kept.any(axis=0))[0]
    over = min(columns[0] - longest.left, longest.right - 1 - columns[-1])
    if length >= 1.15 * tall and (parts > 1 or over >= 0.1 * tall):
        return True
    return length >= 1.8 * tall or over >= 0.35 * tall


def _without_separators(piece: np.ndarray, kept: np.ndarray, lines: list[_Line]) -> np.ndarray:
    """Remove the upright lines from one line to the next, or of equal height upon a single line."""
    for upper, lower in pairwise(lines):
        kept = _without_uprights(piece, kept, upper, lower, is_box=len(lines) == 2)
    if len(lines) == 1:
        kept = _without_comb(kept, lines[0])
    elif len(lines) > 2:
        kept = _without_thin_uprights(kept, lines)
    return _without_slivers(kept, lines)


def _without_thin_uprights(kept: np.ndarray, lines: list[_Line]) -> np.ndarray:
    """Remove pieces from line to line of a table that are upright and no wider than its lines."""
    distance = min(lower.middle - upper.middle for upper, lower in pairwise(lines))
    thickest = max(line.width for line in lines)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(kept.astype(np.uint8), connectivity=8)
    wide, tall, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    gone = (
        (tall >= COVERED * distance - thickest)
        & (wide <= thickest + 2 + MAX_SLOPE * tall)
        & (area <= (thickest + 1) * tall)
        & (tall >= 4 * wide)
    )
    gone[0] = False
    return kept & ~gone[labels]


def _without_comb(kept: np.ndarray, line: _Line) -> np.ndarray:
    """Remove short upright lines at equal distances upon a line, the outer ones at its ends."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(kept.astype(np.uint8), connectivity=8)
    stems = np.array([i for i in range(1, len(stats)) if _is_stem(stats[i], line)])
    if len(stems) < MIN_STEMS:
        return kept
    tall = float(np.median(stats[stems, cv2.CC_STAT_HEIGHT]))
    stems = stems[np.abs(stats[stems, cv2.CC_STAT_HEIGHT] - tall) <= 0.25 * tall + 2]
    middles = np.sort(stats[stems, cv2.CC_STAT_LEFT] + stats[stems, cv2.CC_STAT_WIDTH] / 2)
    if len(stems) < MIN_STEMS:
        return kept
    step = float(np.median(np.diff(middles)))
    places = (middles - middles[0]) / step
    ends = max(middles[0] - line.left, line.right - middles[-1])
    if (
        ends > 0.15 * step + 2 * line.width + 0.15 * len(kept)
        or np.abs(places - np.round(places)).max() > 0.2
    ):
        return kept
    kept = kept & ~np.isin(labels, stems)
    for missing in set(range(round(places[-1]))) - set(np.round(places).astype(int).tolist()):
        kept = _without_touched_stem(kept, line, middles[0] + missing * step, tall)
    return kept


def _without_touched_stem(kept: np.ndarray, line: _Line, place: float, tall: float) -> np.ndarray:
    """Remove a stem that a stroke touches, near a column where one is missing."""
    reach = round(2 * line.width + 3)
    columns = np.arange(max(0, round(place) - reach), min(kept.shape[1], round(place) + reach + 1))
    foot = float(line.row_at(np.array([place]), False)[0])
    rows = slice(max(0, round(foot - tall)), max(0, round(foot)))
    full = columns[kept[rows, columns].mean(axis=0) > 0.7]
    if not len(full) or full[-1] - full[0] > reach:
        return kept
    rows = slice(rows.start, rows.stop + round(line.width) + 2)
    places = np.nonzero(kept[rows, full[0] - 1 if full[0] else 0 : full[-1] + 2])
    return _without_upright(kept, places[0] + rows.start, places[1] + max(0, full[0] - 1))


def _is_stem(stats: np.ndarray, line: _Line) -> bool:
    """Return whether a piece is a straight stroke that stands on a line."""
    left, top, wide, tall, area = stats
    middle = left + wide // 2
    foot = line.row_at(np.array([middle]), False)[0]
    return bool(
        abs(top + tall - foot) <= line.width + 3
        and wide <= 2 * line.width + 3 + 0.12 * tall
        and tall >= 2 * wide
        and area >= 0.35 * wide * tall
    )


def _without_uprights(
    piece: np.ndarray, kept: np.ndarray, upper: _Line, lower: _Line, *, is_box: bool
) -> np.ndarray:
    """Remove the lines at right angles to two lines that reach from one to the other.

    In a single box, one or two lines between its sides are strokes, such as 1s, unless they divide it evenly.
    """
    height, width = piece.shape
    at = np.arange(width)
    first, last = upper.row_at(at, True) + 1, lower.row_at(at, False) - 1
    distance = float(np.median(last - first))
    if distance < 5:
        return kept
    lean = (upper.slope + lower.slope) / 2
    thickest = round(max(2 * max(upper.width, lower.width) + 2, SLIM * distance))
    beyond = max(upper.width, lower.width) + 3
    top, bottom = max(0, int(first.min() - beyond)), min(height, max(0, int(last.max() + beyond) + 1))
    level = np.arange(top, bottom)[:, None]
    rows, columns = np.nonzero(piece[top:bottom] & (level > first - beyond) & (level < last + beyond))
    rows += top
    between = (rows > first[columns]) & (rows < last[columns])
    if not between.any():
        return kept
    middle = (upper.middle + lower.middle) / 2
    best: tuple[float, np.ndarray, np.ndarray] | None = None
    for extra in (-0.04, -0.02, 0.0, 0.02, 0.04):
        place = np.round(columns + (lean + extra) * (rows - middle)).astype(np.int64)
        place -= place.min()
        counts = np.bincount(place[between], minlength=int(place.max()) + 1)
        score = float(np.square(counts.astype(float)).sum())
        if best is None or score > best[0]:
            best = (score, counts, place)
    assert best is not None
    _, counts, place = best
    covered = counts >= COVERED * distance
    starts = np.nonzero(np.diff(np.r_[False, covered].astype(int)) == 1)[0]
    ends = np.nonzero(np.diff(np.r_[covered, False].astype(int)) == -1)[0] + 1
    strips = [(start, end) for start, end in zip(starts, ends, strict=True) if end - start <= thickest]
    if is_box:
        whole = [strip for strip in strips if counts[slice(*strip)].max() >= WHOLE * distance]
        strips = _without_strokes(strips, whole, int(place.max()) + 1, 0.12 * distance + 3)
    for start, end in strips:
        strip = (place >= start - 1) & (place < end + 1)
        kept = _without_upright(kept, rows[strip], columns[strip])
    return kept


def _without_strokes(
    strips: list[tuple[int, int]], whole: list[tuple[int, int]], width: int, margin: float
) -> list[tuple[int, int]]:
    """Return which strips of columns are sides of a box, so many columns wide, or divide it evenly.

    Those that divide it are among the ``whole`` ones, which reach from line to line.
    """
    sides = [(start, end) for start, end in strips if start <= margin or end >= width - margin]
    if len(strips) - len(sides) >= MIN_STEMS:
        return strips
    inner = [strip for strip in whole if strip not in sides]
    places = np.array([(start + end) / 2 / width for start, end in inner]) * (len(inner) + 1)
    thick = np.array([end - start for start, end in inner])
    usual = float(np.median([end - start for start, end in sides])) if sides else 0.0
    is_even = np.abs(places - 1 - np.arange(len(inner))).max(initial=0) <= UNEVEN
    is_alike = not sides or (np.abs(thick - usual) <= 1 + 0.3 * usual).all()
    return sides + inner if is_even and is_alike else sides


def _without_upright(kept: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Remove the pixels of an upright line, but for the rows in which a stroke crosses it."""
    # Only the line's box, with the columns beside it, is looked at: a table has a hundred such lines.
    start, end = max(0, int(columns.min()) - 1), min(kept.shape[1], int(columns.max()) + 2)
    part = kept[:, start:end]
    gone = np.zeros_like(part)
    gone[rows, columns - start] = True
    rest, width = part & ~gone, end - start
    has_line, at = gone.any(axis=1), np.arange(len(part))
    first, last = gone.argmax(axis=1), width - 1 - gone[:, ::-1].argmax(axis=1)
    left = rest[at, (first - 1).clip(0)] & (first > 0) & has_line
    right = rest[at, (last + 1).clip(max=width - 1)] & (last < width - 1) & has_line
    reach = np.ones((2 * max(1, round((last - first)[has_line].mean() / 2)) + 1, 1), np.uint8)
    near = [cv2.dilate(side.astype(np.uint8)[:, None], reach)[:, 0] > 0 for side in (left, right)]
    crossing = near[0] & near[1]
    kept = kept.copy()
    kept[:, start:end] = rest | (gone & part & crossing[:, None])
    return kept
