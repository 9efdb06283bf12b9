"""Convert a Keras model to a LiteRT model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core import allocator

GRADIENT = "_gradient_op_type"  # TensorFlow's attribute of an operation with a gradient of its own


def generator_to_litert(generator: keras.Model) -> bytes:
    """Return a generator for LiteRT; a conditional one can also mix two classes.

    The network is copied first, because Keras cannot save layers that were called a second time.
    """
    eight_bits = _eight_bit_layers(generator).items()
    if any(layer.name == "label_embedding" for layer in generator.layers):
        generator = _between_classes(_with_known_shapes(generator))
    outputs = {"images": generator.output}
    converted = _converter(generator, outputs)
    return _without_garbage(lambda: _with_mixed_precision(converted.convert(), eight_bits))


def _eight_bit_layers(generator: keras.Model) -> dict[str, str]:
    """Return the layers of a generator that multiply 8-bit integers, and their kinds by LiteRT's names.

    In a generator of digits it is the largest convolution, which halves the time to draw; with all layers in
    8 bits the images are measurably further from real ones. In one that doubles its maps it is every layer
    but the last one and the small ones that choose scales and shifts: 64 images of 64×64 pixels take 54 ms of
    processor time in place of 124, and differ by 0.3 levels on average.
    """
    if not any(isinstance(layer, layers.UpSampling2D) for layer in generator.layers):
        return {"conv2": "CONV_2D"}
    convolutions = [layer.name for layer in generator.layers if isinstance(layer, layers.Conv2D)]
    return {"project": "FULLY_CONNECTED", **dict.fromkeys(convolutions[:-1], "CONV_2D")}


def backbone_to_litert(backbone: keras.Model, outputs: dict[str, keras.KerasTensor]) -> bytes:
    """Return a backbone for LiteRT with any batch size, and these outputs by name.

    The kernel of its dense layer, a quarter of all weights, has 8 bits, all others 16. With 8 bits in all
    layers one answer in ten differs from the float model's, whether activations are quantised or not; see
    docs/models.md.
    """
    converted = _converter(backbone, outputs)
    return _without_garbage(lambda: _with_mixed_precision(converted.convert(), [("", "FULLY_CONNECTED")]))


def to_litert(
    model: keras.Model,
    outputs: dict[str, keras.KerasTensor],
    *,
    int8: bool = False,
    older_runtimes: bool = False,
) -> bytes:
    """Return the model for LiteRT with float16 weights, any batch size, and these outputs by name.

    ``int8``: the weights in 8 bits instead, at half the size and slightly lower accuracy. With
    ``older_runtimes``, a dense layer's 8-bit weights share one scale: with a scale for each unit, TensorFlow
    Lite's Task Library 0.4.4 and apps of its time cannot run the layer.
    """

    def convert() -> bytes:
        converter = _converter(model, outputs)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [] if int8 else [tf.float16]
        converter._experimental_disable_per_channel_quantization_for_dense_layers = older_runtimes
        return converter.convert()

    return _without_garbage(convert)


def to_full_int8(model: keras.Model, outputs: dict[str, keras.KerasTensor], samples: np.ndarray) -> bytes:
    """Return the model for LiteRT with weights and activations in 8 bits, where LiteRT can multiply such.

    The ranges of activations are those of ``samples``, float32 inputs. Input and outputs stay float32.
    """

    def convert() -> bytes:
        converter = _converter(model, outputs)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([sample[None]] for sample in samples)
        return converter.convert()

    return _without_garbage(convert)


def to_four_bits(model: keras.Model, outputs: dict[str, keras.KerasTensor]) -> bytes:
    """Return the model for LiteRT with the kernels of convolutions and dense layers in 4 bits, others in 16.

    Each output channel has a scale of its own. Keras can quantise dense layers alone to 4 bits.
    """
    converted = _converter(model, outputs)
    kinds = [("", "CONV_2D"), ("", "FULLY_CONNECTED")]
    return _without_garbage(lambda: _with_mixed_precision(converted.convert(), kinds, bits=4))


def _without_garbage(convert: Callable[[], bytes]) -> bytes:
    """Convert a model, and free the graphs and copies that this left, some 100 MB for a GAN's generator."""
    with allocator.large_blocks_returned():
        content = convert()
        allocator.drop_garbage()
    return content


