import errno
import hashlib
import importlib.util
import io
import os
import pickle
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.datasets import fetch, registry
from core.datasets.dataset import Dataset
from core.datasets.fetch import Download, RemoteFile
from core.datasets.sources.downloads import DOWNLOADS, INFOS, Downloads
from core.errors import DatasetError
from core.messages import Message, Progress, message
from tests.datasets.sources.local_files import FileServer, idx
from tests.refusals import raises

DATA = Path(os.environ.get("DEEP_IMAGE_LAB_DATA", "/work/shared/data"))


@pytest.fixture(autouse=True)
def _in_empty_home(home) -> None:
    """Keep every test of this file away from the data of this machine."""


def _download_of(server: FileServer, name: str) -> Download:
    """Return the published download with the address of our server and the checksums of its files."""
    files = [
        RemoteFile(file.name, hashlib.sha256(server.files[file.name]).hexdigest(), file.keras_path)
        for file in DOWNLOADS[name].files
    ]
    return Download(server.url, tuple(files))


def _load(name: str, download: Download, report: Progress = lambda text, share: None) -> Dataset:
    return Downloads({name: download}).load(name, None, 0, report)


def _tiny(shape: tuple[int, ...] = (28, 28), **changes: np.ndarray | None) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 256, (50, *shape), np.uint8),
        "y_train": np.arange(50, dtype=np.uint8) % 10,
        "x_test": rng.integers(0, 256, (20, *shape), np.uint8),
        "y_test": np.arange(20, dtype=np.uint8) % 10,
    }
    return {key: value for key, value in (arrays | changes).items() if value is not None}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))
    return tmp_path


# --- the visitor's own folder


@pytest.mark.parametrize(("name", "shape"), [("mnist", (28, 28)), ("cifar10", (32, 32, 3))])
def test_a_file_in_the_named_folder_is_read_without_a_download(name, shape, folder):
    arrays = _tiny(shape)
    np.savez(folder / f"{name}.npz", **arrays)
    dataset = registry.load(name)
    assert dataset.x_train.shape == (50, *dataset.info.shape)
    assert np.array_equal(dataset.x_test.reshape(20, *shape), arrays["x_test"])
    assert np.array_equal(dataset.y_test, arrays["y_test"])


def test_labels_in_a_column_and_of_a_wider_type_are_flattened(folder):
    column = (np.arange(50) % 10).reshape(50, 1)
    np.savez(folder / "mnist.npz", **_tiny(y_train=column))
    dataset = registry.load("mnist")
    assert dataset.y_train.shape == (50,)
    assert dataset.y_train.dtype == np.uint8


def test_a_smaller_draw_is_the_beginning_of_a_larger_one(folder):
    np.savez(folder / "mnist.npz", **_tiny())
    few, many = (registry.load("mnist", train_size=size, seed=3) for size in (10, 30))
    assert np.array_equal(few.x_train, many.x_train[:10])
    assert np.array_equal(few.y_train, many.y_train[:10])
    assert not np.array_equal(few.x_train, registry.load("mnist", train_size=10, seed=4).x_train)


@pytest.mark.parametrize("size", [0, 51])
def test_a_subset_has_at_least_one_image_and_at_most_all(size, folder):
    np.savez(folder / "mnist.npz", **_tiny())
    with raises(DatasetError, "datasets.subset_size", title="MNIST", count=50, size=size):
        registry.load("mnist", train_size=size)


@pytest.mark.parametrize(
    ("changes", "key", "values"),
    [
        ({"y_test": None}, "missing_array", {"name": "y_test"}),
        (
            {"x_train": np.zeros((50, 27, 28), np.uint8)},
            "image_array",
            {"needed": "(N, 28, 28)"},
        ),
        (
            {"x_train": np.zeros((50, 28, 28), np.float32)},
            "image_array",
            {"name": "x_train", "type": "float32"},
        ),
        ({"x_test": np.zeros((0, 28, 28), np.uint8)}, "image_array", {"name": "x_test"}),
        ({"x_test": np.array(7)}, "image_array", {"name": "x_test"}),
        ({"y_train": np.zeros(49, np.uint8)}, "label_array", {"name": "y_train", "needed": "(50,)"}),
        ({"y_train": np.full(50, 10)}, "label_range", {"first": 0, "most": 9, "low": 10, "high": 10}),
        ({"y_train": np.array([object()] * 50)}, "unreadable_npz", {}),
    ],
)
def test_a_file_in_another_format_is_refused_in_one_sentence(changes, key, values, folder):
    np.savez(folder / "mnist.npz", **_tiny(**changes))
    with raises(DatasetError, f"datasets.{key}", **values):
        registry.load("mnist")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 torn", b"\x93NUMPY"])
