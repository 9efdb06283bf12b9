from __future__ import annotations

from typing import Any

from core.contract.config import ClassifierConfig
from core.contract.field_labels import AUGMENTATION_LABELS
from core.runs import RunStore
from core.runs.report.run_names import distinct_names


def test_equal_names_are_numbered_and_carry_what_differs(store: RunStore) -> None:
    first = store.create(ClassifierConfig(epochs=1))
    second = store.create(ClassifierConfig(epochs=2))
    other = store.create(ClassifierConfig(epochs=2), name="mine")

    names = distinct_names([other, second, first])

    assert names[other.id] == "mine"
    assert names[first.id] != names[second.id]
    assert names[first.id].endswith("1 (Epochs: 1)")
    assert names[second.id].endswith("2 (Epochs: 2)")


def test_names_carry_the_settings_that_tell_the_runs_apart(store: RunStore) -> None:
    changes: list[dict[str, Any]] = [
        {"epochs": 1},
        {"epochs": 2, "batch_size": 128},
        {"epochs": 2, "batch_size": 128, "learning_rate": 0.01},
    ]
    runs = [store.create(ClassifierConfig(**change)) for change in changes]

    names = [name.partition("(")[2] for name in distinct_names(runs[::-1]).values()]

    assert len(set(names)) == 3
    assert not any("Batch" in name for name in names)  # epochs tell the same apart


def test_names_carry_the_words_for_settings_that_are_ids(store: RunStore) -> None:
    runs = {kind: store.create(ClassifierConfig(augmentation=kind)) for kind in ("none", "together")}

    names = distinct_names(list(runs.values()))

    for kind, run in runs.items():
        assert names[run.id].endswith(f"(Augmentation: {AUGMENTATION_LABELS[kind]})")


def test_runs_alike_in_all_settings_are_only_numbered(store: RunStore) -> None:
    runs = [store.create(ClassifierConfig(), name="same") for _ in range(2)]
    assert set(distinct_names(runs).values()) == {"same 1", "same 2"}


def test_a_damaged_run_has_no_name(store: RunStore) -> None:
    run = store.create(ClassifierConfig())
    (run.folder / "config.json").write_text("{")
    assert distinct_names([run]) == {}
