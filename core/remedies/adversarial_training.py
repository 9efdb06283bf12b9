"""Keep what adversarial training brought: two networks before and after, on attacked and spoilt pictures."""

from __future__ import annotations

from dataclasses import dataclass

from core.remedies.attack_table import AttackTable
from core.remedies.corruption_table import CorruptionTable
from core.remedies.shipped_files import SHIPPED

FILE = SHIPPED / "adversarial_{dataset}.json"
PLAIN, ADVERSARIAL = "plain", "adversarial"  # names of the networks


@dataclass(frozen=True, kw_only=True)
class AdversarialSettings:
    """How two networks are trained that differ only in the pictures that they see."""

    architecture: str
    steps: int
    batch_size: int
    strength: int  # of the steps in training, in levels of 255
    seed: int


@dataclass(frozen=True, kw_only=True)
class AdversarialTraining:
    """Right answers of the two networks on attacked and on spoilt pictures."""

    settings: AdversarialSettings
    attacks: AttackTable
    corruptions: CorruptionTable
