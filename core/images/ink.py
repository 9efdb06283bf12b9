"""Where the ink is: paper, shadows and tints estimated and divided out, light and dark told apart."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

SMALL_SIDE = 320  # shadows are smooth, so paper is estimated on a small copy
FAINTEST = 0.05  # ink that darkens its paper by less than this cannot be told from the paper's own texture
DARKEST_PAPER = 24.0  # of 255; below it, division would turn noise into ink
SCALES = (1 / 16, 1 / 8, 1 / 4)  # of the picture: windows in which paper is looked for
SOFT = 8  # pixels of the small copy; an edge as wide is a shadow's
CLEARLY = 3  # times the energy of the other polarity
LARGER = 1.5  # times the energy of all smaller scales must a larger one have, since it sees shadows too
BLOB = 0.35  # of its length; what is thicker is no stroke (a disc's area over half its outline is 0.5)
WINDOW = 7.0  # stroke widths: an 8 as bold as they come leaves half of such a window to the paper
WINDOW_PIXELS = 31  # the median is taken on a copy as small as this window allows
SAMPLE = 100_000  # pixels are enough for a percentile
GRAIN = 2.0  # levels of 255; less noise than this needs no smoothing
NOISE_MARGIN = 5.0  # ink stands this many standard deviations out of the paper's noise


@dataclass(frozen=True)
class Ink:
    """The ink of a picture, light on black."""

    contrast: np.ndarray  # H×W float32, by how much of the paper's brightness it is darker
    strength: np.ndarray  # H×W float32, the same from 0 (paper) to 1 (the core of a usual stroke)
    mask: np.ndarray  # H×W bool
    grey: np.ndarray  # H×W float32, the picture itself with its paper the lighter, 0 to 255


def find_ink(rgb: np.ndarray) -> Ink:
    """The ink in an RGB picture (H×W×3 uint8); all False where nothing stands out."""
    grey, grain = _without_grain(_grey(rgb))
    pen = _pen(grey)
    light_paper = grey if pen.dark else 255.0 - grey
    window = WINDOW * pen.width
    near = 0 < window < 0.6 * min(grey.shape)
    paper = _paper_near(light_paper, window) if near else _paper_at_large(light_paper)
    return _against(light_paper, paper, grain)


def thumbnail_ink(rgb: np.ndarray) -> Ink:
    """The same of a picture too small for shadows or rulings: all that differs from what its edge is of."""
    grey = _grey(rgb)
    paper = float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
    if grey.mean() > paper:
        grey, paper = 255.0 - grey, 255.0 - paper
    contrast = np.clip((paper - grey) / max(paper, DARKEST_PAPER), 0.0, 1.0)
    peak = float(np.percentile(contrast[contrast > FAINTEST], 90)) if (contrast > FAINTEST).any() else 1.0
    strength = np.clip(contrast / peak, 0.0, 1.0).astype(np.float32)
    return Ink(contrast, strength, contrast > max(FAINTEST, 0.15 * peak), grey)


@dataclass(frozen=True)
class _Pen:
    """What a picture was written with."""

    dark: bool  # ink on lighter paper
    width: float  # of its wider strokes, in pixels; 0 if there are none


def _pen(grey: np.ndarray) -> _Pen:
    """The pen that explains most of a picture."""
    small = _shrunk(grey, SMALL_SIDE)
    dark, light = _at_all_scales(small), _at_all_scales(255.0 - small)
    is_dark = _is_dark(sum(e for e, _ in dark[:-1]), sum(e for e, _ in light[:-1]), small)
    *near, (energy, width) = dark if is_dark else light
    best, best_width = max(near)
    if best * LARGER > energy:
        width = best_width
    return _Pen(is_dark, width * max(grey.shape) / max(small.shape))


def _at_all_scales(grey: np.ndarray) -> list[tuple[float, float]]:
    """Energy and width of what looks like dark strokes, for paper sought at each scale, the largest last.

    At a small scale a shadow, the edge of a sheet or the table beneath it is paper; at a large one a marker's
    stroke is no longer paper itself.
    """
    papers = [_paper_near(grey, share * min(grey.shape)) for share in SCALES]
    return [_strokes(grey, paper) for paper in (*papers, _paper_at_large(grey))]


def _is_dark(dark: float, light: float, grey: np.ndarray) -> bool:
    """Whether ink is darker than its paper: as the strokes say if they do so clearly, or else the margin.

    Strokes that fill their picture are found at no scale but the largest, where either polarity has some.
    """
    if max(dark, light) > CLEARLY * min(dark, light):
        return dark > light
    return _is_dark_on_light(grey)


def _strokes(grey: np.ndarray, paper: np.ndarray) -> tuple[float, float]:
    """Contrast (levels) summed over all that looks like strokes on that paper, and their width (pixels)."""
    contrast = np.clip(paper - grey, 0, 255)
    threshold = max(255 * _otsu(contrast / 255), NOISE_MARGIN * _noise(contrast), 255 * FAINTEST / 2)
    mask = (contrast > threshold).astype(np.uint8)
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
    return float(contrast[strokes].sum()), _widest(strokes.astype(np.uint8))


def _widest(mask: np.ndarray) -> float:
    """The width of the wider strokes in a mask; thin rulings, however long, do not count.

    Across a stroke the distance to its edge goes evenly from 0 to half its width.
    """
    distance = cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3)
    return float(np.percentile(distance[distance > 0], 90) / 0.45)


def _steepness(grey: np.ndarray) -> np.ndarray:
    """By how much the brightness changes per pixel, H×W."""
    return cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (0, 1)))


def stroke_width(mask: np.ndarray) -> float:
    """The typical width in pixels of the strokes in a mask, 0 if it is empty: area over half the outline."""
    if not mask.any():
        return 0.0
    padded = np.pad(mask.astype(np.uint8), 1)
    contours, _ = cv2.findContours(padded, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    # A contour runs through the centres of the outermost pixels, half a pixel inside the edge.
    outline = sum(cv2.arcLength(contour, closed=True) + 4 for contour in contours)
    return float(2 * mask.sum() / outline)


def _against(grey: np.ndarray, paper: np.ndarray, grain: float) -> Ink:
    """What is darker than its paper by more than the paper's noise, ``grain``, in grey levels."""
    contrast = np.clip((paper - grey) / np.maximum(paper, DARKEST_PAPER), 0.0, 1.0)
    noise = max(_noise(contrast), grain / max(float(np.median(paper[::8, ::8])), DARKEST_PAPER))
    peak = _peak(contrast, noise)
    if peak < max(FAINTEST, NOISE_MARGIN * noise):
        return Ink(contrast, np.zeros_like(contrast), np.zeros(contrast.shape, bool), grey)
    floor = min(0.5 * peak, max(1.5 * noise, 0.06 * peak))
    strength = np.clip((contrast - floor) / (peak - floor), 0.0, 1.0).astype(np.float32)
    return Ink(contrast, strength, _hysteresis(strength, 0.3, 0.6), grey)


