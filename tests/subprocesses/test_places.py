from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from core.errors import ExperimentError, SettingsError
from core.subprocesses import ProcessLimit, ProcessOwner, places
from core.subprocesses.places import Place
from tests.refusals import raises

Spawn = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Return a function that starts a process which does nothing; end all of them after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def sleeping() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["sleep", "60"]))
        return started[-1]

    yield sleeping
    for process in started:
        process.kill()
        process.wait()


def visitor(*ids: str, address: str = "") -> ProcessOwner:
    return ProcessOwner(frozenset(ids), lambda: True, address)


def has_ended(place: Place) -> bool:
    return place.process.poll() is not None


def test_a_visitor_s_new_process_replaces_their_own_also_when_all_places_are_taken(spawn: Spawn) -> None:
    limit = ProcessLimit(2)
    other = limit.take(spawn, visitor("other"))
    first = limit.take(spawn, visitor("cookie"))

    second = limit.take(spawn, visitor("cookie", "browser"))  # in a second tab, or after a reload
    third = limit.take(spawn, visitor("browser"))

    assert [has_ended(place) for place in (other, first, second, third)] == [False, True, True, False]
    assert first.ended_by == second.ended_by == "subprocesses.replaced"
    with pytest.raises(ExperimentError) as refused:
        limit.take(spawn, visitor("a third visitor"))
    assert refused.value.message.key == "subprocesses.all_taken"


def test_a_class_of_three_is_not_locked_out_by_its_reloads(spawn: Spawn) -> None:
    limit = ProcessLimit(3)
    for _ in range(3):
        for name in ("a", "b", "c"):
            limit.take(spawn, visitor(name))


def test_invented_visitors_of_one_address_keep_no_other_address_out(spawn: Spawn) -> None:
    limit = ProcessLimit(3)
    invented = [limit.take(spawn, visitor(name, address="one")) for name in ("a", "b", "c")]

    guest = limit.take(spawn, visitor("guest", address="two"))

    assert [place.ended_by for place in invented] == ["subprocesses.given_up", "", ""]
    with pytest.raises(ExperimentError):  # an address with one place takes none from one with two
        limit.take(spawn, visitor("second guest", address="two"))
    with pytest.raises(ExperimentError):
        limit.take(spawn, visitor("d", address="one"))
    assert not has_ended(guest)


def test_an_unknown_address_takes_no_place_from_others(spawn: Spawn) -> None:
    limit = ProcessLimit(2)
    for name in ("a", "b"):
        limit.take(spawn, visitor(name, address="one"))
    with pytest.raises(ExperimentError):
        limit.take(spawn, visitor("unknown"))


def test_processes_of_nobody_replace_none(spawn: Spawn) -> None:
    limit = ProcessLimit(2)
    first, second = limit.take(spawn), limit.take(spawn)

    assert not has_ended(first)
    assert not has_ended(second)


def test_a_process_ends_when_its_visitor_has_left_but_not_at_once(
    spawn: Spawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "CHECK", 0.01)
    monkeypatch.setattr(places, "GRACE", 0.05)
    limit = ProcessLimit(3)
    stays = limit.take(spawn, visitor("stays"))
    here = True
    leaves = limit.take(spawn, ProcessOwner(frozenset({"leaves"}), lambda: here))
    time.sleep(0.1)
    assert not has_ended(leaves)

    here = False
    assert leaves.process.wait(timeout=10)
    assert leaves.ended_by == "subprocesses.visitor_left"
    assert not has_ended(stays)


def test_a_process_ends_when_a_run_has_waited_long_enough_for_its_memory(
    spawn: Spawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "CHECK", 0.01)
    limit = ProcessLimit(1)
    place = limit.take(spawn, ProcessOwner(frozenset({"one"}), lambda: True, must_yield=lambda: True))

    assert place.process.wait(timeout=10)
    assert place.ended_by == "subprocesses.training_waited"


def test_a_visitor_whose_connection_broke_for_a_moment_has_not_left(spawn: Spawn) -> None:
    here = False
    place = Place(spawn(), ProcessOwner(frozenset(), lambda: here))

    assert not place.has_left(0.0)
    assert not place.has_left(places.GRACE - 1)
    here = True
    assert not place.has_left(places.GRACE + 1)
    here = False
    assert not place.has_left(places.GRACE + 2)
    assert place.has_left(2 * places.GRACE + 2)


def test_the_environment_sets_how_many_experiments_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_MEMORY_GB", "8")
    monkeypatch.delenv("DEEP_IMAGE_LAB_EXPERIMENTS", raising=False)
    assert ProcessLimit().limit == 3
    monkeypatch.setenv("DEEP_IMAGE_LAB_EXPERIMENTS", "7")
    assert ProcessLimit().limit == 7
    monkeypatch.setenv("DEEP_IMAGE_LAB_EXPERIMENTS", "many")
    with raises(SettingsError, "settings.whole_number", low=0, high=64, value="many"):
        assert ProcessLimit().limit
