from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.datasets.sources.local_files import FileServer, Handler


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Set an empty cache, no visitor's folder and no proxy for 127.0.0.1, and return the home."""
    monkeypatch.delenv("DEEP_IMAGE_LAB_DATA", raising=False)
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "home"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer(("127.0.0.1", 0), Handler) as server:
        server.files, server.served, server.truncate = {}, [], False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
