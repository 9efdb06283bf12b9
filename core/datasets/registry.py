"""What data sets there are, as plain data: classes, shapes, sizes, sources, licences."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DatasetError

DRAWN = "drawn:"  # what the name of a data set that a generator draws begins with; the generator follows
OFFLINE_DEFAULT = "drawn:dcgan"  # needs no download, so it works on every machine

_DIGITS = tuple("0123456789")
_CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@dataclass(frozen=True)
class DatasetInfo:
    """One data set: labels index ``classes``, images are ``shape`` (height, width, channels), uint8."""

    name: str
    title: str
    summary: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    train_size: int
    test_size: int
    source: str
    licence: str
    download_bytes: int  # 0: nothing to download


DATASETS: tuple[DatasetInfo, ...] = (
    DatasetInfo(
        name="rendered",
        title="Rendered digits",
        summary="Digits drawn by this app in several handwriting styles, no download needed.",
        classes=_DIGITS,
        shape=(28, 28, 1),
        train_size=20_000,  # drawn in 3 s; twice as many teach a CNN no more, half as many less
        test_size=2_000,
        source="drawn by Deep Image Lab with Pillow",
        licence="MIT",
        download_bytes=0,
    ),
    DatasetInfo(
        name="mnist",
        title="MNIST",
        summary="Digits written by 500 people for a census bureau and by students, in grey on black.",
        classes=_DIGITS,
        shape=(28, 28, 1),
        train_size=60_000,
        test_size=10_000,
        source="LeCun, Cortes, Burges 1998, http://yann.lecun.com/exdb/mnist/",
        licence="CC BY-SA 3.0",
        download_bytes=11_490_434,
    ),
    DatasetInfo(
        name="fashion_mnist",
        title="Fashion-MNIST",
        summary="Small grey photographs of clothes, shoes and bags from an online shop.",
        classes=_CLOTHES,
        shape=(28, 28, 1),
        train_size=60_000,
        test_size=10_000,
        source="Xiao, Rasul, Vollgraf 2017, https://github.com/zalandoresearch/fashion-mnist",
        licence="MIT (Zalando SE)",
        download_bytes=30_878_645,
    ),
    DatasetInfo(
        name="cifar10",
        title="CIFAR-10",
        summary="Small colour photographs of ten kinds of animals and vehicles.",
        classes=_THINGS,
        shape=(32, 32, 3),
        train_size=50_000,
        test_size=10_000,
        source="Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html",
        licence="not stated by its authors; free for research with citation",
        download_bytes=170_498_071,
    ),
)


def names() -> list[str]:
    """The names of all data sets, the offline default first; visitors' own generators can draw more."""
    from core.datasets.sources import drawn  # noqa: PLC0415  # which itself needs this catalogue

    shipped = sorted(drawn.shipped(), key=lambda name: name != OFFLINE_DEFAULT)
    return [*shipped, *(dataset.name for dataset in DATASETS)]


def is_made_here(name: str) -> bool:
    """Whether the app draws the data set itself, so that nobody else has it."""
    return name == "rendered" or name.startswith(DRAWN)


def info(name: str) -> DatasetInfo:
    """The data set of that name.

    Raises:
        DatasetError: when there is none; the message names those there are.
    """
    for dataset in DATASETS:
        if dataset.name == name:
            return dataset
    if name.startswith(DRAWN):
        from core.datasets.sources import drawn  # noqa: PLC0415  # which itself needs this catalogue

        return drawn.info(name)
    raise DatasetError(f"There is no data set {name!r}; choose one of {', '.join(names())}.")
