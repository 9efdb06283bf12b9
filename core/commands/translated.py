"""Show the command line in the language of the environment; click's own words stay English."""

from __future__ import annotations

import copy
import inspect
import os
from typing import Any

import click

from core import language
from core.language import gettext


class TranslatedGroup(click.Group):
    """A group of commands whose help texts are message ids."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command in the language of the environment."""
        with language.using(language.of_environment(os.environ)):
            return super().main(*args, **kwargs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a copy of the command with translated help texts, or None if there is no such command."""
        found = super().get_command(ctx, cmd_name)
        return found and _translated(found)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the translated help text of the group."""
        click.Command.format_help_text(_translated(self), ctx, formatter)


def help_texts(command: click.Command) -> list[str]:
    """Return the help texts of a command and of its parameters, which are their message ids."""
    parameters = [getattr(parameter, "help", None) for parameter in command.params]
    return [_message_id(text) for text in (command.help, command.short_help, *parameters) if text]


def _message_id(text: str) -> str:
    return inspect.cleandoc(text)  # as Python 3.13 reads docstrings, and earlier ones do not


def _translated(command: click.Command) -> click.Command:
    shown = copy.copy(command)
    shown.params = [copy.copy(parameter) for parameter in command.params]
    for described in (shown, *shown.params):
        for name in ("help", "short_help"):
            if text := getattr(described, name, None):
                setattr(described, name, gettext(_message_id(text)))
    return shown
