"""Learn a linear head on features: multinomial logistic regression with an L2 penalty, in NumPy.

The features are centred, divided by one number, and turned onto their principal axes. There the Hessian has a
diagonal upper bound (Böhning 1992, Multinomial logistic regression algorithm), so that each step is two
products of matrices and needs no line search. Nesterov's momentum, started again where it points uphill
(O'Donoghue, Candès 2015), makes the steps long. The minimum is unique, so the result depends on no seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.contract.evaluation import softmax

PENALTY = 1.0  # half of it times the weights' squared length is added to the summed cross-entropy
STEPS = 300  # at most
TOLERANCE = 1e-4  # of the gradient's largest component, per picture


@dataclass(frozen=True, eq=False)
class LinearHead:
    """A layer that turns features into logits."""

    weights: np.ndarray  # features×classes, float32
    bias: np.ndarray  # classes, float32

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Return logits, N×classes float32, of features, N×features."""
        return features.astype(np.float32) @ self.weights + self.bias


@dataclass(frozen=True, eq=False)
class TurnedFeatures:
    """Features, centred and divided by one number, on their principal axes."""

    x: np.ndarray  # N×r, float32
    spread: np.ndarray  # r: the squared length of x on each axis
    axes: np.ndarray  # features×r
    middle: np.ndarray  # features
    scale: float

    @classmethod
    def of(cls, features: np.ndarray) -> TurnedFeatures:
        """Return features, N×features, in this form."""
        x = features.astype(np.float32)
        middle = x.mean(axis=0)
        x -= middle
        scale = float(np.sqrt(np.mean(np.sum(x * x, axis=1)))) or 1.0  # length of a typical picture's
        x /= scale
        turned, axes, spread = _principal(x)
        return cls(turned, spread, axes, middle, scale)

    def logits_of_others(
        self, out: np.ndarray, labels: np.ndarray, classes: int, penalty: float = PENALTY
    ) -> np.ndarray:
        """Return the logits of the pictures in ``out`` (N bool) by a head that learns from all others.

        The axes are those of all pictures. This changes no answer, since a penalised head is the same in any
        turned coordinates, and the Hessian of a part is below the bound of the whole.
        """
        wanted = np.eye(classes, dtype=np.float32)[labels[~out]]
        weights, bias = _minimum(self.x[~out], self.spread, len(self.x), wanted, penalty)
        return self.x[out] @ weights + bias


def fit(features: np.ndarray, labels: np.ndarray, classes: int, penalty: float = PENALTY) -> LinearHead:
    """Return the head that explains labels (N) by features (N×features) best, under the penalty."""
    turned = TurnedFeatures.of(features)
    wanted = np.eye(classes, dtype=np.float32)[labels]
    weights, bias = _minimum(turned.x, turned.spread, len(turned.x), wanted, penalty)
    full = turned.axes @ weights / np.float32(turned.scale)
    return LinearHead(full, bias - turned.middle @ full)


def _principal(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x on its principal axes (N×r), these axes (features×r), and the squared length of x on each."""
    count, size = x.shape
    if count <= size:
        spread, u = np.linalg.eigh(x @ x.T)
        kept = spread > 1e-5 * max(float(spread[-1]), 1e-12)
        spread, u = spread[kept], u[:, kept]
        root = np.sqrt(spread)
        return u * root, (x.T @ u) / root, spread
    spread, axes = np.linalg.eigh(x.T @ x)
    kept = spread > 1e-5 * max(float(spread[-1]), 1e-12)
    return x @ axes[:, kept], axes[:, kept], spread[kept]


def _minimum(
    x: np.ndarray, spread: np.ndarray, count: int, wanted: np.ndarray, penalty: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (r×classes) and bias (classes) for x, all or some of ``count`` turned features."""
    step = (1 / (0.5 * spread + penalty))[:, None].astype(np.float32)
    bias_step = np.float32(1 / (0.5 * count))
    weights = np.zeros((x.shape[1], wanted.shape[1]), np.float32)
    bias = np.zeros(wanted.shape[1], np.float32)
    ahead, bias_ahead, momentum = weights, bias, 1.0
    for _ in range(STEPS):
        error = softmax(x @ ahead + bias_ahead) - wanted
        slope = x.T @ error + penalty * ahead
        bias_slope = error.sum(axis=0)
        new, new_bias = ahead - step * slope, bias_ahead - bias_step * bias_slope
        if max(np.abs(slope).max(initial=0.0), np.abs(bias_slope).max()) <= TOLERANCE * len(x):
            return new, new_bias
        uphill = np.sum(slope * (new - weights)) + bias_slope @ (new_bias - bias) > 0
        following = 1.0 if uphill else (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        share = np.float32(0.0 if uphill else (momentum - 1) / following)
        ahead, bias_ahead = new + share * (new - weights), new_bias + share * (new_bias - bias)
        weights, bias, momentum = new, new_bias, following
    return weights, bias
