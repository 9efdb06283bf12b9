from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from core.bundles.bundle import PRETRAINED
from core.contract.config import ClassifierConfig
from core.messages import Message as Said
from core.runs import Run, RunStore
from core.runs.process import launch
from tests import avatar_bundle

ROOT = Path(__file__).resolve().parents[2]

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """Return the runs of this test, in a home of its own."""
    monkeypatch.setenv("DEEP_IMAGE_LAB_HOME", str(tmp_path / "home"))
    return RunStore(tmp_path / "home")


@pytest.fixture(scope="session", autouse=True)
def no_search_for_components() -> Iterator[None]:
    """Spare each AppTest the search of all installed packages for components, which takes 0.15 s."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", list, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_script_cache() -> Iterator[None]:
    """Compile each page once, as a server does; AppTest itself does so in every run."""
    cache = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: cache)
        yield


@pytest.fixture
def open_page() -> OpenPage:
    """Return a function that opens a page as a visitor with a link does, with the link's parameters."""

    def opened(name: str, **query: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
        for key, value in query.items():
            at.query_params[key] = value
        if name != "home":
            at.switch_page(f"pages/{name}.py")
        at.run()
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


@pytest.fixture
def avatars(store: RunStore) -> Run:
    """Make a finished run whose generator draws faces in ten styles, in colour."""
    return avatar_bundle.finished_run(store)
