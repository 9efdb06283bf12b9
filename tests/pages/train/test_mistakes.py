from __future__ import annotations

import numpy as np
import pytest

from core.contract.events import (
    Answers,
)
from tests.pages.conftest import OpenPage
from tests.pages.looks import captions, charts, words
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


def test_before_the_first_epoch_is_over_it_is_said_when_mistakes_will_be_shown(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(STARTED, steps(1, 10), state="running", message="Training.")
    with held(run):
        at = look_at(open_page("train", run=run.id), "cnn", "mistakes")

    assert "after the first epoch" in at.info[0].value


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
        message="Finished.",
    )
    at = look_at(open_page("train", run=run.id), "cnn", "mistakes")

    assert captions(at) == ["7 as 1: 99%", "4 as 9: 80%", "4 as 9: 70%"]
    assert "5 of 8 test images read correctly" in words(at)
    assert at.selectbox(key="cell").options == [
        "Worst mistakes", "4 read as 9: 2", "7 read as 1: 1", "3 read correctly: 5",
    ]  # fmt: skip
    assert {"confusion test 30", "class accuracy"} <= set(charts(at))

    at.selectbox(key="cell").set_value((3, 3)).run()
    assert captions(at) == ["3: 40%"]
    assert "1 of 5, the lowest probabilities first" in words(at)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04"])
def test_where_the_images_are_gone_the_matrix_stands(
    open_page: OpenPage, recorded: MakeRun, damage: bytes
) -> None:
    run = recorded(
        STARTED, steps(1, 30), Answers(30, 2, "test", CONFUSION, classified((0, 1, 0.9))), state="stopped"
    )
    (run.folder / "answers" / "test-00000030.npz").write_bytes(damage)
    at = look_at(open_page("train", run=run.id), "cnn", "mistakes")

    assert "class accuracy" in charts(at)
    assert "have been deleted" in words(at)
