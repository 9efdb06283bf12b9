"""Read EMNIST's letters alone (``emnist_letters``), or joined with MNIST's digits (``letters_digits``)."""

from __future__ import annotations

import gzip
import string
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.contract.dataset_info import DIGITS, DatasetInfo
from core.contract.glyph_layouts import EMNIST_LAYOUT
from core.contract.preprocessing import GLYPH
from core.datasets.data_source import DataSource, PublishedSource
from core.datasets.dataset import Dataset
from core.datasets.fetch import Download, RemoteFile, load_npz
from core.datasets.npz_files import kept_file
from core.datasets.sources import downloads
from core.errors import DatasetError
from core.language import N_
from core.messages import Progress

LETTERS, JOINED = "emnist_letters", "letters_digits"
ALPHABET = tuple(string.ascii_uppercase)
FIRST_LABEL = 1  # of the published letters

INFOS = (
    DatasetInfo(
        name=LETTERS,
        title=N_("EMNIST letters"),
        summary=N_("Handwritten letters; capital and small ones of a letter are one class."),
        classes=ALPHABET,
        shape=(28, 28, 1),
        subject="letter",
        preprocessing_kind=GLYPH,
        layout=EMNIST_LAYOUT,
        train_size=124_800,
        test_size=20_800,
        source="Cohen, Afshar, Tapson, van Schaik 2017, https://www.nist.gov/itl/products-and-services/emnist-dataset",
        licence=N_("published by NIST, a US government agency, without a licence"),
        download_bytes=561_753_746,
    ),
    DatasetInfo(
        name=JOINED,
        title=N_("Letters and digits"),
        summary=N_("EMNIST's letters and, in the same format, MNIST's digits."),
        classes=(*DIGITS, *ALPHABET),
        shape=(28, 28, 1),
        subject="sign",
        preprocessing_kind=GLYPH,
        layout=EMNIST_LAYOUT,
        train_size=184_800,
        test_size=30_800,
        source=N_("the data sets of EMNIST letters and MNIST"),
        licence=N_("as those of EMNIST letters and MNIST"),
        download_bytes=561_753_746 + 11_490_434,
    ),
)

# NIST publishes no checksum; this one is in the sources of TensorFlow Datasets and others.
DOWNLOAD = Download(
    "https://biometrics.nist.gov/cs_links/EMNIST/",
    (
        RemoteFile(
            "gzip.zip", "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e", "emnist.zip"
        ),
    ),
)


@dataclass(frozen=True)
class Emnist(PublishedSource):
    """EMNIST's letters as they were published, upright, and the same joined with MNIST's digits."""

    prefixes: ClassVar[Sequence[str]] = (LETTERS, JOINED)
    infos: ClassVar[Sequence[DatasetInfo]] = INFOS
    download: Download = DOWNLOAD
    digits: DataSource = downloads.SOURCE

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Return the data set; what is neither in DEEP_IMAGE_LAB_DATA nor in the cache is downloaded.

        Raises:
            DatasetError: when a file is damaged, a download fails, or there are fewer training images.
        """
        info = self.describe(name)
        letters = self._letters(report)
        if name == JOINED:
            digits = self.digits.load("mnist", None, seed, report)
            return _joined(info, digits, letters, train_size, seed)
        return letters.subset(train_size, seed)

    def needs_download(self, name: str) -> bool:
        """Return whether the letters, or the digits to be joined with them, must be downloaded."""
        return kept_file(LETTERS) is None or (name == JOINED and self.digits.needs_download("mnist"))

    def _letters(self, report: Progress) -> Dataset:
        info = self.describe(LETTERS)
        return load_npz(
            info, self.download, lambda folder, draft: _to_npz(info, folder, draft), report, FIRST_LABEL
        )


def _joined(
    info: DatasetInfo, digits: Dataset, letters: Dataset, train_size: int | None, seed: int
) -> Dataset:
    """Return the digits, converted to the format of the letters, and the letters, whose labels follow.

    Every other training letter is converted to MNIST's format and back, as a glyph of a picture is: traces
    of the conversion must not tell digits from letters. Only images of the subset are converted.
    """
    from core.images.normalise import as_in_emnist, normalise  # noqa: PLC0415 (imports OpenCV, 85 MB)

    images = np.concatenate([digits.x_train, letters.x_train])
    labels = np.concatenate([digits.y_train, letters.y_train + len(DIGITS)])
    tests = np.concatenate([digits.x_test, letters.x_test])
    test_labels = np.concatenate([digits.y_test, letters.y_test + len(DIGITS)])
    subset = Dataset(info, np.arange(len(images)), labels, tests, test_labels).subset(train_size, seed)
    images, place = images[subset.x_train], subset.x_train - len(digits.x_train)  # below 0: of a digit
    for i in np.nonzero(place < 0)[0]:
        images[i, ..., 0] = as_in_emnist(images[i, ..., 0])
    for i in np.nonzero((place > 0) & (place % 2 == 1))[0]:
        images[i, ..., 0] = as_in_emnist(normalise(images[i, ..., 0]))
    for i in range(len(digits.x_test)):
        tests[i, ..., 0] = as_in_emnist(tests[i, ..., 0])
    return replace(subset, x_train=images)


def _to_npz(info: DatasetInfo, folder: Path, target: Path) -> None:
    """Write the letters in the published archive to ``target``; they are kept as columns there, so turn them.

    Raises:
        DatasetError: when a file is missing or damaged.
    """
    arrays = {}
    try:
        with zipfile.ZipFile(folder / DOWNLOAD.files[0].keras_path) as archive:
            for split in ("train", "test"):
                images = _idx(archive, f"gzip/emnist-letters-{split}-images-idx3-ubyte.gz", 16)
                arrays[f"x_{split}"] = images.reshape(-1, 28, 28).transpose(0, 2, 1)
                arrays[f"y_{split}"] = _idx(archive, f"gzip/emnist-letters-{split}-labels-idx1-ubyte.gz", 8)
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError, gzip.BadGzipFile) as error:
        raise DatasetError("datasets.damaged_archive", title=info.title, reason=str(error)) from error
    with target.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _idx(archive: zipfile.ZipFile, name: str, header: int) -> np.ndarray:
    """Return the bytes of an idx file after its header."""
    return np.frombuffer(gzip.decompress(archive.read(name)), np.uint8, offset=header)


SOURCE = Emnist()
