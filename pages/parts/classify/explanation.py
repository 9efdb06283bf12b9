"""Reasons for a network's answer, for any class that the visitor asks about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.explain.class_activation import class_activation, has_maps, word_activation
from core.explain.occlusion import occlusion
from core.explain.row_probabilities import has_row_logits, row_probabilities
from core.figures.explanation import by_row, over_image
from core.figures.maps import coloured, mosaic
from core.inference.classifier import Classifier
from core.inference.word_classifier import WordClassifier
from core.language import gettext, ngettext
from core.messages import Message
from pages.parts.classify.sections import FEW_CLASSES, section_key
from pages.parts.components.chart import chart
from pages.parts.shared.error_messages import escape_markdown, sentence
from pages.parts.shared.model_picker import network_title
from pages.parts.shared.picture_urls import enlarged

MOST = 5  # of many classes that can be asked for
KEPT = "covered photograph"  # in the session's state: the last photograph's map, which takes seconds


def show(pixels: np.ndarray, readers: Sequence[Classifier], probabilities: np.ndarray) -> None:
    """Show a section to open: maps for a CNN, probabilities after each row for an RNN.

    ``probabilities`` are the first network's, one per class; of many classes the likeliest can be asked for.
    A network whose card lists no maps or no logits after rows is explained by the rest.
    """
    task = section_key(readers[0].card)
    best = int(probabilities.argmax())
    section = st.expander(
        gettext("Why this answer?"), icon=":material/help:", on_change="rerun", key=f"why {task}"
    )
    if not section.open:
        return
    with section:
        classes = readers[0].card.classes
        label = st.segmented_control(
            gettext("Explain class"),
            _offered(probabilities),
            default=best,
            required=True,
            format_func=lambda k: escape_markdown(classes[k]),
            key=f"asked about {best} {task}",
        )
        assert label is not None  # a choice is required
        for i, reader in enumerate(readers):
            st.markdown(f"**{escape_markdown(network_title(reader.card.title))}**")
            key = f"{i} {task}"
            if reader.card.family in ("cnn", "backbone"):
                activation, covering = st.columns(2)
                with covering:
                    _show_occlusion(pixels, reader, label, key)
                if has_maps(reader.card):
                    with activation:
                        _show_activation(pixels, reader, label, key)
                        if isinstance(reader, WordClassifier):
                            _show_view(pixels, reader, label)
                    if label != best:
                        _show_difference(pixels, reader, label, best, key)
            elif has_row_logits(reader.card):
                _show_rows(pixels, reader, key)
            _show_layer(pixels, reader, key)


def _offered(probabilities: np.ndarray) -> Sequence[int]:
    """Return the classes that can be asked for: all of a few, the likeliest of many."""
    if len(probabilities) <= FEW_CLASSES:
        return range(len(probabilities))
    return np.argsort(-probabilities)[:MOST].tolist()


def _show_activation(pixels: np.ndarray, reader: Classifier, label: int, key: str) -> None:
    asked = reader.card.classes[label]
    chart(
        over_image(pixels, class_activation(reader, pixels, label), signed=False),
        key=f"activation {key}",
        alt=gettext("Class activation map for {name}", name=asked),
    )
    name = escape_markdown(asked)
    st.caption(gettext("Parts of the last maps that support {name} (class activation map)", name=name))


def _show_view(pixels: np.ndarray, reader: WordClassifier, label: int) -> None:
    """Show the map as coarse as the network's last maps are."""
    small = word_activation(reader, pixels, label)
    height, width = small.shape
    st.image(
        enlarged(np.round(255 * small).astype(np.uint8), 12),
        caption=gettext("The same map before it was enlarged: {height}×{width}", height=height, width=width),
        alt=gettext("The map before it was enlarged"),
    )


def _covered(pixels: np.ndarray, reader: Classifier, label: int) -> np.ndarray:
    """Return the occlusion map; of a photograph with a progress bar, and kept until another is asked for."""
    if not isinstance(reader, WordClassifier):
        return occlusion(reader, pixels, label)
    asked = (hash(pixels.tobytes()), label)
    if st.session_state.get(KEPT, (None,))[0] != asked:
        place = st.empty()

        def show_progress(told: Message, share: float | None) -> None:
            place.progress(share or 0.0, sentence(told))

        found = occlusion(reader, pixels, label, show_progress)
        place.empty()
        st.session_state[KEPT] = (asked, found)
    return st.session_state[KEPT][1]


def _show_occlusion(pixels: np.ndarray, reader: Classifier, label: int, key: str) -> None:
    asked = reader.card.classes[label]
    chart(
        over_image(pixels, _covered(pixels, reader, label), signed=True),
        key=f"occlusion {key}",
        alt=gettext("Occlusion sensitivity for {name}", name=asked),
    )
    st.caption(
        gettext(
            "Change in the probability of {name} when a patch is covered: pink parts support it, blue parts "
            "speak against it (occlusion sensitivity)",
            name=escape_markdown(asked),
        )
    )


def _show_difference(pixels: np.ndarray, reader: Classifier, label: int, best: int, key: str) -> None:
    asked, answered = reader.card.classes[label], reader.card.classes[best]
    heat = class_activation(reader, pixels, best) - class_activation(reader, pixels, label)
    chart(
        over_image(pixels, heat, signed=True),
        key=f"difference {key}",
        alt=gettext("Why {answered} and not {asked}", answered=answered, asked=asked),
    )
    st.caption(
        gettext(
            "Why not {asked}? Pink parts support {answered} more, blue parts {asked}.",
            answered=escape_markdown(answered),
            asked=escape_markdown(asked),
        )
    )


def _show_rows(pixels: np.ndarray, reader: Classifier, key: str) -> None:
    chart(
        by_row(row_probabilities(reader, pixels), reader.card.classes),
        key=f"rows {key}",
        alt=gettext("Probability of the likeliest classes after each row"),
    )
    st.caption(gettext("How the probabilities change while the network reads row after row"))


def _show_layer(pixels: np.ndarray, reader: Classifier, key: str) -> None:
    """Show the activations of one layer, which the visitor chooses."""
    names = [name for name in reader.card.activations if name != "logits"]
    name = st.selectbox(
        gettext("Layer activations"),
        names,
        index=None,
        key=f"layer {key}",
        placeholder=gettext("Choose a layer"),
    )
    if name is None:
        return
    values = reader.activations(pixels[None])[name][0]
    st.image(enlarged(_sheet(values), 4), alt=gettext("Activations of {name}", name=name), width="stretch")
    st.caption(_size(values))
    st.caption(
        gettext("Pink is positive, blue negative; without negative values, white on black is positive.")
    )


def _sheet(values: np.ndarray) -> np.ndarray:
    """Return a layer's activations as one picture: maps side by side, rows of states, or a row of units."""
    if values.ndim == 3:
        return mosaic(values, columns=max(1, round(np.sqrt(2 * values.shape[2]))))
    return coloured(np.atleast_2d(values))


def _size(values: np.ndarray) -> str:
    if values.ndim == 3:
        height, width, count = values.shape
        return ngettext(
            "{count} map of {height}×{width}",
            "{count} maps of {height}×{width}",
            count,
            height=height,
            width=width,
        )
    if values.ndim == 2:
        return gettext("{units} units after each of {rows} rows", units=values.shape[1], rows=len(values))
    return ngettext("{count} unit", "{count} units", values.shape[-1])
