from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.bundles.bundle import PRETRAINED
from core.contract.config import ClassifierConfig
from core.messages import Message as Said
from core.runs import Run, RunStore
from core.runs.process import launch

FOLDERS = tuple(f"pages.parts.{name}" for name in ("components", "classify", "generate", "inside", "train"))
ROOT = Path(__file__).resolve().parents[2]

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """Return the runs of this test, in a home of its own."""
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path / "home"))
    return RunStore(tmp_path / "home")


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open a page as a visitor does: the app first, then the page with its link's parameters."""

    def opened(name: str, **query: str) -> AppTest:
        # Each AppTest has its own registry of components; before Streamlit 1.67 only an import enters it.
        for module in [name for name in sys.modules if name.startswith(FOLDERS)]:
            monkeypatch.delitem(sys.modules, module)
            package, _, last = module.rpartition(".")
            if package in sys.modules:  # a dotted name would be found there
                monkeypatch.delattr(sys.modules[package], last, raising=False)
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
        assert not at.exception
        for key, value in query.items():
            at.query_params[key] = value
        if name != "home":
            at.switch_page(f"pages/{name}.py").run()
        assert not at.exception
        return at

    return opened


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """Return the runs whose worker was asked for; none is started."""
    runs: list[Run] = []
    monkeypatch.setattr(launch, "start", runs.append)
    return runs


@pytest.fixture
def own_cnn(store: RunStore) -> Run:
    """Make a finished run whose network is a copy of the shipped one, so nothing is trained."""
    run = store.create(ClassifierConfig(architecture="deep", dataset="mnist"))
    shutil.copytree(PRETRAINED / "cnn", run.bundle)
    run.write_status(state="finished", message=Said("Finished after 30 steps."))
    return run
