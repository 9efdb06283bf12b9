"""A canvas whose drawing two networks answer after every stroke."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets.synthetic.handwriting import render
from core.figures.classification import NetworkAnswer
from core.images.encode import data_url
from core.inference.classifier import Classifier
from core.language import gettext
from pages.parts.components.canvas import GO_ON, canvas
from pages.parts.components.network_bars import network_bars
from pages.parts.shared import model_picker, navigation
from pages.parts.shared.error_messages import show_errors

SAMPLE, SEED = 5, 35
_STYLE = """<style>
@media (max-width: 640px) {
  .st-key-home-board { flex-direction: row !important; flex-wrap: nowrap !important; }
  .st-key-home-board > :has(> .st-key-home-lead) { width: auto; flex: 1 1 0; min-width: 0; }
  .st-key-home-drawing { width: min(15rem, 100vw - 9.25rem) !important; flex: none; }
  .st-key-home-lead { flex-direction: column !important; align-items: stretch !important; }
  .st-key-photo, .st-key-photo button { width: 100% !important; }
  .st-key-photo button { padding: 0.75rem 0.25rem; }
  .st-key-photo button > div > span { flex-direction: column; }
  [data-testid="stHorizontalBlock"]:has(> * .st-key-home-answers) { gap: 1rem; }
}
@media (max-width: 640px) and (max-height: 720px) { .st-key-home-drawing { max-width: 11.5rem; } }
</style>"""  # so that on phones all answers are in sight while one draws, with the buttons beside the canvas


@st.fragment
@show_errors()
def show() -> None:
    """Draw the canvas and the answers; a stroke runs only this part again.

    While the canvas is empty it shows a sample faintly, and the networks answer to that.
    """
    sample = render(np.array([SAMPLE]), SEED)[0]
    board, answers = st.columns([1, 1.4], gap="medium")
    with board, st.container(key="home board"):
        st.html(_STYLE)
        drawing = canvas("home drawing", example=_faint(sample), scrolls=False)
        _lead_to_classify()
    pair = model_picker.default_pair(model_picker.choices("cnn", "rnn"))
    readers = [model_picker.classifier(choice) for choice in pair]
    with answers:
        if not readers:
            st.caption(gettext("There is no network yet that reads digits. Train one to see it answer here."))
        elif drawing:
            _answer_drawing(drawing, readers)
        else:
            _show(readers, [reader.probabilities(sample[None])[0] for reader in readers], None)
            st.caption(gettext("Answers to the sample. Draw over it: they follow every stroke."))


def prepare() -> None:
    """Load what reads drawings, which takes a moment; call this when all of the page is shown."""
    from pages.parts.home import drawing_reading  # noqa: PLC0415 (OpenCV would delay the page)

    drawing_reading.start()


def _lead_to_classify() -> None:
    """Draw the button for a photograph and the link to all other ways to bring a picture."""
    with st.container(horizontal=True, vertical_alignment="center", key="home lead"):
        label = gettext("Read a photograph")
        if st.button(label, icon=":material/photo_camera:", type="primary", key="photo"):
            st.session_state["source"] = "upload"
            st.switch_page(navigation.CLASSIFY)
        st.page_link(navigation.CLASSIFY, label=gettext("More than digits"), icon=":material/arrow_forward:")


def _answer_drawing(drawing: bytes, readers: list[Classifier]) -> None:
    from pages.parts.home import drawing_reading  # noqa: PLC0415 (see ``prepare``)

    given = drawing_reading.answers(drawing, readers)
    if not given[0]:
        st.caption(gettext(GO_ON))
        return
    _show(readers, [each[-1].probabilities for each in given], [drawing_reading.as_text(e) for e in given])
    if len(given[0]) > 1:
        st.caption(gettext("Bars show the probability of each class for the last digit."))
    else:
        st.caption(gettext("Bars show the probability of each class."))


def _show(readers: list[Classifier], probabilities: list[np.ndarray], texts: list[str] | None) -> None:
    classes = readers[0].card.classes
    networks = [
        NetworkAnswer(model_picker.network_title(reader.card.title), reader.card.family, p)
        for reader, p in zip(readers, probabilities, strict=True)
    ]
    network_bars(networks, texts or [classes[p.argmax()] for p in probabilities], classes, key="home answers")


def _faint(glyph: np.ndarray) -> str:
    """Return dark ink on nothing as a data URL, from light ink on black."""
    ink = np.zeros((*glyph.shape, 4), np.uint8)
    ink[..., 3] = glyph
    return data_url(ink)
