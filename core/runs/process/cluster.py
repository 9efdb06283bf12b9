"""Trainings on the machines of a Ray cluster: the worker process stays their recorder, and steers them.

``DEEP_IMAGE_LAB_CLUSTER`` names the cluster (``host:6379`` on one of its machines, ``ray://host:10001`` from
outside). A training lives in an actor there; the recorder pulls its events one by one, so that pausing is not
pulling, as with a training at home. Nothing here imports TensorFlow: that happens on the cluster.
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

CORES = 2  # that a training asks of the cluster
REACH = 5.0  # seconds in which a cluster answers, if it is there
PATIENCE = 0.25  # seconds between two reports while the cluster looks for room and loads data


_CHECKPOINTS = ("state.npz", "previous.npz")  # newest first
_PACKAGE = Path(__file__).resolve().parents[2]


class ClusterTraining:
    """A training on the cluster, with all that a recorder knows of one at home.

    Raises:
        RunError: in any method, when the machine that trains is lost.
        LabError: what the training itself raises.
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
        """Sets the step at which a chunk of steps has to end, and the changes of the learning rates."""
        self._steered = until, changes

    def stop(self) -> None:
        """Asks for an end after the chunk of steps that is under way."""
        self._ask("stop")

    def save(self, folder: Path) -> None:
        """Brings a checkpoint home; the one before is kept beside it.

        Raises:
            OSError: when the disk is full or may not be written to; the checkpoint before then stands.
        """
        content = self._ask("checkpoint")
        folder.mkdir(parents=True, exist_ok=True)
        newest, previous = (folder / name for name in _CHECKPOINTS)
        with draft_file(newest) as draft:
            draft.write_bytes(content)
            if newest.exists():
                newest.replace(previous)

    def restore(self, folder: Path) -> None:
        """Goes back to a checkpoint that lies at home."""
        files = {name: (folder / name).read_bytes() for name in _CHECKPOINTS if (folder / name).is_file()}
        self.step = self._ask("restore", files)

    def publish(self, folder: Path) -> None:
        """Brings the bundle home."""
        with zipfile.ZipFile(io.BytesIO(self._ask("bundle"))) as archive:
            archive.extractall(folder)

    def _ask(self, method: str, *values: Any) -> Any:
        return _answer(self._ray, getattr(self._actor, method).remote(*values))


def start(address: str, config: TrainingConfig, progress: Progress) -> ClusterTraining:
    """Finds room on the cluster, and loads the data there.

    Raises:
        RunError: when Ray is not installed, or the cluster is not to be reached.
        LabError: what the training itself raises.
    """
    ray = _connected(address)
    # Its own reference keeps the actor alive, and a recorder that dies takes its actor with it.
    actor = ray.remote(num_cpus=CORES, max_restarts=0)(_Trainer).remote(to_dict(config))
    loaded = actor.load.remote()
    while not ray.wait([loaded], timeout=PATIENCE)[0]:
        progress(message("runs.waiting_for_cluster"), None)
    return ClusterTraining(ray, actor, _answer(ray, loaded))


class _Trainer:
    """The actor: a training of the lab, on whatever machine has room."""

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
        import ray  # noqa: PLC0415 (only who has a cluster has it)
    except ImportError as error:
        raise RunError(
            "DEEP_IMAGE_LAB_CLUSTER is set, but Ray is not installed; "
            "run pip install -r requirements-cluster.txt."
        ) from error
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        # Ray itself asks for two minutes, and then ends the process.
        socket.create_connection((host, int(port)), REACH).close()
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            runtime_env={"py_modules": [str(_PACKAGE)], "env_vars": tensorflow_settings(CORES)},
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise RunError(
            f"The cluster at {address} does not answer; start it, or correct its address."
        ) from error
    return ray


def _answer(ray: Any, question: Any) -> Any:
    """What an actor answers; its own errors as they were, a lost machine in a sentence."""
    try:
        return ray.get(question)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, LabError):
            raise error.cause from error
        raise
    except (ray.exceptions.RayActorError, ray.exceptions.RaySystemError) as error:
        raise RunError(
            "The cluster lost the machine that trained this run; resume it to go on from its last checkpoint."
        ) from error
