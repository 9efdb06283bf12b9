"""Mark every text that a visitor reads, so that it can be translated.

The English text in the code is the message id, as in GNU gettext; Babel finds the calls by these names. A
text is a whole sentence with named placeholders, never a sum of pieces, because other languages order words
in other ways::

    gettext("{count:,} images read", count=1200)
    ngettext("{count} run", "{count} runs", 3)
    join(["A", "B"])                    # "A, B"
    percent(0.873)                      # "87.3%"
    TITLE = N_("Learning rate")    # a constant: marked here, translated by gettext(TITLE) where it is shown

The catalogues of other languages are in ``locale/``; docs/translation.md says how to change them. The
language belongs to the thread: two visitors read two languages at once.
"""

from __future__ import annotations

import functools
import gettext as catalogues
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = {ENGLISH: "English", CHINESE: "中文"}
"""Languages by id, each with its own name for itself."""

LOCALE = Path(__file__).parents[1] / "locale"
_FOLDERS = {CHINESE: "zh_CN"}
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts

_language: ContextVar[str | None] = ContextVar("language", default=None)
_sources: list[Callable[[], str | None]] = []


def current() -> str:
    """Return the id of this thread's language; until one is chosen, ask the source, else it is English."""
    chosen = _language.get()
    if chosen is None:
        chosen = next(filter(None, (ask() for ask in _sources)), None)
        _language.set(chosen)
    return chosen or ENGLISH


def use(language: str) -> None:
    """Set the language of this thread."""
    _language.set(language)


@contextmanager
def using(language: str) -> Iterator[None]:
    """Set the language of this thread inside a ``with`` statement."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def ask(source: Callable[[], str | None]) -> None:
    """Ask this function for the language of a thread for which none was chosen; None means unknown."""
    _sources[:] = [source]


def known(tag: str | None) -> str | None:
    """Return the language that a tag such as ``zh-CN`` or ``en_GB.UTF-8`` means, None for any other."""
    language = (tag or "").strip().replace("_", "-").split("-")[0].split(".")[0].lower()
    return language if language in LANGUAGES else None


def of_environment(environment: Mapping[str, str]) -> str:
    """Return the language that the variables of POSIX ask for, English for any that is not known."""
    return known(next(filter(None, (environment.get(name) for name in _VARIABLES)), None)) or ENGLISH


def gettext(message: str, /, **values: Any) -> str:
    """Return a text in the visitor's language, with its placeholders filled in.

    Without values the text is returned as it is, so that braces in it need no escaping.
    """
    text = _catalogue(current()).gettext(message) if message else message  # "" is a catalogue's header
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, count: int, /, **values: Any) -> str:
    """Return the text for this count in the visitor's language; ``{count}`` is filled in with the others."""
    return _catalogue(current()).ngettext(singular, plural, count).format(count=count, **values)


def join(items: Iterable[str]) -> str:
    """Return items as a list within a sentence, with the separators of the visitor's language."""
    listed, *others = [*items] or [""]
    for item in others:
        listed = gettext("{list}, {item}", list=listed, item=item)
    return listed


def percent(probability: float) -> str:
    """Return a network's probability in tenths of a percent.

    It is never exactly 0 or 1, so the text never says so: "< 0.1%" and "> 99.9%" stand for what would be
    rounded to that.
    """
    if probability < 0.0005:
        return gettext("< 0.1%")
    if probability >= 0.9995:
        return gettext("> 99.9%")
    return gettext("{percent:.1f}%", percent=100 * probability)


def counted_percent(share: float) -> str:
    """Return a counted share, such as an accuracy, in tenths of a percent; only all of them are "100%"."""
    return gettext("100%") if share == 1 else percent(share) if share else gettext("0%")


def N_(message: str, /) -> str:  # noqa: N802 (the name that gettext's tools look for)
    """Return a constant text unchanged, marked for translation."""
    return message


@functools.cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    if language not in _FOLDERS:
        return catalogues.NullTranslations()
    return catalogues.translation("messages", LOCALE, [_FOLDERS[language]], fallback=True)
