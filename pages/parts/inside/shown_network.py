"""Find the networks whose steps can be shown: shipped ones, the visitor's runs, and a model file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.bundles.bundle import Bundle
from core.bundles.saved_weights import read_branching_layers
from core.contract.preprocessing import Preprocessing
from core.inside.layer_costs import LayerCost, layer_costs
from core.inside.layer_steps import LayerChain, chain
from pages.parts.shared import model_picker
from pages.parts.shared.process_cache import kept_in_process


@dataclass(frozen=True, eq=False)
class ShownNetwork:
    """A network with what its view needs."""

    digest: str  # of its file
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    chain: LayerChain
    costs: tuple[LayerCost, ...]


def of_choice(choice: model_picker.Choice) -> ShownNetwork:
    """Return a network that is shipped or was trained here.

    Raises:
        BundleError: when its layers cannot be shown one by one.
    """
    bundle = model_picker.classifier(choice).bundle
    return _of_bundle(bundle.folder, bundle.card.files["model.keras"], bundle)


@kept_in_process(8)
def _of_bundle(folder: Path, digest: str, _bundle: Bundle) -> ShownNetwork:
    card = _bundle.card
    layers, chained = read_branching_layers(_bundle)
    steps = chain(layers, card.shape, chained=chained, temperature=card.temperature)
    return ShownNetwork(digest, card.classes, card.preprocessing, steps, layer_costs(card, layers))
