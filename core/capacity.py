"""Decide how much may happen at once on this host: as the settings say, else as its memory allows."""

from __future__ import annotations

from dataclasses import dataclass

from core import host, settings
from core.host import Host
from core.settings import Settings

SMALL = 3.0  # gigabytes; below, no warm worker, one run and one experiment at a time
TIGHT = 1.5  # gigabytes; below, no experiment beside a training
GIGABYTE = 1e9  # bytes
HOSTED_RUN_MINUTES = 60.0


@dataclass(frozen=True)
class Capacity:
    """How much may happen at once, and for how long."""

    gigabytes: float  # of memory, of the host or as the settings say
    processors: int
    runs: int  # that train at once
    experiments: int  # of Inside that live at once
    shared: bool  # whether an experiment may live beside a training
    warm_minutes: float  # for which a process with TensorFlow waits for the next run; 0: there is none
    run_minutes: float  # for which a run may hold its place; 0: no limit


def current() -> Capacity:
    """Return what may happen at once in this process and its children.

    Raises:
        SettingsError: when a setting is invalid.
    """
    return capacity(settings.current(), host.measured())


def capacity(asked: Settings, measured: Host) -> Capacity:
    """Return what may happen at once; each setting comes before what the host's memory allows.

    Measured, in GB: the server 0.35 after a visit to all pages, a training 0.9, a warm worker and an
    experiment 0.7 each. So beyond 2 GB each further run needs one more.
    """
    gigabytes = asked.memory_gigabytes or measured.memory / GIGABYTE
    small = gigabytes < SMALL
    fitting = max(1, int(min(measured.processors // 2, gigabytes - 2)))
    experiments, warm, limit = asked.experiments, asked.warm_minutes, asked.run_minutes
    usual_limit = HOSTED_RUN_MINUTES if asked.hosted else 0.0
    return Capacity(
        gigabytes=gigabytes,
        processors=measured.processors,
        runs=asked.workers or fitting,
        experiments=(1 if small else 3) if experiments is None else experiments,
        shared=experiments is not None or gigabytes >= TIGHT,
        warm_minutes=(0.0 if small else 5.0) if warm is None else warm,
        run_minutes=usual_limit if limit is None else limit,
    )
