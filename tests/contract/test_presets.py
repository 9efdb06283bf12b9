from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from core.contract import config as configs
from core.contract.config_links import from_query, to_query
from core.contract.presets import PRESETS, Preset, of_family


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_survives_a_file_and_a_link(preset: Preset) -> None:
    assert configs.from_dict(configs.to_dict(preset.config)) == preset.config
    assert from_query(dict(parse_qsl(to_query(preset.config)))) == preset.config


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_offered_only_to_its_family(preset: Preset) -> None:
    offered = {family for family in ("cnn", "rnn", "gan") if preset in of_family(family)}
    assert offered == {preset.config.family}


def test_names_are_unique() -> None:
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
