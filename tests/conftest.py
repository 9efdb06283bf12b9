"""Share a home folder, small data and small models, published once a session, among the tests."""

from __future__ import annotations

import dataclasses
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from xdist.scheduler import LoadFileScheduling

from core.bundles.bundle import Bundle, open_bundle
from core.contract.config import ClassifierConfig, GanConfig
from core.contract.events import Event
from core.datasets import registry
from core.datasets.dataset import Dataset
from core.runs.store import locks

if TYPE_CHECKING:
    import keras

    from core.lab.experiments.training_steps import TrainingSteps
    from core.lab.training.classifier_training import ClassifierTraining

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before the first import of TensorFlow
# Containers set this; then each of some hundred child processes compiles the app, which takes it 0.4 s.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["LC_ALL"] = "C.UTF-8"  # the command line speaks the language of the environment

BROWSER = "tests/browser/"
FIRST = (  # in this order
    BROWSER,
    "tests/runs/process/test_cluster.py",
    "tests/test_checks.py",
    "tests/runs/test_resume.py",
    "tests/lab/",
    "tests/commands/",
)

Publish = Callable[..., Bundle]
Once = Callable[[str, Callable[[], Bundle]], Bundle]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that all processes end together."""

    def place(item: pytest.Item) -> int:
        return next((i for i, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Give all browser tests to one process, since they share a server, and each other file to one."""
    return Scheduling(config, log)


class Scheduling(LoadFileScheduling):
    """Distribute files, but the folder of the browser tests as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from looking through all imported libraries again and again."""
    gc.collect()
    gc.freeze()


@dataclasses.dataclass(frozen=True)
class Trained:
    """A training that ran to its end, with its events."""

    training: ClassifierTraining
    events: list[Event]


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep runs and downloads in a folder of the session, never in the developer's own."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEP_IMAGE_LAB_HOME", str(folder))
        patch.setenv("DEEP_IMAGE_LAB_WARM", "0")  # no half a gigabyte beside each test that opens a page
        yield folder


@pytest.fixture(scope="session")
def stripes() -> Dataset:
    """Return images of 8×8 with a bright pair of rows in a third of the height: three separable classes."""
    random = np.random.default_rng(0)

    def images(labels: np.ndarray) -> np.ndarray:
        drawn = random.integers(0, 60, (len(labels), 8, 8, 1))
        for image, label in zip(drawn, labels, strict=True):
            image[3 * label : 3 * label + 2] += 150
        return drawn.astype(np.uint8)

    y_train, y_test = (random.integers(0, 3, n).astype(np.uint8) for n in (144, 60))
    info = dataclasses.replace(
        registry.describe("rendered"), shape=(8, 8, 1), classes=("top", "middle", "bottom")
    )
    return Dataset(info, images(y_train), y_train, images(y_test), y_test)


@pytest.fixture(scope="session")
def rendered() -> Dataset:
    """Return a few digits rendered by the app."""
    return registry.load("rendered", train_size=600)


@pytest.fixture(scope="session")
def trained_cnn(rendered: Dataset) -> Trained:
    """Train the tutorial's network for a few epochs on rendered digits."""
    from core.lab.training.classifier_training import ClassifierTraining  # noqa: PLC0415 (imports TensorFlow)

    config = ClassifierConfig(
        dataset="rendered", train_size=600, epochs=6, batch_size=32, learning_rate=0.004, seed=5
    )
    training = ClassifierTraining(config, rendered)
    return Trained(training, list(training))


@pytest.fixture(scope="session")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Publish:
    """Return a function that publishes a Keras model as if it had been trained by a configuration."""
    from core.lab.publishing import publish as lab  # noqa: PLC0415 (imports TensorFlow)

    def published(
        name: str, model: keras.Model, config: Any, metrics: dict[str, float], **more: Any
    ) -> Bundle:
        folder = tmp_path_factory.mktemp("bundles") / name
        training = SimpleNamespace(model=model, config=config, metrics=metrics, **more)
        training.temperature, training.refuse_below = 1.5, 0.6
        lab.publish(training, folder)
        return open_bundle(folder)

    return published


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a function that publishes a bundle once for all processes of this session of pytest."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)

    def shared(name: str, published: Callable[[], Bundle]) -> Bundle:
        with locks.exclusive(folder / f"{name}.lock"):
            if not (folder / name).exists():
                published().folder.rename(folder / name)
        return open_bundle(folder / name)

    return shared


@pytest.fixture(scope="session")
def cnn_bundle(request: pytest.FixtureRequest, publish: Publish, once: Once) -> Bundle:
    """Publish a CNN that reads most rendered digits."""

    def published() -> Bundle:
        training = request.getfixturevalue("trained_cnn").training
        return publish("small-cnn", training.model, training.config, training.metrics)

    return once("small-cnn", published)


@pytest.fixture(scope="session")
def rnn_bundle(publish: Publish, once: Once) -> Bundle:
    """Publish an untrained SimpleRNN."""

    def published() -> Bundle:
        import keras  # noqa: PLC0415

        from core.lab.models import factory  # noqa: PLC0415

        keras.utils.set_random_seed(1)
        config = ClassifierConfig(family="rnn", architecture="simple_rnn", seed=1)
        return publish("small-rnn", factory.classifier("simple_rnn", (28, 28, 1), 10), config, {})

    return once("small-rnn", published)


@pytest.fixture(scope="session")
def gan_bundle(publish: Publish, once: Once) -> Bundle:
    """Publish an untrained conditional DCGAN."""
    return once("small-gan", lambda: _untrained_gan(publish, "small-gan", "dcgan", with_discriminator=True))


@pytest.fixture(scope="session")
def unconditional_bundle(publish: Publish, once: Once) -> Bundle:
    """Publish an untrained GAN of 2014, which has no classes, without its discriminator."""
    return once(
        "small-2014",
        lambda: _untrained_gan(publish, "small-2014", "goodfellow2014", with_discriminator=False),
    )


def _untrained_gan(publish: Publish, name: str, architecture: str, with_discriminator: bool) -> Bundle:
    import keras  # noqa: PLC0415

    from core.lab.models import factory  # noqa: PLC0415

    keras.utils.set_random_seed(1)
    config = GanConfig(architecture=architecture, latent_size=16, seed=1)
    gan = factory.adversaries(architecture, (28, 28, 1), 10, 16)
    more = {"discriminator": gan.discriminator} if with_discriminator else {}
    return publish(name, gan.generator, config, {}, **more)


@pytest.fixture(scope="session")
def training_steps() -> TrainingSteps:
    """Return the experiment of that name; every use begins with ``initialise``."""
    from core.lab.experiments.training_steps import TrainingSteps  # noqa: PLC0415

    return TrainingSteps(lambda text, share: None)
