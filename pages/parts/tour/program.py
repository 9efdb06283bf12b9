"""Show the tutorial's program line by line, and what this app does for each line."""

from __future__ import annotations

import streamlit as st

from core.language import N_, gettext
from pages.parts.shared.file_download import download_button

PARTS = (  # the program line by line, each with what the app does for it
    (
        "import tensorflow as tf\nfrom tensorflow.keras import layers, models\n",
        N_(
            "TensorFlow is imported only by the process that trains. The pages run trained networks "
            "with LiteRT, which starts in a hundredth of the time."
        ),
    ),
    (
        "\n"
        "\n"
        "def build_cnn_model():\n"
        "    model = models.Sequential()\n"
        "    model.add(layers.Input((28, 28, 1)))\n",
        N_(
            "The same network, called “The tutorial’s CNN” on Train. It reads grey images of 28×28. "
            "(The program names its input by a layer, since newer versions of Keras warn of "
            "`input_shape`.)"
        ),
    ),
    (
        '    model.add(layers.Conv2D(32, (3, 3), activation="relu"))\n',
        N_(
            "32 kernels of 3×3: 320 parameters, and 26×26×32 numbers. Inside shows each of them under"
            " the name “conv1”."
        ),
    ),
    (
        "    model.add(layers.MaxPooling2D((2, 2)))\n",
        N_("The largest number of each window of 2×2 is kept: 13×13×32 (“pool1”)."),
    ),
    (
        '    model.add(layers.Conv2D(64, (3, 3), activation="relu"))\n',
        N_("64 kernels of 3×3×32: 18,496 parameters, 11×11×64 numbers (“conv2”)."),
    ),
    (
        "    model.add(layers.MaxPooling2D((2, 2)))\n",
        N_("5×5×64 are left; the last row and column of the 11×11 fill no window (“pool2”)."),
    ),
    (
        '    model.add(layers.Conv2D(64, (3, 3), activation="relu"))\n',
        N_(
            "36,928 parameters, 3×3×64 numbers (“conv3”). On Classify, maps of where the network "
            "looked are made of these."
        ),
    ),
    (
        "    model.add(layers.Flatten())\n",
        N_("The 3×3×64 numbers in one row: 576 (“flatten”)."),
    ),
    (
        '    model.add(layers.Dense(64, activation="relu"))\n',
        N_("64 sums over all 576 numbers: 36,928 parameters (“dense1”)."),
    ),
    (
        '    model.add(layers.Dense(10, activation="softmax"))\n    return model\n',
        N_(
            "Ten sums over 64 numbers, the logits: 650 parameters. Here softmax is no part of the "
            "layer but of the loss, which is more exact. A temperature is fitted before it, so that "
            "probabilities are as often right as they say."
        ),
    ),
    (
        "\n"
        "\n"
        "def train_cnn_model(model, train_images, train_labels):\n"
        '    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])\n',
        N_(
            "Adam and the same loss, here with a learning rate that rises and falls during the "
            "training (one cycle)."
        ),
    ),
    (
        "    model.fit(train_images, train_labels, epochs=5, batch_size=64)\n",
        N_(
            "A child process trains the same five epochs in batches of 64, holds 5,000 images out for"
            " validation, writes each step down, and can be paused and resumed. The page shows it "
            "live."
        ),
    ),
    (
        "\n"
        "\n"
        "def test_cnn_model(model, test_images, test_labels):\n"
        "    test_loss, test_acc = model.evaluate(test_images, test_labels)\n"
        '    print(f"Test accuracy: {test_acc}")\n',
        N_(
            "After training, the best weights are measured once on the 10,000 test images: accuracy, "
            "confusion matrix, calibration, and the images that were read wrongly."
        ),
    ),
    (
        "\n"
        "\n"
        'if __name__ == "__main__":\n'
        "    (train_images, train_labels), (test_images, test_labels) = "
        "tf.keras.datasets.mnist.load_data()\n",
        N_("MNIST is downloaded once and its checksum is verified."),
    ),
    (
        "\n"
        '    train_images = train_images.reshape((60000, 28, 28, 1)).astype("float32") / 255\n'
        '    test_images = test_images.reshape((10000, 28, 28, 1)).astype("float32") / 255\n',
        N_(
            "Pixels become numbers from 0 to 1 as here. Your own picture is first made like MNIST’s: "
            "its ink is found, cut out and centred."
        ),
    ),
    (
        "\n    model = build_cnn_model()\n",
        N_(
            "The weights are drawn at random, from a seed that is kept with the run, so that it can "
            "be repeated."
        ),
    ),
    (
        "    train_cnn_model(model, train_images, train_labels)\n",
        N_("On Train this is one button, “Start training”."),
    ),
    (
        "    test_cnn_model(model, test_images, test_labels)\n",
        N_(
            "The result is a bundle that Classify and Inside open at once. One that was trained with "
            "these settings comes with the app: Inside opens with it."
        ),
    ),
)
NAME = "tutorial_cnn.py"


def source() -> str:
    """Return the whole program, which runs as it stands."""
    return "".join(code for code, _ in PARTS)


def show() -> None:
    """Show each line beside what the app does for it, and offer the program as a file."""
    for code, words in PARTS:
        left, right = st.columns([1.6, 1], vertical_alignment="center")
        left.code(code.strip("\n"), language="python", wrap_lines=True)
        right.markdown(gettext(words))
    label = gettext("Download program")
    download_button(label, lambda: source().encode(), NAME, "text/x-python", key="tutorial program")
