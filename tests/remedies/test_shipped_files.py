from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BundleError
from core.images.corruption_kinds import KINDS, STRENGTHS
from core.remedies import corruption_table, stored_answers
from core.remedies.attack_table import AttackTable
from core.remedies.compression import CompressionTable
from core.remedies.corruption_table import CorruptionTable
from core.remedies.data_curves import DataCurves
from core.remedies.explanation_table import ExplanationTable
from core.remedies.shipped_files import SHIPPED, read_measurement, shipped_file, write_measurement
from core.remedies.stored_answers import read_answers
from tests.refusals import raises


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (CorruptionTable, ""),
        (CorruptionTable, "[]"),
        (CorruptionTable, "{}"),
        (CorruptionTable, '{"errors": 1}'),
        (AttackTable, '{"networks": ["a"]}'),
        (CompressionTable, '{"dataset": "mnist", "images": 1, "networks": [{"size": 3}]}'),
        (DataCurves, '{"points": [{"remedy": "nothing"}]}'),
        (ExplanationTable, '{"networks": {"a": {"random": {}}}}'),
        (ExplanationTable, '{"networks": {"a": 3}}'),
        (ExplanationTable, None),
    ],
)
def test_a_missing_or_damaged_file_or_one_of_another_version_is_named(
    tmp_path: Path, kind: type, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "file.json").write_text(content, encoding="utf-8")

    with raises(BundleError, "remedies.unreadable", file="file.json"):
        read_measurement(kind, tmp_path / "file.json")


def test_numbers_are_written_to_five_digits(tmp_path: Path) -> None:
    table = AttackTable(dataset="mnist", images=2, networks=("a",), accuracy={"b": {"c": (0.123456, 1.0)}})

    write_measurement(table, tmp_path / "new" / "file.json")

    found = read_measurement(AttackTable, tmp_path / "new" / "file.json")
    assert found.accuracy == {"b": {"c": (0.12346, 1.0)}}
    assert found.networks == ("a",)


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
def test_the_shipped_measurements_are_complete_and_small(dataset: str) -> None:
    table = read_measurement(CorruptionTable, shipped_file(corruption_table.FILE, dataset))
    answers = read_answers(shipped_file(stored_answers.FILE, dataset))

    assert list(table.errors) == [kind.name for kind in KINDS]
    assert all(len(each) == len(STRENGTHS) for row in table.errors.values() for each in row.values())
    assert all(len(probabilities) == 10_000 for probabilities in answers.tests.values())
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 2_500_000


def test_spoilt_digits_are_harder_and_augmentation_helps() -> None:
    table = read_measurement(CorruptionTable, shipped_file(corruption_table.FILE, "mnist"))

    assert all(table.mean_error(name) > table.clean[name] for name in table.networks)
    assert table.mean_error("cnn") < table.mean_error("plain_cnn")
