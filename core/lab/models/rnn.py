"""Define recurrent networks that read an image as a sequence of rows, top to bottom.

Every builder takes ``input_shape`` (height, width, channels) and the number of ``classes``; the model maps
float32 images in [0, 1], N×H×W×C, to logits, N×classes. The output layer is applied after every row
(``row_logits``, N×H×classes), so that a visitor can follow how the probabilities change; training uses
the last row alone. Shapes in the comments are those of 28×28×1.
"""

from __future__ import annotations

import keras
from keras import layers

from core.lab.models.cnn import Shape


def lstm(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build two LSTM layers of 128 units.

    Source: Hochreiter, Schmidhuber 1997; the forget gate's bias of one: Jozefowicz et al. 2015, section 3.
    """
    return _rows_network(layers.LSTM, "lstm", input_shape, classes)


def gru(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build two GRU layers of 128 units.

    Source: Cho et al. 2014, section 2.3.
    """
    return _rows_network(layers.GRU, "gru", input_shape, classes)


def simple_rnn(input_shape: Shape = (28, 28, 1), classes: int = 10) -> keras.Model:
    """Build two layers of 128 tanh units without gates.

    Source: Elman 1990; orthogonal recurrent weights as Keras draws them.
    """
    return _rows_network(layers.SimpleRNN, "simple_rnn", input_shape, classes)


def _rows_network(cell: type[layers.RNN], name: str, input_shape: Shape, classes: int) -> keras.Model:
    height, width, channels = input_shape
    image = keras.Input(input_shape, name="image")
    x = layers.Reshape((height, width * channels), name="rows")(image)  # 28 rows of 28
    # Unrolled, because LiteRT converts a loop for one fixed batch size only; training is as fast either way.
    x = cell(128, return_sequences=True, unroll=True, name=f"{name}1")(x)  # 28×128
    x = cell(128, return_sequences=True, unroll=True, name=f"{name}2")(x)  # 28×128
    x = layers.Dropout(0.2, name="dropout")(x)
    x = layers.Dense(classes, name="row_logits")(x)  # 28×10
    x = layers.Cropping1D((height - 1, 0), name="last_row")(x)  # 1×10
    return keras.Model(image, layers.Reshape((classes,), name="logits")(x), name=name)
