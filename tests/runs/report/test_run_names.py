from __future__ import annotations

from core.contract.config import ClassifierConfig
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


def test_runs_alike_in_all_settings_are_only_numbered(store: RunStore) -> None:
    runs = [store.create(ClassifierConfig(), name="same") for _ in range(2)]
    assert set(distinct_names(runs).values()) == {"same 1", "same 2"}


def test_a_damaged_run_has_no_name(store: RunStore) -> None:
    run = store.create(ClassifierConfig())
    (run.folder / "config.json").write_text("{")
    assert distinct_names([run]) == {}
