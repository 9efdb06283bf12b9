"""Read and check the values that Inside keeps in the page's link, and write them there from fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from core.language import gettext
from pages.parts.shared.error_messages import escape_markdown

MAX_QUOTED = 40  # characters of a link, which anyone may have written, that are repeated on the page


def option(
    key: str,
    options: Iterable[str],
    *,
    label: Callable[[str], str] = str,
    earlier: Mapping[str, str] | None = None,
) -> str:
    """Return the id in the link, in any case of its letters; the first where there is none that is known.

    Args:
        key: of the link's parameter.
        options: the ids that can be chosen.
        label: returns what the visitor reads for an id, for the sentence about an unknown one.
        earlier: ids by the names that they had in older links.
    """
    options = list(options)
    asked = st.query_params.get(key)
    if asked is None:
        return options[0]
    by_name = {name.casefold(): id_ for name, id_ in (earlier or {}).items()}
    by_name |= {id_.casefold(): id_ for id_ in options}
    found = by_name.get(asked.casefold())
    if found is not None:
        return found
    _say(
        gettext(
            "The value “{asked}” of {key} in this link is unknown; {shown} is used instead.",
            key=key,
            asked=escape_markdown(asked[:MAX_QUOTED]),
            shown=escape_markdown(label(options[0])),
        )
    )
    forget(key)
    return options[0]


def number(key: str, high: int, default: int, low: int = 1) -> int:
    """Return the whole number from ``low`` to ``high`` in the link, ``default`` where there is none such."""
    asked = st.query_params.get(key)
    if asked is None:
        return default
    try:
        value = int(asked)
    except ValueError:
        value = low - 1
    if low <= value <= high:
        return value
    _say(
        gettext(
            "The {key} in this link must be a whole number from {low} to {high}, not “{asked}”; "
            "{default} is used instead.",
            key=key,
            low=low,
            high=high,
            asked=escape_markdown(asked[:MAX_QUOTED]),
            default=default,
        )
    )
    forget(key)
    return default


def put(**values: object) -> None:
    """Write values into the link, in one message to the browser."""
    st.query_params.update({key: str(value) for key, value in values.items()})


def forget(*keys: str) -> None:
    """Remove values from the link, so that their defaults are used again."""
    for key in keys:
        st.query_params.pop(key, None)


def widget(key: str) -> str:
    """Return the key of the widget that shows a value of the link."""
    return f"inside {key}"


def taker(key: str, forgets: Sequence[str] = ()) -> Callable[[], None]:
    """Return the callback that writes a widget's value into the link and removes the values it outdates."""

    def take() -> None:
        forget(*forgets)
        put(**{key: st.session_state[widget(key)]})

    return take


def number_input(
    label: str,
    key: str,
    value: int,
    high: int,
    low: int = 1,
    forgets: Sequence[str] = (),
    help: str | None = None,
) -> None:
    """Show a field for a whole number of the link; ``forgets`` are the values that a change outdates."""
    st.session_state[widget(key)] = value
    st.number_input(
        label,
        low,
        high,
        key=widget(key),
        width=130,  # narrower, and it would lose its two buttons
        disabled=high == low,
        on_change=taker(key, forgets),
        help=help,
    )


def select(
    label: str,
    key: str,
    labels: Mapping[str, str],
    *,
    default: str | None = None,
    forgets: Sequence[str] = (),
    width: int = 220,
    help: str | None = None,
) -> str:
    """Show a list of what can be chosen and return the id of the choice, which stands in the link.

    Args:
        label: of the list.
        key: of the link's parameter.
        labels: what the visitor reads, by id.
        default: the id that is chosen where the link names none; without it the first.
        forgets: the values of the link that another choice outdates.
        width: of the list in pixels.
        help: the list's tooltip.
    """
    first = next(iter(labels)) if default is None else default
    chosen = option(key, [first, *(id_ for id_ in labels if id_ != first)], label=labels.__getitem__)
    st.session_state[widget(key)] = chosen
    st.selectbox(
        label,
        list(labels),
        format_func=labels.__getitem__,
        key=widget(key),
        width=width,
        on_change=taker(key, forgets),
        help=help,
    )
    return chosen


def _say(sentence: str) -> None:
    st.info(sentence, icon=":material/info:")
