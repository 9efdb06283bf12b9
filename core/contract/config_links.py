"""Write a configuration as the query of a link, and read it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from core.contract import config as configs
from core.contract.config import TrainingConfig
from core.errors import ConfigError

ALWAYS = ("family", "architecture", "dataset")  # every other key only where it differs from the default
LONGEST = 100  # characters of a value; a data set's name may have 97


def to_query(config: TrainingConfig) -> str:
    """Return the configuration as ``family=cnn&architecture=deep&…``."""
    values = configs.to_dict(config)
    default = configs.to_dict(type(config)(family=config.family, architecture=config.architecture))
    kept = {key: value for key, value in values.items() if key in ALWAYS or value != default[key]}
    return urlencode({key: v if isinstance(v, str) else json.dumps(v) for key, v in kept.items()})


def from_query(query: Mapping[str, str]) -> TrainingConfig | None:
    """Return the configuration in a link's query, None where there is none; other keys are ignored.

    Raises:
        ConfigError: when a value is out of range.
    """
    family = query.get("family")
    if family is None:
        return None
    default = configs.to_dict(configs.from_dict({"family": family}))
    return configs.from_dict({key: _value(key, text) for key, text in query.items() if key in default})


def _value(key: str, text: str) -> Any:
    if len(text) > LONGEST:
        raise ConfigError("contract.long_value", name=key, longest=LONGEST)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # a name
