"""Find out whether ink is dark on light or light on dark, and how wide its strokes are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.images.paper import (
    SMALL_SIDE,
    darker_tone,
    has_two_tones,
    noise_of,
    otsu,
    paper_by_closing,
    paper_by_median,
    paper_of_two_tones,
    shrink,
)

MIN_CONTRAST = 0.05  # of the paper's brightness; fainter ink looks like the paper's own texture
NOISE_MARGIN = 5.0  # ink differs from its paper by at least this many standard deviations of noise
SCALES = (1 / 16, 1 / 8, 1 / 4)  # of the picture's shorter side: windows in which paper is estimated
SHADOW_EDGE = 8  # pixels of the small copy; an edge of this width belongs to a shadow
POLARITY_FACTOR = 3  # times the other polarity's energy: then the polarity is clear
WIDTH_FACTOR = 2  # times the width of a hole is the greatest of its ring, or of a card around what is on it
SCALE_FACTOR = 1.5  # times the energy of all smaller scales is the least of a larger one, which sees shadows
SHEET_SHARE = 0.85  # of its rectangle that a sheet fills, and of a sheet that is blank; a bold 0 fills 0.79
FULL_SPAN = 0.95  # of the picture's width or height; a digit with a margin does not reach as far
MAX_RULING_WIDTH = 0.03  # of the picture's longer side
MIN_PAPER_SHARE = 0.6  # of a drawing's pixels are paper
MIN_STROKE_SHARE = 0.9  # of all that differs from that paper are strokes; the rest is their soft edges
MAX_STROKE_WIDTH = 0.35  # of a stroke's length (a disc's area over half its outline is 0.5 of its diameter)

Scales = list[tuple[float, float]]  # energy and width of what looks like strokes, the largest scale last


@dataclass(frozen=True)
class Pen:
    """The pen that a picture was written with."""

    dark: bool  # ink darker than its paper
    width: float  # of the wider strokes, in pixels; 0 if there are none
    two_tones: bool = False  # strokes too wide for any window, in a picture of little more than two tones
    drawn: bool = False  # on paper of exactly one tone as far as the picture's edges


def find_pen(grey: np.ndarray) -> Pen:
    """Return the pen that explains most of a picture (H×W float32, 0 to 255)."""
    small = shrink(grey, SMALL_SIDE)
    scale = max(grey.shape) / max(small.shape)
    if drawn := _pen_of_drawing(small):
        return Pen(drawn.dark, drawn.width * scale, drawn=True)
    dark, light = _strokes_by_scale(small), _strokes_by_scale(255.0 - small)
    if has_two_tones(small) and (broad := _pen_of_two_tones(small, dark, light)):
        return Pen(broad.dark, broad.width * scale, two_tones=True)
    is_dark = _is_ink_dark(dark, light, small)
    *smaller, (energy, width) = dark if is_dark else light
    best, best_width = max(smaller)
    if best * SCALE_FACTOR > energy:
        width = best_width
    return Pen(is_dark, width * scale)


def _pen_of_drawing(grey: np.ndarray) -> Pen | None:
    """Return the pen of a drawing: strokes on paper of exactly one tone; None for other pictures.

    Such paper is the same at each scale, so that there is no need to try several.
    """
    tone = grey[0, 0]
    edges = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if (edges != tone).any() or np.mean(grey == tone) < MIN_PAPER_SHARE:
        return None
    darker, lighter = float(np.maximum(tone - grey, 0).sum()), float(np.maximum(grey - tone, 0).sum())
    dark, light_paper = darker > lighter, grey if darker > lighter else 255.0 - grey
    paper = np.full_like(grey, light_paper[0, 0])
    energy, width = _strokes(light_paper, paper, _steepness(light_paper))
    if energy < MIN_STROKE_SHARE * (darker + lighter):
        return None
    mask = darker_tone(light_paper)
    slim_hole = 0 < wide_stroke_width(_holes(mask)) < width
    if slim_hole or WIDTH_FACTOR * wide_stroke_width(_darker_part(light_paper, mask)) < width:
        return None  # perhaps a card with slimmer writing, which is a hole in it or darker than it
    return Pen(dark, width)


def _holes(mask: np.ndarray) -> np.ndarray:
    """Return what the shapes of a mask (H×W bool) enclose, H×W uint8."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(np.zeros(mask.shape, np.uint8), outlines, -1, 1, cv2.FILLED) * ~mask


