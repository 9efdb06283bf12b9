"""Keep what visitors brought to a page for a while, so that it is still there after a reload of the page.

A reload begins a new session of Streamlit's, and the old one's state is lost. What is kept is known by an id
in the link and belongs to a visitor: whoever else has the link gets nothing. Pictures lie in nameless files,
which vanish with the server.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from pages.parts.shared.process_cache import kept_in_process
from pages.parts.shared.uploads import FileStore

SECONDS = 3600.0  # after the last run of its page
MOST = 100  # visits; each has an open file
MOST_BYTES = 64 * 2**20  # of one visit
MOST_BYTES_IN_ALL = 512 * 2**20


@dataclass
class Visit:
    """What a visitor brought to a page and chose there."""

    shelf: FileStore | None = None  # none before the first file
    names: dict[str, dict[str, str]] = field(default_factory=dict)  # of files by key, by their source
    choices: dict[str, Any] = field(default_factory=dict)  # items of the session's state
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    owners: frozenset[str] = frozenset()  # ids of the visitor
    used: float = 0.0

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return self.shelf.size if self.shelf else 0

    @property
    def keys(self) -> set[str]:
        """Keys of all files."""
        return {key for names in self.names.values() for key in names}


class Visits:
    """The visits of all visitors, the last used last; all sessions share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._visits: OrderedDict[str, Visit] = OrderedDict()

    def keep(self, visit: Visit, owners: Collection[str]) -> bool:
        """Keep a visit for its visitor from now on; return False if its pictures are too large to be kept."""
        with self._lock:
            visit.owners = visit.owners | frozenset(owners)
            visit.used = time.monotonic()
            self._visits.pop(visit.id, None)
            fits = visit.size <= MOST_BYTES
            if fits:
                self._visits[visit.id] = visit
            self._drop()
            return fits

    def find(self, visit_id: str, visitor_ids: Collection[str]) -> Visit | None:
        """Return the visit of an id, None if there is none or it is another visitor's."""
        with self._lock:
            self._drop()
            found = self._visits.get(visit_id)
        return found if found is not None and not found.owners.isdisjoint(visitor_ids) else None

    def sweep(self) -> None:
        """Drop the visits that have not been used for an hour."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        oldest = time.monotonic() - SECONDS
        size = sum(visit.size for visit in self._visits.values())
        for visit in list(self._visits.values()):
            if visit.used > oldest and size <= MOST_BYTES_IN_ALL and len(self._visits) <= MOST:
                return
            size -= visit.size
            del self._visits[visit.id]


@kept_in_process()
def visits() -> Visits:
    """Return the visits that this server keeps."""
    return Visits()
