from __future__ import annotations

import numpy as np
import pytest

from core.contract.config import GanConfig
from core.contract.events import Samples
from core.runs import Run, RunStore
from core.runs.report.early_images import ROWS, early_images, spread


@pytest.fixture
def run(tmp_path) -> Run:
    return RunStore(tmp_path).create(GanConfig())


@pytest.mark.parametrize("shape", [(16, 16, 3), (64, 64, 3), (28, 28, 1)])
def test_the_first_image_of_each_class_is_taken_from_the_kept_grids(run, shape):
    images = np.random.default_rng(0).integers(0, 256, (3, 6, *shape), np.uint8)  # of three classes
    for step, drawn in zip((0, 40, 90), images, strict=True):
        run.record.append(Samples(step=step, epoch=0, images=drawn, columns=3))

    found = early_images(run, shape)

    assert found is not None
    assert found.steps == (40,)  # neither noise nor the end
    assert np.array_equal(found.images[0], images[1, :3])


def test_a_run_that_has_kept_no_images_has_no_early_ones(run):
    assert early_images(run, (28, 28, 1)) is None


def test_the_steps_are_spread_over_their_logarithms():
    found = spread(range(0, 20_001, 20))
    assert found[0] == 20
    assert found[-1] < 20_000
    assert len(found) == ROWS
    assert np.diff(np.log(found)) == pytest.approx(np.log(1000) / ROWS, abs=0.2)
