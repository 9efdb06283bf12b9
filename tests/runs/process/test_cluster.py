"""Runs on a real Ray cluster of this machine, started for the test."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.bundles.bundle import open_bundle
from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, Finished, Started
from core.errors import RunError
from core.runs import Run, RunStore
from core.runs.process import cluster, launch
from core.runs.report.history import History
from core.runs.store.control import Control
from tests.refusals import raises

RAY = Path(sys.executable).with_name("ray")
Until = Callable[..., None]


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Switch token authentication on, as docs/hosting.md says, and yield the file of the token."""
    file = tmp_path_factory.mktemp("token") / "auth_token"
    file.write_text(secrets.token_hex(32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN_PATH", str(file))
        yield file


@pytest.fixture(scope="module")
def head(token: Path) -> Iterator[str]:
    """Start a cluster of one machine with room for two trainings, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with tempfile.TemporaryDirectory(
        prefix="ray", dir="/tmp"
    ) as folder:  # the paths of sockets must be short
        options = ["--num-cpus=4", "--include-dashboard=false", "--disable-usage-stats"]
        place = [
            f"--port={address.rpartition(':')[2]}",
            "--node-ip-address=127.0.0.1",
            f"--temp-dir={folder}",
        ]
        command = [str(RAY), "start", "--head", "--block", *options, *place]
        log = Path(folder) / "start.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.DEVNULL, start_new_session=True
            )
        try:
            _wait_for_start(log, process)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # ends its servers too
            process.wait(30)


def _wait_for_start(log: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a driver can connect, at most 60 seconds; asking Ray itself would take an import of it."""
    give_up = time.monotonic() + 60
    while b"Ray runtime started" not in log.read_bytes():
        assert process.poll() is None
        assert time.monotonic() < give_up, "the cluster does not start"
        time.sleep(0.05)


@pytest.fixture
def on_the_cluster(head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP_IMAGE_LAB_CLUSTER", head)
    monkeypatch.setenv("DEEP_IMAGE_LAB_WORKERS", "2")


def config(seed: int) -> ClassifierConfig:
    return ClassifierConfig(architecture="lenet5", train_size=100, epochs=3, batch_size=16, seed=seed)


def actors() -> list[int]:
    """Return the ids of the cluster's processes that train."""
    names = ((int(path.parent.name), path) for path in Path("/proc").glob("[0-9]*/cmdline"))
    return [pid for pid, path in names if b"ray::_Trainer" in _content(path)]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has just ended
        return b""


def paused(run: Run) -> bool:
    state = run.status()
    assert state.state not in ("failed", "interrupted"), str(state.message)
    return state.state == "paused"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_of_two_runs_at_once_one_continues_after_losing_its_machine_and_one_is_stopped(
    store: RunStore, until: Until, on_the_cluster: None
) -> None:
    runs = [store.create(config(seed)) for seed in (1, 2)]
    for run in runs:
        launch.start(run)
        run.request(Control.EPOCH)
    until(lambda: all(paused(run) for run in runs), 90)
    assert all(run.checkpoint.is_dir() for run in runs)

    os.kill(actors()[0], signal.SIGKILL)  # either run's: only Ray knows which
    for run in runs:
        run.request(Control.EPOCH)
    until(lambda: any(run.status().state == "failed" for run in runs), 60)
    lost, stopped = sorted(runs, key=lambda run: run.status().state)
    assert lost.status().message.key == "runs.cluster_lost"

    stopped.request(Control.STOP)
    launch.resume(lost)
    until(lambda: stopped.status().state == "stopped", 60)
    assert open_bundle(stopped.bundle).card.family == "cnn"

    until(lambda: lost.status().state == "finished", 120)
    assert open_bundle(lost.bundle).card.family == "cnn"
    events = lost.record.events()[0]
    assert sum(isinstance(event, Started) for event in events) == 1
    assert isinstance(events[-1], Finished)
    steps = sum(len(event.loss) for event in events if isinstance(event, ClassifierSteps))
    assert steps == lost.status().total_steps
    assert len(History(lost).refresh().by_step["loss"]) == steps


def test_a_cluster_that_does_not_answer_is_reported_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunError) as refused:
        cluster.start("127.0.0.1:1", config(1), lambda text, share: None)
    assert refused.value.message.key == "runs.cluster_unreachable"


def test_a_cluster_that_refuses_the_token_is_reported_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ray  # noqa: PLC0415 (takes a second)

    def refuse(**settings: object) -> None:
        raise ray.exceptions.AuthenticationError("no authentication token was found")

    monkeypatch.setattr(ray, "init", refuse)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with raises(RunError, "runs.cluster_unreachable", address=address):
            cluster.start(address, config(1), lambda text, share: None)


def test_the_error_without_ray_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with raises(RunError, "runs.cluster_needs_ray"):
        cluster.start("127.0.0.1:1", config(1), lambda text, share: None)
