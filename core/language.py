"""Mark every text that a visitor reads, so that it can be translated.

The English text in the code is the message id, as in GNU gettext; Babel finds the calls by these names. A
text is a whole sentence with named placeholders, never a sum of pieces, because other languages order words
in other ways::

    gettext("{count:,} images read", count=1200)
    ngettext("{count} run", "{count} runs", 3)
    join(["A", "B"])                    # "A, B"
    percent(0.873)                      # "87.3 %"
    TITLE = N_("Learning rate")    # a constant: marked here, translated by gettext(TITLE) where it is shown
"""

from __future__ import annotations

from collections.abc import Iterable
from gettext import NullTranslations
from typing import Any

_ENGLISH = NullTranslations()


def gettext(message: str, /, **values: Any) -> str:
    """Return a text in the visitor's language, with its placeholders filled in.

    Without values the text is returned as it is, so that braces in it need no escaping.
    """
    text = _ENGLISH.gettext(message)
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, count: int, /, **values: Any) -> str:
    """Return the text for this count in the visitor's language; ``{count}`` is filled in with the others."""
    return _ENGLISH.ngettext(singular, plural, count).format(count=count, **values)


def join(items: Iterable[str]) -> str:
    """Return items as a list within a sentence, with the separators of the visitor's language."""
    listed, *others = [*items] or [""]
    for item in others:
        listed = gettext("{list}, {item}", list=listed, item=item)
    return listed


def percent(probability: float) -> str:
    """Return a network's probability in tenths of a percent.

    It is never exactly 0 or 1, so the text never says so: "<0.1 %" and ">99.9 %" stand for what would be
    rounded to that.
    """
    if probability < 0.0005:
        return gettext("<0.1 %")
    if probability >= 0.9995:
        return gettext(">99.9 %")
    return gettext("{percent:.1f} %", percent=100 * probability)


def N_(message: str, /) -> str:  # noqa: N802 (the name that gettext's tools look for)
    """Return a constant text unchanged, marked for translation."""
    return message
