from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from core.bundles.bundle import PRETRAINED, read_card
from core.messages import message
from tests.class_sets.conftest import picture


class MeanColours:
    """A backbone whose features are the mean colours."""

    def __init__(self, bundle: object) -> None:
        self.id, self.size = "means", 3
        self.card = read_card(PRETRAINED / "efficientnet_lite0")

    def features(self, images: np.ndarray) -> np.ndarray:
        return images.mean(axis=(1, 2)).astype(np.float16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of three classes of three pictures."""
    for name in ("red", "green", "blue"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(3):
            (tmp_path / "set" / name / f"{name}{number}.jpg").write_bytes(picture(name, number))
    return tmp_path / "set"


def test_classes_are_measured_from_a_folder_and_files_left_out_are_named(core, folder, monkeypatch):
    monkeypatch.setattr(import_module("core.commands.teach"), "Backbone", MeanColours)
    (folder / "red" / "film.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    done = core("teach", folder, "--json")
    figures = json.loads(done.stdout)
    assert done.exit_code == 0
    assert figures["accuracy"] == 1
    assert figures["held_out"] == 9
    assert [one["name"] for one in figures["classes"]] == ["blue", "green", "red"]
    assert [point["pictures"] for point in figures["curve"]] == [1, 2]
    assert ["film.mp4" in sentence for sentence in figures["left_out"]] == [True]


def test_a_folder_of_one_class_is_one_sentence(refused, tmp_path):
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "a.jpg").write_bytes(picture("red"))
    assert refused("teach", tmp_path) == f"Error: {message('class_sets.too_few_classes', count=1)}"


def test_a_network_without_features_is_one_sentence(refused, folder):
    said = refused("teach", folder, "--backbone", "plain_cnn")
    assert said == f"Error: {message('class_sets.no_backbone', name='plain_cnn')}"


def test_files_left_out_are_named_although_nothing_can_be_learnt(core, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "film.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    done = core("teach", tmp_path)
    assert done.exit_code == 1
    assert "film.mp4" in done.stderr