def test_a_file_that_is_not_an_archive_is_refused_in_one_sentence(content, folder):
    (folder / "mnist.npz").write_bytes(content)
    with pytest.raises(DatasetError) as refused:
        registry.load("mnist")
    assert refused.value.message.key == "datasets.unreadable_npz"


def test_a_damaged_archive_is_refused_in_one_sentence(folder):
    np.savez_compressed(folder / "mnist.npz", **_tiny())
    content = bytearray((folder / "mnist.npz").read_bytes())
    content[200:400] = bytes(200)
    (folder / "mnist.npz").write_bytes(content)
    with pytest.raises(DatasetError) as refused:
        registry.load("mnist")
    assert refused.value.message.key == "datasets.unreadable_npz"


def test_a_single_array_is_not_accepted_as_a_data_set(folder):
    with (folder / "mnist.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(DatasetError) as refused:
        registry.load("mnist")
    assert refused.value.message.key == "datasets.unreadable_npz"


# --- the network


def test_a_download_goes_through_keras_reports_progress_and_is_cached(server, home):
    arrays = _tiny()
    for file, key in zip(
        DOWNLOADS["fashion_mnist"].files, ("y_train", "x_train", "y_test", "x_test"), strict=True
    ):
        server.files[file.name] = idx(arrays[key])
    download = _download_of(server, "fashion_mnist")
    reports: list[tuple[Message, float | None]] = []

    dataset = _load("fashion_mnist", download, lambda told, share: reports.append((told, share)))
    assert np.array_equal(dataset.x_train[..., 0], arrays["x_train"])
    assert np.array_equal(dataset.y_test, arrays["y_test"])
    for file in download.files:
        assert (message("datasets.downloading", file=file.name), 1.0) in reports
    assert reports[-1] == (message("datasets.unpacking", title="Fashion-MNIST"), None)
    assert [path.name for path in (home / "datasets").iterdir()] == ["fashion_mnist.npz"]

    server.files.clear()  # from here on, the server has no files
    again = _load("fashion_mnist", download)
    assert np.array_equal(again.x_train, dataset.x_train)
    assert len(server.served) == 4


def test_progress_counts_the_bytes_of_a_large_file(server):
    server.files["mnist.npz"] = bytes(10 * 2**16)
    fractions: list[float | None] = []
    with pytest.raises(DatasetError):  # the served bytes are not the published ones
        _load(
            "mnist",
            Download(server.url, DOWNLOADS["mnist"].files),
            lambda told, share: fractions.append(share),
        )
    assert fractions[:10] == pytest.approx(np.arange(1, 11) / 10)


def test_a_wrong_checksum_leaves_no_file_behind(server, home):
    server.files["mnist.npz"] = b"not what was published"
    with pytest.raises(DatasetError) as refused:
        _load("mnist", Download(server.url, DOWNLOADS["mnist"].files))
    assert refused.value.message.key == "datasets.wrong_checksum"
    assert list((home / "datasets").iterdir()) == []


def test_a_missing_file_a_broken_connection_and_a_dead_host_give_the_same_error(server, home):
    def error_from(url: str) -> Message:
        with pytest.raises(DatasetError) as caught:
            _load("mnist", Download(url, DOWNLOADS["mnist"].files))
        return caught.value.message

    def unreachable(url: str) -> Message:
        return message("datasets.unreachable", title="MNIST", url=f"{url}mnist.npz", name="mnist")

    dead = "http://127.0.0.1:1/"
    assert error_from(dead) == unreachable(dead)
    assert error_from(server.url) == unreachable(server.url)
    server.files["mnist.npz"], server.truncate = bytes(200_000), True
    assert error_from(server.url) == unreachable(server.url)
    assert list((home / "datasets").iterdir()) == []


def _loader(server: FileServer) -> tuple[Callable[[], Dataset], np.ndarray]:
    """Publish a small set; return what loads it without Keras's loader, and its training images."""
    arrays = _tiny()
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    server.files["mnist.npz"] = stream.getvalue()
    download = _download_of(server, "mnist")

    def convert(folder: Path, target: Path) -> None:
        shutil.copy(folder / download.files[0].keras_path, target)

    info = Downloads().describe("mnist")
    return lambda: fetch.load_npz(info, download, convert, lambda told, share: None), arrays["x_train"]


@pytest.mark.parametrize("damage", ["half-written", "of another version"])
def test_a_damaged_file_in_the_cache_is_downloaded_again_and_logged_once(damage, server, home, caplog):
    load, images = _loader(server)
    kept = home / "datasets" / "mnist.npz"
    kept.parent.mkdir(parents=True)
    if damage == "half-written":
        kept.write_bytes(server.files["mnist.npz"][:5000])
    else:
        np.savez(kept, images=images)
    for _ in range(2):  # the second time, the cache has it
        assert np.array_equal(load().x_train[..., 0], images)
    assert len(server.served) == 1
    assert len(caplog.records) == 1


def test_in_a_home_that_cannot_be_written_a_data_set_is_read_but_not_kept(server, home, caplog):
    load, images = _loader(server)
    home.write_text("a file where the folder should be")
    assert np.array_equal(load().x_train[..., 0], images)
    assert len(caplog.records) == 1


def test_a_disk_without_space_for_a_data_set_is_reported_in_one_sentence(server, home, monkeypatch):
    def no_space(path: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    load, _ = _loader(server)
    monkeypatch.setattr(fetch, "draft_file", no_space)
    with raises(DatasetError, "datasets.cache_not_writable"):
        load()


def _cifar_archive() -> bytes:
    """Return an archive with one image per batch; Keras's loader repeats it over the 10,000 it expects."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
            batch = {b"data": np.full((1, 3072), 7, np.uint8), b"labels": [3]}
            content = pickle.dumps(batch, protocol=3)
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def test_keras_looks_for_mnist_and_cifar_where_we_put_them(tmp_path, monkeypatch):
    """Disable Keras's own check of the hashes of these two, which our tiny files would fail."""
    from keras.src.utils import file_utils  # noqa: PLC0415

    from core.lab import keras_datasets  # noqa: PLC0415 (imports TensorFlow)

    monkeypatch.setattr(file_utils.config, "keras_home", lambda: str(tmp_path))  # as KERAS_HOME does
    monkeypatch.setattr(file_utils, "validate_file", lambda *_, **__: True)
    monkeypatch.setattr(file_utils, "urlretrieve", None)  # no way to the network
    mnist = io.BytesIO()
    np.savez(mnist, **_tiny())
    for name, content in (("mnist", mnist.getvalue()), ("cifar10", _cifar_archive())):
        path = tmp_path / DOWNLOADS[name].files[0].keras_path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        keras_datasets.main(name, str(tmp_path / f"{name}.npz"))
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))
    assert registry.load("mnist").x_train.shape == (50, 28, 28, 1)
    cifar = registry.load("cifar10", train_size=10)
    assert cifar.x_train.shape == (10, 32, 32, 3)
    assert (cifar.x_train == 7).all()
    assert (cifar.y_test == 3).all()


