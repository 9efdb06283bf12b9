from __future__ import annotations

import pytest

from pages.parts.shared import kept_visits
from pages.parts.shared.kept_visits import Visit, Visits
from pages.parts.shared.uploads import FileStore


def _visit(content: bytes = b"content") -> Visit:
    shelf = FileStore()
    shelf.put("key", content)
    return Visit(shelf, {"upload": {"key": "a.png"}})


def test_a_visit_is_found_by_its_visitor_and_by_nobody_else() -> None:
    visits, visit = Visits(), _visit()

    assert visits.keep(visit, {"me"})

    assert visits.find(visit.id, {"me", "also me"}) is visit
    assert visits.find(visit.id, {"you"}) is None
    assert visits.find(visit.id, set()) is None
    assert visits.find("another", {"me"}) is None


def test_a_visit_is_dropped_an_hour_after_its_last_use(monkeypatch: pytest.MonkeyPatch) -> None:
    visits, visit, now = Visits(), _visit(), [1000.0]
    monkeypatch.setattr(kept_visits.time, "monotonic", lambda: now[0])
    visits.keep(visit, {"me"})

    now[0] += kept_visits.SECONDS - 1
    visits.sweep()
    assert visits.find(visit.id, {"me"})

    now[0] += 2
    assert visits.find(visit.id, {"me"}) is None


def test_a_visit_that_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    visits, visit = Visits(), _visit()
    visits.keep(visit, {"me"})
    monkeypatch.setattr(kept_visits, "MOST_BYTES", 3)

    assert not visits.keep(visit, {"me"})
    assert visits.find(visit.id, {"me"}) is None


@pytest.mark.parametrize(("limit", "most"), [("MOST", 2), ("MOST_BYTES_IN_ALL", 14)])
def test_of_too_many_visits_the_one_used_longest_ago_is_dropped(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(kept_visits, limit, most)
    visits, kept = Visits(), [_visit() for _ in range(3)]

    for visit in (*kept[:2], kept[0], kept[2]):
        visits.keep(visit, {"me"})

    assert [visits.find(visit.id, {"me"}) is not None for visit in kept] == [True, False, True]
