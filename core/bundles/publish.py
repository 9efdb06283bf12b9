"""From a Keras model to a bundle. The lab's side of the door: imports TensorFlow."""

from __future__ import annotations

import platform
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core.bundles.bundle import (
    DISCRIMINATOR,
    FORMAT,
    Card,
    Layer,
    replace_folder,
    sha256,
    write_card,
)
from core.datasets.catalog import info
from core.models import catalog
from core.training.config import GanConfig, to_dict
from core.training.training import Training

CLASSIFIER_PREPROCESSING = (
    "grey levels 0 to 255 divided by 255; light ink on black, 20×20 box, centred by mass"
)
GENERATOR_PREPROCESSING = "latent drawn from the standard normal distribution; image levels 0 to 1"


def publish(training: Training, folder: Path) -> None:
    """Writes the bundle of a training's model; the folder appears whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        outputs = _outputs(training.model)
        training.model.save(draft / "model.keras")
        (draft / "model.tflite").write_bytes(_stage_model(training.model, outputs))
        _add_discriminator(training, draft)
        write_card(draft, _card(training, outputs, {file.name: sha256(file) for file in draft.iterdir()}))
        draft.chmod(0o755)
        replace_folder(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _stage_model(model: keras.Model, outputs: dict[str, keras.KerasTensor]) -> bytes:
    """The LiteRT model; a generator that is told the class gets inputs for what lies between two classes."""
    if any(layer.name == "label_embedding" for layer in model.layers):
        model = _between_classes(model)
        outputs = {"images": model.output}
    return to_litert(model, outputs)


def _between_classes(generator: keras.Model) -> keras.Model:
    """The generator with two more inputs: ``other``, a second class, and ``share``, how much of it to mix in.

    It is their embeddings that are mixed, as in Brock, Donahue, Simonyan 2019, appendix C (figure 8). With a
    share of 0 it is the generator itself.
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


def _add_discriminator(training: Training, draft: Path) -> None:
    """The opponent's opinion goes with a generator, in whole numbers, so that both stay small."""
    discriminator = getattr(training, "discriminator", None)
    if discriminator is not None:
        content = to_litert(discriminator, {"logits": discriminator.output}, whole_numbers=True)
        (draft / DISCRIMINATOR).write_bytes(content)


def to_litert(
    model: keras.Model, outputs: dict[str, keras.KerasTensor], *, whole_numbers: bool = False
) -> bytes:
    """The model for LiteRT with float16 weights, any batch size, and these outputs by name.

    ``whole_numbers``: the weights in 8 bits instead, at half the size and a little less exact.
    Variables are frozen first: the converter would leave them as resources that nobody fills.
    """
    full = keras.Model(model.inputs, outputs)
    specs = {i.name: tf.TensorSpec(i.shape, i.dtype, name=i.name) for i in model.inputs}

    @tf.function
    def forward(**inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return full([inputs[i.name] for i in model.inputs], training=False)

    frozen = convert_variables_to_constants_v2(
        forward.get_concrete_function(**specs), lower_control_flow=False
    )
    input_names = [tensor.name.split(":")[0] for tensor in frozen.inputs]

    @tf.function
    def signature(**inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        # Tensors of a dictionary come in the order of its sorted keys.
        return dict(zip(sorted(outputs), frozen(*(inputs[name] for name in input_names)), strict=True))

    module = tf.Module()
    module.signature = signature
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [signature.get_concrete_function(**specs)], module
    )
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [] if whole_numbers else [tf.float16]
    return converter.convert()


def _outputs(model: keras.Model) -> dict[str, keras.KerasTensor]:
    """What LiteRT gives: a generator's images, or a classifier's logits and activations."""
    if "images" in model.output_names or model.name == "generator":
        return {"images": model.output}
    return {layer.name: layer.output for layer in model.layers if _is_activation(layer)}


def _is_activation(layer: keras.Layer) -> bool:
    """Whether a layer's output is worth looking at: not what only reshapes, nor sums before their ReLU."""
    if isinstance(layer, layers.Conv2D | layers.Dense) and layer.name.endswith("_kernel"):
        return False
    plumbing = (
        layers.InputLayer,
        layers.Dropout,
        layers.Flatten,
        layers.BatchNormalization,
        layers.Cropping1D,
    )
    return layer.name == "logits" or not isinstance(layer, (*plumbing, layers.Reshape))


def _card(training: Training, outputs: dict[str, keras.KerasTensor], files: dict[str, str]) -> Card:
    config, model = training.config, training.model
    data = info(config.dataset)
    return Card(
        format=FORMAT,
        title=catalog.get(config.architecture).title,
        family=config.family,
        architecture=config.architecture,
        dataset=config.dataset,
        classes=data.classes,
        shape=data.shape,
        preprocessing=GENERATOR_PREPROCESSING if config.family == "gan" else CLASSIFIER_PREPROCESSING,
        parameters=model.count_params(),
        layers=tuple(_layer(layer) for layer in model.layers),
        activations={name: tuple(tensor.shape[1:]) for name, tensor in outputs.items()},
        config=to_dict(config),
        metrics=dict(training.metrics),
        seed=config.seed,
        versions=_versions(),
        files=files,
        temperature=training.temperature,
        refuse_below=training.refuse_below,
        latent_size=config.latent_size if isinstance(config, GanConfig) else None,
    )


def _layer(layer: Any) -> Layer:
    return Layer(
        name=layer.name,
        kind=type(layer).__name__,
        shape=tuple(layer.output.shape[1:]),
        parameters=layer.count_params(),
    )


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in ("tensorflow", "keras", "numpy")}
    return {"python": platform.python_version(), **libraries}
