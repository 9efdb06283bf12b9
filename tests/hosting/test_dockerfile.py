from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.hosting import dockerfile
from tests.hosting.dockerfile import ROOT, Instruction


def test_the_image_holds_all_code_pages_and_models_and_nothing_else() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout")
    tracked = {Path(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()}
    wanted = {file for file in tracked if file.parts[0] in (".streamlit", "core", "locale", "pages")}
    wanted |= {Path("LICENSE"), Path("streamlit_app.py")}
    wanted |= {Path("requirements-common.txt"), Path("requirements-docker.txt")}

    sent = set(dockerfile.sent_files())

    assert wanted <= sent
    assert {file for file in sent - wanted if file.suffix in (".py", ".pyc", ".txt")} == set()


def test_an_ignored_folder_stays_out_even_inside_a_wanted_one(tmp_path: Path) -> None:
    (tmp_path / "core/deep/__pycache__").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    for name in ("core/a.py", "core/deep/__pycache__/a.pyc", "tests/b.py", "c.py"):
        (tmp_path / name).touch()
    (tmp_path / ".dockerignore").write_text("# words\n*\n!core\n!c.py\n**/__pycache__\n")

    assert dockerfile.sent_files(tmp_path) == [Path("c.py"), Path("core/a.py")]


def test_lines_are_joined_and_comments_dropped(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('# words\nENV A=1 \\\n    B=2\n\nCMD ["run", "a b"]\n')

    found = dockerfile.instructions(tmp_path)

    assert found == [Instruction("ENV", "A=1 B=2"), Instruction("CMD", '["run", "a b"]')]
    assert found[1].words == ["run", "a b"]


def test_packages_are_installed_before_the_code_is_copied() -> None:
    lines = [(line.name, line.text) for line in dockerfile.instructions()]
    install = next(i for i, (_, text) in enumerate(lines) if "pip install" in text)
    assert install < lines.index(("COPY", ". ."))


def test_the_image_is_for_strangers_and_runs_without_rights_below_an_init_process() -> None:
    environment = dockerfile.environment()
    assert dockerfile.last("USER").text == "1000"
    assert dockerfile.last("ENTRYPOINT").words == ["tini", "--"]
    assert "'/_stcore/health'" in dockerfile.health_check()[-1]
    assert dockerfile.last("VOLUME").text == environment["DEEP_IMAGE_LAB_HOME"]
    assert environment["DEEP_IMAGE_LAB_HOSTED"] == "1"


def packages(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_two_requirements_differ_in_tensorflow_alone() -> None:
    usual, small = packages("requirements.txt"), packages("requirements-docker.txt")
    assert [line.replace("tensorflow-cpu", "tensorflow") for line in small] == usual
    assert small != usual


@pytest.mark.parametrize(
    ("name", "first_safe"),
    [
        ("pillow", "12.3"),
        ("keras", "3.15.1"),
        ("requests", "2.33"),
        ("streamlit", "1.67"),
        ("starlette", "1.3"),
        ("python-multipart", "0.0.31"),
        ("ray", "2.52"),
    ],
)
def test_versions_with_known_security_holes_are_refused(name: str, first_safe: str) -> None:
    listed = [*packages("requirements-common.txt"), *packages("requirements-cluster.txt")]
    (line,) = [line for line in listed if re.match(rf"{name}[<>=]", line)]
    assert re.split(">=|,", line)[1] == first_safe


def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))


def test_streamlit_watches_no_files_and_asks_no_other_server() -> None:
    settings = config()
    assert settings["server"]["fileWatcherType"] == "none"
    assert settings["browser"] == {"gatherUsageStats": False, "serverAddress": "localhost"}


def test_streamlit_sends_nothing_large_twice_and_collects_no_garbage_after_each_run() -> None:
    assert config()["global"]["minCachedMessageSize"] == 1000
    assert config()["runner"]["postScriptGC"] is False
