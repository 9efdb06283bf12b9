from __future__ import annotations

import shutil

import numpy as np

from core.bundles.bundle import PRETRAINED
from core.bundles.early_images import EarlyImages, add_early_images
from core.contract.config import GanConfig
from core.contract.events import Snapshot
from core.runs import Run, RunStore
from tests.pages.conftest import OpenPage
from tests.pages.looks import links, pictures


def test_a_shipped_generator_has_no_snapshots_and_the_page_links_to_training(open_page: OpenPage) -> None:
    at = open_page("generate", part="training")

    assert len(at.info) == 1
    assert "train" in links(at)


def test_a_generator_with_early_images_shows_a_row_for_each_step_and_draws_the_last(
    open_page: OpenPage, avatars: Run
) -> None:
    images = np.full((2, 10, 24, 24, 3), 90, np.uint8)
    add_early_images(avatars.bundle, EarlyImages((20, 400), images))

    at = open_page("generate", part="training", model=avatars.id)

    assert not at.exception
    first, second, finished = pictures(at).values()
    assert first == second != finished
    assert at.get("download_button")


def test_the_snapshots_of_a_run_draw_the_same_seed(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(GanConfig(dataset="mnist"))
    shutil.copytree(PRETRAINED / "dcgan", run.bundle)
    run.record.append(Snapshot(80, (run.bundle / "model.tflite").read_bytes()))

    at = open_page("generate", part="training", model=run.id)

    assert not at.exception
    early, finished = pictures(at).values()
    assert early == finished  # here it is the same generator


def test_the_snapshots_can_show_a_single_class(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(GanConfig(dataset="mnist"))
    shutil.copytree(PRETRAINED / "dcgan", run.bundle)
    run.record.append(Snapshot(80, (run.bundle / "model.tflite").read_bytes()))
    every = open_page("generate", part="training", model=run.id, through="each class")

    one = open_page("generate", part="training", model=run.id, through="4")

    assert not one.exception
    assert every.selectbox(key="through").value == "every"
    assert one.selectbox(key="through").value == "4"
    assert pictures(one) != pictures(every)
