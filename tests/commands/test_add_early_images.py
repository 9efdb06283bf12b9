from __future__ import annotations

import shutil

import numpy as np
import pytest

from core.bundles.bundle import open_bundle
from core.contract.config import GanConfig
from core.contract.events import Samples
from core.runs import Run, RunStore
from tests import avatar_bundle
from tests.refusals import sentence


@pytest.fixture
def run(tmp_path) -> Run:
    return RunStore(tmp_path / "home").create(GanConfig())


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(avatar_bundle.FOLDER, tmp_path / "avatars")


def test_images_of_a_run_are_added_to_a_bundle_and_named_in_its_card(core, run, folder):
    for step in (30, 60):
        run.record.append(Samples(step=step, epoch=0, images=np.zeros((10, 24, 24, 3), np.uint8)))

    result = core("add-early-images", folder, run.folder)

    assert (result.exit_code, result.stdout) == (0, f"{folder / 'early_images.webp'}\n")
    assert open_bundle(folder).card.early_steps == (30,)


def test_a_run_without_images_is_refused_in_one_line(refused, run, folder):
    assert sentence("commands.no_early_images").search(refused("add-early-images", folder, run.folder))
