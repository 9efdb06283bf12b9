"""Tell runs of the same name apart: by a number, and by the settings in which they differ."""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import config as configs
from core.contract.config import TrainingConfig
from core.contract.field_labels import AUGMENTATION_LABELS, LABELS
from core.errors import LabError
from core.language import gettext, join
from core.runs.report.comparison import differing
from core.runs.report.titles import run_title
from core.runs.store.run import Run

MOST = 3  # settings that a name carries


def distinct_names(runs: Sequence[Run]) -> dict[str, str]:
    """Return the names of runs, newest first, by id; damaged runs have none.

    Equal names are numbered from the oldest run on and carry the settings that tell most of these runs apart.
    """
    alike: dict[str, list[Run]] = {}
    for run in reversed(runs):
        try:
            run.config  # noqa: B018 (a damaged run raises an error)
            alike.setdefault(run_title(run), []).append(run)
        except LabError:
            continue
    found = {}
    for name, group in alike.items():
        settings = _telling([run.config for run in group])
        for number, run in enumerate(group, 1):
            found[run.id] = name if len(group) == 1 else _numbered(name, number, run, settings)
    return found


def _telling(compared: Sequence[TrainingConfig]) -> list[str]:
    """Return the fewest settings, at most ``MOST``, that tell as many configurations apart as these can."""
    rows = [configs.to_dict(config) for config in compared]
    found: list[str] = []
    known = 1

    def told_apart(name: str) -> int:
        return len({tuple(str(row.get(each)) for each in (*found, name)) for row in rows})

    left = [name for name in differing(compared) if name in LABELS]
    while left and len(found) < MOST:
        best = max(left, key=told_apart)  # the first of equals
        if (more := told_apart(best)) == known:
            break
        known = more
        found.append(best)
        left.remove(best)
    return found


def _numbered(name: str, number: int, run: Run, names: Sequence[str]) -> str:
    if not names:
        return gettext("{name} {number}", name=name, number=number)
    values = configs.to_dict(run.config)
    settings = join(
        gettext("{label}: {value}", label=gettext(LABELS[each]), value=_text(each, values.get(each)))
        for each in names
    )
    return gettext("{name} {number} ({settings})", name=name, number=number, settings=settings)


def _text(name: str, value: object) -> str:
    """Return what visitors read for the value of a setting."""
    if value is None:
        return "–"
    if name == "augmentation":
        return gettext(AUGMENTATION_LABELS[str(value)])
    return f"{value:g}" if isinstance(value, float) else str(value)
