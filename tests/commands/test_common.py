from __future__ import annotations

import os
import shutil
import sys

import click
import pytest

from core.commands.common import bar, errors_in_one_line, find_bundle, native_messages_hidden
from core.errors import BundleError, RunError


def test_errors_of_the_project_become_errors_of_click():
    @errors_in_one_line
    def fail() -> None:
        raise RunError("There is no run 'x'.")

    with pytest.raises(click.ClickException, match=r"^There is no run 'x'\.$"):
        fail()


def test_other_errors_are_not_hidden():
    @errors_in_one_line
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


def test_a_progress_bar_writes_nothing_to_standard_output(capsys):
    with bar("Reading") as show:
        for share in (0.0, 0.5, 0.25, 1.0):
            show(share)
    assert capsys.readouterr().out == ""


def test_output_of_starting_libraries_is_hidden_and_later_output_is_not(capfd):
    with native_messages_hidden():
        os.write(2, b"INFO: created delegate\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_errors_are_visible_again_after_a_failure(capfd):
    with pytest.raises(RunError), native_messages_hidden():
        raise RunError("no")
    print("seen", file=sys.stderr, flush=True)
    assert capfd.readouterr().err == "seen\n"


def test_a_bundle_is_found_by_its_folder_and_by_the_folder_of_its_run(cnn_bundle, tmp_path):
    assert find_bundle(str(cnn_bundle.folder)) == cnn_bundle
    shutil.copytree(cnn_bundle.folder, tmp_path / "run" / "bundle")
    assert find_bundle(str(tmp_path / "run")).card == cnn_bundle.card


@pytest.mark.parametrize("name", ["", "nobody", "/", "a\0b", "x" * 300, "x/" * 3000, "ü"])
def test_an_unknown_name_is_refused_in_one_sentence(name):
    with pytest.raises(BundleError) as caught:
        find_bundle(name)
    assert caught.value.message.key == "bundles.not_shipped"
    assert "\n" not in str(caught.value)
