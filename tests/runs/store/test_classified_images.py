from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from core.contract.evaluation import ClassifiedImages
from core.contract.events import Answers
from core.runs import Run
from core.runs.store import classified_images

SOME = ClassifiedImages(
    np.arange(2 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28, 1),
    np.uint8([4, 7]),
    np.uint8([4, 1]),
    np.float32([0.9, 0.6]),
)


def same(one: ClassifiedImages, other: ClassifiedImages) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(one))


def test_classified_images_are_read_back_and_the_record_names_its_file(run: Run) -> None:
    run.record.append(Answers(20, 1, "validation", [[1]], SOME))
    (event,), _ = run.record.events()
    assert isinstance(event, Answers)
    found = classified_images.read(run.folder / event.file)
    assert found is not None
    assert same(found, SOME)


def test_later_images_of_a_split_replace_earlier_ones(tmp_path: Path) -> None:
    for split, step in (("validation", 5), ("validation", 10), ("test", 10)):
        classified_images.write(tmp_path / "answers", split, step, SOME)
    left = sorted(path.name for path in (tmp_path / "answers").iterdir())
    assert left == ["test-00000010.npz", "validation-00000010.npz"]


def edited(**changes: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **{**vars(SOME), **changes})
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        edited()[:-40],
        edited(labels=np.uint8([1])),
        edited(images=np.zeros((2, 28, 28), np.uint8)),
        edited(images=np.zeros((2, 28, 28, 2), np.uint8)),
        edited(probability=np.float64([0.5, 0.5])),
        edited(predicted=np.array([{"a": 1}, None], dtype=object)),
        edited(labels=np.zeros((2, 2), np.uint8)),
    ],
)
def test_a_damaged_file_is_read_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "test-00000001.npz").write_bytes(content)
    assert classified_images.read(tmp_path / "test-00000001.npz") is None


def test_a_missing_file_is_read_as_none(tmp_path: Path) -> None:
    assert classified_images.read(tmp_path / "test-00000001.npz") is None
