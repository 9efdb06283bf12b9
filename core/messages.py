"""Keep what has to be said as a key and its values, and make the sentence only where it is shown.

Errors, a run's status and its progress are stored and sent between processes in this form, so that the same
run can be read in another language, by another version, and by programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.language import N_, gettext


@dataclass(frozen=True)
class Message:
    """A key of ``SENTENCES`` and the values of its placeholders (numbers, text, or messages themselves).

    A key that is not in ``SENTENCES`` is shown as it is: versions before this one stored finished sentences.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in the visitor's language."""
        if self.key not in SENTENCES:
            return self.key
        return gettext(SENTENCES[self.key], **self.values)


Progress = Callable[[Message, float | None], None]
"""What hears how far long work has come: a message, and the share done from 0 to 1 where it is known."""


def message(key: str, /, **values: Any) -> Message:
    """Return a message; paths and errors among its values become text or messages, which can be stored."""
    return Message(key, {name: _plain(value) for name, value in values.items()})


def to_json(told: Message) -> dict[str, Any]:
    """Return the message as plain JSON values."""
    values = {
        name: to_json(value) if isinstance(value, Message) else value for name, value in told.values.items()
    }
    return {"key": told.key, "values": values}


def from_json(stored: Any) -> Message:
    """Return the message that ``to_json`` stored, or a finished sentence of an older version.

    Raises:
        ValueError: when ``stored`` is neither.
    """
    if isinstance(stored, str):
        return Message(stored)
    if not (isinstance(stored, dict) and isinstance(stored.get("key"), str)):
        raise ValueError("not a message")
    values = stored.get("values", {})
    if not isinstance(values, dict):
        raise ValueError("not a message")
    return Message(
        stored["key"],
        {name: from_json(value) if isinstance(value, dict) else value for name, value in values.items()},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, int | float | str | Message):
        return value
    return getattr(value, "message", None) or str(value)  # a LabError holds its message


# One sentence a key, grouped by the room of ``core`` that uses it; the key begins with the group's name.
SENTENCES: dict[str, str] = {
    # settings
    "settings.number": N_("{name} must be a number from {low:,g} to {high:,g}; got {value!r}."),
    "settings.whole_number": N_("{name} must be a whole number from {low} to {high}; got {value!r}."),
    #
    # contract
    #
    #
    # datasets
    #
    #
    # bundles
    #
    #
    # images
    #
    #
    # inference
    #
    #
    # explain
    #
    #
    # latent
    #
    #
    # inside
    #
    "inside.no_recurrent_network": N_("No RNN is available yet; train one first."),
    #
    # gan_games
    #
    #
    # runs
    #
    #
    # subprocesses
    #
    #
    # lab
    #
    #
    # commands
    #
    #
    # pages
    "pages.class_in_link": N_(
        "The class in this link is not one of this generator's; ask for the link again."
    ),
    "pages.no_digit_generator": N_(
        "This generator does not draw grey images of 28×28 pixels; choose a generator of digits."
    ),
    "pages.no_ink": N_("No ink was found in this picture; draw one digit, or upload a picture of one."),
    "pages.no_real_images": N_(
        "This generator's data set is not on this machine, so there are no real images to compare with; "
        "train once on it, which downloads it."
    ),
}
