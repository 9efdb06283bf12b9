from __future__ import annotations

import dataclasses

from tests.pages.conftest import OpenPage
from tests.pages.looks import charts
from tests.pages.train.actions import (
    STARTED,
    MakeRun,
    look_at,
    steps,
)


def test_the_layers_norms_are_drawn_one_line_each(open_page: OpenPage, recorded: MakeRun) -> None:
    chunk = dataclasses.replace(
        steps(1, 5), weight_norms={"conv1": 2.0, "logits": 1.0}, gradient_norms={"conv1": 0.1, "logits": 0.2}
    )
    run = recorded(STARTED, chunk, state="stopped")
    at = look_at(open_page("train", run=run.id), "layers")

    assert [line["name"] for line in charts(at)["gradient norms "]["data"]] == ["conv1", "logits"]
