from __future__ import annotations

import numpy as np

from core.contract.config import GanConfig
from core.contract.events import (
    GanSteps,
    SamplePredictions,
    Samples,
    Started,
)
from tests.pages.conftest import OpenPage
from tests.pages.looks import captions, charts, numbers, pictures
from tests.pages.train.actions import (
    MakeRun,
    held,
    lengths,
    look_at,
)


def test_a_gan_in_training_shows_its_drawings_both_losses_and_both_outputs_of_d(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    run = recorded(
        Started(1, 1000, 0, 15, 30),
        GanSteps(2, [1.3, 1.2], [0.7, 0.8], [0.5, 0.6], [0.4, 0.3], 200.0, 1.0),
        Samples(2, 1, np.zeros((10, 28, 28, 1), np.uint8)),
        config=GanConfig(train_size=1000, epochs=2),
        state="running",
    )
    with held(run):
        at = open_page("train", run=run.id)

        assert len(pictures(at)) == 1
        look_at(at, "curves")

    shown = charts(at)
    assert lengths(shown["losses"]).count(2) >= 2
    assert len(shown["discriminator"]["data"]) >= 2


def test_the_slider_shows_the_newest_drawings_until_it_is_moved_back(
    open_page: OpenPage, recorded: MakeRun
) -> None:
    drawn = [Samples(step, 0, np.full((10, 28, 28, 1), step, np.uint8)) for step in (0, 20, 40)]
    run = recorded(
        Started(1, 1000, 0, 15, 60),
        *drawn[:2],
        config=GanConfig(train_size=1000, epochs=2),
        state="running",
    )
    with held(run):
        at = open_page("train", run=run.id)
        assert [numbers(caption) for caption in captions(at)] == [["20"]]
        run.record.append(drawn[2])
        at.run()
        assert [numbers(caption) for caption in captions(at)] == [["40"]]
        at.select_slider(key="drawn").set_value(0).run()
        assert [numbers(caption) for caption in captions(at)] == [["0"]]
        run.record.append(Samples(50, 0, np.zeros((10, 28, 28, 1), np.uint8)))
        at.run()
        assert [numbers(caption) for caption in captions(at)] == [["0"]]


def test_an_ended_training_is_played_as_a_film(open_page: OpenPage, recorded: MakeRun) -> None:
    run = recorded(
        Started(1, 1000, 0, 15, 60),
        *[Samples(step, 0, np.full((10, 8, 8, 3), step, np.uint8)) for step in (0, 20, 40)],
        config=GanConfig(train_size=1000, epochs=2),
        state="stopped",
    )
    at = open_page("train", run=run.id)
    assert len(at.select_slider) == 1
    at.toggle(key="film").set_value(True).run()
    assert (len(at.select_slider), len(pictures(at))) == (0, 1)


def test_classes_that_a_gan_no_longer_draws_are_named(open_page: OpenPage, recorded: MakeRun) -> None:
    seen = [20] * 10
    lost = [25, 25, 25, 25, 0, 25, 25, 2, 25, 23]
    run = recorded(
        Started(1, 1000, 0, 15, 60),
        SamplePredictions(20, "Deep CNN", 200, seen, seen, 0),
        SamplePredictions(40, "Deep CNN", 200, lost, lost, 0),
        config=GanConfig(train_size=1000, epochs=2),
        state="stopped",
    )
    at = open_page("train", run=run.id)

    assert {"4", "7"} <= set(numbers(at.warning[0].value))
    assert "sample_classes" in charts(at)
