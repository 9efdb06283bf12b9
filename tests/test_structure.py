"""The plan of the house, as tests: two halves, floors, no circles, one name for one thing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAVY = {"tensorflow", "keras"}
# Commands and entry points of child processes: they import the lab inside functions, when they run.
ENTRIES = (
    "core.commands",
    "core.runs.process.worker",
    "core.runs.process.warm_worker",
    "core.runs.process.cluster",
)

# From the ground up. A module imports its own floor's room and those below, never one above.
FLOORS = (
    (
        "allocator",
        "capacity",
        "drafts",
        "errors",
        "host",
        "language",
        "messages",
        "settings",
        "spreadsheets",
        "visitors",
    ),
    ("contract",),
    ("subprocesses", "images", "gan_games"),
    ("bundles",),
    ("inference",),
    ("inside", "explain", "latent"),
    ("remedies",),
    ("figures",),
    ("runs.store",),
    ("class_sets",),
    ("datasets",),
    ("runs.report",),
    ("runs.process",),
    ("runs",),
    ("lab",),
    ("commands",),
    ("__main__",),
)
UPWARDS: dict[str, str] = {}  # module: the module above that it imports, with the reason beside it; at most 2

# Rooms of which every module has a test module of its name; the others may lack some.
TESTED = {
    "pages/parts/components": "tests/pages/components",
    "core/class_sets": "tests/class_sets",
    "core/explain": "tests/explain",
    "core/gan_games": "tests/gan_games",
    "core/images": "tests/images",
    "core/inference": "tests/inference",
    "core/latent": "tests/latent",
    "core/remedies": "tests/remedies",
    "core/runs/report": "tests/runs/report",
}


def files(*places: str) -> list[Path]:
    found = [path for place in places for path in ([ROOT / place, *(ROOT / place).rglob("*.py")])]
    return sorted(path for path in found if path.suffix == ".py")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in files("core", "pages", "streamlit_app.py")}
STAGE = [name for name in MODULES if not name.startswith("core.lab")]


def statements(nodes: Iterable[ast.AST], inside_functions: bool) -> Iterator[ast.AST]:
    """Yield every node, without what only a type checker sees; bodies of functions only if asked for."""
    for node in nodes:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from statements(node.orelse, inside_functions)
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not inside_functions:
            continue
        yield node
        yield from statements(ast.iter_child_nodes(node), inside_functions)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(name: str, inside_functions: bool) -> frozenset[str]:
    """Return the full names of the modules that one imports (of ``from a import b``: both a and a.b)."""
    found: set[str] = set()
    for node in statements([tree(MODULES[name])], inside_functions):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            found.add(str(node.module))
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(".".join(n.split(".")[:i]) for n in found for i in range(1, n.count(".") + 2))


def ours(name: str) -> set[str]:
    """Return the modules of this project that one imports, in functions too; no bare packages."""
    found = imports(name, True) & set(MODULES)
    return {n for n in found if not any(other.startswith(f"{n}.") for other in found)} - {name}


def road_to(name: str, wanted: set[str], seen: set[str]) -> list[str] | None:
    """Return the chain of imports by which a module reaches one of the wanted, None if it does not."""
    seen.add(name)
    reached = imports(name, not name.startswith(ENTRIES))
    if direct := reached & wanted:
        return [name, *sorted(direct)]
    for step in sorted((reached & set(MODULES)) - seen):
        if road := road_to(step, wanted, seen):
            return [name, *road]
    return None


def room(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[1:3]) if parts[1] == "runs" and len(parts) > 3 else parts[1]


# two halves


def test_nothing_outside_the_lab_imports_tensorflow_or_keras_directly_or_through_other_modules():
    roads = [road_to(name, HEAVY | {"core.lab"}, set()) for name in STAGE]
    assert [road for road in roads if road] == []


def test_only_commands_and_workers_import_the_lab_and_only_when_they_run():
    knowing = [n for n in STAGE if any(i.startswith("core.lab") for i in imports(n, True))]
    assert [n for n in knowing if not n.startswith(ENTRIES)] == []
    assert "core.runs.process.worker" in knowing, "or this test looks for the wrong thing"


def test_nothing_in_core_imports_streamlit():
    assert [n for n in MODULES if n.startswith("core") and "streamlit" in imports(n, True)] == []


def test_the_test_would_find_imports_of_tensorflow():
    assert road_to("core.lab.training.start", HEAVY, set())
    assert road_to("core.lab.publishing.publish", HEAVY, set())


VISIT = """
import json, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest

PAGES = sorted(map(str, Path("pages").glob("*.py")))
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
needless = sorted({"pandas"} & set(sys.modules))
clicked, failures = [], []
for page in PAGES:
    app.switch_page(page).run()
    failures += [error.value for error in (*app.exception, *app.error)]
    for key in [button.key for button in app.button if not button.disabled]:
        if key and any(word in key for word in ("example", "another", "surprise")):
            next(button for button in app.button if button.key == key).click().run()
            clicked.append(key)
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
    assert clicked, "an example must have been read"
    assert failures == []
    assert heavy == []
    assert needless == [], "85 MB that Home has no use for"
    assert light, "LiteRT must have answered"


# floors and circles


