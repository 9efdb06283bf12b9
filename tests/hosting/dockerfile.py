"""Read the lines of the ``Dockerfile`` and ``.dockerignore``, so that they can be tried without Docker."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Instruction:
    """One instruction, such as ``RUN``, and what it says, without continuation marks."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its words: a JSON list as it is, and else as a shell splits them."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


def instructions(folder: Path = ROOT) -> list[Instruction]:
    """Return the instructions of the folder's ``Dockerfile`` in order."""
    text = (folder / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(" ", 1)) for line in joined.splitlines()]


def last(name: str) -> Instruction:
    """Return the last instruction with a name; for ``CMD`` and its like, only the last counts."""
    return [instruction for instruction in instructions() if instruction.name == name][-1]


def environment() -> dict[str, str]:
    """Return the variables that ``ENV`` sets."""
    words = [word for line in instructions() if line.name == "ENV" for word in line.words]
    return dict(word.split("=", 1) for word in words)


def health_check() -> list[str]:
    """Return the command of ``HEALTHCHECK``."""
    return json.loads(last("HEALTHCHECK").text.partition(" CMD ")[2])


def sent_files(folder: Path = ROOT) -> list[Path]:
    """Return the files that ``COPY . .`` puts into the image, relative to the folder."""
    rules = [
        line
        for line in (folder / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    roots = [folder / rule[1:] for rule in rules if rule.startswith("!")]
    files = [file for root in roots for file in ([root] if root.is_file() else root.rglob("*"))]
    relative = sorted(file.relative_to(folder) for file in files if file.is_file())
    return [file for file in relative if not _ignored(file, rules)]


def _ignored(file: Path, rules: list[str]) -> bool:
    """Tell whether a file stays out: the last rule that matches it, or a folder above it, decides."""
    places = [str(file), *(str(folder) for folder in file.parents if folder.name)]
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        anywhere = pattern.removeprefix("**/")
        if any(fnmatch(place, pattern) or _anywhere(place, anywhere, pattern) for place in places):
            ignored = not rule.startswith("!")
    return ignored


def _anywhere(place: str, name: str, pattern: str) -> bool:
    return pattern.startswith("**/") and fnmatch(Path(place).name, name)
