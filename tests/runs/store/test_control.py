from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import RunError
from core.runs.store import control
from core.runs.store.control import Control, Request


def test_the_latest_request_holds(tmp_path: Path) -> None:
    assert control.read(tmp_path) == Request()
    for asked in (Control.PAUSE, Control.STEP, Control.RUN):
        assert control.request(tmp_path, asked) is asked
        assert control.read(tmp_path).control is asked


def test_two_requests_for_a_step_have_different_tokens(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        control.request(tmp_path, Control.STEP)
        tokens.add(control.read(tmp_path).token)
    assert len(tokens) == 2


def test_after_a_stop_only_a_discard_is_accepted(tmp_path: Path) -> None:
    control.request(tmp_path, Control.STOP)
    assert control.request(tmp_path, Control.RUN) is Control.STOP
    assert control.request(tmp_path, Control.DISCARD) is Control.DISCARD
    assert control.request(tmp_path, Control.STOP) is Control.DISCARD


def test_a_learning_rate_survives_other_requests_and_their_clearing(tmp_path: Path) -> None:
    control.request_rate(tmp_path, 0.5)
    control.request(tmp_path, Control.STOP)
    assert control.read(tmp_path).rate_factor == 0.5
    control.clear(tmp_path)
    assert (control.read(tmp_path).control, control.read(tmp_path).rate_factor) == (Control.RUN, 0.5)


def test_a_learning_rate_out_of_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError):
        control.request_rate(tmp_path, -1)
    assert control.read(tmp_path) == Request()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"control": "fly", "token": ""}',
        '{"control": []}',
        '{"control": "run", "token": "", "rate_factor": 0}',
    ],
)
def test_a_damaged_request_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / "control.json").write_text(content)
    assert control.read(tmp_path) == Request()
