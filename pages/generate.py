"""Generate: images from a seed, and controls that explain the latent space by moving through it."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.language import N_, gettext
from pages.parts.generate import (
    directions,
    image_grid,
    interpolation,
    inversion,
    latent_map,
    person,
    real_or_generated,
    sound_only,
    training_snapshots,
    writing,
)
from pages.parts.generate.source import Source
from pages.parts.inside import row_completion
from pages.parts.shared import model_picker, navigation, view_picker
from pages.parts.shared.error_messages import show_errors

navigation.ensure_declared()

VIEWS: dict[str, Callable[[Source], None]] = {
    "person": person.show,
    "grid": image_grid.show,
    "write": writing.show,
    "travel": interpolation.show,
    "map": latent_map.show,
    "directions": directions.show,
    "closest": inversion.show,
    "game": real_or_generated.show,
    "training": training_snapshots.show,
    "complete": row_completion.part,
}
LABELS = {
    "person": N_("One person"),
    "grid": N_("Grid"),
    "write": N_("Handwriting"),
    "travel": N_("Interpolation"),
    "map": N_("Latent map"),
    "directions": N_("Directions"),
    "closest": N_("Closest image"),
    "game": N_("Real or generated?"),
    "training": N_("During training"),
    "complete": N_("Completion"),
}
WRITTEN = ("write", "complete")  # views for generators of digits only
STYLED = ("person",)  # views for generators whose classes are styles
EARLIER = {"Write it": "write", "Real or made?": "game", "Through training": "training"}


def _explain_missing_view(views: Mapping[str, object]) -> None:
    """Say so if the link opens a view that is not for this generator."""
    asked = st.query_params.get("part", "")
    asked = EARLIER.get(asked, asked)
    if asked in VIEWS and asked not in views:
        st.info(
            gettext(
                "“{view}” is not for this generator, so its images are shown.", view=gettext(LABELS[asked])
            ),
            icon=":material/info:",
        )


st.title(gettext("Generate"))
st.caption(
    gettext(
        "The generator of a GAN turns random numbers into images. The same seed always gives the same images."
    )
)

with show_errors():
    named = st.query_params.get(model_picker.MODEL)
    choice = model_picker.pick_generator()
    if choice is None:
        st.info(gettext("There is no generator yet. Train a GAN first."), icon=":material/draw:")
        st.page_link(navigation.TRAIN, label=gettext("Train a GAN"), icon=":material/arrow_forward:")
        st.stop()
    source = Source(choice, model_picker.generator(choice), sound_only.generator(choice))
    missing = (*(() if source.draws_digits else WRITTEN), *(() if source.has_styles else STYLED))
    views = {view: show for view, show in VIEWS.items() if view not in missing}
    if named in (None, choice.key):  # else a sentence says already that another generator draws
        _explain_missing_view(views)
    view_picker.pick_view(gettext("What to draw"), views, "part", LABELS, EARLIER)(source)