def _darker_part(grey: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the darker tone of the pixels in a mask (H×W bool), H×W uint8."""
    part = np.zeros(mask.shape, np.uint8)
    part[mask] = darker_tone(grey[mask]) if mask.any() else 0
    return part


def _pen_of_two_tones(grey: np.ndarray, dark: Scales, light: Scales) -> Pen | None:
    """Return the pen of a picture of two tones, or None if smaller scales explain it better."""
    slimmer = _is_darker_slimmer(grey)
    for is_dark in (slimmer, not slimmer):
        tone = grey if is_dark else 255.0 - grey
        energy, width = _strokes(tone, paper_of_two_tones(tone), _steepness(tone))
        if energy:
            accepted = not _is_sheet(tone) and energy > _min_energy(is_dark, dark, light)
            return Pen(is_dark, width, two_tones=True) if accepted else None
        # The paper beside a digit that was cut out along its ink may be slimmer, but is not a stroke.
    return None


def _min_energy(is_dark: bool, dark: Scales, light: Scales) -> float:
    """Return the energy above which strokes of two tones explain a picture better than smaller scales do.

    It is higher if these clearly show ink of the other polarity; the two tones may be paper within a ring.
    """
    smaller = dark[:-1] + light[:-1]
    agree = _clear_polarity(dark[:-1], light[:-1]) in (is_dark, None)
    return (SCALE_FACTOR if agree else POLARITY_FACTOR) * max(energy for energy, _ in smaller)


def _clear_polarity(dark: Scales, light: Scales) -> bool | None:
    """Return whether ink is dark, or None unless strokes of one polarity clearly prevail at these scales."""
    dark_energy, light_energy = (sum(energy for energy, _ in scales) for scales in (dark, light))
    if max(dark_energy, light_energy) > POLARITY_FACTOR * min(dark_energy, light_energy):
        return dark_energy > light_energy
    return None


def _is_darker_slimmer(grey: np.ndarray) -> bool:
    """Return whether the darker of two tones has slimmer shapes than the lighter, as ink has.

    The picture's edge limits neither, because paper continues beyond it.
    """
    dark = darker_tone(grey).astype(np.uint8)
    thickness = [cv2.distanceTransform(tone, cv2.DIST_L2, 3) for tone in (dark, 1 - dark)]
    return bool(np.subtract(*(np.percentile(each[each > 0], 90) for each in thickness)) < 0)


def _is_sheet(grey: np.ndarray) -> bool:
    """Return whether the largest dark shape is a whole sheet on a table, with little written on it."""
    dark = darker_tone(grey).astype(np.uint8)
    outlines, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(outlines, key=cv2.contourArea)
    area, (_, sides, _) = cv2.contourArea(largest), cv2.minAreaRect(largest)
    ink = cv2.drawContours(np.zeros_like(dark), [largest], -1, 1, cv2.FILLED) & dark
    return bool(
        area > SHEET_SHARE * max(1.0, sides[0] * sides[1])
        and min(sides) > MAX_STROKE_WIDTH * max(sides)
        and ink.sum() > SHEET_SHARE * area
    )


def _strokes_by_scale(grey: np.ndarray) -> Scales:
    """Return energy and width of what looks like dark strokes, for paper estimated at each scale.

    At a small scale a shadow, the edge of a sheet or the table below it counts as paper; at a large scale a
    marker's stroke no longer does.
    """
    papers = [paper_by_median(grey, share * min(grey.shape)) for share in SCALES]
    steepness = _steepness(grey)
    return [_strokes(grey, paper, steepness) for paper in (*papers, paper_by_closing(grey))]


def _is_ink_dark(dark: Scales, light: Scales, grey: np.ndarray) -> bool:
    """Return whether ink is darker than its paper: by the strokes if these are clear, else by the margin.

    The largest scale is added if the smaller ones are unclear, or if they show only the hole in a broad ring:
    then there is far more of the ring. At that scale anything far broader than the strokes of the others is
    ignored, because it may be a sheet on a table.
    """
    _, width = max(dark[:-1] + light[:-1])
    dark, light = (each if each[-1][1] <= WIDTH_FACTOR * width else each[:-1] for each in (dark, light))
    is_dark = _clear_polarity(dark[: len(SCALES)], light[: len(SCALES)])
    own, other = (dark, light) if is_dark else (light, dark)
    if is_dark is None or other[-1][0] > POLARITY_FACTOR * max(own)[0]:
        is_dark = _clear_polarity(dark, light)
    return _is_dark_on_light(grey) if is_dark is None else is_dark


def _strokes(grey: np.ndarray, paper: np.ndarray, steepness: np.ndarray) -> tuple[float, float]:
    """Return the energy of what looks like strokes (contrast in levels, summed) and their width (pixels)."""
    contrast = np.clip(paper - grey, 0, 255)
    threshold = max(255 * otsu(contrast / 255), NOISE_MARGIN * noise_of(contrast), 255 * MIN_CONTRAST / 2)
    mask, labels, stats = _without_thin_rulings((contrast > threshold).astype(np.uint8))
    count = len(stats)
    areas = np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    contour = labels * (mask - cv2.erode(mask, np.ones((3, 3), np.uint8)))
    outline = np.bincount(contour.ravel(), minlength=count)
    slim = 2 * areas <= MAX_STROKE_WIDTH * np.maximum(wide, tall) * outline
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    contact = np.bincount(border, minlength=count) / (wide + tall)
    mean = np.bincount(labels.ravel(), contrast.ravel(), minlength=count) / areas
    on_contour = contour > 0
    pieces = contour[on_contour]
    steep = steepness[on_contour] * SHADOW_EDGE > mean[pieces]
    sharp = np.bincount(pieces[steep], minlength=count) >= 0.6 * outline
    is_stroke = slim & sharp & (np.maximum(wide, tall) >= 5) & (contact < 0.5)
    is_stroke[0] = False
    strokes = is_stroke[labels]
    if not strokes.any():
        return 0.0, 0.0
    return float(contrast[strokes].sum()), wide_stroke_width(strokes.astype(np.uint8))


def _without_thin_rulings(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reduce pieces of a mask (H×W uint8) that reach from edge to edge to their thicker parts.

    On squared paper most dark pixels belong to the paper, and do not tell the width of the pen.
    Return the mask with the labels (H×W) and the statistics of its pieces.
    """
    whole = mask
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for i in np.nonzero((stats[1:, 2:4] >= FULL_SPAN * np.array(mask.shape[::-1])).any(axis=1))[0] + 1:
        own = (labels == i).astype(np.uint8)
        usual = 2 * own.sum() / (own - cv2.erode(own, np.ones((3, 3), np.uint8))).sum()
        if usual > MAX_RULING_WIDTH * max(mask.shape):
            continue  # a digit that fills its picture
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(0.75 * usual) + 1,) * 2)
        thicker = cv2.morphologyEx(own, cv2.MORPH_OPEN, kernel)
        if thicker.any():
            mask = np.where(own, cv2.dilate(thicker, np.ones((3, 3), np.uint8)) & own, mask)
    if mask is not whole:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return mask, labels, stats


