"""What the link says of the part Convolution: each value is looked up there, and kept there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

FIRST_ONLY = 40  # characters of a stranger's text that are repeated on the page


def name(key: str, known: Sequence[str], of: str) -> str:
    """One of the known names, the first where the link has none or another, which is said."""
    asked = st.query_params.get(key)
    if asked is None:
        return known[0]
    if asked in known:
        return asked
    _say(f"There is no {key} named “{asked[:FIRST_ONLY]}” in {of}; {known[0]} is shown instead.")
    forget(key)
    return known[0]


def number(key: str, most: int, otherwise: int, least: int = 1) -> int:
    """A whole number from ``least`` to ``most``; where the link has none, or another, ``otherwise``."""
    asked = st.query_params.get(key)
    if asked is None:
        return otherwise
    try:
        value = int(asked)
    except ValueError:
        value = least - 1
    if least <= value <= most:
        return value
    asked = asked[:FIRST_ONLY]
    _say(f"The {key} in this link, “{asked}”, is none from {least} to {most}; {otherwise} is shown.")
    forget(key)
    return otherwise


def put(**values: object) -> None:
    """Writes values into the link, in one message to the browser."""
    st.query_params.update({key: str(value) for key, value in values.items()})


def forget(*keys: str) -> None:
    """Takes values out of the link, so that they are chosen anew."""
    for key in keys:
        st.query_params.pop(key, None)


def number_input(
    label: str,
    key: str,
    value: int,
    most: int,
    least: int = 1,
    forgets: Sequence[str] = (),
    explained: str | None = None,
) -> None:
    """A field for a whole number that goes into the link; it shows what the link says.

    ``forgets`` are the link's values that mean nothing after a change; ``explained`` is the field's help.
    """
    widget = f"inside {key}"

    def take() -> None:
        forget(*forgets)
        put(**{key: st.session_state[widget]})

    st.session_state[widget] = value
    st.number_input(
        label,
        least,
        most,
        key=widget,
        width=130,  # narrower, and it would lose its two buttons
        disabled=most == least,
        on_change=take,
        help=explained,
    )


def _say(sentence: str) -> None:
    st.info(sentence.replace("$", ""), icon=":material/info:")
