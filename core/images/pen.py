"""What a picture was written with: dark on light or light on dark, and how wide its strokes are."""

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
    paper_at_large,
    paper_near,
    paper_of_two_tones,
    shrunk,
)

FAINTEST = 0.05  # ink that darkens its paper by less than this cannot be told from the paper's own texture
NOISE_MARGIN = 5.0  # ink stands this many standard deviations out of the paper's noise
SCALES = (1 / 16, 1 / 8, 1 / 4)  # of the picture: windows in which paper is looked for
SOFT = 8  # pixels of the small copy; an edge as wide is a shadow's
CLEARLY = 3  # times the energy of the other polarity
BROADER = 2  # times as wide as a hole may its ring be, or as what is written on it a card
LARGER = 1.5  # times the energy of all smaller scales must a larger one have, since it sees shadows too
SHEET = 0.85  # of a rectangle filled by a sheet, and of a sheet left blank; by a bold 0 (an ellipse) 0.79 is
RULED = 0.95  # of the picture's width or height; no digit that stands in its margin reaches as far
FINE = 0.03  # of the picture's longer side; rulings are finer
BARE = 0.6  # of a drawing's pixels are its paper
ALL = 0.9  # of what differs from that paper are strokes, but for their soft edges
BLOB = 0.35  # of its length; what is thicker is no stroke (a disc's area over half its outline is 0.5)

Scales = list[tuple[float, float]]  # energy and width of what looks like strokes, the largest scale last


@dataclass(frozen=True)
class Pen:
    """What a picture was written with."""

    dark: bool  # ink on lighter paper
    width: float  # of its wider strokes, in pixels; 0 if there are none
    two_tones: bool = False  # strokes too wide for any window, but the picture has hardly more than two tones
    drawn: bool = False  # on paper of one very tone, out to the picture's edges


def find_pen(grey: np.ndarray) -> Pen:
    """The pen that explains most of a picture (H×W float32, 0 to 255)."""
    small = shrunk(grey, SMALL_SIDE)
    scale = max(grey.shape) / max(small.shape)
    if drawn := _of_drawing(small):
        return Pen(drawn.dark, drawn.width * scale, drawn=True)
    dark, light = _at_all_scales(small), _at_all_scales(255.0 - small)
    if has_two_tones(small) and (broad := _in_two_tones(small, dark, light)):
        return Pen(broad.dark, broad.width * scale, two_tones=True)
    is_dark = _is_dark(dark, light, small)
    *near, (energy, width) = dark if is_dark else light
    best, best_width = max(near)
    if best * LARGER > energy:
        width = best_width
    return Pen(is_dark, width * scale)


def _of_drawing(grey: np.ndarray) -> Pen | None:
    """The pen of a drawing: all strokes, on paper of one very tone out to its edges; None of other pictures.

    It need not be sought at all scales: such paper is the same at each.
    """
    tone = grey[0, 0]
    edges = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if (edges != tone).any() or np.mean(grey == tone) < BARE:
        return None
    darker, lighter = float(np.maximum(tone - grey, 0).sum()), float(np.maximum(grey - tone, 0).sum())
    dark, light_paper = darker > lighter, grey if darker > lighter else 255.0 - grey
    energy, width = _strokes(light_paper, np.full_like(grey, light_paper[0, 0]))
    if energy < ALL * (darker + lighter):
        return None
    mask = darker_tone(light_paper)
    if 0 < widest(_holes(mask)) < width or BROADER * widest(_core(light_paper, mask)) < width:
        return None  # a card, perhaps: what is written on it is slimmer, a hole in it or darker still
    return Pen(dark, width)


def _holes(mask: np.ndarray) -> np.ndarray:
    """What the shapes of a mask (H×W bool) enclose, H×W uint8."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(np.zeros(mask.shape, np.uint8), outlines, -1, 1, cv2.FILLED) * ~mask


def _core(grey: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The darker part of what a mask (H×W bool) holds, H×W uint8."""
    core = np.zeros(mask.shape, np.uint8)
    core[mask] = darker_tone(grey[mask]) if mask.any() else 0
    return core