def wide_stroke_width(mask: np.ndarray) -> float:
    """Return the width of the wider strokes in a mask, 0 if it is empty; even long thin rulings do not count.

    Across a stroke the distance to its edge rises evenly from 0 to half its width.
    """
    if not mask.any():
        return 0.0
    distance = cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3)
    return float(np.percentile(distance[distance > 0], 90) / 0.45)


def _steepness(grey: np.ndarray) -> np.ndarray:
    """Return how much the brightness changes per pixel, H×W."""
    return cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (0, 1)))


def _is_dark_on_light(grey: np.ndarray) -> bool:
    """Return whether ink is darker than paper; paper is the median of a neighbourhood and of the margin."""
    small = shrink(grey, 128)
    window = min(101, max(3, round(0.5 * min(small.shape)) | 1))
    paper = cv2.medianBlur(small.astype(np.uint8), window).astype(np.float32)
    rows, columns = (
        max(1, round(0.12 * side)) for side in small.shape
    )  # wide: a frame may run along the edge
    margin = np.ones(small.shape, bool)
    margin[rows:-rows, columns:-columns] = False
    return _darkness(small - paper) + _darkness(small - np.median(small[margin])) >= 0


def _darkness(difference: np.ndarray) -> float:
    """Return -1 if all that differs from the paper is lighter, 1 if it is darker; weighted by the squares."""
    energy = np.square(difference)
    return float((energy * -np.sign(difference)).sum() / max(energy.sum(), 1e-6))