def _converter(model: keras.Model, outputs: dict[str, keras.KerasTensor]) -> tf.lite.TFLiteConverter:
    """Return a converter for the model with frozen variables; else it would leave them without values."""
    full = _with_known_shapes(keras.Model(model.inputs, outputs))
    specs = {i.name: tf.TensorSpec(i.shape, i.dtype, name=i.name) for i in model.inputs}

    @tf.function(autograph=False)
    def forward(**inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return full([inputs[i.name] for i in model.inputs], training=False)

    frozen = _without_gradients(
        convert_variables_to_constants_v2(forward.get_concrete_function(**specs), lower_control_flow=False)
    )
    input_names = [tensor.name.split(":")[0] for tensor in frozen.inputs]

    @tf.function(autograph=False)
    def signature(**inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        # Tensors of a dictionary come in the order of its sorted keys.
        return dict(zip(sorted(outputs), frozen(*(inputs[name] for name in input_names)), strict=True))

    module = tf.Module()
    module.signature = signature
    return tf.lite.TFLiteConverter.from_concrete_functions([signature.get_concrete_function(**specs)], module)


def _without_gradients(function: Any) -> Any:
    """Return a function of a graph without gradients of its own, such as those of SiLU.

    TensorFlow cannot save some of them; its converter then goes on without the names of inputs and outputs.
    """
    operations = function.graph.get_operations()
    if not any(GRADIENT in operation.node_def.attr for operation in operations):
        return function  # a copy would take the memory of its weights more than once
    graph = function.graph.as_graph_def()
    for node in graph.node:
        node.attr.pop(GRADIENT, None)
    wrapped = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(graph, name=""), [])
    return wrapped.prune([x.name for x in function.inputs], [x.name for x in function.outputs])


def _with_mixed_precision(content: bytes, fewer_bits: Iterable[tuple[str, str]], bits: int = 8) -> bytes:
    """Return a float32 LiteRT model with all weights in float16 but those of some layers, in fewer bits.

    ``fewer_bits`` has the name of each such layer and its kind, as LiteRT calls it; without a layer's name,
    all of the kind are meant. Their inputs are quantised to 8 bits while they run, image by image.
    """
    # Imported here because it imports SciPy, which a process that trains a classifier does not need.
    from ai_edge_quantizer import qtyping  # noqa: PLC0415
    from ai_edge_quantizer.algorithm_manager import AlgorithmName  # noqa: PLC0415
    from ai_edge_quantizer.quantizer import Quantizer  # noqa: PLC0415

    quantizer = Quantizer(bytearray(content))
    quantizer.update_quantization_recipe(
        regex=".*",
        operation_name=qtyping.TFLOperationName.ALL_SUPPORTED,
        op_config=qtyping.OpQuantizationConfig(
            weight_tensor_config=qtyping.TensorQuantizationConfig(16, dtype=qtyping.TensorDataType.FLOAT),
            compute_precision=qtyping.ComputePrecision.FLOAT,
            explicit_dequantize=True,
        ),
        algorithm_key=AlgorithmName.FLOAT_CASTING,
    )
    for layer, operation in fewer_bits:
        quantizer.add_dynamic_config(
            regex=f".*/{layer}(_|/).*" if layer else ".*",
            operation_name=qtyping.TFLOperationName[operation],
            num_bits=bits,
        )
    return bytes(quantizer.quantize(enable_progress_report=False).quantized_model)


class _Reshape(layers.Reshape):
    """Reshape without reading the batch size, which is the only unknown size.

    Keras reads it while the network runs, so LiteRT also learns the shapes of all later layers only then;
    from the fourth run of an interpreter on, this gave NaN (LiteRT 2.3 with XNNPACK).
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return tf.reshape(inputs, (-1, *self.compute_output_shape(inputs.shape)[1:]))


class _Doubling(layers.UpSampling2D):
    """Double by the nearest neighbour as one operation; LiteRT cannot repeat as Keras does."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        size = [side * times for side, times in zip(inputs.shape[1:3], self.size, strict=True)]
        return tf.raw_ops.ResizeNearestNeighbor(images=inputs, size=size)


_CONVERTIBLE: dict[Any, Any] = {
    layers.Reshape: _Reshape,
    layers.UpSampling2D: _Doubling,
}  # in place of Keras's own


def _with_known_shapes(model: keras.Model) -> keras.Model:
    """Return the same network with all shapes but the batch size known in advance."""

    def copied(layer: keras.Layer) -> keras.Layer:
        return _CONVERTIBLE.get(type(layer), type(layer)).from_config(layer.get_config())

    copy = keras.models.clone_model(model, clone_function=copied, recursive=True)
    copy.set_weights(model.get_weights())
    return copy


def _between_classes(generator: keras.Model) -> keras.Model:
    """Return the generator with two more inputs, ``other`` (a second class) and ``share`` (how much of it).

    The embeddings of the two classes are mixed, as in Brock, Donahue, Simonyan 2019, appendix C (figure 8).
    With a share of 0 it is the generator itself.
    """
    embedding = generator.get_layer("label_embedding")
    latent, label = (
        keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=tensor.name) for tensor in generator.inputs
    )
    other = keras.Input((), dtype="int32", name="other")
    share = keras.Input((), name="share")
    one, two = embedding(label), embedding(other)
    mixed = layers.Add()(
        [one, layers.Multiply()([layers.Reshape((1,))(share), layers.Subtract()([two, one])])]
    )
    rest = keras.Model([generator.inputs[0], embedding.output], generator.output)
    return keras.Model([latent, label, other, share], rest([latent, mixed]))
