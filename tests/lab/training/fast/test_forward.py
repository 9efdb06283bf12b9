from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers

from core.contract import architectures
from core.lab.models import cnn, factory, gan, rnn
from core.lab.training.fast import layer_rules, learning_pass, lstm, products
from core.lab.training.gan_losses import dense_gradients

IMAGES = 7  # an odd number, so the halves differ in size
Inputs = list[tf.Tensor]


def alike(theirs: Inputs, ours: Inputs, in_bfloat16: bool, corners: bool) -> bool:
    """Return whether outputs and gradients differ as little as the type of the products allows.

    bfloat16 has 8 bits of mantissa: in a network with ``corners`` some units get to the other side of ReLU's,
    and a few do with 24 bits.
    """
    in_outputs, in_gradients = (
        (0.02, 0.4 if corners else 0.03) if in_bfloat16 else (1e-4, 6e-3 if corners else 1e-4)
    )
    allowed = [in_outputs] + [in_gradients] * (len(theirs) - 1)
    differences = [np.linalg.norm(np.subtract(*both)) for both in zip(theirs, ours, strict=True)]
    sizes = [np.linalg.norm(result) for result in theirs]
    return all(np.array(differences) <= np.multiply(allowed, sizes) + 1e-6 * max(sizes))


def outputs_and_gradients(forward: Callable[..., tf.Tensor], model: keras.Model, inputs: Inputs) -> Inputs:
    with tf.GradientTape() as tape:
        outputs = forward(inputs if len(inputs) > 1 else inputs[0])
        loss = tf.reduce_sum(outputs**2)
    return [outputs, *dense_gradients(tape, loss, model.trainable_variables)]


def both_ways(model: keras.Model, inputs: Inputs) -> tuple[Inputs, Inputs]:
    """Return the results of a pass of Keras's and of a fast one."""
    theirs, ours = passes(model, inputs, [keras_pass(model), learning_pass(model)])
    return theirs, ours


def keras_pass(model: keras.Model) -> Callable[..., tf.Tensor]:
    return lambda x: model(x, training=True)


def passes(model: keras.Model, inputs: Inputs, forwards: Iterable[Callable[..., tf.Tensor]]) -> list[Inputs]:
    """Return outputs, gradients and moving statistics after each pass, all from the same start."""
    start = [variable.numpy() for variable in model.variables]
    results, states = [], []
    for forward in forwards:
        for variable, value in zip(model.variables, start, strict=True):
            variable.assign(value)  # the states of random generators too, so that all draw the same
        found = outputs_and_gradients(forward, model, inputs)
        state = [variable.numpy() for variable in model.non_trainable_variables]
        results.append([*found, *(value for value in state if value.dtype == np.float32)])
        states.append([value for value in state if value.dtype != np.float32])
    for state in states[1:]:
        assert all(map(np.array_equal, states[0], state)), "drawn as often"
    return results


def assert_close(theirs: Inputs, ours: Inputs) -> None:
    """Compare to what float32 can promise: sums that cancel out keep the rounding of their largest parts."""
    largest = max(np.abs(result).max() for result in theirs)
    for one, other in zip(theirs, ours, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=2e-5 * (1 + largest))


def inputs_for(model: keras.Model, images: int = IMAGES) -> Inputs:
    """Return random inputs of a model; whole numbers are labels of ten classes."""
    return [
        tf.range(images) % 10
        if tensor.dtype == "int32"
        else tf.random.stateless_uniform((images, *tensor.shape[1:]), [0, 0])
        for tensor in model.inputs
    ]


def network(name: str) -> keras.Model:
    """Return a network of the catalogue ("dcgan/generator" for a player), with biases other than 0."""
    keras.utils.set_random_seed(0)
    architecture, _, player = name.partition("/")
    shape = (6, 5, 1) if architectures.get(architecture).family == "rnn" else (28, 28, 1)
    if player:
        model = getattr(factory.adversaries(architecture, shape, 10, 8), player)
    else:
        model = factory.classifier(architecture, shape, 10)
    for weight in model.trainable_variables:
        weight.assign_add(tf.random.stateless_normal(weight.shape, [1, len(weight.shape)], stddev=0.05))
    return model


CATALOGUE = [
    name
    for a in architectures.ARCHITECTURES
    for name in ([f"{a.name}/generator", f"{a.name}/discriminator"] if a.family == "gan" else [a.name])
]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_network_of_the_catalogue_gives_keras_outputs_gradients_and_state(name, monkeypatch):
    """Compare with and without bfloat16."""
    model = network(name)

    def forwards() -> Iterator[Callable[..., tf.Tensor]]:
        yield keras_pass(model)
        for in_bfloat16 in (False, True):
            monkeypatch.setattr(products, "has_bfloat16", lambda there=in_bfloat16: there)
            yield learning_pass(model)

    theirs, exact, rough = passes(model, inputs_for(model), forwards())
    corners = architectures.get(name.partition("/")[0]).family != "rnn"
    assert alike(theirs, exact, in_bfloat16=False, corners=corners)
    assert alike(theirs, rough, in_bfloat16=True, corners=corners)


