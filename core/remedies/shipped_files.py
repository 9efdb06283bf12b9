"""Read and write the measurements that ship with the app, small JSON files."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from core.drafts import draft_file
from core.errors import BundleError

SHIPPED = Path(__file__).with_name("shipped")  # written by: python -m core measure-remedies
M = TypeVar("M")


def shipped_file(pattern: Path, dataset: str) -> Path:
    """Return the file of a measurement for a data set."""
    return Path(str(pattern).format(dataset=dataset))


def write_measurement(measurement: Any, path: Path) -> None:
    """Write a dataclass as JSON, numbers to five digits; the old file stays until the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft_file(path) as draft:
        values = _rounded(dataclasses.asdict(measurement))
        draft.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def read_measurement(kind: type[M], path: Path) -> M:
    """Return the dataclass ``kind`` that ``write_measurement`` wrote.

    Raises:
        BundleError: when the file cannot be read.
    """
    with damage_named(path):
        found: M = _decoded(kind, json.loads(path.read_text(encoding="utf-8")))
        return found


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Turn what is raised by a file of wrong content, or of another version, into a sentence.

    Raises:
        BundleError: for such an error inside.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise BundleError("remedies.unreadable", file=path.name, reason=str(error)) from error


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def _decoded(kind: Any, value: Any) -> Any:
    """Return a value of JSON as its type says: a dataclass, a tuple or mapping of equal types, or itself."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        types = _types(kind)
        return kind(**{name: _decoded(types[name], each) for name, each in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_decoded(get_args(kind)[0], each) for each in value)
    if get_origin(kind) is Mapping:
        return {key: _decoded(get_args(kind)[1], each) for key, each in value.items()}
    return value


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
