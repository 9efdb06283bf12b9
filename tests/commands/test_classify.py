from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.datasets.synthetic.handwriting import render
from core.images.decode import MAX_BYTES
from core.images.grid import grid
from core.messages import message
from tests.images.test_picture_kind import scenery
from tests.refusals import sentence


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_is_an_object_with_label_probability_and_box_of_each_glyph(core, cnn_bundle, digits):
    result = core("classify", digits, digits, "--model", cnn_bundle.folder, "--json")
    assert (result.exit_code, result.stderr) == (0, "Reading\n")
    first, second = lines(result.stdout)
    assert first == second
    assert set(first) == {"file", "model", "glyphs", "probability", "left_out", "specks", "turned"}
    assert (first["file"], first["model"]) == (str(digits), "small-cnn")
    assert len(first["glyphs"]) == 4
    for glyph in first["glyphs"]:
        assert set(glyph) == {"label", "probability", "box", "verdict"}
        assert glyph["label"] in "0123456789"
        assert 0.1 <= glyph["probability"] <= 1
        assert glyph["verdict"] in ("read", "unsure", "unknown")
        left, top, right, bottom = glyph["box"]
        assert 0 <= left < right <= 448
        assert 0 <= top < bottom <= 112
    lefts = [glyph["box"][0] for glyph in first["glyphs"]]
    assert lefts == sorted(lefts)


def test_an_rnn_classifies_too(core, rnn_bundle, digits):
    result = core("classify", digits, "--model", rnn_bundle.folder, "--json")
    assert lines(result.stdout)[0]["model"] == "small-rnn"


@pytest.fixture
def bad(tmp_path) -> list:
    """Return paths of a text, an empty file, a truncated picture, a folder and a missing file."""
    (tmp_path / "notes.txt").write_text("milk, bread")
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "folder").mkdir()
    return [tmp_path / name for name in ("notes.txt", "empty.png", "cut.png", "folder", "nowhere.png")]


def test_unreadable_files_are_reported_and_the_rest_of_the_batch_is_read(core, cnn_bundle, digits, bad):
    result = core("classify", digits, *bad, digits, "--model", cnn_bundle.folder, "--json")
    assert result.exit_code == 1
    told = lines(result.stdout)
    assert [answer["file"] for answer in told] == [str(file) for file in (digits, *bad, digits)]
    for answer in told[1:-1]:
        assert set(answer) == {"file", "error"}
        assert answer["error"].endswith(".")
        assert "\n" not in answer["error"]
    assert len(told[0]["glyphs"]) == len(told[-1]["glyphs"]) == 4


def test_without_json_answers_go_to_one_stream_and_errors_to_the_other(core, cnn_bundle, digits, bad):
    result = core("classify", digits, *bad, "--model", cnn_bundle.folder)
    assert result.exit_code == 1
    (answer,) = result.stdout.splitlines()
    assert answer.startswith(f"{digits}: ")
    assert answer.count("%") + answer.count("(none of its classes)") == 4
    errors = [line for line in result.stderr.splitlines() if line.startswith(str(bad[0].parent))]
    assert len(errors) == 5


def test_a_page_without_digits_is_not_an_error(core, cnn_bundle, tmp_path):
    from PIL import Image  # noqa: PLC0415

    Image.new("RGB", (200, 100), "white").save(tmp_path / "white.png")
    result = core("classify", tmp_path / "white.png", "--model", cnn_bundle.folder, "--json")
    assert result.exit_code == 0
    assert lines(result.stdout)[0]["glyphs"] == []
    result = core("classify", tmp_path / "white.png", "--model", cnn_bundle.folder)
    assert result.stdout == f"{tmp_path / 'white.png'}: no digit found\n"


def test_a_huge_file_is_refused_in_one_sentence(core, cnn_bundle, tmp_path):
    (tmp_path / "huge.png").touch()
    os.truncate(tmp_path / "huge.png", MAX_BYTES + 1)  # a sparse file, which takes no room
    result = core("classify", tmp_path / "huge.png", "--model", cnn_bundle.folder, "--json")
    expected = message("images.too_many_bytes", name="huge.png", most=MAX_BYTES >> 20)
    assert lines(result.stdout)[0]["error"] == str(expected)


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes")
@pytest.mark.parametrize("form", [["--json"], []])
def test_a_file_whose_name_is_not_utf_8_is_read(cnn_bundle, digits, tmp_path, form):
    odd = os.fsencode(tmp_path) + b"/\xff\n.png"
    with open(odd, "wb") as file:
        file.write(digits.read_bytes())
    command = [sys.executable, "-m", "core", "classify", odd, "--model", str(cnn_bundle.folder), *form]
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    if form:
        assert len(lines(done.stdout.decode())[0]["glyphs"]) == 4


def test_an_unknown_model_is_reported_in_one_line(refused, digits):
    assert sentence("bundles.not_shipped", name="nobody").search(
        refused("classify", digits, "--model", "nobody")
    )


def test_a_generator_cannot_classify(refused, gan_bundle, digits):
    expected = message("inference.not_a_classifier", name="small-gan")
    assert refused("classify", digits, "--model", gan_bundle.folder) == f"Error: {expected}"


def test_a_call_without_files_is_refused_in_one_line(refused):
    assert refused("classify") == "Error: Missing argument 'FILES...'."


def test_an_unsure_photograph_is_answered_by_the_likeliest_words_and_the_names_behind_them(core, tmp_path):
    (tmp_path / "noise.png").write_bytes(scenery(1))
    command = ("classify", tmp_path / "noise.png", "--model", "efficientnet_lite0")
    (glyph,) = lines(core(*command, "--json").stdout)[0]["glyphs"]
    assert glyph["verdict"] == "unknown"
    assert glyph["words"][0]["label"] == glyph["label"]
    assert len(glyph["words"]) == 5
    for word in glyph["words"]:
        assert word["names"][0]["probability"] <= word["probability"] + 2e-6
    told = core(*command).stdout
    assert "not sure" in told
    assert "?" not in told
    assert all(word["label"] in told for word in glyph["words"])


def test_what_is_left_out_and_how_a_picture_was_turned_is_listed(core, tmp_path):
    page = Image.new("L", (420, 160), 255)
    paper = grid(255 - render(np.array([2, 5, 4, 7]), seed=4), columns=4, gap=0, scale=3)
    page.paste(paper, (40, 30))
    ImageDraw.Draw(page).line((20, 125, 400, 125), fill=0, width=3)
    page.rotate(90, expand=True).save(tmp_path / "page.png")
    (result,) = lines(core("classify", tmp_path / "page.png", "--json").stdout)
    assert result["turned"] == 90
    assert "".join(glyph["label"] for glyph in result["glyphs"]) == "2547"
    assert [mark["kind"] for mark in result["left_out"]] == ["ruling"]
    assert result["probability"] == min(glyph["probability"] for glyph in result["glyphs"])