# random networks of common layers


def random_network(choices: list[int], rows: bool, frozen: list[bool]) -> keras.Model:
    """Build a network over images or sequences, with branches and frozen layers, from drawn numbers."""
    keras.utils.set_random_seed(0)
    start = keras.Input((8, 7, 3))
    x = layers.Reshape((8, 21))(start) if rows else start
    for choice in choices:
        options = _next_layers(x)
        x = options[choice % len(options)](x)
    model = keras.Model(start, layers.Dense(3)(layers.Flatten()(x)))
    for layer, is_frozen in zip(model.layers, frozen, strict=False):
        layer.trainable = not is_frozen
    return model


def _next_layers(x: keras.KerasTensor) -> list[Callable[[keras.KerasTensor], keras.KerasTensor]]:
    anywhere = [
        layers.Dense(5, activation="tanh"),
        layers.BatchNormalization(momentum=0.8),
        layers.LayerNormalization(),
        layers.Dropout(0.4, seed=1),
        layers.GaussianNoise(0.1, seed=2),  # a layer that only Keras knows
        layers.Activation("sigmoid"),
        lambda x: layers.Add()([x, layers.Dense(x.shape[-1])(x)]),
        lambda x: layers.Concatenate()([x, layers.Activation("softplus")(x)]),
        lambda x: keras.ops.multiply(x, x),  # an operation, no layer
        _used_twice,
    ]
    if len(x.shape) == 4:
        return [*anywhere, *_image_layers()]
    return [*anywhere, *(_sequence_layers() if len(x.shape) == 3 else [layers.ReLU()])]


def _used_twice(x: keras.KerasTensor) -> keras.KerasTensor:
    shared = layers.Dense(x.shape[-1], activation="tanh")
    return layers.Multiply()([shared(x), shared(shared(x))])


def _image_layers() -> list[Callable[[keras.KerasTensor], keras.KerasTensor]]:
    return [
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        layers.Conv2D(4, 3, strides=2, padding="same"),
        layers.Conv2D(4, 2, dilation_rate=2, padding="same", activation="tanh"),
        layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2),
        layers.SeparableConv2D(4, 3, padding="same", activation="tanh"),
        layers.MaxPooling2D(2, padding="same"),
        layers.AveragePooling2D(2, padding="same"),
        layers.GlobalAveragePooling2D(),
        layers.Flatten(),
        layers.ZeroPadding2D(1),
        _pooled_convolution,
        _doubled_convolution,
        _branches_of_a_convolution,
    ]


