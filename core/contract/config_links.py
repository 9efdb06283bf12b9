"""A configuration as the query of a link, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from core.contract import config as configs
from core.contract.config import TrainingConfig
from core.errors import ConfigError

ALWAYS = ("family", "architecture", "dataset")  # the others only where they differ from the default
LONGEST = 64  # characters of a value


def to_query(config: TrainingConfig) -> str:
    """The configuration as ``family=cnn&architecture=deep&…``."""
    values = configs.to_dict(config)
    default = configs.to_dict(type(config)(family=config.family, architecture=config.architecture))
    told = {key: value for key, value in values.items() if key in ALWAYS or value != default[key]}
    return urlencode({key: v if isinstance(v, str) else json.dumps(v) for key, v in told.items()})


def from_query(query: Mapping[str, str]) -> TrainingConfig | None:
    """The configuration in a link's query, None where there is none; keys of other things are passed over.

    Raises:
        ConfigError: when a value is out of range.
    """
    family = query.get("family")
    if family is None:
        return None
    default = configs.to_dict(configs.from_dict({"family": family}))
    return configs.from_dict({key: _value(text) for key, text in query.items() if key in default})


def _value(text: str) -> Any:
    if len(text) > LONGEST:
        raise ConfigError("A value in this link is too long to be a setting.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # a name
