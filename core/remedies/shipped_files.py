"""Read and write the measurements that ship with the app, small JSON files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.drafts import draft_file
from core.errors import BundleError

SHIPPED = Path(__file__).with_name("shipped")  # written by: python -m core measure-remedies


def write_json(values: dict[str, Any], path: Path) -> None:
    """Write values as JSON; the old file stays until the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft_file(path) as draft:
        draft.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


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


def read_json(path: Path) -> Any:
    """Return the values in a file; to be called inside ``damage_named``."""
    return json.loads(path.read_text(encoding="utf-8"))


def with_tuples(values: Mapping[str, Mapping[str, list[float]]]) -> dict[str, dict[str, tuple[float, ...]]]:
    """Return numbers by kind and network as tuples, in place of the lists of JSON."""
    return {
        kind: {network: tuple(numbers) for network, numbers in networks.items()}
        for kind, networks in values.items()
    }
