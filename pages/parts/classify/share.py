"""Share what was seen: a link that carries the picture and the networks, and a card to show."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from core import language
from core.errors import ImageError
from core.images.answer_card import Tagged, answer_card, shows_chinese
from core.images.shared_picture import from_code, small_copies, to_code
from core.inference.picture_reading import Answer, Prepared, Verdict, answer, as_text
from core.language import gettext
from pages.parts.classify import drawing_link, reading_choice
from pages.parts.classify.reading_choice import Networks
from pages.parts.classify.told import Told, summary
from pages.parts.shared import model_picker, preparation
from pages.parts.shared.file_download import download_button
from pages.parts.shared.uploads import File

PICTURE, READ, NETWORKS = (
    "picture",
    "read",
    "networks",
)  # in the link: the picture, its kind, its readers
OPENED = "opened link"  # in the session's state: the picture whose choices were taken from the link
OFFERED = "offered link"  # in the session's state: what the link was made of, and the link
TRIES = 3  # small copies that are read to find one that reads as the picture does
COLOURS = {
    Verdict.READ: (79, 70, 229),
    Verdict.UNSURE: (180, 83, 9),
    Verdict.UNKNOWN: (190, 18, 60),
}


def linked() -> list[File]:
    """Return the picture in the page's link, once its networks are chosen; none without one.

    Raises:
        ImageError: when the link is damaged or too long.
    """
    code = st.query_params.get(PICTURE)
    if not code:
        return []
    file = File.of("shared.webp", from_code(code))
    if st.session_state.get(OPENED) != file.key:
        st.session_state[OPENED] = file.key
        _choose(st.query_params.get(READ, ""), st.query_params.get(NETWORKS, "").split("."))
    return [file]


def _choose(kind: str, networks: Sequence[str]) -> None:
    """Choose what the link names, as far as it is known here."""
    if kind not in reading_choice.KNOWN:
        return
    st.session_state[reading_choice.KEY] = kind
    known = {choice.key for choice in model_picker.choices(*reading_choice.FAMILIES)}
    found = [key for key in networks if key in known]
    if found:
        st.session_state.setdefault(reading_choice.CHOSEN, {})[kind] = found


def forget() -> None:
    """Remove the picture from the page's link: the visitor has turned to something else."""
    for name in (PICTURE, READ, NETWORKS):
        st.query_params.pop(name, None)


def offer(prepared: Prepared, kind: str, networks: Networks, tasks: Sequence[Told]) -> None:
    """Show a button that opens the link to copy, and the card; nothing while there is no answer."""
    if not any(one.answers for one in tasks):
        return
    section = st.popover(gettext("Share answer"), icon=":material/share:", key="share", on_change="rerun")
    if not section.open:
        return
    with section:
        link, same = _link(prepared, kind, networks, tasks[0])
        st.caption(
            gettext("This link opens with the same picture and networks. The link itself holds the picture.")
        )
        if not same:
            st.caption(gettext("The small picture in the link may be read differently."))
        st.code(link, language=None)
        download_button(
            gettext("Download card"),
            lambda: _card(prepared, tasks),
            "answer.png",
            "image/png",
            key="download card",
        )


def _link(prepared: Prepared, kind: str, networks: Networks, told: Told) -> tuple[str, bool]:
    """Return the link, and whether the picture in it reads as this one does; the session keeps the last."""
    made_of = (prepared.picture.image, kind, networks.identity, as_text(told.answers))
    kept = st.session_state.get(OFFERED)
    if kept is None or kept[0][0] is not made_of[0] or kept[0][1:] != made_of[1:]:
        page = (st.context.url or "").split("?")[0]
        query, same = _query(prepared, told)
        chosen = {READ: kind, NETWORKS: ".".join(choice.key for choice in networks.chosen.get(kind, []))}
        kept = st.session_state[OFFERED] = made_of, f"{page}?{urlencode({**query, **chosen})}", same
    return kept[1], kept[2]


def _query(prepared: Prepared, told: Told) -> tuple[dict[str, str], bool]:
    """Return the parameter with the picture: a small copy or, if that reads differently, its few glyphs."""
    copies = []
    for content in small_copies(prepared.picture.image):
        copies.append(content)
        if _reads_the_same(content, told):
            return {PICTURE: to_code(content)}, True
        if len(copies) == TRIES:
            break
    code = drawing_link.code_of(prepared)
    if code is not None:
        return {drawing_link.KEY: code}, True
    return ({PICTURE: to_code(copies[0])} if copies else {}), False


def _reads_the_same(content: bytes, told: Told) -> bool:
    """Return whether the first network reads a small copy as it reads the picture."""
    try:
        small = preparation.prepared_once(File.of("shared.webp", content))
    except ImageError:
        return False
    return as_text(answer(small, told.readers[0])) == as_text(told.columns[0].answers)


def _card(prepared: Prepared, tasks: Sequence[Told]) -> bytes:
    spoken = language.current() if shows_chinese() else language.ENGLISH
    with language.using(spoken):
        first = next(one for one in tasks if one.answers)
        columns = [column for one in tasks for column in one.columns if column.answers]
        lines = [
            gettext("{network}: {reading}", network=c.title, reading=f"{as_text(c.answers)} ({summary(c)})")
            for c in columns
        ]
        picture = prepared.picture
        boxes = [_tagged(given) for given in first.answers] if first.reads_glyphs else []
        return answer_card(
            picture.image, picture.size, boxes, as_text(first.answers), [*lines, "Deep Image Lab"]
        )


def _tagged(given: Answer) -> Tagged:
    sign = "?" if given.verdict is Verdict.UNKNOWN else given.label
    return Tagged(given.glyph.box, sign, COLOURS[given.verdict])
