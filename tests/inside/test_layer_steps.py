from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED, Bundle, open_bundle, pretrained
from core.bundles.saved_weights import SavedLayer, read_branching_layers, read_layers
from core.contract.evaluation import softmax
from core.datasets.synthetic.handwriting import render
from core.errors import BundleError, LabError
from core.inference.classifier import Classifier
from core.inside.convolution import Convolution, Pooling, decompose, parameters, window_at
from core.inside.layer_steps import as_input, chain, receptive_field, run
from core.inside.vector_steps import Flattening, LayerStep, Softmax
from tests.conftest import Publish
from tests.inside.conftest import NETWORKS, Networks
from tests.refusals import raises

if TYPE_CHECKING:
    import keras

SHAPE = (28, 28, 1)
GLYPH = render(np.array([8]), 2)[0]


def _steps(bundle: Bundle) -> tuple[LayerStep, ...]:
    return chain(read_layers(bundle), SHAPE).steps


def _keras(model: keras.Model, name: str) -> np.ndarray:
    """Return Keras's output of a layer."""
    import keras  # noqa: PLC0415 (imports TensorFlow)

    last = name == "softmax"
    part = keras.Model(model.inputs, model.get_layer("logits" if last else name).output)
    found = np.asarray(part([as_input(GLYPH, SHAPE)[None]]))[0]
    return np.asarray(keras.ops.softmax(found)) if last else found


@pytest.mark.parametrize("name", NETWORKS)
def test_every_map_equals_that_of_keras(networks: Networks, name: str) -> None:
    model, bundle = networks[name]
    path = _steps(bundle)

    for step, maps in zip(path, run(path, as_input(GLYPH, SHAPE))[1:], strict=True):
        theirs = _keras(model, step.name).reshape(maps.shape)
        np.testing.assert_allclose(maps, theirs, rtol=1e-4, atol=1e-4, err_msg=step.name)
    assert path[-1] == Softmax("softmax")


