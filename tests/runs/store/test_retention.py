from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from core.contract.config import ClassifierConfig
from core.errors import SettingsError
from core.runs import Control, Run, RunStore
from core.runs.store.retention import DAY, Owned, sweep, to_delete
from tests.refusals import raises

Make = Callable[..., Run]


@pytest.fixture
def make(store: RunStore) -> Make:
    """Return a function that makes a run by the days since its end and its size in megabytes."""

    def made(
        days: float,
        megabytes: float = 0,
        state: str = "finished",
        visitor: str = "",
        address: str = "",
        **changes: object,
    ) -> Run:
        run = store.create(ClassifierConfig(), visitor=visitor, address=address)
        run.write_status(state=state, ended=time.time() - days * DAY, **changes)
        (run.folder / "filler").write_bytes(bytes(int(megabytes * 1e6)))
        return run

    return made


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_KEEP_DAYS", "30")
    monkeypatch.setenv("DEEP_IMAGE_LAB_KEEP_GB", "0.01")  # 10 MB


def left(store: RunStore) -> set[Run]:
    return set(store.list())


def test_runs_that_are_too_old_are_deleted(store: RunStore, make: Make) -> None:
    old, young, failed = make(31), make(29), make(40, state="failed")
    assert set(sweep(store)) == {old.id, failed.id}
    assert left(store) == {young}


def test_the_oldest_runs_are_deleted_until_the_rest_fit(store: RunStore, make: Make) -> None:
    youngest, oldest, middle, last = make(2, 4), make(9, 4), make(5, 4), make(1, 1)
    assert sweep(store) == [oldest.id]
    assert left(store) == {youngest, middle, last}
    assert sweep(store) == []


def test_the_visitor_who_fills_the_space_loses_their_oldest_runs(store: RunStore, make: Make) -> None:
    others = {make(20, 2, visitor="quiet", address="x"), make(1, 1, visitor="quiet", address="x")}
    oldest, middle, youngest = (make(days, 4, visitor="greedy", address="y") for days in (9, 8, 7))
    assert sweep(store) == [oldest.id, middle.id]
    assert left(store) == {*others, youngest}


def test_visitors_invented_at_one_address_count_together() -> None:
    invented = [Owned(f"i{n}", "there", f"invented-{n}", 2) for n in range(6)]
    owned = [Owned("mine", "here", "me", 5), *invented]
    candidates = ["mine", *(run.run for run in invented)]
    assert to_delete(owned, candidates, 13) == ["i0", "i1"]
    assert to_delete(owned, candidates, 17) == []


def test_at_an_address_the_visitor_with_the_most_bytes_loses_runs() -> None:
    owned = [
        Owned("a", "school", "small", 1),
        Owned("b", "school", "large", 3),
        Owned("c", "school", "large", 3),
    ]
    assert to_delete(owned, ["a", "b", "c"], 5) == ["b"]


def test_runs_that_may_not_be_deleted_count_but_stay() -> None:
    owned = [Owned("training", "x", "me", 9), Owned("ended", "y", "you", 1)]
    assert to_delete(owned, ["ended"], 5) == ["ended"]


def test_the_run_that_ended_last_stays_at_any_size(store: RunStore, make: Make) -> None:
    old, last = make(2, 1), make(1, 12)
    assert sweep(store) == [old.id]
    assert left(store) == {last}


def test_runs_under_way_count_towards_the_limit_and_stay(store: RunStore, make: Make) -> None:
    training, ended, last = make(50, 8, state="running"), make(2, 3), make(1, 1)
    lock = training.lock()
    assert sweep(store) == [ended.id]
    assert left(store) == {training, last}
    lock.release()


def test_parked_runs_are_deleted_as_ended_ones_are(store: RunStore, make: Make) -> None:
    old, large, last = make(31, 1, state="parked"), make(5, 9, state="parked"), make(1, 2)
    assert set(sweep(store)) == {old.id, large.id}
    assert left(store) == {last}


def test_limits_of_zero_keep_everything(store: RunStore, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAYS", "GB"):
        monkeypatch.setenv(f"DEEP_IMAGE_LAB_KEEP_{name}", "0")
    runs = {make(1000, 8), make(900, 8)}
    assert sweep(store) == []
    assert left(store) == runs


def test_old_runs_never_started_discarded_runs_and_half_deleted_folders_are_deleted(
    store: RunStore, make: Make
) -> None:
    fresh, forgotten = store.create(ClassifierConfig()), store.create(ClassifierConfig())
    forgotten.write_status(created=time.time() - 2 * DAY)
    discarded = store.create(ClassifierConfig())
    discarded.request(Control.DISCARD)
    discarded.write_status(state="running")  # its worker was killed before it could discard the run
    half = store.root / "runs" / ".deleted-x"
    half.mkdir()
    os.utime(half, (0, 0))
    assert set(sweep(store)) == {forgotten.id, discarded.id}
    assert left(store) == {fresh}
    assert not half.exists()


@pytest.mark.parametrize("name", ["DEEP_IMAGE_LAB_KEEP_DAYS", "DEEP_IMAGE_LAB_KEEP_GB"])
@pytest.mark.parametrize("text", ["-1", "all", "nan"])
def test_an_invalid_setting_is_refused_and_deletes_nothing(
    store: RunStore, make: Make, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    run = make(1000)
    monkeypatch.setenv(name, text)
    with raises(SettingsError, "settings.number", name=name, low=0, high=100_000, value=text):
        sweep(store)
    assert left(store) == {run}
