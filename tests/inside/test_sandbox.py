from __future__ import annotations

import numpy as np
import pytest

from core.datasets.synthetic.handwriting import render
from core.errors import LabError
from core.inside.convolution import decompose, forward
from core.inside.sandbox import (
    LARGEST,
    PRESETS,
    SIZES,
    WindowSetting,
    convolution,
    edited,
    from_text,
    pooling,
    preset,
    to_text,
)
from core.messages import message

GLYPH = (render(np.array([4]), 9)[0] / np.float32(255))[..., None]


def _convolved_by_keras(kernel: np.ndarray, setting: WindowSetting) -> np.ndarray:
    """Return Keras's convolution; apply the stride afterwards, as Keras allows none beside a dilation."""
    import keras  # noqa: PLC0415 (imports TensorFlow)

    padded = keras.layers.ZeroPadding2D(setting.padding)(GLYPH[None])
    layer = keras.layers.Conv2D(
        1, setting.size, dilation_rate=setting.dilation, use_bias=False, padding="valid"
    )
    layer.build(padded.shape)
    layer.set_weights([kernel[..., None, None]])
    return np.asarray(layer(padded))[0, :: setting.stride, :: setting.stride]


@pytest.mark.parametrize(
    ("size", "stride", "padding", "dilation"),
    [(3, 1, 0, 1), (3, 1, 1, 1), (3, 2, 0, 1), (5, 3, 2, 1), (5, 1, 0, 2), (3, 2, 4, 3), (3, 8, 8, 8)],
)
def test_a_convolution_equals_that_of_keras(size: int, stride: int, padding: int, dilation: int) -> None:
    kernel = np.random.default_rng(size * stride).normal(0, 1, (size, size))
    setting = WindowSetting(size, stride, padding, dilation)
    step = convolution(kernel, setting)

    theirs = _convolved_by_keras(kernel, setting)

    assert theirs.shape == (setting.output(28), setting.output(28), 1)
    np.testing.assert_allclose(forward(step, GLYPH), theirs, atol=1e-5)
    for row, column in [(0, 0), (len(theirs) // 2, len(theirs) // 3), (-1 % len(theirs), 0)]:
        found = decompose(step, GLYPH, row, column, 0)
        assert found.value == pytest.approx(theirs[row, column, 0], abs=1e-5)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (3, 2), (5, 4), (28, 1)])
def test_poolings_equal_those_of_keras(size: int, stride: int) -> None:
    import keras  # noqa: PLC0415

    signed = GLYPH - np.float32(0.4)
    for average, layer in [(False, keras.layers.MaxPooling2D), (True, keras.layers.AveragePooling2D)]:
        theirs = np.asarray(layer(size, stride)(signed[None]))[0]
        ours = forward(pooling(WindowSetting(size, stride), average=average), signed)
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("average", [False, True])
def test_poolings_with_padding_equal_those_of_keras(average: bool) -> None:
    import keras  # noqa: PLC0415

    from core.bundles.saved_weights import SavedLayer  # noqa: PLC0415
    from core.inside.layer_steps import chain  # noqa: PLC0415

    layer = (keras.layers.AveragePooling2D if average else keras.layers.MaxPooling2D)(3, 2, padding="same")
    signed = GLYPH - np.float32(0.4)
    kinds = [("Conv2D", keras.layers.Conv2D(1, 1)), (type(layer).__name__, layer)]
    kernel = (np.ones((1, 1, 1, 1)), np.zeros(1))
    path = chain([SavedLayer(k, k, made.get_config(), kernel) for k, made in kinds], (28, 28, 1)).steps

    np.testing.assert_allclose(forward(path[1], signed), np.asarray(layer(signed[None]))[0], atol=1e-6)


def test_the_formula_contains_the_numbers() -> None:
    assert WindowSetting(3, 2, 1, 1).formula(28) == "⌊(28 + 2 × 1 − 1 × (3 − 1) − 1) ÷ 2⌋ + 1 = 14"


def test_the_error_for_a_window_that_does_not_fit_says_what_to_change() -> None:
    with pytest.raises(LabError) as refused:
        WindowSetting(5, dilation=8).output(28)

    assert refused.value.message == message(
        "inside.dilated_window_too_large", size=5, dilation=8, extent=33, room=28, padding=3
    )
    assert WindowSetting(5, padding=3, dilation=8).output(28) == 2


def test_a_pooling_larger_than_its_map_is_refused() -> None:
    with pytest.raises(LabError) as refused:
        WindowSetting(4).output(2)

    assert refused.value.message == message("inside.window_too_large", size=4, room=2, padding=1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_the_link(name: str, size: int) -> None:
    kernel = preset(name, size)

    assert kernel.shape == (size, size)
    np.testing.assert_allclose(from_text(to_text(kernel)), kernel, rtol=1e-5)


def test_presets_have_the_effect_of_their_names() -> None:
    def result(name: str) -> np.ndarray:
        return forward(convolution(preset(name, 3), WindowSetting(3, padding=1)), GLYPH)

    np.testing.assert_array_equal(result("unchanged"), GLYPH)
    assert result("blur").std() < GLYPH.std() < result("sharpen").std()
    flat = forward(convolution(preset("edges", 3), WindowSetting(3)), np.ones((8, 8, 1), np.float32))
    assert not flat.any()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1,2,three,4,5,6,7,8,9", "inside.kernel_not_numbers"),
        ("", "inside.kernel_not_numbers"),
        ("1,2,3", "inside.kernel_size"),
        ("1,2,3,4,5,6,7,8,1e9", "inside.kernel_range"),
        ("1,2,3,4,5,6,7,8,nan", "inside.kernel_range"),
    ],
)
def test_a_text_that_holds_no_kernel_is_refused(text: str, key: str) -> None:
    with pytest.raises(LabError) as refused:
        from_text(text)

    assert refused.value.message.key == key


def test_entries_that_are_not_numbers_count_as_0() -> None:
    kernel, all_numbers = edited(np.ones((3, 3)), {0: {"1": None, "2": 5, "3": float("nan")}})

    assert kernel[0].tolist() == [0, 5, 0]
    assert kernel[1:].tolist() == [[1, 1, 1], [1, 1, 1]]
    assert not all_numbers


def test_entries_that_are_numbers_are_clipped() -> None:
    kernel, all_numbers = edited(np.ones((3, 3)), {2: {"3": -1000}})

    assert kernel[2, 2] == -LARGEST
    assert all_numbers
