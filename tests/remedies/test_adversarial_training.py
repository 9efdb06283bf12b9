from __future__ import annotations

from pathlib import Path

from core.remedies.adversarial_training import (
    ADVERSARIAL,
    PLAIN,
    AdversarialSettings,
    AdversarialTraining,
)
from core.remedies.attack_table import AttackTable, attack_name
from core.remedies.corruption_table import CorruptionTable
from core.remedies.shipped_files import read_measurement, write_measurement

NETWORKS = (PLAIN, ADVERSARIAL)


def test_tables_within_the_measurement_are_read_as_they_were_written(tmp_path: Path) -> None:
    row = {PLAIN: (0.25, 0.5), ADVERSARIAL: (0.5, 0.75)}
    found = AdversarialTraining(
        settings=AdversarialSettings(architecture="tutorial", steps=3, batch_size=2, strength=8, seed=1),
        attacks=AttackTable(
            dataset="mnist", images=5, networks=NETWORKS, accuracy={attack_name("pgd", PLAIN): row}
        ),
        corruptions=CorruptionTable(
            dataset="mnist", images=5, seed=1, networks=NETWORKS, baseline=PLAIN, errors={"fog": row}
        ),
    )

    write_measurement(found, tmp_path / "adversarial.json")

    assert read_measurement(AdversarialTraining, tmp_path / "adversarial.json") == found