def _in_two_tones(grey: np.ndarray, dark: Scales, light: Scales) -> Pen | None:
    """The pen of a picture of two tones, unless smaller scales explain it better."""
    slimmer = _is_darker_slimmer(grey)
    for is_dark in (slimmer, not slimmer):
        tone = grey if is_dark else 255.0 - grey
        energy, width = _strokes(tone, paper_of_two_tones(tone))
        if energy:
            believed = not _is_sheet(tone) and energy > _least(is_dark, dark, light)
            return Pen(is_dark, width, two_tones=True) if believed else None
        # so little paper is left beside a digit cut out along its ink that it is slimmer, but no stroke
    return None


def _least(is_dark: bool, dark: Scales, light: Scales) -> float:
    """The energy that strokes of two tones need to be believed, rather than what is seen at smaller scales.

    Where these clearly show ink of the other tone, it may be paper within a ring.
    """
    near = dark[:-1] + light[:-1]
    margin = LARGER if _clearer(dark[:-1], light[:-1]) in (is_dark, None) else CLEARLY
    return margin * max(energy for energy, _ in near)


def _clearer(dark: Scales, light: Scales) -> bool | None:
    """Whether ink is dark, if at these scales one polarity has far more of what looks like strokes."""
    dark_energy, light_energy = (sum(energy for energy, _ in scales) for scales in (dark, light))
    if max(dark_energy, light_energy) > CLEARLY * min(dark_energy, light_energy):
        return dark_energy > light_energy
    return None


def _is_darker_slimmer(grey: np.ndarray) -> bool:
    """Whether the darker of two tones makes slimmer shapes than the lighter, as ink does.

    Paper goes on beyond the picture, so its edge counts for neither.
    """
    dark = darker_tone(grey).astype(np.uint8)
    thickness = [cv2.distanceTransform(tone, cv2.DIST_L2, 3) for tone in (dark, 1 - dark)]
    return bool(np.subtract(*(np.percentile(each[each > 0], 90) for each in thickness)) < 0)


def _is_sheet(grey: np.ndarray) -> bool:
    """Whether the largest dark shape is a whole sheet on a table, with what little is written on it."""
    dark = darker_tone(grey).astype(np.uint8)
    outlines, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(outlines, key=cv2.contourArea)
    area, (_, sides, _) = cv2.contourArea(largest), cv2.minAreaRect(largest)
    ink = cv2.drawContours(np.zeros_like(dark), [largest], -1, 1, cv2.FILLED) & dark
    return bool(
        area > SHEET * max(1.0, sides[0] * sides[1])
        and min(sides) > BLOB * max(sides)
        and ink.sum() > SHEET * area
    )


def _at_all_scales(grey: np.ndarray) -> Scales:
    """Energy and width of what looks like dark strokes, for paper sought at each scale, the largest last.

    At a small scale a shadow, the edge of a sheet or the table beneath it is paper; at a large one a marker's
    stroke is no longer paper itself.
    """
    papers = [paper_near(grey, share * min(grey.shape)) for share in SCALES]
    return [_strokes(grey, paper) for paper in (*papers, paper_at_large(grey))]


def _is_dark(dark: Scales, light: Scales, grey: np.ndarray) -> bool:
    """Whether ink is darker than its paper: as the strokes say if they do so clearly, or else the margin.

    The largest scale is asked where the smaller ones say nothing, or show but the hole in a broad ring: then
    there is far more of the ring. What is far broader than their strokes does not count there, since it may
    be a sheet on its table.
    """
    _, width = max(dark[:-1] + light[:-1])
    dark, light = (each if each[-1][1] <= BROADER * width else each[:-1] for each in (dark, light))
    near = _clearer(dark[: len(SCALES)], light[: len(SCALES)])
    own, other = (dark, light) if near else (light, dark)
    if near is None or other[-1][0] > CLEARLY * max(own)[0]:
        near = _clearer(dark, light)
    return _is_dark_on_light(grey) if near is None else near


