"""Define EfficientNet-Lite0, the network that knows a thousand things, and load its published weights.

Source: Tan, Le 2019, EfficientNet; the Lite variant by the same authors replaces swish by ReLU6 and leaves
out squeeze-and-excitation, so that it can be quantised to 8 bits
(https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from core.errors import BundleError
from core.language import join

NAME = "efficientnet_lite0"
SIDE = 224  # pixels of the image that the published weights were trained on
MAPS, FEATURES = "head", "features"  # the last maps, 7×7×1280, and their mean, 1280


@dataclass(frozen=True)
class BlockRun:
    """A run of blocks: inverted bottlenecks with depthwise convolutions."""

    repeats: int
    kernel: int
    stride: int  # of its first block; the others have 1
    expansion: int  # channels inside a block per channel of its input
    filters: int


STAGES = (  # for images of 224×224:
    BlockRun(repeats=1, kernel=3, stride=1, expansion=1, filters=16),  # 112×112×16
    BlockRun(repeats=2, kernel=3, stride=2, expansion=6, filters=24),  # 56×56×24
    BlockRun(repeats=2, kernel=5, stride=2, expansion=6, filters=40),  # 28×28×40
    BlockRun(repeats=3, kernel=3, stride=2, expansion=6, filters=80),  # 14×14×80
    BlockRun(repeats=3, kernel=5, stride=1, expansion=6, filters=112),  # 14×14×112
    BlockRun(repeats=4, kernel=5, stride=2, expansion=6, filters=192),  # 7×7×192
    BlockRun(repeats=1, kernel=3, stride=1, expansion=6, filters=320),  # 7×7×320
)
STEM, HEAD = 32, 1280  # filters of the first and of the last convolution


def efficientnet_lite0(
    input_shape: tuple[int, int, int] = (SIDE, SIDE, 3),
    classes: int = 1000,
    *,
    stages: tuple[BlockRun, ...] = STAGES,
    head: int = HEAD,
) -> keras.Model:
    """Build EfficientNet-Lite0: 4,652,008 trainable parameters for a thousand classes.

    The model maps images, N×H×W×3 float32 from −1 to 1, to logits, N×classes. The layer ``head`` has the last
    maps, ``features`` their mean. Fewer or smaller ``stages`` and a smaller ``head`` are for tests.
    """
    image = keras.Input(input_shape, name="image")
    x = _normalised(_convolution(image, STEM, 3, 2, "stem"), "stem")
    for number, (stage, stride, filters_in) in enumerate(_blocks(stages)):
        x = _block(x, stage, stride, filters_in, f"block{number}")
    x = _normalised(_convolution(x, head, 1, 1, MAPS), MAPS)
    x = layers.GlobalAveragePooling2D(name=FEATURES)(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name=NAME)


def load_weights(model: keras.Model, published: Mapping[str, np.ndarray]) -> None:
    """Set the weights from a PyTorch state dictionary of the same network.

    Raises:
        BundleError: when an array is missing, has another shape, or belongs to no layer.
    """
    left = {name: array for name, array in published.items() if not name.endswith("num_batches_tracked")}
    for layer, names in published_names(model).items():
        if missing := [name for name in names if name not in left]:
            raise BundleError("lab.weights_missing", names=join(missing))
        arrays = [_in_keras_order(model.get_layer(layer), left.pop(name)) for name in names]
        try:
            model.get_layer(layer).set_weights(arrays)
        except ValueError as error:
            raise BundleError("lab.weights_of_another_shape", layer=layer) from error
    if left:
        raise BundleError("lab.weights_left_over", names=join(left))


def before_last_blocks(model: keras.Model, blocks: int) -> str:
    """Return the name of the layer whose maps the last so many blocks read; all of them follow the stem."""
    ends: dict[str, str] = {}  # the last layer of each block
    for layer in model.layers:
        block, _, part = layer.name.partition("_")
        if block.startswith("block") and part in ("project_norm", "sum"):
            ends[block] = layer.name
    return ["stem", *ends.values()][-1 - min(blocks, len(ends))]


def _blocks(stages: tuple[BlockRun, ...]) -> Iterator[tuple[BlockRun, int, int]]:
    """Yield each block's stage, stride and number of input channels."""
    filters = STEM
    for stage in stages:
        for repeat in range(stage.repeats):
            yield stage, stage.stride if repeat == 0 else 1, filters
            filters = stage.filters


def _block(
    x: keras.KerasTensor, stage: BlockRun, stride: int, filters_in: int, name: str
) -> keras.KerasTensor:
    """Add a block: widen, convolve each channel by itself, narrow; then add the input where shapes allow."""
    block_input = x
    if stage.expansion != 1:
        expanded = _convolution(x, filters_in * stage.expansion, 1, 1, f"{name}_expand")
        x = _normalised(expanded, f"{name}_expand")
    x = layers.DepthwiseConv2D(
        stage.kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise_kernel"
    )(x)
    x = _normalised(x, f"{name}_depthwise")
    x = _convolution(x, stage.filters, 1, 1, f"{name}_project")
    x = _normalised(x, f"{name}_project", relu=False)
    if stride == 1 and filters_in == stage.filters:
        x = layers.Add(name=f"{name}_sum")([x, block_input])
    return x


def _convolution(x: keras.KerasTensor, filters: int, size: int, stride: int, name: str) -> keras.KerasTensor:
    return layers.Conv2D(filters, size, stride, padding="same", use_bias=False, name=f"{name}_kernel")(x)


def _normalised(x: keras.KerasTensor, name: str, *, relu: bool = True) -> keras.KerasTensor:
    """Add batch normalisation, then ReLU6 unless the values go into a sum; the ReLU carries the name."""
    x = layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=f"{name}_norm")(x)
    return layers.ReLU(6.0, name=name)(x) if relu else x


def published_names(model: keras.Model) -> dict[str, list[str]]:
    """Return the names of the published arrays by layer, in the order of the layer's weights."""
    found = {
        "stem_kernel": ["_conv_stem.weight"],
        "stem_norm": _norm_names("_bn0"),
        f"{MAPS}_kernel": ["_conv_head.weight"],
        f"{MAPS}_norm": _norm_names("_bn1"),
        "logits": ["_fc.weight", "_fc.bias"],
    }
    blocks = sum(layer.name.endswith("_depthwise_kernel") for layer in model.layers)
    own = {layer.name for layer in model.layers}
    for number in range(blocks):
        parts = [("expand", "_expand_conv", "_bn0")] if f"block{number}_expand_kernel" in own else []
        parts += [("depthwise", "_depthwise_conv", "_bn1"), ("project", "_project_conv", "_bn2")]
        for part, convolution, norm in parts:
            found[f"block{number}_{part}_kernel"] = [f"_blocks.{number}.{convolution}.weight"]
            found[f"block{number}_{part}_norm"] = _norm_names(f"_blocks.{number}.{norm}")
    return found


def _norm_names(prefix: str) -> list[str]:
    return [f"{prefix}.{name}" for name in ("weight", "bias", "running_mean", "running_var")]


def _in_keras_order(layer: keras.Layer, array: np.ndarray) -> np.ndarray:
    """Return a PyTorch array with its axes as Keras has them; PyTorch's kernels are out×in×height×width."""
    if isinstance(layer, layers.DepthwiseConv2D):
        return array.transpose(2, 3, 0, 1) if array.ndim == 4 else array
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    return array.T
