from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.datasets import registry
from core.datasets.fetch import Download, RemoteFile
from core.datasets.sources.emnist import DOWNLOAD, JOINED, LETTERS, Emnist
from core.errors import DatasetError
from core.images.normalise import as_in_emnist, normalise
from tests.datasets.sources.local_files import FileServer, idx

LETTER_LABELS = np.arange(1, 27, dtype=np.uint8)


@pytest.fixture(autouse=True)
def _in_empty_home(home) -> None:
    """Keep every test of this file away from the data of this machine."""


def _letters() -> np.ndarray:
    """Return 26 images that are not their own mirror images, so that a turned one is noticed."""
    return np.random.default_rng(0).integers(0, 256, (26, 28, 28), np.uint8)


def _archive(**changes: bytes) -> bytes:
    """Return an archive as NIST publishes it, its images turned as they are there."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for split in ("train", "test"):
            images = idx(_letters().transpose(0, 2, 1))
            archive.writestr(
                f"gzip/emnist-letters-{split}-images-idx3-ubyte.gz", changes.get("images", images)
            )
            archive.writestr(f"gzip/emnist-letters-{split}-labels-idx1-ubyte.gz", idx(LETTER_LABELS))
    return stream.getvalue()


def _source(server: FileServer, archive: bytes) -> Emnist:
    file = DOWNLOAD.files[0]
    server.files[file.name] = archive
    return Emnist(
        Download(server.url, (RemoteFile(file.name, hashlib.sha256(archive).hexdigest(), file.keras_path),))
    )


def _write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """Write letters and digits into a visitor's folder, and return the image of every digit."""
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(folder))
    images = _letters()
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 10:14] = 255
    digits, labels = np.stack([digit] * 10), np.arange(10)
    np.savez(
        folder / f"{LETTERS}.npz", x_train=images, y_train=LETTER_LABELS, x_test=images, y_test=LETTER_LABELS
    )
    np.savez(folder / "mnist.npz", x_train=digits, y_train=labels, x_test=digits, y_test=labels)
    return digit


def test_the_published_archive_is_read_upright_and_kept(server, home):
    source = _source(server, _archive())
    assert source.needs_download(LETTERS)
    for _ in range(2):
        data = source.load(LETTERS, None, 0, lambda told, share: None)
        assert np.array_equal(data.x_train[..., 0], _letters())
        assert np.array_equal(data.y_test, np.arange(26))
        assert not source.needs_download(LETTERS)
    assert len(server.served) == 1
    assert [path.name for path in (home / "datasets").iterdir()] == [f"{LETTERS}.npz"]


@pytest.mark.parametrize("archive", [b"no archive", _archive(images=b"no idx file")])
def test_a_damaged_archive_is_refused_in_one_sentence_and_not_kept(archive, server, home):
    with pytest.raises(DatasetError) as refused:
        _source(server, archive).load(LETTERS, None, 0, lambda told, share: None)
    assert refused.value.message.key == "datasets.damaged_archive"
    assert list((home / "datasets").iterdir()) == []


def test_the_joined_set_has_the_digits_first_in_the_format_of_the_letters(tmp_path, monkeypatch):
    digit = _write(tmp_path, monkeypatch)
    data = registry.load(JOINED)
    assert "".join(data.info.classes) == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert np.array_equal(data.y_train, np.arange(36))
    assert np.array_equal(data.x_test[10:, ..., 0], _letters())
    rows, columns = np.nonzero(data.x_train[0, ..., 0] > 128)
    assert rows.max() - rows.min() + 1 == 24  # MNIST's digits are 20 pixels high
    assert rows.max() + rows.min() == 27  # centred by the box, not by mass
    assert abs(columns.max() + columns.min() - 27) <= 1
    assert digit.shape == data.x_train.shape[1:3]


def test_every_other_training_letter_of_the_joined_set_is_converted_as_a_glyph_of_a_picture(
    tmp_path, monkeypatch
):
    _write(tmp_path, monkeypatch)
    letters = registry.load(JOINED).x_train[10:, ..., 0]
    assert np.array_equal(letters[::2], _letters()[::2])
    assert np.array_equal(letters[1::2], [as_in_emnist(normalise(image)) for image in _letters()[1::2]])


def test_letters_are_labelled_from_0_and_a_subset_is_drawn_by_seed(tmp_path, monkeypatch):
    _write(tmp_path, monkeypatch)
    assert np.array_equal(registry.load(LETTERS).y_train, np.arange(26))
    assert len(registry.load(JOINED, train_size=5, seed=1).y_train) == 5
    assert not registry.needs_download(JOINED)
    (tmp_path / "mnist.npz").unlink()
    assert registry.needs_download(JOINED)
    assert not registry.needs_download(LETTERS)


def test_a_name_that_only_begins_alike_is_unknown():
    with pytest.raises(DatasetError) as refused:
        registry.describe("emnist_letters:small")
    assert refused.value.message.key == "datasets.unknown"