def _strokes(grey: np.ndarray, paper: np.ndarray) -> tuple[float, float]:
    """Contrast (levels) summed over all that looks like strokes on that paper, and their width (pixels)."""
    contrast = np.clip(paper - grey, 0, 255)
    threshold = max(255 * otsu(contrast / 255), NOISE_MARGIN * noise_of(contrast), 255 * FAINTEST / 2)
    mask = _thicker_than_rulings((contrast > threshold).astype(np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    areas = np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    contour = labels * (mask - cv2.erode(mask, np.ones((3, 3), np.uint8)))
    outline = np.bincount(contour.ravel(), minlength=count)
    slim = 2 * areas <= BLOB * np.maximum(wide, tall) * outline
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    contact = np.bincount(border, minlength=count) / (wide + tall)
    mean = np.bincount(labels.ravel(), contrast.ravel(), minlength=count) / areas
    steep = _steepness(grey) * SOFT > mean[contour]
    sharp = np.bincount(contour[steep], minlength=count) >= 0.6 * outline
    is_stroke = slim & sharp & (np.maximum(wide, tall) >= 5) & (contact < 0.5)
    is_stroke[0] = False
    strokes = is_stroke[labels]
    if not strokes.any():
        return 0.0, 0.0
    return float(contrast[strokes].sum()), widest(strokes.astype(np.uint8))


def _thicker_than_rulings(mask: np.ndarray) -> np.ndarray:
    """The mask (H×W uint8) with pieces from edge to edge cut down to what is thicker than most of them.

    On squared paper most of what is dark is the paper's, and is no measure of the pen.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for i in np.nonzero((stats[1:, 2:4] >= RULED * np.array(mask.shape[::-1])).any(axis=1))[0] + 1:
        own = (labels == i).astype(np.uint8)
        usual = 2 * own.sum() / (own - cv2.erode(own, np.ones((3, 3), np.uint8))).sum()
        if usual > FINE * max(mask.shape):
            continue  # a digit that fills its picture reaches as far
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(0.75 * usual) + 1,) * 2)
        thicker = cv2.morphologyEx(own, cv2.MORPH_OPEN, kernel)
        if thicker.any():
            mask = np.where(own, cv2.dilate(thicker, np.ones((3, 3), np.uint8)) & own, mask)
    return mask


def widest(mask: np.ndarray) -> float:
    """The width of the wider strokes in a mask, 0 if it is empty; thin rulings, however long, do not count.

    Across a stroke the distance to its edge goes evenly from 0 to half its width.
    """
    if not mask.any():
        return 0.0
    distance = cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3)
    return float(np.percentile(distance[distance > 0], 90) / 0.45)


def _steepness(grey: np.ndarray) -> np.ndarray:
    """By how much the brightness changes per pixel, H×W."""
    return cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (0, 1)))


def _is_dark_on_light(grey: np.ndarray) -> bool:
    """Whether ink is darker than its paper, which is what most of a neighbourhood, and the margin, is of."""
    small = shrunk(grey, 128)
    window = min(101, max(3, round(0.5 * min(small.shape)) | 1))
    paper = cv2.medianBlur(small.astype(np.uint8), window).astype(np.float32)
    rows, columns = (
        max(1, round(0.12 * side)) for side in small.shape
    )  # wide: a frame may run along the edge
    margin = np.ones(small.shape, bool)
    margin[rows:-rows, columns:-columns] = False
    return _darkness(small - paper) + _darkness(small - np.median(small[margin])) >= 0


def _darkness(difference: np.ndarray) -> float:
    """-1 if all that differs from the paper is lighter, 1 if all is darker; large differences count more."""
    energy = np.square(difference)
    return float((energy * -np.sign(difference)).sum() / max(energy.sum(), 1e-6))
