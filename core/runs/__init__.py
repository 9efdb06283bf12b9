"""Store, queue and train runs, and report on them.

The names that tests use most are re-exported here.
"""

from core.runs.process.launch import resume, start
from core.runs.process.queue import expected_wait, position, worker_count
from core.runs.store.control import Control, Request
from core.runs.store.run import Run
from core.runs.store.run_store import RunStore, home
from core.runs.store.status import State, Status

__all__ = [
    "Control",
    "Request",
    "Run",
    "RunStore",
    "State",
    "Status",
    "expected_wait",
    "home",
    "position",
    "resume",
    "start",
    "worker_count",
]