def _grey(rgb: np.ndarray) -> np.ndarray:
    """The channel in which ink and paper differ most: luminance unless a colour is far clearer.

    A yellow pen shows in blue only, a red stamp not in red.
    """
    channels = [cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), *cv2.split(rgb)]
    spreads = [float(np.subtract(*np.percentile(channel[::4, ::4], [99.5, 0.5]))) for channel in channels]
    best = int(np.argmax(spreads))
    chosen = channels[best] if spreads[best] > 1.6 * spreads[0] else channels[0]
    return chosen.astype(np.float32)


def _without_grain(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Smoothed if the camera was noisy and there are pixels to spare, and the noise (levels) that remains.

    A drawing has no noise and stays as it is.
    """
    noise = 255 * _noise(grey / 255)
    if noise < GRAIN or min(grey.shape) < 100:
        return grey, noise
    sigma = min(2.0, 0.5 + min(grey.shape) / 400)
    # A Gaussian leaves this share of the standard deviation of independent pixels.
    return cv2.GaussianBlur(grey, (0, 0), sigma), noise / (2 * sigma * np.sqrt(np.pi))


def _is_dark_on_light(grey: np.ndarray) -> bool:
    """Whether ink is darker than its paper, which is what most of a neighbourhood, and the margin, is of."""
    small = _shrunk(grey, 128)
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


def _paper_at_large(grey: np.ndarray) -> np.ndarray:
    """The brightness of the paper under every pixel, for strokes as wide as a third of the picture.

    First a closing, which removes all that is dark and narrower than that; then, with the ink roughly known,
    the mean of the paper near by.
    """
    small = _shrunk(grey, SMALL_SIDE)
    size = max(3, round(min(small.shape) / 3) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    rough = cv2.morphologyEx(cv2.medianBlur(small.astype(np.uint8), 3), cv2.MORPH_CLOSE, kernel)
    rough = cv2.GaussianBlur(rough.astype(np.float32), (0, 0), size / 6)
    contrast = np.clip((rough - small) / np.maximum(rough, DARKEST_PAPER), 0.0, 1.0)
    dark = (contrast > 0.6 * _otsu(contrast)).astype(np.uint8)
    is_paper = (cv2.dilate(dark, np.ones((5, 5), np.uint8)) == 0).astype(np.float32)
    sigma = max(2.0, min(small.shape) / 24)
    weight = cv2.GaussianBlur(is_paper, (0, 0), sigma)
    near = cv2.GaussianBlur(small * is_paper, (0, 0), sigma) / np.maximum(weight, 1e-3)
    # Deep inside thick ink there is no paper near by: there the rough estimate stands.
    trust = np.clip(weight / 0.05, 0.0, 1.0)
    return _stretched(trust * near + (1 - trust) * rough, grey.shape)


def _paper_near(grey: np.ndarray, window: float) -> np.ndarray:
    """The same as the median of a window, most of which is paper; a median keeps the edge of a shadow."""
    scale = min(1.0, WINDOW_PIXELS / window)
    small = _shrunk(grey, round(scale * max(grey.shape)))
    paper = cv2.medianBlur(small.astype(np.uint8), max(3, round(window * scale) | 1))
    return _stretched(cv2.GaussianBlur(paper.astype(np.float32), (0, 0), 1.0), grey.shape)


def _stretched(paper: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return cv2.resize(paper, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def _noise(contrast: np.ndarray) -> float:
    """The standard deviation of the paper's texture, from the commonest differences of neighbours."""
    if min(contrast.shape) < 2:
        return 0.0
    step = 1 + contrast.size // SAMPLE
    differences = np.abs(np.diff(contrast[::step], axis=1))
    return float(1.4826 * np.median(differences) / np.sqrt(2))


def _peak(contrast: np.ndarray, noise: float) -> float:
    """The contrast of a stroke's core: high among what Otsu's threshold takes for ink."""
    ink = contrast[contrast > max(_otsu(contrast), FAINTEST / 2, 3 * noise)]
    return float(np.percentile(ink[:: 1 + len(ink) // SAMPLE], 75)) if len(ink) else 0.0


def _otsu(contrast: np.ndarray) -> float:
    levels = np.round(255 * contrast).astype(np.uint8)
    return cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0] / 255


def _hysteresis(strength: np.ndarray, low: float, high: float) -> np.ndarray:
    """What is above ``low`` and connected to something above ``high`` (Canny 1986, section V)."""
    count, labels = cv2.connectedComponents((strength > low).astype(np.uint8), connectivity=8)
    strong = np.zeros(count, bool)
    strong[labels[strength > high]] = True
    strong[0] = False
    return strong[labels]


def _shrunk(grey: np.ndarray, side: int) -> np.ndarray:
    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    size = (max(2, round(grey.shape[1] * scale)), max(2, round(grey.shape[0] * scale)))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