def test_a_data_set_in_the_folder_or_the_cache_needs_no_download(folder, home):
    assert registry.needs_download("mnist")
    np.savez(folder / "mnist.npz", **_tiny())
    assert not registry.needs_download("mnist")
    assert registry.needs_download("cifar10")
    (home / "datasets").mkdir(parents=True)
    np.savez(home / "datasets" / "cifar10.npz", **_tiny((32, 32, 3)))
    assert not registry.needs_download("cifar10")


def test_every_published_data_set_has_a_download():
    assert {info.name for info in INFOS if info.is_published} == set(DOWNLOADS)


@pytest.mark.parametrize("name", sorted(DOWNLOADS))
def test_addresses_and_checksums_agree_with_the_installed_keras(name):
    spec = importlib.util.find_spec("keras")  # does not import it
    assert spec is not None
    assert spec.origin is not None
    source = (Path(spec.origin).parent / "src" / "datasets" / f"{name}.py").read_text(encoding="utf-8")
    assert DOWNLOADS[name].base_url in source
    for file in DOWNLOADS[name].files:
        assert file.name in source
        assert name == "fashion_mnist" or file.sha256 in source  # Keras has no hash of Fashion-MNIST


# --- the real data


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_real_data_has_the_size_in_its_description(name, monkeypatch):
    if not (DATA / f"{name}.npz").is_file():
        pytest.skip(f"needs the real data at {DATA / name}.npz")
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(DATA))
    dataset = registry.load(name)
    assert dataset.x_train.shape == (dataset.info.train_size, *dataset.info.shape)
    assert dataset.x_test.shape == (dataset.info.test_size, *dataset.info.shape)
    assert set(np.unique(dataset.y_train)) == set(range(10))


def test_a_data_set_is_within_reach_if_it_is_here_or_its_server_answers(folder, monkeypatch):
    monkeypatch.setattr(fetch, "getproxies", dict)

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(fetch.socket, "create_connection", refuse)
    assert not registry.is_within_reach("mnist")
    np.savez(folder / "mnist.npz", **_tiny())
    assert registry.is_within_reach("mnist")
    assert registry.is_within_reach("drawn:dcgan")
