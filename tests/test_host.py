from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core import host

Write = Callable[[dict[str, str]], Path]
GROUPS = "sys/fs/cgroup"


@pytest.fixture(autouse=True)
def _eight_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)


@pytest.fixture
def machine(tmp_path: Path) -> Write:
    """Return a function that writes the files of a machine with 16 GiB, and returns their root."""

    def write(files: dict[str, str]) -> Path:
        for name, text in {"proc/meminfo": "MemTotal:  16777216 kB\nMemFree: 1 kB\n", **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


def test_a_machine_without_control_groups_has_what_it_has(machine: Write) -> None:
    assert host.measure(machine({})) == host.Host(2**34, 8)


def test_a_container_of_version_2_sees_its_limits_at_the_root(machine: Write) -> None:
    root = machine(
        {
            "proc/self/cgroup": "0::/\n",
            f"{GROUPS}/memory.max": "2147483648\n",
            f"{GROUPS}/cpu.max": "150000 100000\n",
        }
    )
    assert host.measure(root) == host.Host(2**31, 1)


def test_the_lowest_limit_of_a_group_and_those_above_it_counts(machine: Write) -> None:
    root = machine(
        {
            "proc/self/cgroup": "0::/app.slice/lab.service\n",
            f"{GROUPS}/app.slice/memory.max": "1073741824",
            f"{GROUPS}/app.slice/cpu.max": "max 100000",
            f"{GROUPS}/app.slice/lab.service/memory.max": "max",
            f"{GROUPS}/app.slice/lab.service/cpu.max": "300000 100000",
        }
    )
    assert host.measure(root) == host.Host(2**30, 3)


def test_a_container_of_version_1_sees_its_limits_wherever_its_path_leads(machine: Write) -> None:
    root = machine(
        {
            # The path is the host's, and not to be found inside the container.
            "proc/self/cgroup": "9:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/\n",
            f"{GROUPS}/memory/memory.limit_in_bytes": "3221225472",
            f"{GROUPS}/cpu,cpuacct/cpu.cfs_quota_us": "200000",
            f"{GROUPS}/cpu,cpuacct/cpu.cfs_period_us": "100000",
        }
    )
    assert host.measure(root) == host.Host(3 * 2**30, 2)


def test_groups_of_version_1_without_a_limit_limit_nothing(machine: Write) -> None:
    root = machine(
        {
            "proc/self/cgroup": "4:memory:/user\n1:cpu:/user\n",
            f"{GROUPS}/memory/user/memory.limit_in_bytes": "9223372036854771712",
            f"{GROUPS}/cpu/user/cpu.cfs_quota_us": "-1",
            f"{GROUPS}/cpu/user/cpu.cfs_period_us": "100000",
        }
    )
    assert host.measure(root) == host.Host(2**34, 8)


@pytest.mark.parametrize("quota", ["20000 100000", "0 100000"])
def test_less_than_one_processor_counts_as_one(machine: Write, quota: str) -> None:
    root = machine({"proc/self/cgroup": "0::/\n", f"{GROUPS}/cpu.max": quota})
    assert host.measure(root).processors == 1


@pytest.mark.parametrize("text", ["", "max", "rubbish 3", "1 2 3", "5 0"])
def test_files_that_cannot_be_read_limit_nothing(machine: Write, text: str) -> None:
    root = machine(
        {"proc/self/cgroup": f"0::/\n{text}\n", f"{GROUPS}/memory.max": text, f"{GROUPS}/cpu.max": text}
    )
    assert host.measure(root) == host.Host(2**34, 8)


def test_this_machine_has_memory_and_processors() -> None:
    assert host.measured().memory > 1e8
    assert host.measured().processors >= 1


@pytest.mark.parametrize("begins_a_session", [True, False])
def test_a_lower_priority_counts_for_the_session_that_a_process_began(
    tmp_path: Path, begins_a_session: bool
) -> None:
    group = tmp_path / "autogroup"
    program = f"""
import os, pathlib
from core import host
host.lower_priority(7, pathlib.Path({str(group)!r}))
print(os.nice(0) - {os.nice(0)})
"""
    found = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=begins_a_session,
    )

    assert int(found.stdout) == 7
    assert group.exists() == begins_a_session
    assert not begins_a_session or group.read_text() == "7"
