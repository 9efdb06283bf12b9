"""Name the tiny network that has learnt a large one's probabilities, and its shipped bundle."""

from __future__ import annotations

from core.remedies.shipped_files import SHIPPED

FOLDER = SHIPPED / "distilled_{dataset}"
STUDENT = "tiny"  # its architecture
DISTILLED = "distilled"  # its name in measurements
