"""Make the small bundle of a generator in colour that tests use; ``python -m tests.avatar_bundle`` writes it.

Its weights are set by hand, so a test knows what its images show: ten styles of one face, 24×24 pixels, whose
background, hair and skin each follow three numbers of the latent point, red, green and blue.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from core.bundles.bundle import open_bundle, write_card
from core.contract.config import GanConfig
from core.contract.preprocessing import WHOLE, standard
from core.messages import Message
from core.runs import Run, RunStore

FOLDER = Path(__file__).with_suffix("")
SIDE, LATENT = 24, 16
STYLES = ("Adventurer", "Big Smile", "Lorelei", "Micah", "Notionists", "Open Peeps", "Personas", "Toon Head")
CLASSES = (*STYLES, "Croodles", "Pixel Art")
FIRST = {"background": 0, "hair": 3, "skin": 6}  # of the three numbers of the latent point
EYES = 14  # row of pixels


def finished_run(store: RunStore) -> Run:
    """Make a finished run with this generator."""
    run = store.create(GanConfig(latent_size=LATENT))
    shutil.copytree(FOLDER, run.bundle)
    run.write_status(state="finished", message=Message("Finished after 30 steps."))
    return run


def _places() -> dict[str, np.ndarray]:
    """Return where the parts of the face are, each SIDE×SIDE bool."""
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    head = (rows - 0.52) ** 2 + (columns - 0.5) ** 2 < 0.4**2
    return {"background": ~head, "hair": head & (rows < 0.36), "skin": head & (rows >= 0.36)}


def _weights() -> tuple[np.ndarray, np.ndarray]:
    """Return the kernel of the only layer, for the latent point and then for the class, and its bias."""
    kernel = np.zeros((LATENT + len(CLASSES), SIDE, SIDE, 3), np.float32)
    for part, place in _places().items():
        for channel in range(3):
            kernel[FIRST[part] + channel, place, channel] = 1.0
    for style in range(len(CLASSES)):
        kernel[LATENT + style, EYES, 6 + style : 8 + style] = -4.0  # each style has its eyes elsewhere
    return kernel.reshape(len(kernel), -1), np.zeros(SIDE * SIDE * 3, np.float32)


def main() -> None:
    """Write the bundle."""
    import keras  # noqa: PLC0415 (imports TensorFlow)
    from keras import layers  # noqa: PLC0415

    from core.lab.publishing import publish as lab  # noqa: PLC0415

    shape = (SIDE, SIDE, 3)
    latent = keras.Input((LATENT,), name="latent")
    label = keras.Input((), dtype="int32", name="label")
    embedding = layers.Embedding(len(CLASSES), len(CLASSES), name="label_embedding")
    style = layers.Concatenate(name="style")([latent, embedding(label)])
    levels = layers.Dense(SIDE * SIDE * 3, activation="sigmoid", name="levels")
    generator = keras.Model(
        [latent, label], layers.Reshape(shape, name="images")(levels(style)), name="generator"
    )
    embedding.set_weights([np.eye(len(CLASSES), dtype=np.float32)])
    levels.set_weights(_weights())
    image = keras.Input(shape, name="image")
    asked = keras.Input((), dtype="int32", name="label")
    mean = layers.GlobalAveragePooling2D(name="mean")(image)
    match = layers.Concatenate(name="match")(
        [mean, layers.Embedding(len(CLASSES), 2, name="of_class")(asked)]
    )
    discriminator = keras.Model([image, asked], layers.Dense(1, name="logits")(match), name="discriminator")
    shutil.rmtree(FOLDER, ignore_errors=True)
    lab.publish(
        SimpleNamespace(
            model=generator,
            discriminator=discriminator,
            config=GanConfig(latent_size=LATENT),
            metrics={},
            temperature=1.0,
            refuse_below=0.0,
        ),
        FOLDER,
    )
    card = dataclasses.replace(
        open_bundle(FOLDER).card,
        dataset="avatars",
        subject="avatar",
        classes=CLASSES,
        shape=shape,
        preprocessing=standard(WHOLE, shape),
    )
    write_card(FOLDER, card)


if __name__ == "__main__":
    main()
