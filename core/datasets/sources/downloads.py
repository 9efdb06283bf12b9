"""Read published data sets from the visitor's folder or the cache, or download them into the cache."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.contract.dataset_info import DIGITS, DatasetInfo
from core.contract.preprocessing import GLYPH, WHOLE
from core.datasets import fetch, keras_parser
from core.datasets.data_source import PublishedSource
from core.datasets.dataset import Dataset
from core.datasets.fetch import Download, RemoteFile, load_npz
from core.datasets.npz_files import kept_file
from core.language import N_
from core.messages import Progress

CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
ANIMALS_AND_VEHICLES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip

INFOS = (
    DatasetInfo(
        name="mnist",
        title=N_("MNIST"),
        summary=N_("Digits written by 500 census employees and students, in grey on black."),
        classes=DIGITS,
        shape=(28, 28, 1),
        subject="digit",
        preprocessing_kind=GLYPH,
        train_size=60_000,
        test_size=10_000,
        source="LeCun, Cortes, Burges 1998, http://yann.lecun.com/exdb/mnist/",
        licence="CC BY-SA 3.0",
        download_bytes=11_490_434,
        in_keras=True,
    ),
    DatasetInfo(
        name="fashion_mnist",
        title=N_("Fashion-MNIST"),
        summary=N_("Small grey photographs of clothes, shoes and bags from an online shop."),
        classes=CLOTHES,
        shape=(28, 28, 1),
        subject="clothing",
        preprocessing_kind=WHOLE,
        train_size=60_000,
        test_size=10_000,
        source="Xiao, Rasul, Vollgraf 2017, https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT (Zalando SE)",
        download_bytes=30_878_645,
        in_keras=True,
    ),
    DatasetInfo(
        name="cifar10",
        title=N_("CIFAR-10"),
        summary=N_("Small colour photographs of ten kinds of animals and vehicles."),
        classes=ANIMALS_AND_VEHICLES,
        shape=(32, 32, 3),
        subject="thing",
        preprocessing_kind=WHOLE,
        train_size=50_000,
        test_size=10_000,
        source="Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html",
        licence=N_("not stated by its authors; free for research with citation"),
        download_bytes=170_498_071,
        in_keras=True,
    ),
)


def _fashion(name: str, sha256: str) -> RemoteFile:
    return RemoteFile(name, sha256, f"datasets/fashion-mnist/{name}")


# Addresses, places and two of the checksums are those of keras/src/datasets. Keras checks no hash of
# Fashion-MNIST; ours are of the files that zalandoresearch/fashion-mnist publishes with their MD5.
DOWNLOADS: Mapping[str, Download] = {
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


@dataclass(frozen=True)
class Downloads(PublishedSource):
    """Data sets as their authors published them, each kept as one .npz file."""

    prefixes: ClassVar[Sequence[str]] = tuple(info.name for info in INFOS)
    infos: ClassVar[Sequence[DatasetInfo]] = INFOS
    downloads: Mapping[str, Download] = dataclasses.field(default_factory=lambda: DOWNLOADS)  # by name

    def load(self, name: str, train_size: int | None, seed: int, report: Progress) -> Dataset:
        """Return the data set from DEEP_IMAGE_LAB_DATA, the cache or the network, in this order.

        Raises:
            DatasetError: when a file is damaged, the download fails, or there are fewer training images.
        """
        info = self.describe(name)
        whole = load_npz(
            info, self.downloads[name], lambda folder, draft: keras_parser.to_npz(info, folder, draft), report
        )
        return whole.subset(train_size, seed)

    def needs_download(self, name: str) -> bool:
        """Return whether the data set is neither in the visitor's folder nor in the cache."""
        return kept_file(name) is None

    def is_within_reach(self, name: str) -> bool:
        """Return whether the data set is here or its server answers; behind a proxy this is not known."""
        return not self.needs_download(name) or fetch.answers(self.downloads[name].base_url)


SOURCE = Downloads()
