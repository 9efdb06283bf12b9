"""Training runs: their folders, who runs when, and the worker process that trains.

The page's side of it is re-exported here; ``core.runs.worker`` is the lab's.
"""

from core.runs.control import Control, Request
from core.runs.launch import resume, start
from core.runs.queue import place, wait, workers
from core.runs.run import Run
from core.runs.status import State, Status
from core.runs.store import RunStore, home

__all__ = [
    "Control",
    "Request",
    "Run",
    "RunStore",
    "State",
    "Status",
    "home",
    "place",
    "resume",
    "start",
    "wait",
    "workers",
]
