from __future__ import annotations

import pytest

from core.contract import config as configs
from core.contract.presets import PRESETS, Preset, of_family


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_a_configuration_that_a_file_and_a_link_can_carry(preset: Preset) -> None:
    assert configs.from_dict(configs.to_dict(preset.config)) == preset.config
    assert preset in of_family(preset.config.family)


def test_names_are_unique() -> None:
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
