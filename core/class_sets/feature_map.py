"""Place pictures on a plane by their features: on the two principal axes, or by t-SNE in a child process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from typing import Any

import numpy as np

from core.class_sets.likeness import unit
from core.errors import ClassSetError
from core.messages import Progress, message

FEWEST = 5  # pictures that t-SNE can place
AXES = 50  # principal axes on which t-SNE measures distances (the paper takes 30)
PERPLEXITY = 30.0  # the usual number of neighbours that count; fewer where there are few pictures
ROUNDS = 20  # of subspace iteration: more change no pixel of a map
HEAVY = ("tensorflow", "keras", "torch")  # what the child must never load


@dataclass(frozen=True, eq=False)
class PicturePlane:
    """Places of pictures on a plane."""

    points: np.ndarray  # N×2, from −1 to 1; the wider direction fills that range
    shown: float | None = None  # share of the features' variance that the plane keeps, for principal axes


def principal_plane(features: np.ndarray) -> PicturePlane:
    """Return the pictures (features N×size) on the two principal axes of the directions of their features."""
    centred = _centred(features)
    turned, variances = _on_principal_axes(centred, 2)
    whole = float(np.sum(centred * centred))
    return PicturePlane(fitted(turned), float(variances.sum()) / whole if whole else 1.0)


def tsne_plane(features: np.ndarray) -> np.ndarray:
    """Return the places of pictures (features N×size) by t-SNE, N×2.

    It keeps neighbours together; distances between groups mean little. Source: van der Maaten, Hinton 2008,
    Visualizing data using t-SNE; the trees that make it fast: van der Maaten 2014.

    Raises:
        ClassSetError: when there are too few pictures.
    """
    if len(features) < FEWEST:
        raise ClassSetError("class_sets.few_for_map", fewest=FEWEST, count=len(features))
    from sklearn.manifold import TSNE  # noqa: PLC0415 (takes a second, and 100 MB)

    turned, _ = _on_principal_axes(_centred(features), AXES)
    perplexity = min(PERPLEXITY, (len(features) - 1) / 3)
    spread = max(float(turned[:, 0].std()), 1e-12)
    start = np.zeros((len(turned), 2), np.float32)  # pictures may all be on one line
    start[:, : min(2, turned.shape[1])] = turned[:, :2] * (1e-4 / spread)  # as scikit-learn's own PCA start
    return TSNE(2, perplexity=perplexity, init=start, random_state=0).fit_transform(turned)


class _Refusal(MetaPathFinder):
    """Refuses to import the libraries in ``HEAVY``."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Return None, so that the next finder looks for the module.

        Raises:
            ImportError: for a library in ``HEAVY``.
        """
        if fullname in HEAVY:
            raise ImportError(fullname)


class PicturePlacer:
    """Run t-SNE inside a child process, which can load no TensorFlow."""

    def __init__(self, progress: Progress) -> None:
        sys.meta_path.insert(0, _Refusal())
        self._progress = progress

    def place(self, features: np.ndarray) -> dict[str, Any]:
        """Return the ``points`` of pictures, N×2; errors as ``tsne_plane``."""
        self._progress(message("class_sets.placing", count=len(features)), None)
        return {"points": tsne_plane(features)}


def fitted(points: np.ndarray) -> np.ndarray:
    """Return points (N×2) moved and enlarged, alike in both directions, to fill the range from −1 to 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = float((high - low).max()) / 2
    return (points - (low + high) / 2) / (half or 1.0)


def _centred(features: np.ndarray) -> np.ndarray:
    directions = unit(features)
    return directions - directions.mean(axis=0)


def _on_principal_axes(centred: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows (N×size) on their first axes, and the squared length on each; always the same way round.

    Subspace iteration: 2,000 rows of 1,280 values take a tenth of the time of a full decomposition.
    """
    count = min(most, *centred.shape)
    extra = min(count + 8, *centred.shape)
    basis = np.random.default_rng(0).normal(size=(centred.shape[1], extra)).astype(np.float32)
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(centred.T @ (centred @ basis))
    _, lengths, axes = np.linalg.svd(centred @ basis, full_matrices=False)
    axes = (basis @ axes.T)[:, :count]
    axes *= np.where(axes[np.abs(axes).argmax(axis=0), np.arange(count)] < 0, -1, 1)
    turned = centred @ axes
    if count < most and most == 2:
        turned = np.concatenate([turned, np.zeros((len(turned), most - count), turned.dtype)], axis=1)
    return turned, lengths[:count] ** 2
