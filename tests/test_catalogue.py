"""The catalogues of ``locale/``: complete files whose texts fit the code.

``python -m tests.test_catalogue`` reads the texts of the code into ``messages.po`` and compiles it;
docs/translation.md says more.
"""

from __future__ import annotations

import ast
import io
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from markdown_it import MarkdownIt

from core.commands import main
from core.commands.translated import help_texts
from core.language import LOCALE

ROOT = Path(__file__).parents[1]
PO = LOCALE / "zh_CN/LC_MESSAGES/messages.po"
MO = PO.with_suffix(".mo")
ADVICE = "; run `python -m tests.test_catalogue`"
CHINESE = r"[\u3400-\u9fff]"


def read() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN")


def compiled(catalog: Catalog) -> bytes:
    made = io.BytesIO()
    write_mo(made, catalog)
    return made.getvalue()


def texts_of_the_code() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Return the file and the text of every call of core/language.py's functions and of every help text."""
    for place in ("core", "pages"):
        for name, _, text, _, _ in extract_from_dir(ROOT / place, method_map=[("**.py", "python")]):
            yield f"{place}/{name}", text
    for command in (main, *main.commands.values()):
        for text in help_texts(command):
            yield "core/commands/__init__.py", text


def update() -> tuple[int, int]:
    """Write both files of the catalogue; return how many texts there are and how many have no translation."""
    template = Catalog(charset="utf-8")
    for name, text in sorted(texts_of_the_code(), key=lambda found: found[0]):
        template.add(text, locations=[(name, 0)], flags=[])
    catalog = read()
    template.creation_date = catalog.creation_date  # else each update would be a conflict with every other
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.locations = [(name, None) for name in sorted({name for name, _ in message.locations})]
    with PO.open("wb") as file:
        write_po(file, catalog, width=110, sort_by_file=True, omit_header=False)
    MO.write_bytes(compiled(read()))
    messages = [message for message in catalog if message.id]
    return len(messages), sum(not translation(message) for message in messages)


def translation(message: Message) -> str:
    return message.string if isinstance(message.string, str) else (message.string or ("",))[0]


def originals(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def fields(text: str) -> set[tuple[str, str, str]]:
    """Return the placeholders of a text, with conversion and format; a text without any may hold braces."""
    try:
        return {(n, c or "", s or "") for _, n, s, c in string.Formatter().parse(text) if n is not None}
    except ValueError:
        return set()


TRANSLATED = [message for message in read() if message.id and translation(message)]


def test_the_compiled_catalogue_is_that_of_its_source() -> None:
    assert MO.read_bytes() == compiled(read()), f"{MO} is older than {PO}{ADVICE}"


def test_every_translation_keeps_its_placeholders_and_their_formats() -> None:
    wrong = {
        originals(message): translation(message)
        for message in TRANSLATED
        if fields(translation(message)) != set().union(*map(fields, originals(message)))
    }
    assert not wrong


def test_every_translation_keeps_icons_and_the_marks_of_markdown() -> None:
    marks = re.compile(r"\*\*|`[^`]*`|:material/\w+:|https?://[^\s)]+|\]\(")
    wrong = {
        message.id: translation(message)
        for message in TRANSLATED
        if isinstance(message.id, str)
        and sorted(marks.findall(message.id)) != sorted(marks.findall(translation(message)))
    }
    assert not wrong


def bold(text: str) -> int:
    """Return how many parts of a text Markdown makes bold, once its placeholders are filled in."""
    return MarkdownIt().render(re.sub(r"\{[^}]*\}", "x", text)).count("<strong>")


def test_what_is_bold_in_english_is_bold_in_chinese() -> None:
    """CommonMark ends no emphasis between a full stop and a character: the full stop belongs behind it."""
    marked = [message for message in TRANSLATED if isinstance(message.id, str) and "**" in message.id]
    assert not [translation(each) for each in marked if bold(each.id) != bold(translation(each))]


@pytest.mark.parametrize(
    "wrong",
    [
        rf"{CHINESE} ?[,;?!]",  # punctuation of Latin letters after a character
        rf"{CHINESE} +{CHINESE}",
        r"[，。；：！？、] ",
        r"\.\s*$",
        rf"{CHINESE} [A-Za-z0-9{{]",  # no space before Latin letters, numbers and placeholders,
        rf"(?<![A-Za-z0-9-])[A-Za-z0-9]+ {CHINESE}",  # nor after them, but after an option such as --seed,
        rf"(?<!\d)}} {CHINESE}",  # and after a column of fixed width
    ],
)
def test_chinese_has_its_own_punctuation_and_spacing(wrong: str) -> None:
    found = [translation(message) for message in TRANSLATED if re.search(CHINESE, translation(message))]
    assert not [text for text in found if re.search(wrong, text)]


# Methods that show their first argument, and arguments that are shown.
SHOWING = re.compile(
    "title|header|subheader|caption|markdown|write|text|button|download_button|checkbox|toggle|radio|selectbox|"
    "multiselect|slider|select_slider|number_input|text_input|text_area|file_uploader|segmented_control|pills|"
    "popover|expander|metric|info|warning|error|success|spinner|progress|link_button|toast|dialog"
)
SHOWN = re.compile("help|placeholder|alt|caption|label|title|text|hovertemplate")
NO_WORDS = re.compile(r":material/\w+:|:\w+\[|<[^>]*>|%\{[^}]*\}|&\w+;")


def literals(call: ast.Call) -> Iterator[str]:
    """Return the literal texts that a call shows as they are."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    shown = call.args[:1] if SHOWING.fullmatch(function) else []
    if function not in {"gettext", "ngettext", "message"}:
        shown = shown + [keyword.value for keyword in call.keywords if SHOWN.fullmatch(keyword.arg or "")]
    for argument in shown:
        for part in argument.values if isinstance(argument, ast.JoinedStr) else [argument]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


@pytest.mark.parametrize("place", ["pages", "core/figures"])
def test_no_english_text_is_shown_without_being_marked_for_translation(place: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}:{call.lineno}": text
        for path in (ROOT / place).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for text in literals(call)
        if re.search("[A-Za-z]{3,}", NO_WORDS.sub("", text))
    }
    assert not found, "write gettext(…) around these texts"


def is_marked(node: ast.AST) -> TypeGuard[ast.Call]:
    """Return whether this call marks a literal for translation."""
    return (
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"gettext", "ngettext", "N_"}
        and isinstance(node.args[0], ast.Constant)
    )


def test_no_text_is_marked_within_another_one_or_an_f_string_where_babel_does_not_find_it() -> None:
    hidden = {
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for place in ("core", "pages")
        for path in (ROOT / place).rglob("*.py")
        for code in [path.read_text(encoding="utf-8")]
        if "gettext(" in code
        for outer in ast.walk(ast.parse(code))
        if isinstance(outer, ast.JoinedStr) or is_marked(outer)
        for inner in ast.walk(outer)
        if inner is not outer and is_marked(inner)
    }
    assert not hidden, "give these texts names before"


if __name__ == "__main__":
    print("{} texts, {} without a translation".format(*update()))
