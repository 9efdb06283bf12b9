from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest

from core.datasets.dicebear import drawing
from core.datasets.dicebear.designs import DESIGNS
from core.datasets.dicebear.faces import FACES
from core.errors import DatasetError


def fake_node(command, cwd, **options):
    """Write what draw.mjs would: images whose levels are the seeds' numbers, and what they show."""
    if command[0] == "node":
        job, out = json.loads(command[2]), command[3]
        levels = np.arange(job["first"], job["first"] + job["count"]).astype(np.uint8)
        np.repeat(levels, job["side"] ** 2 * 3).tofile(f"{out}.rgb")
        shown = {"hair": job["options"].get("hair", ["long01"])[0]}
        shown |= {"glasses": "x"} if job["options"].get("glassesProbability") == 100 else {}
        with open(f"{out}.json", "w", encoding="utf-8") as file:
            json.dump(job["count"] * [shown], file)
    return SimpleNamespace(returncode=0)


@pytest.fixture
def told(monkeypatch):
    shares = []
    monkeypatch.setattr(subprocess, "run", fake_node)
    return shares


def test_each_style_is_a_class_and_the_last_seeds_are_for_tests(tmp_path, told):
    arrays = drawing.draw_avatars(tmp_path, told.append, of_class=10)
    assert arrays["x_train"].shape == (10 * len(DESIGNS), 64, 64, 3)
    assert arrays["x_test"][:, 0, 0, 0].tolist() == len(DESIGNS) * [10]
    assert np.bincount(arrays["y_train"]).tolist() == len(DESIGNS) * [10]
    assert told[-1] == 1.0
    assert list(tmp_path.iterdir()) == []


def test_faces_have_seeds_of_their_own_and_attributes(tmp_path, told):
    arrays = drawing.draw_faces(tmp_path, told.append, of_class=10)
    first = arrays["x_train"][:, 0, 0, 0].reshape(len(FACES), 10)
    assert first[:, 0].tolist() == [11 * i for i in range(len(FACES))]
    assert arrays["a_train"].shape == (10 * len(FACES), 5)
    assert arrays["a_test"][2].tolist() == [1, 0, 0, 0, 0], "short hair, glasses"


def test_small_avatars_are_the_first_of_each_class_halved():
    images = np.arange(2 * 3 * 4 * 4 * 3, dtype=np.uint8).reshape(6, 4, 4, 3)
    labels = np.array([0, 0, 0, 1, 1, 1], np.uint8)
    arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    small = drawing.small_avatars(arrays, 2, 1)
    assert small["y_train"].tolist() == [0, 0, 1, 1]
    assert small["y_test"].tolist() == [0, 1]
    expected = np.floor(images[3, :2, 2:].astype(float).mean(axis=(0, 1)) + 0.5)
    assert small["x_test"][1, 0, 1].tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (FileNotFoundError(), "datasets.no_node"),
        (subprocess.CalledProcessError(1, "npm", stderr="one\nno network\n"), "datasets.node_failed"),
    ],
)
def test_without_node_or_network_there_is_one_sentence(tmp_path, monkeypatch, error, key):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(DatasetError) as caught:
        drawing.install(tmp_path)
    assert caught.value.message.key == key
