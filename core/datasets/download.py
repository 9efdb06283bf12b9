"""Fetch the published files of a data set: checked against their SHA-256, or not kept at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pooch
from requests.exceptions import RequestException

from core.datasets.registry import DatasetInfo
from core.errors import DatasetError

Progress = Callable[[str, "float | None"], None]  # what is being done, and how much of it from 0 to 1

_TIMEOUT = 30  # seconds without a byte
_CHUNK = 2**16  # bytes between two reports of progress


@dataclass(frozen=True)
class RemoteFile:
    """A file to fetch, and where Keras's loader looks for it below KERAS_HOME."""

    name: str
    sha256: str
    keras_path: str


@dataclass(frozen=True)
class Download:
    """The files of one data set, all below one address."""

    base_url: str
    files: tuple[RemoteFile, ...]


def _fashion(name: str, sha256: str) -> RemoteFile:
    return RemoteFile(name, sha256, f"datasets/fashion-mnist/{name}")


# Addresses, places and two of the checksums are those of keras/src/datasets. Keras checks no hash of
# Fashion-MNIST; ours are of the files that zalandoresearch/fashion-mnist publishes with their MD5.
DOWNLOADS: dict[str, Download] = {
    "mnist": Download(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        (
            RemoteFile(
                "mnist.npz",
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                "datasets/mnist.npz",
            ),
        ),
    ),
    "fashion_mnist": Download(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        (
            _fashion(
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            _fashion(
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            _fashion(
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
            _fashion(
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
        ),
    ),
    "cifar10": Download(
        "https://www.cs.toronto.edu/~kriz/",
        (
            RemoteFile(
                "cifar-10-python.tar.gz",
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                "datasets/cifar-10-batches-py-target_archive",
            ),
        ),
    ),
}


def fetch(info: DatasetInfo, download: Download, keras_home: Path, report: Progress) -> None:
    """Download every file to the place below ``keras_home`` where Keras's loader looks for it.

    Raises:
        DatasetError: when a file cannot be reached, or its checksum is wrong (it is then deleted).
    """
    instead = (
        f"choose Rendered digits, which needs no download, "
        f"or put {info.name}.npz into the folder named by DEEP_IMAGE_LAB_DATA."
    )
    for file in download.files:
        try:
            _fetch_file(file, download.base_url, keras_home / file.keras_path, report)
        except RequestException as error:
            raise DatasetError(
                f"{info.title} could not be downloaded from {download.base_url}{file.name}; {instead}"
            ) from error
        except ValueError as error:  # what pooch raises for a hash that does not match
            raise DatasetError(
                f"{info.title} was not kept, for {file.name} came with a wrong checksum: try again, {instead}"
            ) from error


def _fetch_file(file: RemoteFile, base_url: str, target: Path, report: Progress) -> None:
    pooch.get_logger().setLevel(logging.WARNING)  # the progress is ours to show
    downloader = pooch.HTTPDownloader(
        progressbar=_Bar(f"Downloading {file.name}", report),
        chunk_size=_CHUNK,
        timeout=_TIMEOUT,
        headers={"Accept-Encoding": "identity"},  # the very bytes that were hashed
    )
    url, known_hash = base_url + file.name, f"sha256:{file.sha256}"
    pooch.retrieve(url, known_hash, target.name, target.parent, downloader=downloader)


@dataclass
class _Bar:
    """What pooch calls a progress bar: it counts bytes, and reports the fraction of ``total``."""

    text: str
    report: Progress
    total: int = 0  # 0: the server did not say
    done: int = field(default=0, init=False)

    def update(self, count: int) -> None:
        self.done += count
        self.report(self.text, min(1.0, self.done / self.total) if self.total else None)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass
