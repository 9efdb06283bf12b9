"""Features: pictures placed by what each layer sees, and the nearest neighbours of the visitor's picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.class_sets.feature_map import fitted, principal_plane
from core.figures.remedies import class_map, neighbour_bars
from core.inference.classifier import Classifier
from core.language import N_, gettext
from core.remedies.layer_features import IMAGE, compact, features_by_layer, nearest, neighbour_accuracy
from pages.parts.components.chart import chart
from pages.parts.inside.picture_choice import picture
from pages.parts.remedies import unit_view
from pages.parts.remedies.attacked_networks import pick_network
from pages.parts.remedies.picture_strips import picture_strip
from pages.parts.remedies.shipped_answers import answers_for
from pages.parts.shared import experiment
from pages.parts.shared.error_messages import escape_markdown, show_errors
from pages.parts.shared.option_picker import pick_option
from pages.parts.shared.process_cache import kept_in_process

METHODS = {"principal": N_("Principal axes"), "tsne": N_("t-SNE")}
NEIGHBOURS = 6
STRIP_WIDTH = 330  # pixels on the screen
COLUMNS = 3
PATIENCE = 120.0  # seconds for t-SNE of one layer on a busy machine
_PLACES = "layers placed by t-SNE"


@dataclass(frozen=True, eq=False)
class SeenPictures:
    """The shipped test pictures as each layer of a network sees them, by the layer's name."""

    features: dict[str, np.ndarray]  # N×size
    accuracies: dict[str, float]  # of the nearest neighbour, 0 to 1
    planes: dict[str, np.ndarray]  # N×2, on principal axes


def show() -> None:
    """Show the view."""
    st.markdown(
        gettext(
            "Each layer turns a picture into other numbers, its features. If a network is worth its layers, "
            "pictures of one class come closer together from layer to layer."
        )
    )
    _show_layers(picture())


@st.fragment
@show_errors()
def _show_layers(glyph: np.ndarray) -> None:
    chosen = pick_network(gettext("Network"), "network of features")
    if chosen is None:
        return
    pictures = answers_for("mnist").pictures
    labels = np.repeat(np.arange(len(pictures)), pictures.shape[1])
    images = pictures.reshape(-1, *pictures.shape[2:])
    seen = _seen(str(chosen.folder), chosen.folder.stat().st_mtime, chosen.reader, images, labels)
    accuracies = seen.accuracies
    st.markdown(_finding(accuracies))
    chart(
        neighbour_bars({_title(name): accuracy for name, accuracy in accuracies.items()}),
        key="neighbour accuracy",
        alt=gettext("Nearest-neighbour accuracy by layer"),
    )
    st.caption(
        gettext(
            "Share of {count} test digits ({each} of each class) whose nearest other digit, by the angle "
            "between features, is of the same class. Maps are averaged to about 7×7 places. Computed now.",
            count=len(images),
            each=pictures.shape[1],
        )
    )
    _show_maps(seen, labels, chosen.reader.card.classes)
    st.header(gettext("Nearest neighbours of your picture"))
    _show_neighbours(chosen.reader, seen.features, images, glyph)
    st.header(gettext("What a unit looks for"))
    unit_view.show(chosen, images)


def _title(layer: str) -> str:
    return gettext("Pixels") if layer == IMAGE else layer


def _finding(accuracies: dict[str, float]) -> str:
    """Return the sentence that the numbers support, whichever way they fall."""
    names = list(accuracies)
    best = max(names, key=accuracies.__getitem__)
    return gettext(
        "**By their pixels, {pixels:.1%} of the digits are nearest to one of their class; by the features of "
        "{best}, {most:.1%}; by the logits, {last:.1%}.**",
        pixels=accuracies[IMAGE],
        best=escape_markdown(_title(best)),
        most=accuracies[best],
        last=accuracies[names[-1]],
    )


def _show_maps(seen: SeenPictures, labels: np.ndarray, classes: tuple[str, ...]) -> None:
    method = pick_option(gettext("Placed by"), METHODS, "layer map method", default="principal")
    planes = seen.planes if method == "principal" else _places_by_tsne(seen.features)
    if planes is None:
        return
    layers = list(planes)
    for start in range(0, len(layers), COLUMNS):
        for column, layer in zip(st.columns(COLUMNS), layers[start : start + COLUMNS], strict=False):
            with column:
                st.caption(escape_markdown(_title(layer)))
                chart(
                    class_map(planes[layer], labels, classes, legend=layer == layers[0]),
                    key=f"map of {layer}",
                    alt=gettext("Map of the digits by the features of {layer}", layer=_title(layer)),
                )


def _places_by_tsne(features: dict[str, np.ndarray]) -> dict[str, np.ndarray] | None:
    """Return each layer's places of the pictures, N×2, computed once; None if that cannot be done now."""
    asked = hash(tuple(values.tobytes() for values in features.values()))
    if st.session_state.get(_PLACES, (None,))[0] != asked:
        found = _by_tsne(features)
        if found is None:
            return None
        st.session_state[_PLACES] = (asked, found)
    places: dict[str, np.ndarray] = st.session_state[_PLACES][1]
    return places


def _by_tsne(features: dict[str, np.ndarray]) -> dict[str, np.ndarray] | None:
    """Return places by t-SNE, from a child process that ends at once; None if it cannot be started."""
    process = experiment.start("picture_map")
    if process is None:
        return None
    try:
        with experiment.show_errors(), st.spinner(gettext("Placing the pictures by t-SNE"), show_time=True):
            return {
                name: fitted(process.ask("place", timeout=PATIENCE, features=compact(values))["points"])
                for name, values in features.items()
            }
    finally:
        experiment.close()
    return None


def _show_neighbours(
    reader: Classifier, features: dict[str, np.ndarray], images: np.ndarray, glyph: np.ndarray
) -> None:
    own = features_by_layer(reader, glyph.reshape(1, *reader.card.shape))
    for layer, values in features.items():
        near = nearest(values, own[layer][0], NEIGHBOURS)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(escape_markdown(_title(layer)), width=90)
            st.image(
                picture_strip(images[near]),
                width=STRIP_WIDTH,
                alt=gettext("Nearest digits by {layer}, the nearest first", layer=_title(layer)),
            )


@kept_in_process(2)
def _seen(
    folder: str, stamp: float, _reader: Classifier, _images: np.ndarray, _labels: np.ndarray
) -> SeenPictures:
    features = features_by_layer(_reader, _images)
    return SeenPictures(
        features,
        {name: neighbour_accuracy(values, _labels) for name, values in features.items()},
        {name: principal_plane(compact(values)).points for name, values in features.items()},
    )
