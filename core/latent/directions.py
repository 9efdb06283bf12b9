"""Find the latent space's principal axes, and measure what each of them changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import read_first
from core.contract.subjects import subject
from core.errors import BundleError
from core.inference.generator import Generator
from core.language import gettext
from core.latent.appearance import UNITS, measure_appearance

REACH = 2.0  # standard deviations to either side at which an axis is measured
SAMPLES = 40  # images on which an axis is measured
LEAST = 0.12  # smallest share of a property's spread that an axis must span to be named after it
FORM = "form"  # the name of an axis that changes none of them much


@dataclass(frozen=True, eq=False)
class Axis:
    """One principal axis."""

    name: str  # an id: a property of the subject, or FORM
    rank: int  # from 1 on, by how much of the layer's variance it holds
    vector: np.ndarray  # unit length, latent_size float32
    change: dict[str, float]  # mean change of each property from −REACH to +REACH

    @property
    def words(self) -> str:
        """The measured change, in words."""
        if self.name == FORM:
            return gettext("changes the shape; none of the measured properties changes much")
        if self.name in UNITS:
            return gettext(
                "{change:+.1f}{unit} over four standard deviations",
                change=self.change[self.name],
                unit=UNITS[self.name],
            )
        return gettext(
            "{change:+.0f} of 255 levels over four standard deviations", change=self.change[self.name]
        )


def principal_axes(bundle: Bundle, count: int = 12) -> np.ndarray:
    """Return the principal axes of the generator's first dense layer in the latent, count×latent_size.

    They are the principal components of the layer's activations over samples of the latent, brought back to
    the latent (Härkönen et al. 2020, GANSpace, section 2). As the layer is linear and the latent standard
    normal, the components of infinitely many samples are known without drawing any: they are the eigenvectors
    of the kernel times its transpose (Shen, Zhou 2021, SeFa, section 3.2).

    Raises:
        BundleError: when the model cannot be read, or its first dense layer does not take the latent.
    """
    size = bundle.card.latent_size or 0
    # In the layer's input, the latent comes before the class.
    kernel = read_first(bundle, "Dense").weights[0][:size].astype(np.float64)
    if kernel.shape[0] != size or size == 0:
        raise BundleError("latent.no_latent_layer", name=bundle.name)
    _, vectors = np.linalg.eigh(kernel @ kernel.T)
    return vectors.T[::-1][:count].astype(np.float32)


def named_axes(generator: Generator, vectors: np.ndarray, seed: int = 0) -> list[Axis]:
    """Return the axes and what they change, named ones first; along a named axis its property grows.

    The properties are those of the generator's subject. A property names the axis that changes it most,
    unless another property changes more on that axis. Changes are compared as shares of the property's spread
    among images of a class.
    """
    named = subject(generator.card.subject, generator.card.shape[2]).properties
    labels = np.arange(SAMPLES) % len(generator.card.classes)
    latent = generator.latent(SAMPLES, seed)
    usual = measure_appearance(generator.draw(labels, latent))
    spread = {name: _within(usual[name], labels) for name in named}
    changes = [_change(generator, labels, latent, vector, named) for vector in vectors]
    share = np.array([[change[name] / (2 * REACH * spread[name]) for name in named] for change in changes])
    names = _names(np.abs(share), named)
    axes = []
    for rank, (vector, change) in enumerate(zip(vectors, changes, strict=True)):
        name = names.get(rank, FORM)
        sign = -1 if change.get(name, 0) < 0 else 1
        axes.append(Axis(name, rank + 1, sign * vector, {key: sign * value for key, value in change.items()}))
    return sorted(axes, key=lambda axis: (*named, FORM).index(axis.name))


def move_along(latent: np.ndarray, axes: Sequence[Axis], amounts: Sequence[float]) -> np.ndarray:
    """Return points (N×D) moved along the axes by so many standard deviations."""
    for axis, amount in zip(axes, amounts, strict=True):
        latent = latent + np.float32(amount) * axis.vector
    return latent


def _names(share: np.ndarray, named: Sequence[str]) -> dict[int, str]:
    """Return the name of each axis that gets one, given the shares, axes×properties."""
    names: dict[int, str] = {}
    for flat in np.argsort(share, axis=None)[::-1]:
        axis, property_ = divmod(int(flat), len(named))
        if share[axis, property_] < LEAST:
            break
        if axis not in names and named[property_] not in names.values():
            names[axis] = named[property_]
    return names


def _change(
    generator: Generator, labels: np.ndarray, latent: np.ndarray, vector: np.ndarray, named: Sequence[str]
) -> dict[str, float]:
    middle = latent - (latent @ vector)[:, None] * vector
    low, high = (measure_appearance(generator.draw(labels, middle + at * vector)) for at in (-REACH, REACH))
    return {name: float((high[name] - low[name]).mean()) for name in named}


def _within(values: np.ndarray, labels: np.ndarray) -> float:
    """Return the standard deviation within the classes."""
    return float(np.sqrt(np.mean([values[labels == k].var() for k in np.unique(labels)]))) + 1e-9
