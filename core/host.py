"""Read how much memory and how many processors this process may use, whatever the machine has.

Containers and hosted apps get a share of a machine by control groups, version 1 or 2. A group's limit holds
for all groups below it, so the lowest limit counts, from this process's own group up to the root.
Source: cgroups(7), and https://docs.kernel.org/admin-guide/cgroup-v2.html for ``memory.max`` and ``cpu.max``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_GROUPS = "sys/fs/cgroup"


@dataclass(frozen=True)
class Host:
    """Memory, in bytes, and whole processors that this process and its children may use."""

    memory: float
    processors: int


@lru_cache(maxsize=1)
def measured() -> Host:
    """Return what this process may use; it is read once."""
    return measure()


def lower_priority(nice: int, group: Path = Path("/proc/self/autogroup")) -> None:
    """Let other processes have the processors before this one and its threads, as nice(2) says.

    Where Linux groups processes by session, niceness counts only within a session, and each session gets the
    same share. A process that began a session of its own therefore lowers the share of that too. Source:
    sched(7), "The autogroup feature".
    """
    os.nice(nice)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # another system, or a container, where niceness is enough
            group.write_text(str(nice))


def measure(root: Path = Path("/")) -> Host:
    """Return what this process may use, from the files below ``root`` and the processors it may run on.

    A quota of 1.5 processors counts as one: a group that exceeds its quota is halted as a whole, with
    the server.
    """
    memory = min([_machine_memory(root), *_memory_limits(root)])
    processors = min([float(_affinity()), *_processor_quotas(root)])
    return Host(memory, max(1, math.floor(processors)))


def _machine_memory(root: Path) -> float:
    with suppress(OSError, ValueError, IndexError):
        for line in (root / "proc/meminfo").read_text().splitlines():
            if line.startswith("MemTotal:"):
                return 1024.0 * int(line.split()[1])
    with suppress(OSError, ValueError):  # macOS has no /proc
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return math.inf


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_limits(root: Path) -> Iterator[float]:
    """Yield every limit on memory, in bytes; version 1 writes an enormous number where there is none."""
    for name, controller in (("memory.max", ""), ("memory.limit_in_bytes", "memory")):
        for folder in _group_folders(root, controller):
            with suppress(OSError, ValueError):  # "max": no limit
                yield float(int((folder / name).read_text()))


def _processor_quotas(root: Path) -> Iterator[float]:
    """Yield every limit on processor time, in processors."""
    for folder in _group_folders(root, ""):
        with suppress(OSError, ValueError, ZeroDivisionError):  # "max 100000": no limit
            quota, period = (folder / "cpu.max").read_text().split()
            yield int(quota) / int(period)
    for folder in _group_folders(root, "cpu"):
        with suppress(OSError, ValueError, ZeroDivisionError):
            quota_1 = int((folder / "cpu.cfs_quota_us").read_text())
            if quota_1 > 0:  # -1: no limit
                yield quota_1 / int((folder / "cpu.cfs_period_us").read_text())


def _group_folders(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of this process's group and of the groups above it; "" stands for version 2.

    Inside a container the path in ``/proc/self/cgroup`` may be the host's. Then only the root is there.
    """
    for line in _own_groups(root):
        _, controllers, path = line.split(":", 2)
        if controller not in controllers.split(","):
            continue
        for top in (controllers, controller) if controller else ("", "unified"):
            group = root / _GROUPS / top
            yield group
            for part in path.strip("/").split("/"):
                if part in ("", ".."):
                    break
                group = group / part
                yield group


def _own_groups(root: Path) -> list[str]:
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    return [line for line in lines if line.count(":") >= 2]