@pytest.mark.parametrize("name", NETWORKS)
def test_every_equation_ends_in_the_number_of_keras(networks: Networks, name: str) -> None:
    """Check corners and edges, where padding counts, and some inner cells of every layer."""
    model, bundle = networks[name]
    path = _steps(bundle)
    maps = run(path, as_input(GLYPH, SHAPE))
    random = np.random.default_rng(1)

    for i, step in enumerate(path):
        theirs = _keras(model, step.name).reshape(maps[i + 1].shape)
        height, width, depth = theirs.shape
        cells = [
            (0, 0),
            (height - 1, width - 1),
            (0, width // 2),
            *random.integers(0, (height, width), (5, 2)),
        ]
        for row, column in cells:
            k = int(random.integers(depth))
            if isinstance(step, Convolution):
                found = decompose(step, maps[i], row, column, k)
                assert found.value == pytest.approx(theirs[row, column, k], rel=1e-4, abs=1e-4)
                assert found.products.sum() == pytest.approx(found.total)
                assert found.channels.sum() + (found.bias or 0) == pytest.approx(found.biased)
            elif isinstance(step, Flattening):
                assert maps[i][step.place(k)] == pytest.approx(theirs[0, 0, k], rel=1e-4)
            elif isinstance(step, Pooling):
                seen = window_at(step.geometry, maps[i], row, column).values[..., k]
                assert (seen.mean() if step.average else seen.max()) == pytest.approx(
                    theirs[row, column, k], rel=1e-4, abs=1e-4
                )


def test_sum_normalisation_and_relu_equal_the_three_layers_of_keras(networks: Networks) -> None:
    model, bundle = networks["deep"]
    path = _steps(bundle)
    maps = run(path, as_input(GLYPH, SHAPE))

    step = path[3]
    assert isinstance(step, Convolution)
    found = decompose(step, maps[3], 3, 4, 5)

    after = {part: _keras(model, f"{step.name}{part}")[3, 4, 5] for part in ("_kernel", "_norm", "")}
    assert found.total == pytest.approx(after["_kernel"], rel=1e-4)
    assert found.normalised == pytest.approx(after["_norm"], rel=1e-4)
    assert found.value == pytest.approx(after[""], rel=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_receptive_field_holds_the_pixels_that_can_change_the_cell(networks: Networks, name: str) -> None:
    """Change the rows and columns of an image one by one, and those at the edges of the fields in another."""
    _, bundle = networks[name]
    path = _steps(bundle)
    random = np.random.default_rng(5)
    path = path[: next(i for i, step in enumerate(path) if step.name in ("flatten", "average"))]
    height, width, _ = run(path, as_input(GLYPH, SHAPE))[-1].shape
    cells = {(0, 0), (height // 2, width // 2), (height - 1, width - 1)}
    fields = {cell: receptive_field(path, *cell).within(28, 28) for cell in cells}
    changed_lines = {cell: (np.zeros(28, bool), np.zeros(28, bool)) for cell in cells}

    edges = (
        {n for f in fields.values() for n in (f.top - 1, f.top, f.bottom - 1, f.bottom) if 0 <= n < 28},
        {n for f in fields.values() for n in (f.left - 1, f.left, f.right - 1, f.right) if 0 <= n < 28},
    )

    for lines in ((range(28), range(28)), edges):
        image = random.uniform(0, 1, SHAPE).astype(np.float32)
        before = run(path, image)[-1]
        for axis in (0, 1):
            for line in lines[axis]:
                changed = image.copy()
                np.moveaxis(changed, axis, 0)[line] += random.normal(0, 5, (28, 1))
                after = run(path, changed)[-1]
                for cell in cells:
                    changed_lines[cell][axis][line] |= bool((after[cell] != before[cell]).any())

    for cell, field in fields.items():
        rows, columns = (np.flatnonzero(lines) for lines in changed_lines[cell])
        assert (rows[0], rows[-1] + 1) == (field.top, field.bottom), cell
        assert (columns[0], columns[-1] + 1) == (field.left, field.right), cell


@pytest.mark.parametrize("name", NETWORKS)
def test_numbers_of_parameters_are_those_of_the_card(networks: Networks, name: str) -> None:
    _, bundle = networks[name]
    card = {layer.name: layer.parameters for layer in bundle.card.layers}

    for step in _steps(bundle):
        if not isinstance(step, Convolution | Pooling):
            continue
        parts = (step.name, f"{step.name}_kernel", f"{step.name}_norm")
        assert parameters(step) == sum(card.get(part, 0) for part in parts)


def test_the_maps_of_the_shipped_cnn_are_those_of_litert() -> None:
    """Allow for LiteRT's weights in float16."""
    bundle = open_bundle(PRETRAINED / "cnn")
    theirs = Classifier(bundle).activations(GLYPH[None])
    path = _steps(bundle)

    made = run(path, as_input(GLYPH, SHAPE))
    for step, maps in zip(path, made[1:], strict=True):
        if step.name in theirs:
            own = theirs[step.name][0].reshape(maps.shape)
            np.testing.assert_allclose(maps, own, atol=0.01 * max(1, maps.max()))
    assert path[-1].name == "softmax"
    calibrated = softmax(made[-2][0, 0] / bundle.card.temperature)
    np.testing.assert_allclose(calibrated, Classifier(bundle).probabilities(GLYPH[None])[0], atol=0.01)


def test_a_glyph_is_placed_in_the_middle_of_a_larger_colour_image() -> None:
    image = as_input(GLYPH, (32, 32, 3))

    assert image[:2].sum() == image[:, :2].sum() == 0
    np.testing.assert_array_equal(image[2:30, 2:30, 1], GLYPH / np.float32(255))


def test_an_image_smaller_than_the_glyph_is_refused() -> None:
    with raises(LabError, "inside.small_images", height=8, width=8):
        as_input(GLYPH, (8, 8, 1))


def test_a_network_without_a_convolution_is_refused() -> None:
    with raises(BundleError, "inside.unknown_layer"):
        _steps(pretrained("lstm"))


def test_the_error_for_an_unknown_kind_of_layer_names_it() -> None:
    with raises(BundleError, "inside.unknown_layer", name="odd", kind="UpSampling2D"):
        chain([SavedLayer("odd", "UpSampling2D", {}, ())], SHAPE)


def test_only_the_chain_at_the_beginning_of_a_network_with_branches_is_shown(publish: Publish) -> None:
    import keras  # noqa: PLC0415

    from core.contract.config import ClassifierConfig  # noqa: PLC0415

    image = keras.Input(SHAPE, name="image")
    x = keras.layers.Conv2D(1, 3, padding="same", name="conv1")(image)
    x = keras.layers.Flatten()(keras.layers.Add()([x, image]))
    model = keras.Model(image, keras.layers.Dense(10, name="logits")(x))

    bundle = publish("branched", model, ClassifierConfig(), {})
    layers, chained = read_branching_layers(bundle)
    assert [layer.name for layer in layers[:chained]] == ["image", "conv1"]
    assert layers[chained].kind == "Add"
    found = chain(layers, SHAPE, chained=chained)
    assert (found.left_out, found.branches) == (layers[chained], True)
    (step,) = found.steps
    maps = run([step], as_input(GLYPH, SHAPE))
    np.testing.assert_allclose(maps[-1], _keras(model, "conv1"), rtol=1e-4, atol=1e-4)
    with raises(BundleError, "bundles.branches"):
        read_layers(bundle)


def test_a_damaged_model_is_refused_as_damaged(tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(b"no zip")

    with raises(BundleError, "bundles.layers_unreadable"):
        read_layers(Bundle(tmp_path, open_bundle(PRETRAINED / "cnn").card))
