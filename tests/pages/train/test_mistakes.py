from __future__ import annotations

import numpy as np
import pytest

from core.contract.events import (
    Answers,
)
from core.language import gettext
from pages.parts.train.mistakes import LEAST_PROBABLE, RESULTS
from tests.pages.conftest import OpenPage
from tests.pages.looks import captions, charts, numbers, words
from tests.pages.train.actions import (
    CONFUSION,
    FINISHED,
    STARTED,
    MakeRun,
    classified,
    held,
    look_at,
    steps,
)


def test_before_the_end_of_the_first_epoch_a_note_says_when_mistakes_appear(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 10), state="running")
    with held(run):
        at = look_at(open_page("train", run=run.id), "mistakes")

    assert len(at.info) == 1


def test_the_worst_mistakes_come_first_and_a_cell_shows_its_own(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    confusion = np.zeros((10, 10), int)
    confusion[4, 9], confusion[7, 1], confusion[3, 3] = 2, 1, 5
    behind = classified((4, 9, 0.8), (4, 9, 0.7), (7, 1, 0.99), (3, 3, 0.4))
    run = recorded(
        STARTED,
        steps(1, 30),
        Answers(30, 2, "test", confusion.tolist(), behind),
        FINISHED,
        state="finished",
    )
    at = look_at(open_page("train", run=run.id), "mistakes")

    assert [numbers(caption) for caption in captions(at)] == [
        ["7", "1", "99", "0"],
        ["4", "9", "80", "0"],
        ["4", "9", "70", "0"],
    ]
    assert gettext(RESULTS["test"], right=5, count=8, epoch=2) in words(at)
    options = [numbers(option) for option in at.selectbox(key="cell").options]
    assert options == [[], ["4", "9", "2"], ["7", "1", "1"], ["3", "5"]]
    assert {"confusion test 30", "class accuracy"} <= set(charts(at))

    at.selectbox(key="cell").set_value((3, 3)).run()
    assert [numbers(caption) for caption in captions(at)] == [["3", "40", "0"]]
    assert gettext(LEAST_PROBABLE, shown=1, count=5) in words(at)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04"])
def test_the_matrix_is_shown_also_without_its_images(
    open_page: OpenPage, recorded: MakeRun, damage: bytes
) -> None:
    run = recorded(
        STARTED, steps(1, 30), Answers(30, 2, "test", CONFUSION, classified((0, 1, 0.9))), state="stopped"
    )
    (run.folder / "answers" / "test-00000030.npz").write_bytes(damage)
    at = look_at(open_page("train", run=run.id), "mistakes")

    assert "class accuracy" in charts(at)
    assert not captions(at)
