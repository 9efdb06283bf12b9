from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render
from core.errors import ConfigError

if TYPE_CHECKING:
    import keras

    from core.lab.experiments.training_steps import TrainingSteps

LABELS = np.arange(10)
IMAGES = render(LABELS, 3)
STEPS = ("forward", "loss", "backward", "update")


@pytest.fixture
def steps(training_steps: TrainingSteps) -> TrainingSteps:
    """Return the experiment as its process makes it."""
    return training_steps


def _initialised(steps: TrainingSteps, optimiser: str = "adam", rate: float = 0.01) -> dict[str, Any]:
    return steps.initialise(IMAGES, LABELS.tolist(), 4, optimiser, rate)


def _keras(rate: float, optimiser: str) -> tuple[keras.Model, keras.optimizers.Optimizer]:
    """Build a second network with the weights of the seed, for comparison."""
    import keras  # noqa: PLC0415

    from core.lab.models import factory  # noqa: PLC0415

    keras.utils.set_random_seed(4)
    return factory.classifier("tutorial", (28, 28, 1), 10), keras.optimizers.get(
        {"class_name": optimiser, "config": {"learning_rate": rate}}
    )


def _loss_and_gradients(model: keras.Model) -> tuple[float, list[Any]]:
    import keras  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    with tf.GradientTape() as tape:
        logits = model(IMAGES[..., None] / np.float32(255))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(LABELS, logits)
    return float(loss), tape.gradient(loss, model.trainable_variables)


def test_a_seed_gives_the_network_of_the_tutorial_with_its_93322_parameters(steps: TrainingSteps) -> None:
    first, second = _initialised(steps)["layers"], _initialised(steps)["layers"]

    assert sum(layer["parameters"] for layer in first) == 93_322
    assert first == second
    for layer in first:  # Glorot, Bengio 2010: uniform up to this limit
        limit = np.sqrt(6 / (layer["fan_in"] + layer["fan_out"]))
        assert 0.9 * limit < layer["largest"] <= limit


def test_loss_and_gradient_norms_are_those_of_gradient_tape(steps: TrainingSteps) -> None:
    model, _ = _keras(0.01, "sgd")
    loss, gradients = _loss_and_gradients(model)
    theirs = [
        np.sqrt(sum(float((np.asarray(g) ** 2).sum()) for g in gradients[i : i + 2])) for i in range(0, 10, 2)
    ]

    _initialised(steps)
    logits = steps.forward()["logits"]
    ours = steps.loss()

    np.testing.assert_allclose(logits, model(IMAGES[..., None] / np.float32(255)), atol=1e-5)
    assert ours["loss"] == pytest.approx(loss, rel=1e-5)
    assert ours["losses"].mean() == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose([layer["norm"] for layer in steps.backward()["norms"]], theirs, rtol=1e-4)


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_single_steps_and_many_at_once_give_the_weights_of_keras(
    steps: TrainingSteps, optimiser: str
) -> None:
    model, theirs = _keras(0.01, optimiser)
    for _ in range(4):
        theirs.apply(_loss_and_gradients(model)[1], model.trainable_variables)
    expected = np.asarray(model(IMAGES[..., None] / np.float32(255)))

    _initialised(steps, optimiser)
    for _ in range(4):
        for step in STEPS:
            getattr(steps, step)()
    one_by_one = steps.forward()["logits"]
    _initialised(steps, optimiser)
    at_once = steps.repeat(4)["logits"]

    np.testing.assert_allclose(one_by_one, expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(at_once, expected, rtol=1e-3, atol=1e-4)


def test_the_equation_of_a_weight_under_sgd_holds(steps: TrainingSteps) -> None:
    _initialised(steps, "sgd", 0.05)
    weight = [getattr(steps, step)() for step in STEPS][-1]["weight"]

    assert weight["after"] == pytest.approx(weight["before"] - 0.05 * weight["gradient"], rel=1e-5)


def test_the_equation_of_a_weight_under_adam_holds(steps: TrainingSteps) -> None:
    """Follow algorithm 1 of Kingma, Ba 2015, with Keras's epsilon."""
    _initialised(steps, "adam", 0.01)
    for _ in range(3):
        weight = [getattr(steps, step)() for step in STEPS][-1]["weight"]

    assert weight["step"] == 3
    first = weight["first"] / (1 - 0.9**3)
    second = weight["second"] / (1 - 0.999**3)
    expected = weight["before"] - 0.01 * first / (np.sqrt(second) + 1e-7)
    assert weight["after"] == pytest.approx(expected, rel=1e-4)


def test_the_sizes_of_updates_are_reported_by_layer(steps: TrainingSteps) -> None:
    _initialised(steps, "sgd", 0.05)
    layers = [getattr(steps, step)() for step in STEPS][-1]["layers"]

    assert sum(layer["parameters"] for layer in layers) == 93_322
    for layer in layers:
        assert 0 < layer["changed"] <= layer["parameters"]
        assert 0 < layer["mean"] <= layer["largest"]


def test_training_memorises_the_batch(steps: TrainingSteps) -> None:
    _initialised(steps)
    answer = [steps.repeat(10) for _ in range(5)][-1]

    assert (answer["logits"].argmax(axis=1) == LABELS).all()
    assert answer["losses"][-1] < 0.1


def test_the_error_for_a_step_out_of_order_names_the_missing_step(steps: TrainingSteps) -> None:
    _initialised(steps)

    assert _refusal(steps.loss) == "lab.no_logits"
    steps.forward()
    assert _refusal(steps.backward) == "lab.no_loss"
    steps.loss()
    assert _refusal(steps.update) == "lab.no_gradient"
    assert _refusal(lambda: steps.repeat(0)) == "lab.step_count"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"images": IMAGES[:, :8]}, "batch_images"),
        ({"labels": [0, 1]}, "labels"),
        ({"labels": [10] * 10}, "labels"),
        ({"optimiser": "magic"}, "optimiser"),
        ({"learning_rate": float("nan")}, "optimiser"),
    ],
)
def test_an_invalid_batch_is_refused(steps: TrainingSteps, change: dict[str, Any], key: str) -> None:
    usual = {"images": IMAGES, "labels": [0] * 10, "seed": 0, "optimiser": "sgd", "learning_rate": 0.1}

    assert _refusal(lambda: steps.initialise(**{**usual, **change})) == f"lab.{key}"


def _refusal(request: Callable[[], object]) -> str:
    """Return the key of the error that a request raises."""
    with pytest.raises(ConfigError) as refused:
        request()
    return refused.value.message.key
