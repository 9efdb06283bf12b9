"""Read a downloaded data set with Keras's own loader and write it as one .npz file.

``python -m core.lab.keras_datasets NAME TARGET``, with the files below KERAS_HOME, where the loader looks for
them; ``core.datasets.keras_parser`` starts it.
"""

from __future__ import annotations

import sys

import keras
import numpy as np


def main(name: str, target: str) -> None:
    """Write the data set ``keras.datasets.NAME`` to ``target`` in Keras's layout."""
    (x_train, y_train), (x_test, y_test) = getattr(keras.datasets, name).load_data()
    np.savez_compressed(target, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


if __name__ == "__main__":
    main(*sys.argv[1:])
