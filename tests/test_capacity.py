from __future__ import annotations

import pytest

from core.capacity import Capacity, capacity
from core.host import Host
from core.settings import PREFIX, parse


def allowed(gigabytes: float, processors: int = 8, **named: str) -> Capacity:
    return capacity(
        parse({f"{PREFIX}{name}": value for name, value in named.items()}), Host(gigabytes * 1e9, processors)
    )


@pytest.mark.parametrize(
    ("gigabytes", "processors", "runs"),
    [(1, 8, 1), (2.9, 8, 1), (3.5, 8, 1), (4, 8, 2), (64, 8, 4), (64, 1, 1), (64, 3, 1), (64, 2, 1)],
)
def test_one_run_per_two_processors_trains_if_the_memory_is_enough(
    gigabytes: float, processors: int, runs: int
) -> None:
    assert allowed(gigabytes, processors).runs == runs


def test_below_three_gigabytes_there_is_no_warm_worker() -> None:
    assert [allowed(n).warm_minutes for n in (1, 2.9, 3, 16)] == [0, 0, 5, 5]


def test_below_one_and_a_half_gigabytes_no_experiment_lives_beside_a_training() -> None:
    assert [allowed(n).shared for n in (1, 1.4, 1.5, 16)] == [False, False, True, True]
    assert [allowed(n).experiments for n in (1, 2.9, 3, 16)] == [1, 1, 3, 3]


def test_a_setting_overrides_each_choice() -> None:
    asked = allowed(1, WORKERS="5", WARM="2", EXPERIMENTS="4", RUN_MINUTES="9")
    assert (asked.runs, asked.warm_minutes, asked.experiments, asked.shared) == (5, 2, 4, True)
    assert asked.run_minutes == 9
    assert allowed(16, WARM="0").warm_minutes == 0
    assert allowed(16, EXPERIMENTS="0").experiments == 0


def test_a_setting_stands_for_the_memory_of_the_host() -> None:
    assert allowed(64, MEMORY_GB="2") == allowed(2)
    assert allowed(1, MEMORY_GB="64") == allowed(64)


def test_runs_have_a_time_limit_where_the_app_is_hosted() -> None:
    assert allowed(16).run_minutes == 0
    assert allowed(16, HOSTED="1").run_minutes == 60
    assert allowed(16, HOSTED="1", RUN_MINUTES="0").run_minutes == 0
