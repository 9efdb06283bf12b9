from __future__ import annotations

import pytest
from click.testing import CliRunner

from core import language
from core.commands import main
from core.commands.translated import help_texts
from core.language import gettext
from core.messages import message


def _printed(variable: str, *arguments: str) -> str:
    return CliRunner().invoke(main, arguments, env={"LC_ALL": variable}).output


@pytest.mark.parametrize("command", ["", "classify"])
def test_help_is_in_the_language_of_the_environment(command: str) -> None:
    text = help_texts(main.commands.get(command, main))[0]
    with language.using("zh"):
        chinese = gettext(text)
    assert chinese != text
    assert chinese in _printed("zh_CN.UTF-8", *filter(None, [command]), "--help")
    assert text.split(";")[0] in _printed("C.UTF-8", *filter(None, [command]), "--help")


def test_errors_are_in_the_language_of_the_environment() -> None:
    wrong = message("runs.missing", id="nobody")
    with language.using("zh"):
        chinese = str(wrong)
    assert chinese != str(wrong)
    assert chinese in _printed("zh_CN.UTF-8", "export", "nobody", "--format", "keras", "--out", "x.keras")
    assert language.current() == "en"
