"""A map of all pictures of a set by their features; what looks alike to the network is close together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from core.class_sets.feature_map import FEWEST, fitted, principal_plane
from core.class_sets.picture_sheet import PictureSheet, picture_sheet
from core.class_sets.taught_set import TaughtSet
from core.language import N_, gettext
from pages.parts.components.picture_map import MappedPicture, picture_map
from pages.parts.shared import experiment
from pages.parts.teach import chosen_picture, chosen_set

PRINCIPAL, TSNE = "principal", "tsne"
METHODS = {PRINCIPAL: N_("Principal axes"), TSNE: N_("t-SNE")}
KEPT = 8  # sheets of small pictures, of at most 1.4 MB each
PATIENCE = 240.0  # seconds for t-SNE of the largest set on a busy machine

_PLACES = "places on the map"  # in the session's state: the pictures, and their places by method


def show(taught: TaughtSet) -> None:
    """Draw the map, and the choice of how pictures are placed on it."""
    methods = list(METHODS) if len(taught.features.labels) >= FEWEST else [PRINCIPAL]
    method = st.segmented_control(
        gettext("Placed by"),
        methods,
        default=PRINCIPAL,
        required=True,
        format_func=lambda method: gettext(METHODS[method]),
        key="method of the map",
        help=gettext(
            "Principal axes keep distances as well as a plane can. t-SNE keeps neighbours together; "
            "distances between its groups mean little, and it takes a few seconds."
        ),
    )
    points = _points(taught, str(method))
    if points is None:
        return
    with st.spinner(gettext("Putting the pictures on the map"), show_time=False):
        sheet = _sheet(taught.classes.id, taught.features.pictures)
    picture_map(
        [
            MappedPicture(float(x), float(y), int(label), picture.name)
            for (x, y), label, (_, picture) in zip(
                points, taught.features.labels, taught.classes.pictures, strict=True
            )
        ],
        sheet,
        taught.classes.names,
        key="map of pictures",
        alt=gettext(
            "Map of {count:,} pictures; the arrow keys go from one to the next, Enter looks into it",
            count=len(points),
        ),
        chosen=chosen_picture.chosen(taught),
        on_choose=lambda number: chosen_picture.choose(taught, number),
    )


def _points(taught: TaughtSet, method: str) -> np.ndarray | None:
    """Return the pictures' places, kept until the set changes; None if they cannot be computed now."""
    pictures, places = st.session_state.get(_PLACES, (None, {}))
    if pictures != taught.features.pictures:
        places = {}
        st.session_state[_PLACES] = taught.features.pictures, places
    if method == PRINCIPAL:
        if method not in places:
            places[method] = principal_plane(taught.features.values)
        st.caption(
            gettext(
                "Pictures that look alike to the network are close together. The plane keeps {share:.0%} of "
                "the differences between them.",
                share=places[method].shown,
            )
        )
        return places[method].points
    if method not in places:
        found = _by_tsne(taught.features.values)
        if found is None:
            return None
        places[method] = found
    st.caption(gettext("Neighbours are alike to the network; distances between groups mean little."))
    return places[method]


def _by_tsne(features: np.ndarray) -> np.ndarray | None:
    """Return places by t-SNE, from a child process that ends at once; None if it cannot be started."""
    process = experiment.start("picture_map")
    if process is None:
        return None
    try:
        with experiment.show_errors(), st.spinner(gettext("Placing the pictures by t-SNE"), show_time=True):
            return fitted(process.ask("place", timeout=PATIENCE, features=features)["points"])
    finally:
        experiment.close()
    return None


@lru_cache(maxsize=KEPT)
def _sheet(set_id: str, pictures: tuple[str, ...]) -> PictureSheet:
    return picture_sheet(chosen_set.store(), set_id, pictures)