def _pooled_convolution(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.MaxPooling2D(2, padding="same")(layers.Conv2D(4, 3, padding="same", activation="relu")(x))


def _doubled_convolution(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Conv2D(5, 3, padding="same", activation="tanh")(layers.UpSampling2D(2)(x))


def _branches_of_a_convolution(x: keras.KerasTensor) -> keras.KerasTensor:
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    return layers.Concatenate()(
        [layers.MaxPooling2D(2, padding="same")(x), layers.AveragePooling2D(2, padding="same")(x)]
    )


def _sequence_layers() -> list[Callable[[keras.KerasTensor], keras.KerasTensor]]:
    return [
        layers.LSTM(4, return_sequences=True, unroll=True),
        layers.LSTM(4, return_sequences=True, unroll=True, activation="relu"),
        layers.GRU(4, return_sequences=True, unroll=True),
        layers.SimpleRNN(4, return_sequences=True),
        layers.LSTM(4),
        lambda x: layers.Cropping1D((x.shape[1] - 1, 0))(layers.Dense(4)(x)),
        lambda x: _rows_and_last_row(layers.Dense(4)(x)),
        layers.Flatten(),
    ]


def _rows_and_last_row(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Add()([x, layers.Cropping1D((x.shape[1] - 1, 0))(x)])


@settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    choices=st.lists(st.integers(0, 10_000), min_size=2, max_size=6),
    rows=st.booleans(),
    frozen=st.lists(st.sampled_from([False, False, True]), min_size=12, max_size=12),
    images=st.integers(3, 6),
)
def test_a_random_network_gives_keras_outputs_gradients_and_state(float32, choices, rows, frozen, images):
    model = random_network(choices, rows, frozen)
    assert_close(*both_ways(model, inputs_for(model, images)))


# layers left to Keras


def test_a_frozen_batch_normalisation_uses_its_moving_statistics_and_keeps_them(float32):
    keras.utils.set_random_seed(0)
    model = cnn.deep((8, 8, 1), 3)
    normalisations = [layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)]
    for layer in normalisations:
        layer.trainable = False
    assert_close(*both_ways(model, inputs_for(model)))
    assert all(np.array_equal(layer.moving_mean, 0 * layer.moving_mean) for layer in normalisations)


def test_an_unknown_layer_is_called_once_for_the_whole_batch(float32):
    seen: list[int] = []
    image = keras.Input((2, 3))
    model = keras.Model(image, layers.Lambda(lambda x: seen.append(x.shape[0]) or x)(layers.Dense(3)(image)))
    seen.clear()
    learning_pass(model)(tf.ones((5, 2, 3)))
    assert seen == [5]


@pytest.mark.parametrize("kind", ["masked", "two outputs", "not a graph"])
def test_a_model_that_cannot_be_split_is_called_by_keras(kind, float32):
    keras.utils.set_random_seed(0)
    words, image = keras.Input((6,), dtype="int32"), keras.Input((6, 2))
    read = layers.LSTM(4)(layers.Embedding(10, 3, mask_zero=True)(words))
    models = {
        "masked": keras.Model(words, read),
        "two outputs": keras.Model(image, [layers.Dense(2)(image), layers.Dense(3)(image)]),
        "not a graph": keras.Sequential([image, layers.Dense(2)]),
    }
    model = models[kind]
    given = tf.constant([[1, 2, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0]]) if kind == "masked" else tf.ones((2, 6, 2))
    theirs, ours = model(given, training=True), learning_pass(model)(given)
    for one, other in zip(keras.tree.flatten(theirs), keras.tree.flatten(ours), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


# what makes it fast


def recorded(monkeypatch: pytest.MonkeyPatch, kind: type[keras.Layer]) -> list[list[tuple[int, ...]]]:
    """Return a list that grows by the shapes of the shards of each call of a layer of that kind."""
    seen: list[list[tuple[int, ...]]] = []
    own = layer_rules.OWN[kind]

    def record(layer: keras.Layer, inputs: list[Inputs]) -> Inputs:
        seen.append([tuple(x.shape) for x in inputs[0]])
        return own(layer, inputs)

    monkeypatch.setitem(layer_rules.OWN, kind, record)
    return seen


def test_sizes_of_shards_differ_by_at_most_one_and_none_is_empty(monkeypatch):
    seen = recorded(monkeypatch, layers.Dense)
    image = keras.Input((2, 1))
    model = keras.Model(image, layers.Dense(1)(image))
    for images in (1, 2, 5):
        learning_pass(model)(tf.ones((images, 2, 1)))
    assert [[shape[0] for shape in shapes] for shapes in seen] == [[1], [1, 1], [3, 2]]


def test_rows_cropped_at_the_end_do_not_reach_the_output_layer():
    traced = tf.function(learning_pass(rnn.simple_rnn((6, 5, 1)), shards=1))
    graph = traced.get_concrete_function(tf.TensorSpec((16, 6, 5, 1))).graph
    shapes = [tuple(tensor.shape) for call in graph.get_operations() for tensor in call.outputs]
    assert (16, 1, 10) in shapes
    assert (16, 6, 10) not in shapes


def test_an_image_is_not_doubled_before_its_convolution():
    image = keras.Input((4, 4, 3))
    model = keras.Model(image, _doubled_convolution(image))
    graph = tf.function(learning_pass(model)).get_concrete_function(tf.TensorSpec((2, 4, 4, 3))).graph
    shapes = [tuple(tensor.shape) for call in graph.get_operations() for tensor in call.outputs]
    assert (1, 8, 8, 5) in shapes
    assert (1, 8, 8, 3) not in shapes


def test_a_recurrent_cell_is_traced_once_for_all_rows(monkeypatch):
    model = rnn.gru((6, 5, 1))
    called = []
    cell = model.get_layer("gru1").cell
    own = cell.call
    monkeypatch.setattr(cell, "call", lambda *given, **named: called.append(1) or own(*given, **named))
    learning_pass(model)(tf.zeros((16, 6, 5, 1)))
    assert len(called) == 1


def test_an_lstm_is_traced_once_for_all_its_blocks_of_rows_and_shards(monkeypatch):
    widths = []
    own = lstm.forward_rows
    monkeypatch.setattr(
        lstm, "forward_rows", lambda rows, *given: widths.append(rows[0].shape[0]) or own(rows, *given)
    )
    learning_pass(rnn.lstm((8, 5, 1)))(tf.zeros((16, 8, 5, 1)))
    assert widths == [5 + 1, 128 + 1]  # two layers


@pytest.mark.parametrize("build", [cnn.tutorial, cnn.deep, rnn.lstm, rnn.gru, lambda: gan.dcgan().generator])
def test_no_layer_of_a_shipped_network_is_left_to_keras(build, monkeypatch):
    model = build()
    calls: list[str] = []
    own = keras.Layer.__call__

    def record(layer: keras.Layer, *given: object, **named: object) -> object:
        calls.append(type(layer).__name__)
        return own(layer, *given, **named)

    monkeypatch.setattr(keras.Layer, "__call__", record)
    learning_pass(model)(*([inputs_for(model, 4)] if len(model.inputs) > 1 else inputs_for(model, 4)))
    assert set(calls) <= {"Dropout", "GRUCell"}
