"""Show the tutorial's program part by part, and what this app does for each part."""

from __future__ import annotations

import streamlit as st

from core.language import N_, gettext
from pages.parts.shared.file_download import download_button

PARTS = (  # the program, in its own order, with what the app does instead
    (
        """import tensorflow as tf
from tensorflow.keras import layers, models
""",
        N_(
            "TensorFlow is imported only by the process that trains. The pages run trained networks with "
            "LiteRT, which starts in a hundredth of the time."
        ),
    ),
    (
        """
def build_cnn_model():
    model = models.Sequential()
    model.add(layers.Input((28, 28, 1)))
    model.add(layers.Conv2D(32, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model
""",
        N_(
            "The same layers, called “Tutorial CNN” on Train. Here the last layer returns logits, and "
            "softmax belongs to the loss, which is more exact. (The program names its input by a layer, "
            "since newer versions of Keras warn of `input_shape`.)"
        ),
    ),
    (
        """
def train_cnn_model(model, train_images, train_labels):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train_images, train_labels, epochs=5, batch_size=64)
""",
        N_(
            "A child process trains with Adam and the same loss, holds part of the images out for "
            "validation, writes each step down, and can be paused and resumed. The page shows it live."
        ),
    ),
    (
        """
def test_cnn_model(model, test_images, test_labels):
    test_loss, test_acc = model.evaluate(test_images, test_labels)
    print(f"Test accuracy: {test_acc}")
""",
        N_(
            "After training, the best weights are measured once on the 10,000 test images: accuracy, "
            "confusion matrix, calibration, and the images that were read wrongly."
        ),
    ),
    (
        """
if __name__ == "__main__":
    (train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()

    train_images = train_images.reshape((60000, 28, 28, 1)).astype("float32") / 255
    test_images = test_images.reshape((10000, 28, 28, 1)).astype("float32") / 255
""",
        N_(
            "MNIST is downloaded once and its checksum is verified. Pixels become numbers from 0 to 1 as "
            "here; your own picture is first made like MNIST’s: its ink is found, cut out and centred."
        ),
    ),
    (
        """
    model = build_cnn_model()
    train_cnn_model(model, train_images, train_labels)
    test_cnn_model(model, test_images, test_labels)
""",
        N_("On Train this is one button. The result is a bundle that Classify and Inside open at once."),
    ),
)
NAME = "tutorial_cnn.py"


def source() -> str:
    """Return the whole program, which runs as it stands."""
    return "".join(code for code, _ in PARTS)


def show() -> None:
    """Show each part beside what the app does for it, and offer the program as a file."""
    for code, words in PARTS:
        left, right = st.columns([1.6, 1], vertical_alignment="center")
        left.code(code.strip("\n"), language="python", wrap_lines=True)
        right.markdown(gettext(words))
    label = gettext("Download program")
    download_button(label, lambda: source().encode(), NAME, "text/x-python", key="tutorial program")
