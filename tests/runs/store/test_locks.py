from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from core.runs.store import locks


def test_a_lock_is_held_by_one_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not locks.is_locked(path)
    lock = locks.take(path)
    assert lock is not None
    assert locks.is_locked(path)
    assert locks.take(path, timeout=0.01) is None
    lock.release()
    assert not locks.is_locked(path)


def test_a_child_keeps_an_inherited_lock_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = locks.take(path)
    assert lock is not None
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[lock.descriptor]
    )
    lock.release()
    assert locks.is_locked(path)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert not locks.is_locked(path)


def test_an_exclusive_block_holds_the_lock(tmp_path: Path) -> None:
    with locks.exclusive(tmp_path / "lock"):
        assert locks.is_locked(tmp_path / "lock")
    assert not locks.is_locked(tmp_path / "lock")
