from __future__ import annotations

import json

import pytest

from core.messages import SENTENCES, Message, from_json, message, to_json


def test_a_message_is_the_sentence_of_its_key_with_its_values() -> None:
    assert str(message("runs.finished", steps=1200)) == SENTENCES["runs.finished"].format(steps=1200)


def test_a_message_inside_a_message_is_shown_as_its_sentence() -> None:
    outer = message("runs.unreadable", id="1", error=message("runs.not_started"))
    assert SENTENCES["runs.not_started"] in str(outer)


def test_a_stored_message_is_read_back_with_the_messages_inside_it() -> None:
    told = message("runs.finished_early", steps=3, reason=message("lab.no_progress", epochs=1))
    assert from_json(json.loads(json.dumps(to_json(told)))) == told


def test_a_finished_sentence_of_an_older_version_is_shown_as_it_is() -> None:
    assert str(from_json("Finished after {2} steps.")) == "Finished after {2} steps."


@pytest.mark.parametrize(
    "stored",
    [
        Message("runs.finished"),
        Message("runs.finished", {"step": 3}),
        Message("runs.finished", {"steps": "three"}),
        Message("runs.key_of_the_future", {"steps": 3}),
    ],
    ids=["no value", "another name", "another type", "unknown key"],
)
def test_a_message_of_another_version_that_does_not_fit_is_named_by_its_key(stored: Message) -> None:
    shown = str(stored)
    assert stored.key in shown
    assert "{" not in shown


@pytest.mark.parametrize("stored", [3, None, {}, {"key": 1}, {"key": "runs.finished", "values": [1]}])
def test_anything_but_a_message_is_refused(stored: object) -> None:
    with pytest.raises(ValueError, match="not a message"):
        from_json(stored)
