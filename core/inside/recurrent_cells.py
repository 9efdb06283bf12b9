"""Compute SimpleRNN, GRU and LSTM layers forwards, and their gradients backwards through time.

Sequences are N×T×D (images, time steps, numbers per step), states N×T×units; all float32, as in Keras. At
each step, the sum of a gate has three parts: products with the input, products with the previous state, and
a bias.

Sources: Elman 1990 (SimpleRNN); Cho et al. 2014, section 2.3, in the variant whose reset gate acts after the
matrix product (GRU, Keras's ``reset_after``); Hochreiter, Schmidhuber 1997 and Gers et al. 2000 (LSTM);
Werbos 1990, Backpropagation through time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.bundles.saved_weights import SavedLayer
from core.errors import BundleError

# In the order in which Keras stores them; the last of SimpleRNN and GRU is the candidate for the new state.
GATES = {
    "SimpleRNN": ("candidate",),
    "GRU": ("update", "reset", "candidate"),
    "LSTM": ("input", "forget", "candidate", "output"),
}


Values = dict[str, np.ndarray]  # the values of one step by name, each N×units


@dataclass(frozen=True)
class Cell:
    """Weights of a recurrent layer; in each matrix the gates are side by side."""

    name: str
    kind: str  # a key of GATES
    kernel: np.ndarray  # D × gates·units
    recurrent: np.ndarray  # units × gates·units
    bias: np.ndarray  # gates·units
    recurrent_bias: np.ndarray  # gates·units; zeros except in a GRU

    @property
    def gates(self) -> tuple[str, ...]:
        """Names of the gates."""
        return GATES[self.kind]

    @property
    def units(self) -> int:
        """Number of units: the length of the state."""
        return self.recurrent.shape[0]


@dataclass(frozen=True)
class Trace:
    """Values that a layer computed from sequences."""

    inputs: np.ndarray  # N×T×D
    gates: dict[str, np.ndarray]  # each N×T×units; −1 to 1 for the candidate, else 0 to 1
    state: np.ndarray  # N×T×units: the hidden state h after each step
    cell_state: np.ndarray | None  # N×T×units: the LSTM's cell state c
    recurrent_candidate: np.ndarray | None  # N×T×units: multiplied by the reset gate of a GRU


@dataclass(frozen=True)
class Gradients:
    """Gradients of the loss with respect to the state after each step, and to the layer's input."""

    state: np.ndarray  # N×T×units
    cell_state: np.ndarray | None  # N×T×units, LSTM only
    inputs: np.ndarray  # N×T×D

    def norms(self) -> np.ndarray:
        """Return the norm of the gradient with respect to the whole state (h, and the LSTM's c), N×T."""
        squares = (self.state**2).sum(axis=2)
        return np.sqrt(squares if self.cell_state is None else squares + (self.cell_state**2).sum(axis=2))


@dataclass(frozen=True)
class GateSum:
    """Parts of the sum of one gate of one unit at one step."""

    name: str
    from_input: float
    from_state: float  # before a GRU's reset gate, with the recurrent bias
    bias: float
    value: float


def cell(layer: SavedLayer) -> Cell:
    """Return the cell of a recurrent layer that Keras saved.

    Raises:
        BundleError: when its kind or a setting is not supported.
    """
    settings = layer.settings
    usual = {"activation": "tanh", "recurrent_activation": "sigmoid", "reset_after": True, "use_bias": True}
    if layer.kind not in GATES or any(settings.get(key, value) != value for key, value in usual.items()):
        raise BundleError("inside.unknown_layer", name=layer.name, kind=layer.kind)
    if settings.get("go_backwards") or len(layer.weights) != 3:
        raise BundleError("inside.unknown_settings", name=layer.name)
    kernel, recurrent, bias = layer.weights
    bias, recurrent_bias = bias if layer.kind == "GRU" else (bias, np.zeros_like(bias))
    return Cell(layer.name, layer.kind, kernel, recurrent, bias, recurrent_bias)


def forward(cell: Cell, inputs: np.ndarray) -> Trace:
    """Return the values that the layer computes from sequences, N×T×D, starting with a state of zeros."""
    count, steps, _ = inputs.shape
    sums = inputs @ cell.kernel + cell.bias  # N×T×gates·units
    shape = (count, steps, cell.units)
    history = {
        name: np.empty(shape, sums.dtype)
        for name in (*cell.gates, "state", "cell_state", "recurrent_candidate")
    }
    values: Values | None = None
    for t in range(steps):
        values = _step(cell, sums[:, t], values)
        for name, value in values.items():
            history[name][:, t] = value
    return Trace(
        inputs,
        {name: history[name] for name in cell.gates},
        history["state"],
        history["cell_state"] if cell.kind == "LSTM" else None,
        history["recurrent_candidate"] if cell.kind == "GRU" else None,
    )


def advance(cell: Cell, inputs: np.ndarray, before: Values | None) -> Values:
    """Take a step with inputs N×D after the previous step's values (None: zeros); return all its values."""
    return _step(cell, inputs @ cell.kernel + cell.bias, before)


