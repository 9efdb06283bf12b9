"""Prepare visitors' pictures in child processes that all visitors share; the server decodes none itself."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.datasets.synthetic.example_pictures import EXAMPLES
from core.images.picture_kind import DIGIT
from core.inference.classifier import Classifier
from core.inference.decoding_pool import DecodingPool
from core.inference.picture_reading import Prepared, prepare_upright
from pages.parts.shared.process_cache import kept_in_process
from pages.parts.shared.uploads import File

KEPT = 1  # prepared pictures of a session, up to 2 MB each: 50 visitors share 320 MB
TURNS = "turns of pictures"  # in the session's state: the visitor's quarter turns clockwise, by picture
FOUND_TURNS = "turns to be read"  # those by which more digits are read
STATE = "prepared pictures"  # in the session's state: pictures by key, the last used last


def prepared(file: File, *, thorough: bool = True) -> Prepared:
    """Return a file's picture with its glyphs; the session keeps the last few for its next runs.

    Unless ``thorough``, a clear photograph is not searched for small glyphs, which takes long.

    Raises:
        ImageError: when it cannot be read.
    """
    kept: dict[str, Prepared] = st.session_state.setdefault(STATE, {})
    found = kept.pop(file.key, None)
    if found is None or (thorough and not found.is_searched):
        found = prepared_once(file, thorough=thorough)
    kept[file.key] = found
    for key in list(kept)[:-KEPT]:
        del kept[key]
    return found


def upright(file: File, found: Prepared, reader: Classifier) -> Prepared:
    """Return a picture of writing turned as the visitor chose or, if few digits are read, as more are.

    Pictures in archives and the app's own are not turned.

    Raises:
        ImageError: when it cannot be read.
    """
    if file.within is not None or file.is_example:
        return found
    turns: dict[str, int] = st.session_state.get(TURNS, {})

    def turned(turn: int) -> Prepared:
        return _pool().prepare(file.content, file.name, True, turn) if turn != found.turn else found

    if file.key in turns:
        result = turned(turns[file.key])
    elif reader.card.subject != DIGIT:
        result = turned(0)  # a letter that is turned looks like another, an N like a Z
    else:
        known = st.session_state.get(FOUND_TURNS, {}).get(file.key)
        result = prepare_upright(turned, reader) if known is None else turned(known)
        st.session_state[FOUND_TURNS] = {file.key: result.turn}
    st.session_state.setdefault(STATE, {})[file.key] = result
    return result


def turn(file: File) -> None:
    """Turn a picture a quarter turn clockwise from the next run on."""
    shown = st.session_state.get(STATE, {}).get(file.key)
    turns = st.session_state.get(TURNS, {})
    now = turns.get(file.key, shown.turn if shown else 0)
    st.session_state[TURNS] = {file.key: (now + 1) % 4}


def prepared_once(file: File, *, thorough: bool = True) -> Prepared:
    """Return a file's picture with its glyphs, from those that are kept or without keeping it.

    Raises:
        ImageError: when it cannot be read.
    """
    kept: Prepared | None = st.session_state.get(STATE, {}).get(file.key)
    if kept is not None and (kept.is_searched or not thorough):
        return kept
    if file.is_example:
        return _prepared_example(file.key, thorough, file)
    if file.within is None:
        return _pool().prepare(file.content, file.name, thorough)
    archive, number = file.within
    return _pool().prepare_member(archive.load, archive.key, archive.name, number, thorough)


def members(archive: File) -> list[File]:
    """Return the files in an archive.

    Raises:
        ImageError: when it cannot be opened.
    """
    names = _pool().names(archive.load, archive.key, archive.name)
    return [archive.member(number, name) for number, name in enumerate(names)]


def reducer() -> DecodingPool:
    """Return the processes that reduce pictures to be kept."""
    return _pool()


def start() -> None:
    """Start the decoding process before it is needed."""
    context = get_script_run_ctx()
    _pool().start(context.session_id if context else "")


@kept_in_process(2 * len(EXAMPLES))
def _prepared_example(key: str, thorough: bool, _file: File) -> Prepared:
    """Return one of the app's own pictures, which is prepared once for all visitors."""
    return _pool().prepare(_file.content, _file.name, thorough)


@kept_in_process()
def _pool() -> DecodingPool:
    return DecodingPool()
