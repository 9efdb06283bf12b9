from __future__ import annotations

import shutil

from core.bundles.bundle import PRETRAINED
from core.contract.config import GanConfig
from core.contract.events import Snapshot
from core.runs import RunStore
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, pictures


def test_a_finished_generator_has_no_earlier_states_and_says_how_to_get_some(open_page: OpenPage) -> None:
    at = open_page("generate", part="training")

    assert len(at.info) == 1
    assert "train" in links(at)


def test_a_run_shows_the_steps_that_it_kept_at_the_same_seed(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(GanConfig(dataset="mnist"))
    shutil.copytree(PRETRAINED / "dcgan", run.bundle)
    run.record.append(Snapshot(80, (run.bundle / "model.tflite").read_bytes()))

    at = open_page("generate", part="training", model=run.id)

    assert not at.exception
    early, finished = pictures(at).values()
    assert early == finished  # here it is the same generator


def test_one_class_can_be_followed(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(GanConfig(dataset="mnist"))
    shutil.copytree(PRETRAINED / "dcgan", run.bundle)
    run.record.append(Snapshot(80, (run.bundle / "model.tflite").read_bytes()))
    every = open_page("generate", part="training", model=run.id, through="each class")

    one = open_page("generate", part="training", model=run.id, through="4")

    assert not one.exception
    assert every.selectbox(key="through").value == "every"
    assert one.selectbox(key="through").value == "4"
    assert pictures(one) != pictures(every)
