"""Texts that strangers can set are shown as text on every page, never as Markdown, HTML or tags."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from core.bundles import bundle
from core.contract.config import ClassifierConfig
from core.messages import message
from core.runs import Run, RunStore
from pages.parts.inside import own_model
from pages.parts.shared import model_picker, visitors
from pages.parts.shared.visitors import Visitor
from tests.inside.test_model_file import DENSE, conv, entry, image, packed, zipped
from tests.pages.conftest import OpenPage
from tests.pictures import photograph

OWN = "own runs"
PAGES = Path(__file__).resolve().parents[2] / "pages"
EVIL = '<a href="//evil.example">![](//evil.example/a.png) www.evil.example :smile: $x$</a>'
TAG = re.compile(r"(?<!\\)<a href")
SIGNS = re.compile(TAG.pattern + r"|\]\(//evil|www\.evil|:smile:|\$x\$")
# Fields that Streamlit shows as they are, or not at all.
PLAIN = (
    "selectbox.options",
    "text_input.default",
    "text_input.value",
    "rawValue",
    "rawValues",
    "code.codeText",
    "dataframe.columns",
    "alt",
    "id",
    "key",
    "url",
)
CHARTS = ("bidi_component.json",)  # Plotly makes links of tags
TEXT_ONLY = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write")
NOT_FOR_ALL = {"drawing", "run", "control", "compare", "name", "part", "view"}  # visits below set them


def texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield all texts of an element, each with the kind of the element and the names of the fields."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, f"{place}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, place)


def markup(at: AppTest) -> list[tuple[str, str]]:
    """Return the evil texts that a browser would not show as text, with their places."""
    found = []
    for element in at:
        if (proto := getattr(element, "proto", None)) is None:
            continue
        if element.type == "bidi_component" and proto.component_name != "live_chart":
            continue  # the other components make no markup of what they are given, as a test below says
        for place, text in texts(MessageToDict(proto), element.type):
            signs = TAG if place in CHARTS else SIGNS
            shown = _figures(text) if place in CHARTS else text
            if not place.endswith(PLAIN) and signs.search(shown):
                found.append((place, text[:100]))
    return found


def _figures(data: str) -> str:
    """Return the figures in a chart's data; its other texts are set as attributes."""
    return " ".join(part.get("figure", "") for part in json.loads(data))


def parameters() -> set[str]:
    """Return the short constants in the code of the pages: names of the links' parameters are among them."""
    return {
        node.value
        for path in PAGES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if len(node.value) < 25 and node.value.replace("_", "").replace("-", "").isalnum()
    } - NOT_FOR_ALL


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give the shipped models evil titles and classes, as a visitor's own may have them."""
    folder = tmp_path / "models"
    shutil.copytree(bundle.PRETRAINED / "rows", folder / "rows")  # kept by its name for later tests
    for name in ("cnn", "lstm", "dcgan"):
        shutil.copytree(bundle.PRETRAINED / name, folder / name)
        card = json.loads((folder / name / "card.json").read_text())
        card |= {"title": EVIL, "classes": [f"{digit} {EVIL}" for digit in card["classes"]]}
        (folder / name / "card.json").write_text(json.dumps(card))
    for module in (bundle, model_picker):
        monkeypatch.setattr(module, "PRETRAINED", folder)
    return folder


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, store: RunStore, models: Path) -> list[Run]:
    """Make two finished runs of this visitor with an evil name."""
    monkeypatch.setattr(visitors, "visitor", lambda: Visitor("me", ids=frozenset({"me"})))
    made = [store.create(ClassifierConfig(train_size=size), visitor="me") for size in (100, 200)]
    for run in made:
        shutil.copytree(models / "cnn", run.bundle)
        run.write_status(state="finished", message=message("runs.finished", steps=3), name=EVIL)
    return made


def test_on_classify_names_of_files_and_networks_are_text(open_page: OpenPage, runs: list[Run]) -> None:
    at = open_page("classify")
    task = ",".join(f"{digit} {EVIL}" for digit in range(10))
    for section in ("matrix", f"why {task}", f"robust {task}"):
        at.session_state[section] = True
    files = {
        f"2 {EVIL}.png": photograph(2),
        f"={EVIL}.png": photograph(7),
        "![](//evil.example/b.png": b"torn",
        "all.zip": zipped({f"{EVIL}.txt": b"no picture", f"7 {EVIL}.png": photograph(7)}),
    }
    for name, content in files.items():
        at.file_uploader[0].upload(name, content)
    at.run()

    assert at.error, "of the torn one"
    assert at.dataframe[0].value["file"][1].startswith("'=")
    assert at.metric or at.code
    assert not at.exception
    assert markup(at) == []


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("home", {}),
        ("train", {}),
        ("train", {"run": OWN}),
        ("train", {"compare": OWN}),
        ("generate", {"image": "3"}),
        ("generate", {"part": "closest"}),
        ("generate", {"part": "game"}),
        ("generate", {"part": "complete"}),
        ("inside", {"part": "convolution"}),
        ("inside", {"part": "training"}),
        ("inside", {"part": "memory"}),
        ("inside", {"part": "memory", "view": "cells"}),
        ("inside", {"part": "contest", "contest": "plane"}),
        ("inside", {"part": EVIL}),
        ("teach", {"set": EVIL}),
    ],
)
def test_on_every_page_values_of_links_and_names_are_text(
    open_page: OpenPage, runs: list[Run], page: str, link: dict[str, str]
) -> None:
    """All parameters but those of the link have an evil value."""
    named = {"run": runs[0].id, "compare": ",".join(run.id for run in runs)}
    link |= {name: named[name] for name, value in link.items() if value == OWN}

    at = open_page(page, **(dict.fromkeys(parameters(), EVIL) | link))

    assert at.title
    assert not at.exception
    assert markup(at) == []


@pytest.mark.parametrize("layer", ["", "softmax"])
def test_on_inside_names_of_a_model_file_and_its_layers_are_text(open_page: OpenPage, layer: str) -> None:
    at = open_page("inside")
    at.session_state["inside counts"] = True
    odd = entry("LayerNormalization", f"3 {EVIL}")
    content = packed([image(28, 28, 1), conv(f"={EVIL}"), entry("Flatten", f"2 {EVIL}"), DENSE, odd])
    at.file_uploader(key=own_model.UPLOAD).upload(f"{EVIL}.keras", content)
    at.run()
    if layer:
        at.selectbox(key="inside layer").set_value(at.selectbox(key="inside layer").options[-1]).run()

    assert at.query_params["network"] == own_model.KEY
    assert at.dataframe[0].value["layer"][0].startswith("'=")
    assert not at.exception
    assert markup(at) == []


def test_components_show_what_they_are_given_as_text() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in PAGES.rglob("*.js")}

    assert not [name for name, script in scripts.items() if TEXT_ONLY.search(script)]


def test_pages_make_words_of_errors_in_one_place_only() -> None:
    """Look for ``str(error)``, which would be neither escaped nor free of the server's folders."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in PAGES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "str" and node.args
        if ast.unparse(node.args[0]).endswith(("error", "message", "told"))
    ]

    assert [place for place in found if not place.startswith("error_messages")] == []
