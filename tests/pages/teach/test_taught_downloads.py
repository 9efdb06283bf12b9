from __future__ import annotations

from core.class_sets import exports
from core.class_sets.exports import FILES
from core.errors import ClassSetError
from core.messages import message
from core.subprocesses import export_command
from tests.pages.conftest import OpenPage
from tests.pages.looks import as_shown


def test_every_format_is_offered_and_a_file_made_when_it_is_asked_for(
    open_page: OpenPage, colours_id, monkeypatch
):
    made = []
    monkeypatch.setattr(export_command, "can_convert_to_onnx", lambda: True)
    monkeypatch.setattr(
        exports, "exported", lambda head, form: made.append((head.classes, form)) or b"a model"
    )
    at = open_page("teach", set=colours_id)
    assert {f"make {name}" for name in FILES.values()} <= {button.key for button in at.button}
    assert made == []
    at.button(key="make model.tflite").click().run()
    assert not at.exception
    assert made == [(("red", "blue"), "litert")]


def test_a_file_that_cannot_be_made_is_one_sentence(open_page: OpenPage, colours_id, monkeypatch):
    def fails(*_: object) -> bytes:
        raise ClassSetError("subprocesses.export_failed")

    monkeypatch.setattr(exports, "exported", fails)
    at = open_page("teach", set=colours_id)
    at.button(key="make model.keras").click().run()
    assert as_shown(message("subprocesses.export_failed")) in [error.value for error in at.error]
