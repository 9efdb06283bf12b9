"""Read every ``DEEP_IMAGE_LAB_*`` environment variable, once, into one frozen dataclass."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import SettingsError

PREFIX = "DEEP_IMAGE_LAB_"


@dataclass(frozen=True)
class Settings:
    """Settings of the app's host.

    ``NAME`` below means ``DEEP_IMAGE_LAB_NAME``; each comment ends with the default.
    """

    home: Path  # HOME: the folder of runs and downloaded data sets; ~/.deep-image-lab
    data: Path | None  # DATA: a folder of .npz files that is searched before any download; none
    hosted: bool  # HOSTED: 1 on a host for strangers, where runs have a time limit; 0
    memory_gigabytes: float | None  # MEMORY_GB: memory of the host, 0.1 to 100,000; None: what it has
    address_runs: int  # ADDRESS_RUNS: how many runs of one network address wait or train, 1 to 1,000; 30
    pause_minutes: float  # PAUSE_MINUTES: how long a paused run keeps its place, 0 (for ever) to 1,440; 2
    run_minutes: float | None  # RUN_MINUTES: how long a run may have a place, 0 (no limit) to 100,000
    # The defaults of the next three, and of RUN_MINUTES, are in core/capacity.py.
    workers: int | None  # WORKERS: how many runs train at once, 1 to 64
    experiments: int | None  # EXPERIMENTS: how many experiments of Inside live at once, 0 to 64
    warm_minutes: float | None  # WARM: how long a process with TensorFlow waits for the next run, 0 to 1,440
    keep_days: float  # KEEP_DAYS: how long an ended run is kept, 0 (for ever) to 100,000; 90
    keep_gigabytes: float  # KEEP_GB: how much space all runs may take, 0 (no limit) to 100,000; 10
    proxies: int  # PROXIES: how many proxies of one's own lie before the app, 0 to 8; 0
    cluster: str  # CLUSTER: the address of a Ray cluster that trains instead of this machine; ""


def current() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: when a variable has a value that it cannot take.
    """
    return _parsed(tuple(sorted(item for item in os.environ.items() if item[0].startswith(PREFIX))))


def parse(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment describes.

    Raises:
        SettingsError: when a variable has a value that it cannot take.
    """
    values = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }
    return Settings(
        home=_folder(values.get("HOME") or "~/.deep-image-lab"),
        data=_folder(values["DATA"]) if values.get("DATA") else None,
        workers=_whole_number(values, "WORKERS", 1, 64) if values.get("WORKERS") else None,
        hosted=bool(_whole_number(values, "HOSTED", 0, 1)),
        memory_gigabytes=_number(values, "MEMORY_GB", 100_000, low=0.1) if values.get("MEMORY_GB") else None,
        experiments=_whole_number(values, "EXPERIMENTS", 0, 64) if values.get("EXPERIMENTS") else None,
        warm_minutes=_number(values, "WARM", 1_440) if values.get("WARM") else None,
        address_runs=_whole_number(values, "ADDRESS_RUNS", 1, 1_000, default=30),
        pause_minutes=_number(values, "PAUSE_MINUTES", 1_440, default=2),
        run_minutes=_number(values, "RUN_MINUTES", 100_000) if values.get("RUN_MINUTES") else None,
        keep_days=_number(values, "KEEP_DAYS", 100_000, default=90),
        keep_gigabytes=_number(values, "KEEP_GB", 100_000, default=10),
        proxies=_whole_number(values, "PROXIES", 0, 8),
        cluster=values.get("CLUSTER", ""),
    )


@lru_cache(maxsize=8)  # a server has one environment, tests have several
def _parsed(items: tuple[tuple[str, str], ...]) -> Settings:
    return parse(dict(items))


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _whole_number(values: Mapping[str, str], name: str, low: int, high: int, default: int = 0) -> int:
    text = values.get(name) or str(default)
    if text.isascii() and text.isdigit() and len(text) <= len(str(high)) + 1 and low <= int(text) <= high:
        return int(text)
    raise SettingsError("settings.whole_number", name=f"{PREFIX}{name}", low=low, high=high, value=text[:40])


def _number(
    values: Mapping[str, str], name: str, high: float, default: float = 0.0, low: float = 0.0
) -> float:
    text = values.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if low <= number <= high:
        return number
    raise SettingsError("settings.number", name=f"{PREFIX}{name}", low=low, high=high, value=text[:40])
