"""Name runs, models and data sets as visitors read them."""

from __future__ import annotations

from core.bundles.bundle import Card
from core.contract import architectures
from core.datasets import registry
from core.errors import LabError
from core.language import N_, gettext
from core.runs.store.run import Run

MODEL_TITLES = {  # by origin; the plain networks among the shipped ones learnt without augmentation
    "shipped": N_("{title}"),
    "plain": N_("{title} (not augmented)"),
    "own": N_("{title} (your run)"),
    "shared": N_("{title} (shared run)"),
}
MODEL_TITLES_WITH_DATASET = {
    "shipped": N_("{title} ({dataset})"),
    "plain": N_("{title} ({dataset}, not augmented)"),
    "own": N_("{title} ({dataset}, your run)"),
    "shared": N_("{title} ({dataset}, shared run)"),
}


def run_title(run: Run) -> str:
    """Return the run's name, or its architecture and data set.

    Raises:
        LabError: when the run's folder is damaged.
    """
    config = run.config
    return run.status().name or gettext(
        "{architecture} on {dataset}",
        architecture=gettext(architectures.get(config.architecture).title),
        dataset=dataset_title(config.dataset),
    )


def model_title(card: Card, origin: str) -> str:
    """Return a model's title with its origin, and with its data set unless its images show digits.

    Args:
        card: of the model.
        origin: "shipped", "own" (a run of this visitor), or "shared" (a run of another visitor).
    """
    if origin == "shipped" and card.config.get("augmentation") == "none":
        origin = "plain"
    title = gettext(card.title)  # that of an architecture, or of a network that the app comes with
    if card.subject == "digit":
        return gettext(MODEL_TITLES[origin], title=title)
    return gettext(MODEL_TITLES_WITH_DATASET[origin], title=title, dataset=dataset_title(card.dataset))


def dataset_title(name: str) -> str:
    """Return the title of a data set, or its name if it no longer exists (its generator was deleted)."""
    if not registry.is_known(name):  # such as that of a network which the app comes with
        return name
    try:
        return registry.describe(name).title
    except LabError:
        return name
