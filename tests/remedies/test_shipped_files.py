from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BundleError
from core.images.corruption_kinds import KINDS, STRENGTHS
from core.remedies import corruption_table, stored_answers
from core.remedies.corruption_table import read_table
from core.remedies.shipped_files import SHIPPED, damage_named, read_json, write_json
from core.remedies.stored_answers import read_answers
from tests.refusals import raises


def test_values_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_json({"a": [1, 2.5]}, tmp_path / "new" / "file.json")

    assert read_json(tmp_path / "new" / "file.json") == {"a": [1, 2.5]}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with raises(BundleError, "remedies.unreadable", file="file.json"), damage_named(tmp_path / "file.json"):
        read_json(tmp_path / "file.json")


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
def test_the_shipped_measurements_are_complete_and_small(dataset: str) -> None:
    table = read_table(Path(str(corruption_table.FILE).format(dataset=dataset)))
    answers = read_answers(Path(str(stored_answers.FILE).format(dataset=dataset)))

    assert list(table.errors) == [kind.name for kind in KINDS]
    assert all(len(each) == len(STRENGTHS) for row in table.errors.values() for each in row.values())
    assert all(len(probabilities) == 10_000 for probabilities in answers.tests.values())
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 2_500_000


def test_spoilt_digits_are_harder_and_augmentation_helps() -> None:
    table = read_table(Path(str(corruption_table.FILE).format(dataset="mnist")))

    assert all(table.mean_error(name) > table.clean[name] for name in table.networks)
    assert table.mean_error("cnn") < table.mean_error("plain_cnn")