def backward(cell: Cell, trace: Trace, upstream: np.ndarray) -> Gradients:
    """Backpropagate through time from the gradients with respect to each step's output (N×T×units).

    The gradient with respect to the state of step t includes every path to the loss: through the output of
    that step and through all later steps. For an LSTM, the state is h and c.
    """
    state, inputs = np.empty_like(trace.state), np.empty_like(trace.inputs, dtype=trace.state.dtype)
    cell_state = np.empty_like(trace.state) if trace.cell_state is not None else None
    zeros = np.zeros_like(trace.state[:, 0])
    dh, dc = zeros, zeros
    for t in reversed(range(trace.state.shape[1])):
        dh = dh + upstream[:, t]
        state[:, t] = dh
        if cell_state is not None:
            cell_state[:, t] = dc
        by_input, by_recurrent, dh, dc = _BACKWARD_STEPS[cell.kind](trace, t, dh, dc, zeros)
        inputs[:, t] = by_input @ cell.kernel.T
        dh = dh + by_recurrent @ cell.recurrent.T
    return Gradients(state, cell_state, inputs)


def decompose(cell: Cell, trace: Trace, image: int, step: int, unit: int) -> tuple[GateSum, ...]:
    """Return the sum behind every gate of one unit at one step."""
    before = trace.state[image, step - 1] if step else np.zeros(cell.units, trace.state.dtype)
    sums = []
    for k, name in enumerate(cell.gates):
        column = k * cell.units + unit
        sums.append(
            GateSum(
                name,
                float(trace.inputs[image, step] @ cell.kernel[:, column]),
                float(before @ cell.recurrent[:, column] + cell.recurrent_bias[column]),
                float(cell.bias[column]),
                float(trace.gates[name][image, step, unit]),
            )
        )
    return tuple(sums)


def state_after(trace: Trace, image: int, step: int, unit: int) -> tuple[float, float]:
    """Return one unit's h and c after a step: 0 before the first step; c is 0 without a cell state."""
    if step < 0:
        return 0.0, 0.0
    cell_state = 0.0 if trace.cell_state is None else trace.cell_state[image, step, unit]
    return float(trace.state[image, step, unit]), float(cell_state)


def _step(cell: Cell, sums: np.ndarray, before: Values | None) -> Values:
    zeros = np.zeros((len(sums), cell.units), sums.dtype)
    h, c = (before["state"], before.get("cell_state", zeros)) if before else (zeros, zeros)
    return _FORWARD_STEPS[cell.kind](sums, h @ cell.recurrent + cell.recurrent_bias, h, c)


def _simple_step(sums: np.ndarray, recurrent: np.ndarray, h: np.ndarray, c: np.ndarray) -> Values:
    candidate = np.tanh(sums + recurrent)
    return {"candidate": candidate, "state": candidate}


def _gru_step(sums: np.ndarray, recurrent: np.ndarray, h: np.ndarray, c: np.ndarray) -> Values:
    (x_z, x_r, x_n), (h_z, h_r, h_n) = np.split(sums, 3, axis=1), np.split(recurrent, 3, axis=1)
    update, reset = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    candidate = np.tanh(x_n + reset * h_n)
    state = update * h + (1 - update) * candidate
    gates = {"update": update, "reset": reset, "candidate": candidate}
    return {**gates, "state": state, "recurrent_candidate": h_n}


def _lstm_step(sums: np.ndarray, recurrent: np.ndarray, h: np.ndarray, c: np.ndarray) -> Values:
    i, f, n, o = np.split(sums + recurrent, 4, axis=1)
    gates = {"input": _sigmoid(i), "forget": _sigmoid(f), "candidate": np.tanh(n), "output": _sigmoid(o)}
    cell_state = gates["forget"] * c + gates["input"] * gates["candidate"]
    return {**gates, "cell_state": cell_state, "state": gates["output"] * np.tanh(cell_state)}


# What a step back returns: the gradients with respect to the sums of the input, to the products with the
# previous state, and to the previous h and c along the paths that pass through no sum.
StepGradients = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _simple_back(trace: Trace, t: int, dh: np.ndarray, dc: np.ndarray, zeros: np.ndarray) -> StepGradients:
    by_sum = dh * (1 - trace.state[:, t] ** 2)
    return by_sum, by_sum, zeros, zeros


def _gru_back(trace: Trace, t: int, dh: np.ndarray, dc: np.ndarray, zeros: np.ndarray) -> StepGradients:
    assert trace.recurrent_candidate is not None  # a GRU's trace has it
    update, reset, candidate = (trace.gates[name][:, t] for name in GATES["GRU"])
    before = trace.state[:, t - 1] if t else zeros
    by_candidate = dh * (1 - update) * (1 - candidate**2)
    by_update = dh * (before - candidate) * update * (1 - update)
    by_reset = by_candidate * trace.recurrent_candidate[:, t] * reset * (1 - reset)
    by_input = np.concatenate([by_update, by_reset, by_candidate], axis=1)
    by_recurrent = np.concatenate([by_update, by_reset, by_candidate * reset], axis=1)
    return by_input, by_recurrent, dh * update, zeros


def _lstm_back(trace: Trace, t: int, dh: np.ndarray, dc: np.ndarray, zeros: np.ndarray) -> StepGradients:
    assert trace.cell_state is not None  # an LSTM's trace has it
    i, f, n, o = (trace.gates[name][:, t] for name in GATES["LSTM"])
    before = trace.cell_state[:, t - 1] if t else zeros
    squashed = np.tanh(trace.cell_state[:, t])
    dc = dc + dh * o * (1 - squashed**2)
    by_sum = np.concatenate(
        [dc * n * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - n**2), dh * squashed * o * (1 - o)],
        axis=1,
    )
    return by_sum, by_sum, zeros, dc * f


_FORWARD_STEPS = {"SimpleRNN": _simple_step, "GRU": _gru_step, "LSTM": _lstm_step}
_BACKWARD_STEPS = {"SimpleRNN": _simple_back, "GRU": _gru_back, "LSTM": _lstm_back}


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * x))  # without overflow
