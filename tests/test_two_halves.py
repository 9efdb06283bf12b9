"""Two halves, one door: nothing on the stage knows TensorFlow, nothing in core knows Streamlit."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"tensorflow", "keras"}
STAGE = (
    "core/images",
    "core/inference",
    "core/latent",
    "core/explain",
    "core/inside",
    "core/figures",
    "core/runs",
    "core/stepper",
    "core/bundles/bundle.py",
    "core/datasets/registry.py",
    "core/datasets/sources/drawn.py",
    "core/datasets/synthetic/example_pictures.py",
    "core/datasets/synthetic/handwriting.py",
    "core/contract/architectures.py",
    "core/contract/config.py",
    "core/contract/events.py",
    "core/contract/evaluation.py",
    "core/contract/config_links.py",
    "core/contract/presets.py",
    "core/contract/learning_rates.py",
    "core/allocator.py",
    "core/errors.py",
    "pages",
    "streamlit_app.py",
)
# The child processes, which import the lab when their time has come, and what a cluster's machines run.
DEFERRED = {
    "core.runs.process.worker",
    "core.runs.process.warm_worker",
    "core.runs.process.cluster",
    "core.datasets.keras_parser",
}


def files(*places: str) -> list[Path]:
    found = [path for place in places for path in ([ROOT / place, *(ROOT / place).rglob("*.py")])]
    return sorted(path for path in found if path.suffix == ".py")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in files("core", "pages", "streamlit_app.py")}


def statements(nodes: Iterable[ast.AST], inside_functions: bool) -> Iterator[ast.AST]:
    """Every node, but for what only a type checker sees, and for the bodies of functions if so asked."""
    for node in nodes:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from statements(node.orelse, inside_functions)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not inside_functions:
            continue
        yield node
        yield from statements(ast.iter_child_nodes(node), inside_functions)


def imports(path: Path, inside_functions: bool) -> set[str]:
    """The full names of the modules that a file imports (of ``from a import b``: both a and a.b)."""
    found: set[str] = set()
    for node in statements([ast.parse(path.read_text(encoding="utf-8"))], inside_functions):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(str(node.module))
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {".".join(name.split(".")[:i]) for name in found for i in range(1, name.count(".") + 2)}


def road_to(name: str, wanted: set[str], inside_functions: bool, seen: set[str]) -> list[str] | None:
    """The chain of imports by which a module of ours reaches one of the wanted, if it does."""
    seen.add(name)
    reached = imports(MODULES[name], inside_functions and name not in DEFERRED)
    if direct := reached & wanted:
        return [name, *sorted(direct)]
    for step in sorted((reached & set(MODULES)) - seen):
        if road := road_to(step, wanted, inside_functions, seen):
            return [name, *road]
    return None


def test_nothing_in_core_imports_streamlit():
    core = [name for name in MODULES if name.startswith("core")]
    assert [name for name in core if "streamlit" in imports(MODULES[name], True)] == []


@pytest.mark.parametrize("place", STAGE)
def test_nothing_on_the_stage_leads_to_tensorflow(place):
    """Whatever it imports, at its head or in a function, and whatever that imports in turn."""
    roads = [road_to(name_of(path), HEAVY, True, set()) for path in files(place)]
    assert [road for road in roads if road] == []


def test_the_test_would_see_a_road_to_tensorflow():
    assert road_to("core.lab.training.start", HEAVY, False, set())
    assert road_to("core.lab.publishing.publish", HEAVY, False, set())


def test_the_worker_imports_the_lab_only_when_its_turn_has_come():
    assert road_to("core.runs.process.worker", HEAVY, False, set()) is None
    assert "core.lab.training.start" in imports(MODULES["core.runs.process.worker"], True)


def test_every_room_of_core_is_on_one_side_of_the_door():
    """Who adds a room says here on which side it is."""
    lab = {"models", "training", "bundles", "datasets", "commands", "experiments"}
    stage = {"images", "inference", "explain", "figures", "runs", "latent", "inside", "stepper"}
    assert {f"core/{room}" for room in stage} <= set(STAGE)
    assert {path.parent.name for path in files("core") if path.parent.parent == ROOT / "core"} == lab | stage


VISIT = """
import json, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest

PAGES = sorted(map(str, Path("pages").glob("*.py")))
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
needless = sorted({"pandas", "cv2"} & set(sys.modules))
clicked, failures = [], []
for page in PAGES:
    app.switch_page(page).run()
    failures += [error.value for error in (*app.exception, *app.error)]
    for label in [button.label for button in app.button if not button.disabled]:
        if any(word in label for word in ("xample", "nother", "Surprise")):
            next(button for button in app.button if button.label == label).click().run()
            clicked.append(label)
            failures += [error.value for error in (*app.exception, *app.error)]
heavy = sorted({"tensorflow", "keras"} & set(sys.modules))
light = "ai_edge_litert.interpreter" in sys.modules
print(json.dumps([len(PAGES), clicked, failures, heavy, light, needless]))
"""


def test_every_page_opens_reads_and_draws_without_tensorflow():
    done = subprocess.run(
        [sys.executable, "-c", VISIT], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr[-2000:]
    pages, clicked, failures, heavy, light, needless = json.loads(done.stdout.splitlines()[-1])
    assert pages >= 4
    assert len(clicked) >= 3, "an example read, another digit, another drawing"
    assert failures == []
    assert heavy == []
    assert needless == [], "85 MB that Home has no use for"
    assert light, "LiteRT must have answered"
