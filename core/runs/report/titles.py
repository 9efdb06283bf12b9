"""Name runs and data sets as visitors read them."""

from __future__ import annotations

from core.contract import architectures
from core.datasets import registry
from core.errors import LabError
from core.language import gettext
from core.runs.store.run import Run


def run_title(run: Run) -> str:
    """Return the run's name, or its architecture and data set.

    Raises:
        LabError: when the run's folder is damaged.
    """
    config = run.config
    return run.status().name or gettext(
        "{architecture} on {dataset}",
        architecture=architectures.get(config.architecture).title,
        dataset=dataset_title(config.dataset),
    )


def dataset_title(name: str) -> str:
    """Return the title of a data set, or its name if it no longer exists (its generator was deleted)."""
    try:
        return registry.describe(name).title
    except LabError:
        return name
