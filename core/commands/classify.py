"""Define ``classify``: read digits or letters in files."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from core.commands.common import errors_in_one_line, find_bundle, native_messages_hidden
from core.contract.preprocessing import GLYPH
from core.errors import ImageError
from core.images.components import RULING
from core.images.decode import MAX_BYTES
from core.images.picture_kind import LETTER, SIGN
from core.inference.classifier import Classifier
from core.inference.letters_only import letters_of
from core.inference.neighbours import kind_of_sign
from core.inference.picture_reading import (
    Answer,
    Prepared,
    Verdict,
    answer,
    answer_left_out,
    as_text,
    prepare,
    prepare_upright,
    probability_of_all,
)
from core.inference.word_classifier import WordClassifier, open_classifier
from core.language import gettext, join, ngettext, percent

DIGITS, LETTERS, BOTH = "digits", "letters", "both"
MODELS = {DIGITS: "cnn", LETTERS: "letters", BOTH: "letters"}  # what reads them


@click.command(short_help="Read the digits or letters in image files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--read",
    "wanted",
    type=click.Choice(list(MODELS)),
    default=DIGITS,
    show_default=True,
    help="What to look for, with the model cnn or letters.",
)
@click.option(
    "--model",
    help="Name of a shipped model, or folder of a bundle, to read with instead.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@errors_in_one_line
def classify(files: tuple[Path, ...], wanted: str, model: str | None, as_json: bool) -> None:
    """Read image FILES: digits, letters, or what MODEL knows; exit with 1 if any could not be read."""
    bundle = find_bundle(model or MODELS[wanted])
    with native_messages_hidden():
        classifier = open_classifier(bundle)
    if wanted == LETTERS:
        classifier = letters_of(classifier)
    failed = False
    with click.progressbar(files, label=gettext("Reading"), file=sys.stderr, hidden=len(files) < 2) as shown:
        for file in shown:
            result = _read(file, classifier)
            failed |= "error" in result
            _show(result, as_json)
    if failed:
        sys.exit(1)


def _read(file: Path, classifier: Classifier) -> dict[str, Any]:
    try:
        content = _content(file)
        if classifier.card.preprocessing.kind != GLYPH or classifier.card.subject in (LETTER, SIGN):
            prepared = prepare(content, file.name)
        else:
            prepared = prepare_upright(partial(_prepared, content, file.name), classifier)
        answers = answer(prepared, classifier)
    except ImageError as error:
        return {"file": str(file), "error": str(error)}
    glyphs = [_described(given, classifier) for given in answers]
    result: dict[str, Any] = {"file": str(file), "model": classifier.bundle.name, "glyphs": glyphs}
    if classifier.card.subject in (LETTER, SIGN):
        result["text"] = as_text(answers)
    if classifier.card.preprocessing.kind == GLYPH:
        left_out = answer_left_out(prepared, classifier)
        result["probability"] = round(probability_of_all(answers, prepared, left_out), 6)
        result["left_out"] = [
            {"kind": mark.kind, **_described(given, classifier)}
            for mark, given in zip(prepared.reading.left_out, left_out, strict=True)
        ]
        result["specks"] = prepared.reading.specks
        result["turned"] = 90 * prepared.turn
    return result


def _prepared(content: bytes, name: str, turn: int) -> Prepared:
    return prepare(content, name, turn=turn)


def _described(given: Answer, classifier: Classifier) -> dict[str, Any]:
    """Return an answer as JSON has it; of a photograph, with likely words and the names behind them."""
    described: dict[str, Any] = {
        "label": given.label,
        "probability": round(given.probability, 6),
        "box": list(given.glyph.box),
        "verdict": given.verdict.value,
    }
    if classifier.card.subject in (LETTER, SIGN):
        described |= {"taken_for": kind_of_sign(given.label), "look_alike": given.look_alike}
    if isinstance(classifier, WordClassifier) and given.exact is not None:
        described["words"] = [
            {
                "label": likely.word,
                "probability": round(likely.probability, 6),
                "names": [{"label": name, "probability": round(p, 6)} for name, p in likely.names],
            }
            for likely in classifier.likeliest_words(given.exact)
        ]
    return described


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)  # shows that a file is too large; /dev/zero has no end
    except OSError as error:
        raise ImageError("commands.unopenable", file=file.name, error=error.strerror or str(error)) from error


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result))
    elif "error" in result:
        click.echo(f"{result['file']}: {result['error']}", err=True)
    else:
        notes = [*_reading(result), *_notes(result)]
        click.echo(f"{click.format_filename(result['file'])}: {'; '.join(notes)}")


def _reading(result: dict[str, Any]) -> list[str]:
    """Return the text, where letters are read, and each glyph with its probability."""
    glyphs = " ".join(_in_words(glyph) for glyph in result["glyphs"])
    if "text" not in result:
        return [glyphs or gettext("no digit found")]
    return [result["text"], glyphs] if glyphs else [gettext("no letter or digit found")]


def _notes(result: dict[str, Any]) -> list[str]:
    """Return what else there is to say of a reading: that the picture was turned, and what was left out."""
    notes = []
    if result.get("turned"):
        notes.append(gettext("turned by {degrees}° to be read", degrees=result["turned"]))
    marks = [mark for mark in result.get("left_out", []) if mark["kind"] != RULING]
    if marks:
        notes.append(ngettext("{count} mark left out", "{count} marks left out", len(marks)))
    if result.get("specks"):
        notes.append(ngettext("{count} speck left out", "{count} specks left out", result["specks"]))
    return notes


def _in_words(glyph: dict[str, Any]) -> str:
    if "words" in glyph and glyph["verdict"] != Verdict.READ.value:
        return gettext("not sure: perhaps {words}", words=join(map(_with_probability, glyph["words"])))
    if glyph["verdict"] == Verdict.UNKNOWN.value:
        return gettext("? (none of its classes)")
    if glyph.get("look_alike") and glyph["verdict"] == Verdict.UNSURE.value:
        return gettext("{label} or {other}", label=_with_probability(glyph), other=glyph["look_alike"])
    if glyph["verdict"] == Verdict.UNSURE.value:
        return gettext("perhaps {label}", label=_with_probability(glyph))
    return _with_probability(glyph)


def _with_probability(answered: dict[str, Any]) -> str:
    label, probability = answered["label"], answered["probability"]
    return gettext("{label} ({probability})", label=label, probability=percent(probability))
