"""Train on the machines of a Ray cluster; the worker process records and steers the training.

``DEEP_IMAGE_LAB_CLUSTER`` names the cluster (``host:6379`` on one of its machines, ``ray://host:10001`` from
outside). A training runs in an actor there; the recorder pulls its events one by one, and pauses it by not
pulling, as with a local training. Only the cluster imports TensorFlow.
"""

from __future__ import annotations

import io
import logging
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.contract.config import TrainingConfig, from_dict, to_dict
from core.contract.events import Event, Finished
from core.contract.learning_rates import Changes
from core.drafts import draft_file
from core.errors import LabError, RunError
from core.messages import Progress, message
from core.runs.process.launch import tensorflow_settings

CORES = 2  # per training
CONNECT_TIMEOUT = 5.0  # seconds
REPORT_EVERY = 0.25  # seconds between two reports while the cluster finds room and loads data

_CHECKPOINTS = ("state.npz", "previous.npz")  # newest first
_PACKAGE = Path(__file__).resolve().parents[2]


class ClusterTraining:
    """A training on the cluster, with the interface of a local one.

    Raises:
        RunError: in any method, when the machine that trains is lost.
        LabError: any error of the training itself.
    """

    def __init__(self, ray: Any, actor: Any, steps_per_epoch: int) -> None:
        self.step = 0
        self.event_pending = False
        self.steps_per_epoch = steps_per_epoch
        self._steered: tuple[int | None, Changes] = (None, ())
        self._ray = ray
        self._actor = actor

    def __iter__(self) -> Iterator[Event]:
        while True:
            event, self.step, self.event_pending = self._ask("next_event", *self._steered)
            if event is None:
                return
            yield event
            if isinstance(event, Finished):
                return

    def steer(self, until: int | None, changes: Changes) -> None:
        """Set the step at which a chunk of steps must end, and the changes of the learning rates."""
        self._steered = until, changes

    def stop(self) -> None:
        """Request an end after the current chunk of steps."""
        self._ask("stop")

    def save(self, folder: Path) -> None:
        """Copy a checkpoint from the cluster; the previous one is kept beside it.

        Raises:
            OSError: when the disk is full or may not be written to; the previous checkpoint then remains.
        """
        content = self._ask("checkpoint")
        folder.mkdir(parents=True, exist_ok=True)
        newest, previous = (folder / name for name in _CHECKPOINTS)
        with draft_file(newest) as draft:
            draft.write_bytes(content)
            if newest.exists():
                newest.replace(previous)

    def restore(self, folder: Path) -> None:
        """Return to a checkpoint of this machine."""
        files = {name: (folder / name).read_bytes() for name in _CHECKPOINTS if (folder / name).is_file()}
        self.step = self._ask("restore", files)

    def result(self) -> ClusterTraining:
        """Return this, whose ``publish`` copies what is left on the cluster."""
        return self

    def publish(self, folder: Path) -> None:
        """Copy the bundle from the cluster."""
        with zipfile.ZipFile(io.BytesIO(self._ask("bundle"))) as archive:
            archive.extractall(folder)

    def _ask(self, method: str, *values: Any) -> Any:
        return _answer(self._ray, getattr(self._actor, method).remote(*values))


def start(address: str, config: TrainingConfig, progress: Progress) -> ClusterTraining:
    """Start a training on the cluster and load the data there.

    Raises:
        RunError: when Ray is not installed, or the cluster cannot be reached.
        LabError: any error of the training itself.
    """
    ray = _connected(address)
    # This reference keeps the actor alive; a recorder that dies ends its actor, too.
    actor = ray.remote(num_cpus=CORES, max_restarts=0)(_Trainer).remote(to_dict(config))
    loaded = actor.load.remote()
    while not ray.wait([loaded], timeout=REPORT_EVERY)[0]:
        progress(message("runs.waiting_for_cluster"), None)
    return ClusterTraining(ray, actor, _answer(ray, loaded))


class _Trainer:
    """The actor: a training of the lab, on any machine with room."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = from_dict(config)
        self._training: Any = None
        self._events: Iterator[Event] = iter(())

    def load(self) -> int:
        from core.lab.training.start import start  # noqa: PLC0415 (imports TensorFlow, on the cluster)

        self._training = start(self._config)
        self._events = iter(self._training)
        return self._training.steps_per_epoch

    def next_event(self, until: int | None, changes: Changes) -> tuple[Event | None, int, bool]:
        self._training.steer(until, changes)
        event = next(self._events, None)
        return event, self._training.step, self._training.event_pending

    def stop(self) -> None:
        self._training.stop()

    def checkpoint(self) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            self._training.save(Path(folder))
            return (Path(folder) / _CHECKPOINTS[0]).read_bytes()

    def restore(self, files: dict[str, bytes]) -> int:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            self._training.restore(Path(folder))
        return self._training.step

    def bundle(self) -> bytes:
        from core.lab.publishing.publish import publish  # noqa: PLC0415 (imports TensorFlow, on the cluster)

        with tempfile.TemporaryDirectory() as folder:
            publish(self._training, Path(folder) / "bundle")
            archive = shutil.make_archive(str(Path(folder) / "all"), "zip", Path(folder) / "bundle")
            return Path(archive).read_bytes()


def _connected(address: str) -> Any:
    try:
        import ray  # noqa: PLC0415 (installed only for a cluster)
    except ImportError as error:
        raise RunError("runs.cluster_needs_ray") from error
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        # Ray itself tries for two minutes and then ends the process.
        socket.create_connection((host, int(port)), CONNECT_TIMEOUT).close()
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"py_modules": [str(_PACKAGE)], "env_vars": tensorflow_settings(CORES)},
        )
    except (OSError, ValueError, RuntimeError, ray.exceptions.AuthenticationError) as error:
        raise RunError("runs.cluster_unreachable", address=address) from error
    return ray


def _answer(ray: Any, question: Any) -> Any:
    """Return the answer of an actor, raise its errors unchanged, and a ``RunError`` for a lost machine."""
    try:
        return ray.get(question)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, LabError):
            raise error.cause from error
        raise
    except (ray.exceptions.RayActorError, ray.exceptions.RaySystemError) as error:
        raise RunError("runs.cluster_lost") from error
