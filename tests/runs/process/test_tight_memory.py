from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from core.errors import ExperimentError
from core.runs import Control, Run, start
from core.runs.process import tight_memory
from tests.runs.conftest import kill

Until = Callable[[Callable[[], object]], None]
Fake = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _one_gigabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_MEMORY_GB", "1")


@pytest.fixture
def experiment(free_run: Run) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that lives as an experiment would."""
    with tight_memory.without_trainings(free_run.home) as inherited:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1, pass_fds=inherited)
    yield process
    process.kill()
    process.communicate()


def test_no_experiment_starts_beside_a_training(free_run: Run, fake: Fake, until: Until) -> None:
    start(free_run, command=fake(1000, 0.05))
    until(lambda: free_run.status().state == "running")
    with pytest.raises(ExperimentError) as caught, tight_memory.without_trainings(free_run.home):
        pass
    assert caught.value.message.key == "subprocesses.training_first"
    kill(free_run, until)
    with tight_memory.without_trainings(free_run.home) as inherited:
        assert len(inherited) == 1


def test_a_run_waits_until_the_process_of_an_experiment_has_ended_and_says_so(
    free_run: Run, experiment: subprocess.Popen[bytes], fake: Fake, until: Until
) -> None:
    start(free_run, command=fake())
    until(lambda: free_run.status().message.key == "runs.waiting_for_experiment")
    assert free_run.status().state == "waiting"
    experiment.kill()
    until(lambda: free_run.status().state == "finished")


@pytest.mark.usefixtures("experiment")
def test_a_run_that_waits_for_an_experiment_can_be_stopped(free_run: Run, fake: Fake, until: Until) -> None:
    start(free_run, command=fake())
    until(lambda: free_run.status().message.key == "runs.waiting_for_experiment")
    free_run.request(Control.STOP)
    until(lambda: free_run.status().state == "stopped")


@pytest.mark.usefixtures("experiment")
def test_an_experiment_must_yield_once_a_run_has_waited_for_a_while(
    free_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[bool] = []

    def look() -> bool:
        answers.append(tight_memory.has_waited_long(free_run.home))
        monkeypatch.setattr(tight_memory, "MOST_WAIT", -1)
        return len(answers) > 1

    with tight_memory.without_experiments(free_run, look) as free:
        assert not free
    assert answers == [False, True]
    assert not tight_memory.has_waited_long(free_run.home), "nobody waits any longer"


def test_trainings_do_not_wait_for_each_other(free_run: Run) -> None:
    with (
        tight_memory.without_experiments(free_run, lambda: True) as one,
        tight_memory.without_experiments(free_run, lambda: True) as other,
    ):
        assert one
        assert other


@pytest.mark.parametrize("setting", ["MEMORY_GB", "EXPERIMENTS"])
def test_with_more_memory_or_by_a_setting_both_live_at_once(
    free_run: Run, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv(f"DEEP_IMAGE_LAB_{setting}", "2")
    with (
        tight_memory.without_experiments(free_run, lambda: True) as one,
        tight_memory.without_trainings(free_run.home) as inherited,
    ):
        assert one
        assert inherited == ()
