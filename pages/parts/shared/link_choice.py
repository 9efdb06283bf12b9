"""Keep a visitor's choices in the page's link as ids, which are the same in every language.

``bind="query-params"`` would put the labels of options there. It is right for numbers, texts and switches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

Option = TypeVar("Option", str, int)


def restore(key: str, options: Sequence[Option], default: Option, names: Mapping[str, Option]) -> None:
    """Set a widget's state, before the widget is drawn, to the option in the link, else to the default.

    Args:
        key: of the widget and of the link's parameter.
        options: the ids that can be chosen.
        default: the id that is chosen at first.
        names: other names of the options, such as the labels that older links hold, in any case.
    """
    if st.session_state.get(key) not in options:
        found = _option(st.query_params.get(key, ""), options, names)
        st.session_state[key] = default if found is None else found


def restore_several(key: str, options: Sequence[Option], names: Mapping[str, Option]) -> None:
    """Set the state of a widget with several choices to the options in the link, else to all of them.

    An empty parameter stands for no choice at all.
    """
    if key in st.session_state:
        st.session_state[key] = [option for option in st.session_state[key] if option in options]
        return
    linked = st.query_params.get_all(key)
    found = [_option(text, options, names) for text in linked]
    chosen = [option for option in found if option is not None]
    st.session_state[key] = chosen if chosen or linked == [""] else list(options)


def publish(key: str, default: Option) -> None:
    """Write the widget's choice into the link; the default needs no parameter."""
    chosen = st.session_state[key]
    _write(key, None if chosen == default else [str(chosen)])


def publish_several(key: str, options: Sequence[Option]) -> None:
    """Write the widget's choices into the link; all of them need no parameter."""
    chosen = sorted(st.session_state[key], key=options.index)
    _write(key, None if chosen == list(options) else [str(option) for option in chosen] or [""])


def _option(text: str, options: Sequence[Option], names: Mapping[str, Option]) -> Option | None:
    """Return the option that a text in a link means: an id comes before a name; None where it is neither."""
    by_name = {name.casefold(): option for name, option in names.items()}
    by_id = {str(option).casefold(): option for option in options}
    return (by_name | by_id).get(text.casefold())


def _write(key: str, values: list[str] | None) -> None:
    if st.query_params.get_all(key) == (values or []):
        return
    if values is None:
        del st.query_params[key]
    else:
        st.query_params[key] = values
