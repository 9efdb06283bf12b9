"""Limit the uploads that Streamlit holds in memory, from their arrival until a page moves them to the disk.

A browser may send files to Streamlit's address for uploads that no page ever asks for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from streamlit import runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core import capacity
from pages.parts.shared.process_cache import kept_in_process
from pages.parts.shared.uploads import MAX_BYTES

MAX_FILES = 5000  # of a session; Streamlit keeps the names of those that are on the disk
SHARE = 1 / 8  # of the host's memory, for the files of all sessions; half of it for those of one
LEAST = 64 * 2**20  # bytes of all sessions, however small the host: two of the largest files


@kept_in_process()
def limit_uploads() -> None:
    """Refuse uploads beyond the limits, with the status 413, from now on."""
    if runtime.exists():
        manager: Any = runtime.get_instance().uploaded_file_mgr
        most = max(LEAST, int(SHARE * capacity.current().gigabytes * capacity.GIGABYTE))
        manager.add_file = limited(manager, most)


def limited(manager: Any, most: int) -> Callable[[str, UploadedFileRec], None]:
    """Return the manager's ``add_file``, which then refuses files beyond ``most`` bytes of all sessions."""
    add, lock = manager.add_file, threading.Lock()

    def add_or_refuse(session_id: str, file: UploadedFileRec) -> None:
        with lock:
            held = {
                session: {key: len(record.data) for key, record in list(records.items())}
                for session, records in list(manager.file_storage.items())
            }
            sizes = held.setdefault(session_id, {})
            sizes[file.file_id] = len(file.data)
            if (
                len(sizes) > MAX_FILES
                or sum(sizes.values()) > min(MAX_BYTES, most // 2)
                or (file.data and sum(sum(own.values()) for own in held.values()) > most)
            ):
                raise HTTPException(413, "The server has no room for this file.")
            add(session_id, file)

    return add_or_refuse
