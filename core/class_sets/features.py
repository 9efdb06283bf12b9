"""Compute the features of pictures once, by a backbone, and keep them beside the pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.bundles.bundle import Bundle, Card, pretrained
from core.class_sets.class_set import ClassSet
from core.class_sets.class_set_store import ClassSetStore
from core.drafts import draft_file
from core.errors import BundleError, ClassSetError
from core.images.encode import from_pixels
from core.images.whole_picture import whole_picture
from core.inference.litert_session import THREADS, Session
from core.messages import Progress, message

_LOG = logging.getLogger(__name__)

BACKBONE = "efficientnet_lite0"
OUTPUT, MAPS = "features", "head"  # outputs of the network
BATCH = 8  # pictures at once


class Backbone:
    """A network whose features tell pictures apart; safe for threads.

    Raises:
        BundleError: when it returns no features, or its LiteRT model cannot be run.
    """

    def __init__(self, bundle: Bundle) -> None:
        if not {OUTPUT, MAPS} <= set(bundle.card.activations):
            raise BundleError("class_sets.no_backbone", name=bundle.name)
        self.bundle = bundle
        self.card = bundle.card
        self.id = backbone_id(bundle.card)
        self.size = bundle.card.activations[OUTPUT][-1]  # features of a picture
        self._session = Session(bundle, threads=THREADS)

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return the features, N×size float16, of images, N×H×W×3 uint8, as ``preprocessing`` makes them."""
        inputs = self.card.preprocessing.to_input(images)
        return self._session.run({"image": inputs}, [OUTPUT])[0].astype(np.float16)

    def features_of_images(self, images: np.ndarray, report: Callable[[float], None]) -> np.ndarray:
        """Return the features, N×size float32, of small images (N×H×W×C uint8), which it enlarges."""
        found = []
        for first in range(0, len(images), BATCH):
            pictures = [from_pixels(image).convert("RGB") for image in images[first : first + BATCH]]
            fitted = [whole_picture(picture, self.card.preprocessing) for picture in pictures]
            found.append(self.features(np.stack(fitted)).astype(np.float32))
            report(min(1.0, (first + BATCH) / len(images)))
        return np.concatenate(found)

    def maps(self, images: np.ndarray) -> np.ndarray:
        """Return the last maps, N×h×w×size float32, of such images; a picture's features are their means."""
        inputs = self.card.preprocessing.to_input(images)
        return self._session.run({"image": inputs}, [MAPS])[0]


@lru_cache(maxsize=1)
def shipped_backbone() -> Backbone:
    """Return the shipped backbone, which is read when it is needed first.

    Raises:
        BundleError: when its files are missing or altered.
    """
    return Backbone(pretrained(BACKBONE))


def backbone_id(card: Card) -> str:
    """Return what tells a backbone's features from those of any other: its name and part of its checksum."""
    return f"{card.architecture}-{card.files['model.tflite'][:12]}"


def check_backbone(found: str, wanted: str) -> None:
    """Check that features or a taught network come from the backbone in use, both given by their ids.

    Raises:
        ClassSetError: when they do not.
    """
    if found != wanted:
        raise ClassSetError("class_sets.features_of_another_network", found=found, wanted=wanted)


@dataclass(frozen=True, eq=False)
class Features:
    """Features of all pictures of a set, in the set's order."""

    backbone: str  # its id
    values: np.ndarray  # N×size, float16
    labels: np.ndarray  # N: numbers of classes
    pictures: tuple[str, ...]  # N: ids


def features_of(
    store: ClassSetStore, described: ClassSet, backbone: Backbone, progress: Progress | None = None
) -> Features:
    """Return the features of a set's pictures; those that are not kept yet are computed and kept.

    Where they cannot be kept, the log says so.

    Raises:
        ClassSetError: when a picture is missing.
    """
    rows: dict[str, np.ndarray] = {}
    missing = []
    for _, picture in described.pictures:
        kept = _kept(store, described.id, picture.id, backbone)
        if kept is None:
            missing.append(picture.id)
        else:
            rows[picture.id] = kept
    for first in range(0, len(missing), BATCH):
        ids = missing[first : first + BATCH]
        if progress is not None:
            told = message("class_sets.looking", count=first, total=len(missing))
            progress(told, first / len(missing))
        images = [whole_picture(store.picture(described.id, one), backbone.card.preprocessing) for one in ids]
        found = dict(zip(ids, backbone.features(np.stack(images)), strict=True))
        rows |= found
        try:
            for one, values in found.items():
                _keep(store, described.id, one, backbone, values)
        except OSError as error:
            _LOG.warning("The features of %d pictures are not kept: %s", len(ids), error)
    ordered = tuple(picture.id for _, picture in described.pictures)
    return Features(
        backbone.id,
        np.stack([rows[one] for one in ordered]) if ordered else np.empty((0, backbone.size), np.float16),
        np.array([number for number, _ in described.pictures], np.int64),
        ordered,
    )


def _kept(store: ClassSetStore, set_id: str, picture_id: str, backbone: Backbone) -> np.ndarray | None:
    """Return a picture's features if they are kept; damaged ones count as missing."""
    path = _file(store, set_id, picture_id, backbone.id)
    try:
        values = np.load(path, allow_pickle=False)
        if values.shape == (backbone.size,) and values.dtype == np.float16 and np.isfinite(values).all():
            return values
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError):
        pass
    _LOG.warning("%s is damaged; the features are computed again", path)
    return None


def _keep(store: ClassSetStore, set_id: str, picture_id: str, backbone: Backbone, values: np.ndarray) -> None:
    path = _file(store, set_id, picture_id, backbone.id)
    with draft_file(path) as draft, draft.open("wb") as opened:
        np.save(opened, values)


def _file(store: ClassSetStore, set_id: str, picture_id: str, backbone: str) -> Path:
    return store.picture_file(set_id, picture_id).with_suffix(f".{backbone}.npy")