def test_a_room_imports_only_rooms_below_it():
    floor = {name: number for number, rooms in enumerate(FLOORS) for name in rooms}
    core = [name for name in MODULES if name.startswith("core.")]
    assert {room(name) for name in core} <= set(floor), "a new room needs its floor here"
    upwards = {
        name: other
        for name in core
        for other in ours(name)
        if other.startswith("core.") and floor[room(other)] > floor[room(name)]
        if not (name.startswith(ENTRIES) and room(other) == "lab")
    }
    assert upwards == UPWARDS
    assert len(UPWARDS) <= 2


def test_rooms_on_one_floor_do_not_import_each_other():
    floor = {name: number for number, rooms in enumerate(FLOORS[1:]) for name in rooms}
    pairs = {
        (name, other)
        for name in MODULES
        if name.startswith("core.") and room(name) in floor
        for other in ours(name)
        if other.startswith("core.") and room(other) in floor and room(other) != room(name)
        if floor[room(other)] == floor[room(name)]
    }
    assert pairs == set()


def test_no_module_imports_itself_through_others():
    assert _circle(sorted(MODULES)) == []


def _circle(names: list[str]) -> list[str]:
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        path.append(name)
        for other in sorted(ours(name)):
            if circle := visit(other):
                return circle
        path.pop()
        done.add(name)
        return []

    return next((circle for name in names if (circle := visit(name))), [])


# names


def test_no_file_name_is_used_more_than_twice():
    pages = {path.name for path in (ROOT / "pages").glob("*.py")}
    names = Counter(path.name for path in MODULES.values() if path.name not in {"__init__.py", *pages})
    assert [name for name, count in names.items() if count > 2] == []


def test_no_two_public_classes_share_a_name():
    names = Counter(
        node.name
        for path in MODULES.values()
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_tests_of_core_and_of_page_parts_mirror_them():
    shared = {"core": "tests", "pages/parts": "tests/pages"}
    orphans = [
        test.relative_to(ROOT)
        for source, tests in shared.items()
        for folder in {path.parent for path in files(source)}
        for test in (ROOT / tests / folder.relative_to(ROOT / source)).glob("test_*.py")
        if not _has_a_source(test, folder)
    ]
    assert orphans == []


def test_every_module_of_these_rooms_has_its_tests():
    untested = [
        path.relative_to(ROOT)
        for source, tests in TESTED.items()
        for path in (ROOT / source).glob("*.py")
        if path.name != "__init__.py" and not (ROOT / tests / f"test_{path.name}").exists()
    ]
    assert untested == []


def _has_a_source(test: Path, folder: Path) -> bool:
    """Return whether a test module is named after a module of the folder, or says that it is of several."""
    name = test.stem.removeprefix("test_")
    several = (ast.get_docstring(ast.parse(test.read_text(encoding="utf-8"))) or "").startswith(
        "Several modules:"
    )
    return several or (folder / f"{name}.py").exists() or folder in {ROOT / "core", ROOT / "pages/parts"}


def test_no_test_uses_a_private_name_of_the_project():
    """Compare names: the project's are those that its modules define and the test's own file does not."""
    private = {name for path in MODULES.values() for name in _private_names(path)[0]}
    uses = set()
    for path in files("tests"):
        defined, used = _private_names(path)
        uses |= {f"{path.relative_to(ROOT)}: {name}" for name in (used & private) - defined}
    assert uses == set()


def _private_names(path: Path) -> tuple[set[str], set[str]]:
    """Return the names with a leading underscore that a module defines, and those that it uses.

    Used are also attributes, imports and what a test replaces.
    """
    defined: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                defined.add(name)
            case ast.Name(id=name, ctx=context) | ast.Attribute(attr=name, ctx=context):
                (defined if isinstance(context, ast.Store) else used).add(name)
            case ast.ImportFrom(names=imported):
                used.update(alias.name for alias in imported)
            case ast.Call(func=ast.Attribute(attr="setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                defined.add(name)
                used.add(name)
    return _only_private(defined), _only_private(used)


def _only_private(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith("_") and not name.startswith("__") and name != "_"}


# messages


def test_every_message_has_its_sentence_and_its_values():
    from core.messages import SENTENCES  # noqa: PLC0415

    told = [
        (name, node)
        for name, path in MODULES.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _says_something(node)
    ]
    unknown = [f"{n}:{c.lineno}" for n, c in told if _key(c) not in SENTENCES]
    assert unknown == []
    wrong = [
        f"{n}:{c.lineno}" for n, c in told if _values(c) not in (None, _placeholders(SENTENCES[_key(c)]))
    ]
    assert wrong == []
    keys = {
        c.value
        for p in MODULES.values()
        for c in ast.walk(tree(p))
        if isinstance(c, ast.Constant) and isinstance(c.value, str)
        if p != MODULES["core.messages"]
    }
    assert sorted(set(SENTENCES) - keys) == [], "sentences that nobody says"


def _says_something(call: ast.Call) -> bool:
    called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    errors = {
        "LabError",
        "SettingsError",
        "ImageError",
        "DatasetError",
        "ConfigError",
        "BundleError",
        "RunError",
        "ExperimentError",
    }
    return called in {"message", *errors} and bool(call.args) and not isinstance(call.args[0], ast.Name)


def _key(call: ast.Call) -> str:
    return call.args[0].value if isinstance(call.args[0], ast.Constant) else ast.unparse(call.args[0])


def _values(call: ast.Call) -> set[str] | None:
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names else names  # **values: only their maker knows


def _placeholders(sentence: str) -> set[str]:
    from string import Formatter  # noqa: PLC0415

    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(sentence) if name}
