"""Name ensembles of networks and average their probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

JOIN = "+"  # between the names of an ensemble's networks


def members(name: str) -> list[str]:
    """Return the names of the networks of an ensemble, or the one of a single network."""
    return name.split(JOIN)


def ensemble_name(names: Iterable[str]) -> str:
    """Return the name of an ensemble of networks."""
    return JOIN.join(names)


def averaged(probabilities: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Return the mean probabilities (N×classes) of the networks that a name lists.

    Source: Lakshminarayanan, Pritzel, Blundell 2017, section 2.4.
    """
    return np.mean([probabilities[member] for member in members(name)], axis=0)
