"""The documentation says what is true: its links, paths, commands, settings and help texts.

``python -m tests.test_docs`` writes the help texts of all commands into docs/command_line.md.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.commands import main
from core.settings import PREFIX, Settings
from tests.test_structure import FLOORS

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs/architecture.md"
COMMAND_LINE = ROOT / "docs/command_line.md"
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]
BEGIN, END = "<!-- help: written by python -m tests.test_docs -->", "<!-- end of help -->"
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def help_texts() -> str:
    """Return the help text of every command, as docs/command_line.md shows it."""
    parts = []
    for name in sorted(main.commands):
        shown = CliRunner().invoke(main, [name, "--help"], prog_name="python -m core", terminal_width=100)
        assert shown.exit_code == 0, shown.output
        parts.append(f"### {name}\n\n```text\n{shown.output.rstrip()}\n```\n")
    return "\n".join(parts)


def commands(page: Path) -> list[str]:
    """Return the commands that a page names, in code blocks and in running text, without their comments."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in SHELL.findall(text) for line in block.splitlines()]
    quoted = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [line.split("  #")[0].strip() for line in [*lines, *quoted] if "python -m " in line]


CALLS = [(page.name, command) for page in PAGES for command in commands(page)]


@pytest.mark.parametrize(("page", "command"), CALLS)
def test_every_command_in_the_documentation_can_be_called_so(page: str, command: str) -> None:
    words = shlex.split(command[command.index("python -m ") :])
    module, arguments = words[2], words[3:]
    assert importlib.util.find_spec(module) is not None
    if module == "core" and arguments and arguments[0] != "COMMAND":
        known = {name for parameter in main.commands[arguments[0]].params for name in parameter.opts}
        assert {word for word in arguments if word.startswith("-")} <= known | {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_in_code_style_exists(page: Path) -> None:
    named = re.findall(r"`((?:core|pages|tests|docs|locale)/[\w./-]+)`", page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_help_texts_are_those_of_the_commands() -> None:
    text = COMMAND_LINE.read_text(encoding="utf-8")
    assert text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip() == help_texts().strip(), (
        "run: python -m tests.test_docs"
    )


def test_every_setting_is_documented_with_its_name() -> None:
    hosting = (ROOT / "docs/hosting.md").read_text(encoding="utf-8")
    documented = set(re.findall(rf"^\| `({PREFIX}\w+)`", hosting, flags=re.MULTILINE))
    source = (ROOT / "core/settings.py").read_text(encoding="utf-8")
    assert len(documented) == len(dataclasses.fields(Settings))
    assert all(f'"{name.removeprefix(PREFIX)}"' in source for name in documented)


def test_every_dependency_has_its_reason() -> None:
    table = ARCHITECTURE.read_text(encoding="utf-8").partition("## Dependencies")[2]
    lines = [line for file in ROOT.glob("requirements*.txt") for line in file.read_text().splitlines()]
    names = {re.split(r"[<>=\[ ]", line)[0] for line in lines if line and line[0] not in "#-"}
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", table)} == set()


def test_the_floors_in_the_documentation_are_those_of_the_tests() -> None:
    section = ARCHITECTURE.read_text(encoding="utf-8").partition("## Floors")[2].partition("\n## ")[0]
    floors = re.findall(r"^\d+\. (.*)$", section, flags=re.MULTILINE)
    assert [tuple(re.findall(r"`([\w.]+)`", floor)) for floor in floors] == list(FLOORS)


def test_every_room_of_core_is_in_the_documentation() -> None:
    section = ARCHITECTURE.read_text(encoding="utf-8").partition("## Rooms")[2].partition("\n## ")[0]
    rooms = {
        path.name
        for path in (ROOT / "core").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    named = re.findall(r"`core/(\w+)(?:/|(\.py))`", section)
    assert rooms - {name + suffix for name, suffix in named} == {"__init__.py", "__main__.py"}


def test_the_readme_is_at_most_200_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 200


def test_the_examples_of_the_command_line_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The block marked as quick is run as it stands, in an empty folder, by the same interpreter."""
    text = COMMAND_LINE.read_text(encoding="utf-8")
    block = SHELL.search(text[text.index("## Quick examples") :])
    assert block is not None
    monkeypatch.setenv(f"{PREFIX}HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for line in filter(None, map(str.strip, block[1].splitlines())):
        words = shlex.split(line.split("  #")[0])
        assert words[:3] == ["python", "-m", "core"]
        done = CliRunner().invoke(main, words[3:])
        assert done.exit_code == 0, f"{line}\n{done.output}"


if __name__ == "__main__":
    old = COMMAND_LINE.read_text(encoding="utf-8")
    new = f"{old[: old.index(BEGIN)]}{BEGIN}\n\n{help_texts()}\n{old[old.index(END) :]}"
    COMMAND_LINE.write_text(new, encoding="utf-8")
