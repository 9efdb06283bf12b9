"""Store the networks' probabilities for all test images, from which doubt is computed without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.drafts import draft_file
from core.remedies.ensembles import averaged
from core.remedies.shipped_files import SHIPPED, damage_named

FILE = SHIPPED / "answers_{dataset}.npz"
EACH = 20  # pictures of each class that pages show
LEAST = 1e-7  # probability; lower ones are stored as this


@dataclass(frozen=True, eq=False)
class StoredAnswers:
    """Probabilities for test images and for foreign images, which show none of the classes."""

    labels: np.ndarray  # N, uint8
    pictures: np.ndarray  # the first test images of each class, class by class: classes×EACH×H×W×C uint8
    tests: Mapping[str, np.ndarray]  # by network: N×classes
    foreign: Mapping[str, np.ndarray]  # by network: M×classes

    def of(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities of a network or ensemble for the test images and the foreign images."""
        return averaged(self.tests, name), averaged(self.foreign, name)


def first_of_each_class(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the first ``EACH`` images of each class, classes×EACH×H×W×C."""
    return np.stack([images[labels == label][:EACH] for label in range(labels.max() + 1)])


def write_answers(answers: StoredAnswers, path: Path) -> None:
    """Write logarithms of probabilities with 16 bits, exact to about 0.5% of a probability."""
    arrays = {"labels": answers.labels, "pictures": answers.pictures}
    for part, by_network in (("tests", answers.tests), ("foreign", answers.foreign)):
        arrays |= {f"{part}-{name}": _stored(values) for name, values in by_network.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft_file(path) as draft:
        np.savez_compressed(draft, allow_pickle=False, **arrays)


def read_answers(path: Path) -> StoredAnswers:
    """Return the answers in a file.

    Raises:
        BundleError: when it cannot be read.
    """
    with damage_named(path), np.load(path, allow_pickle=False) as arrays:
        parts = {part: _read_part(arrays, part) for part in ("tests", "foreign")}
        return StoredAnswers(arrays["labels"], arrays["pictures"], **parts)


def _stored(probabilities: np.ndarray) -> np.ndarray:
    """Return logarithms; that of the highest probability is exact also where it is nearly 1."""
    top = probabilities.argmax(axis=1)
    rows = np.arange(len(top))
    rest = probabilities.copy()
    rest[rows, top] = 0.0
    logarithms = np.log(np.maximum(probabilities, LEAST))
    logarithms[rows, top] = np.log1p(-np.minimum(rest.sum(axis=1), 1 - LEAST))
    return logarithms.astype(np.float16)


def _read_part(arrays: Mapping[str, np.ndarray], part: str) -> dict[str, np.ndarray]:
    names = [key.removeprefix(f"{part}-") for key in arrays if key.startswith(f"{part}-")]
    return {name: np.exp(arrays[f"{part}-{name}"].astype(np.float64)) for name in names}
