"""Define this project's errors: each holds a key and its values; ``core.messages`` has the sentences."""

from __future__ import annotations

from typing import Any

from core.messages import message


class LabError(Exception):
    """Base of every error that is shown to a visitor as a sentence, without a traceback.

    ``str(error)`` is the sentence in the visitor's language.
    """

    def __init__(self, key: str, /, **values: Any) -> None:
        """Keep a key of ``core.messages.SENTENCES`` and the values of its placeholders."""
        super().__init__(key)
        self.message = message(key, **values)

    def __str__(self) -> str:
        """Return the sentence that says what is wrong and what to do."""
        return str(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what pickle needs to send the error to another process."""
        return _restored, (type(self), self.message.key, dict(self.message.values))


class SettingsError(LabError):
    """An environment variable of this app with a value that it cannot take."""


class ImageError(LabError):
    """A picture that cannot be read or is too large."""


class DatasetError(LabError):
    """A data set that is unknown, damaged, or cannot be downloaded."""


class ClassSetError(LabError):
    """A class set that is missing or full, or from which nothing can be learnt."""


class ConfigError(LabError):
    """A training configuration with an unknown key or a value out of range."""


class BundleError(LabError):
    """A model bundle that is missing, incomplete, altered, or of the wrong kind."""


class RunError(LabError):
    """A training run that does not exist or cannot do what was asked of it."""


class ExperimentError(LabError):
    """An experiment that finds no free place, has died, or cannot do what was asked of it."""


def _restored(kind: type[LabError], key: str, values: dict[str, Any]) -> LabError:
    return kind(key, **values)
