"""What is really in the visitor's pictures: by the names of their files, or as the visitor types it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.inference.file_name_labels import label_in
from core.language import gettext
from pages.parts.shared.tables import arrow_table

TYPED = "true answers"  # in the session's state: what was typed, by the places of the pictures,
OFFERED = "true answers offered"  # and the rows of the table, which stay while its cells are typed into
MOST = 40  # characters of an answer
Place = tuple[str, int]


def of(place: Place, name: str, classes: Sequence[str]) -> str | None:
    """Return what is in a picture, None if nobody says it."""
    typed = st.session_state.get(TYPED, {}).get(place)
    return (typed or None) if typed is not None else label_in(name, classes)


def edit(pictures: Sequence[tuple[Place, str, str]], classes: Sequence[str]) -> None:
    """Show a section in which the true answers can be typed, beside what was read in each picture."""
    section = st.expander(
        gettext("True answers"), icon=":material/spellcheck:", on_change="rerun", key="true answers section"
    )
    if not section.open:
        return
    places = [place for place, _, _ in pictures]
    number, offered, rows = st.session_state.get(OFFERED, (0, None, []))
    if offered != places or _key(number) not in st.session_state:  # a closed table forgets its cells
        rows = [
            {"read": read, "expected": of(place, name, classes) or "", "file": name}
            for place, name, read in pictures
        ]
        number += 1
        st.session_state[OFFERED] = number, places, rows
    key = _key(number)
    with section:
        st.caption(gettext("Type what is in each picture; the accuracies follow at once."))
        st.data_editor(
            arrow_table(rows),
            hide_index=True,
            disabled=["file", "read"],
            column_config={
                "read": gettext("Read"),
                "expected": st.column_config.TextColumn(gettext("True answer"), max_chars=MOST),
                "file": gettext("File"),  # last, as long names would push the others out of a phone's width
            },
            key=key,
            on_change=lambda: _take(key, places),
            alt=gettext("True answers"),
        )


def _key(number: int) -> str:
    """Return the key of the table that is offered as this number."""
    return f"type true answers {number}"


def _take(key: str, places: Sequence[Place]) -> None:
    """Keep what was typed into the cells of the table; its rows are pictures in these places."""
    typed = {
        places[int(row)]: str(cells["expected"] or "").strip()[:MOST]
        for row, cells in st.session_state[key]["edited_rows"].items()
        if "expected" in cells and int(row) < len(places)
    }
    st.session_state[TYPED] = {**st.session_state.get(TYPED, {}), **typed}
