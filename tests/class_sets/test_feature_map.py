from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from core.class_sets.feature_map import FEWEST, fitted, principal_plane, tsne_plane
from core.class_sets.likeness import unit
from core.errors import ClassSetError
from core.subprocesses import ChildProcess, ProcessLimit
from tests.class_sets.conftest import clouds
from tests.refusals import raises


def test_the_plane_keeps_as_much_variance_as_the_two_largest_singular_values():
    x, _ = clouds(4, 25)
    directions = unit(x)
    lengths = np.linalg.svd(directions - directions.mean(axis=0), compute_uv=False) ** 2
    plane = principal_plane(x)
    assert plane.shown == pytest.approx(lengths[:2].sum() / lengths.sum(), rel=1e-3)
    assert plane.points.shape == (100, 2)
    assert np.abs(plane.points).max() == pytest.approx(1)


def test_classes_that_are_clouds_stay_together_on_the_plane():
    x, y = clouds(3, 20)
    points = principal_plane(x).points
    middles = np.stack([points[y == one].mean(axis=0) for one in range(3)])
    nearest = np.linalg.norm(points[:, None] - middles, axis=2).argmin(axis=1)
    assert np.mean(nearest == y) > 0.95


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_and_equal_pictures_have_places_too(count):
    plane = principal_plane(np.ones((count, 40), np.float16))
    assert plane.points.shape == (count, 2)
    assert np.isfinite(plane.points).all()
    assert fitted(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]


def test_t_sne_of_too_few_pictures_is_one_sentence():
    with raises(ClassSetError, "class_sets.few_for_map"):
        tsne_plane(np.ones((FEWEST - 1, 40), np.float16))


def test_t_sne_runs_in_a_child_process_and_keeps_classes_together():
    x, y = clouds(3, 15)
    child = ChildProcess("picture_map", limit=ProcessLimit(1))
    points = child.ask("place", timeout=60, features=x)["points"]
    child.close()
    distance = np.linalg.norm(points[:, None] - points, axis=2) + 1e9 * np.eye(len(points))
    assert np.mean(y[distance.argmin(axis=1)] == y) > 0.9


def test_the_child_process_can_load_no_tensorflow_and_the_page_no_scikit_learn():
    text = """
import json, sys
import core.class_sets.feature_map as module
before = "sklearn" in sys.modules
module.PicturePlacer(print)
try:
    import tensorflow
    loaded = True
except ImportError:
    loaded = False
print(json.dumps([before, loaded]))
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [False, False]
