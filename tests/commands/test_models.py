from __future__ import annotations

import dataclasses
import io
import json
import os
import re
import shutil
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.bundles.bundle import open_bundle
from core.bundles.saved_weights import read_first
from core.commands import models as module
from core.commands.models import parse_labels
from core.contract.dataset_info import DIGITS
from core.errors import BundleError, ConfigError
from core.inference.generator import Generator
from core.messages import message
from tests.refusals import sentence

# sample


def test_a_sample_is_written_as_images_and_labels_in_an_npz_file(core, gan_bundle, tmp_path):
    out = tmp_path / "digits.npz"
    result = core("sample", gan_bundle.folder, "--labels", "3,7-9", "--count", 6, "--seed", 5, "--out", out)
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    with np.load(out) as arrays:
        assert set(arrays.files) == {"images", "labels"}
        images, labels = arrays["images"], arrays["labels"]
    assert labels.tolist() == [3, 7, 8, 9, 3, 7]
    assert (images.dtype, images.shape) == (np.uint8, (6, 28, 28, 1))
    generator = Generator(gan_bundle)
    assert np.array_equal(images, generator.draw(labels, generator.latent(6, 5)))


def test_a_sample_is_written_as_a_grid_in_a_png_file(core, gan_bundle, tmp_path):
    out = tmp_path / "digits.png"
    assert core("sample", gan_bundle.folder, "--count", 20, "--out", out).exit_code == 0
    picture = Image.open(io.BytesIO(out.read_bytes()))
    assert picture.format == "PNG"
    assert picture.width > picture.height > 2 * 28


@pytest.mark.parametrize("name", ["digits.NPZ", "digits.Png"])
def test_the_kind_of_file_is_told_by_its_suffix_in_any_case(core, gan_bundle, tmp_path, name):
    result = core("sample", gan_bundle.folder, "--count", 2, "--out", tmp_path / name)

    assert result.exit_code == 0, result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("suffix", [".npz", ".png"])
def test_the_same_seed_gives_the_same_file_and_another_seed_a_different_one(
    core, gan_bundle, tmp_path, suffix
):
    contents = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        out = tmp_path / f"{name}{suffix}"
        core("sample", gan_bundle.folder, "--count", 3, "--seed", seed, "--out", out)
        contents.append(out.read_bytes())
    assert contents[0] == contents[1] != contents[2]


NO_FOLDER = sentence("commands.unwritable", error=os.strerror(2))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--labels", "a-z"), sentence("commands.labels", text="a-z")),
        (("--labels", ""), sentence("commands.labels", text="")),
        (("--labels", "9-0"), sentence("commands.labels", text="9-0")),
        (("--labels", "10"), sentence("inference.class_range", last=9)),
        (("--labels", "256"), sentence("inference.class_range", last=9)),
        (("--count", 0), re.compile("--count")),
        (("--seed", -1), re.compile("--seed")),
        (("--out", "a.gif"), re.compile("--out.*a.gif")),
        (
            ("--out", "nowhere/a.png"),
            NO_FOLDER,
        ),
        (
            ("--out", "nowhere/a.npz"),
            NO_FOLDER,
        ),
    ],
)
def test_a_sample_that_cannot_be_drawn_is_refused_in_one_line(
    refused, gan_bundle, monkeypatch, tmp_path, options, told
):
    monkeypatch.chdir(tmp_path)
    assert told.search(refused("sample", gan_bundle.folder, "--out", "a.npz", *options))
    assert list(tmp_path.iterdir()) == []


def test_a_classifier_cannot_sample(refused, cnn_bundle, tmp_path):
    expected = message("inference.not_a_generator", name="small-cnn")
    assert refused("sample", cnn_bundle.folder, "--out", tmp_path / "a.png") == f"Error: {expected}"


def test_an_unknown_generator_is_refused_in_one_line(refused, tmp_path):
    line = refused("sample", "nobody", "--out", tmp_path / "a.png")
    assert sentence("bundles.not_shipped", name="nobody").search(line)


@pytest.mark.parametrize(
    ("text", "labels"),
    [("0-9", list(range(10))), ("1,3,5-7", [1, 3, 5, 6, 7]), (" 4 , 4 ", [4, 4]), ("7-7", [7])],
)
def test_labels_are_read_in_order(text, labels):
    assert parse_labels(text) == labels


@pytest.mark.parametrize("text", ["", ",", "1,", "-1", "1-", "3-1", "one", "1;2", "12345", "1-2-3", "½"])
def test_text_that_names_no_labels_is_refused(text):
    with pytest.raises(ConfigError) as refused:
        parse_labels(text)
    assert refused.value.message.key == "commands.labels"


# evaluate


def test_a_classifier_is_evaluated_on_test_images(core, cnn_bundle):
    result = core("evaluate", cnn_bundle.folder, "--json")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    told = json.loads(line)
    assert set(told) >= {"model", "dataset", "test_images", "test_accuracy", "test_loss", "confusion"}
    assert (told["model"], told["dataset"], told["test_images"]) == ("small-cnn", "rendered", 2000)
    assert told["test_accuracy"] == pytest.approx(cnn_bundle.card.metrics["test_accuracy"], abs=3e-3)
    assert np.sum(told["confusion"]) == 2000


@pytest.fixture(scope="module")
def measured(core, gan_bundle, cnn_bundle) -> dict[str, Any]:
    """Return the figures of an untrained generator."""
    measures = ("--classifier", cnn_bundle.folder, "--samples", 300, "--json")
    return json.loads(core("evaluate", gan_bundle.folder, *measures).stdout)


def test_a_generator_is_evaluated_by_a_classifier(measured):
    told = measured
    assert (told["model"], told["classifier"], told["samples"]) == ("small-gan", "small-cnn", 300)
    for figure in ("conditional_accuracy", "classification_accuracy_score", "recall", "coverage"):
        assert 0 <= told[figure] <= 1
        assert 0 <= told[f"{figure}_real"] <= 1
    assert told["frechet_ratio"] == told["frechet_distance"] / told["frechet_distance_real"]
    assert told["nearest_training_distance"] > 0
    for figure in ("conditional_accuracy_by_class", "recall_by_class", "coverage_by_class_real"):
        assert len(told[figure]) == 10


def test_every_figure_tells_an_untrained_generator_from_real_images(measured):
    told = measured
    assert told["conditional_accuracy"] < 0.5 < told["conditional_accuracy_real"]
    assert told["classification_accuracy_score"] < 0.5 < told["classification_accuracy_score_real"]
    assert told["frechet_ratio"] > 5
    assert told["recall"] < told["recall_real"]
    assert told["coverage"] < told["coverage_real"]
    assert told["nearest_training_distance"] > told["nearest_training_distance_real"]


def test_without_a_named_classifier_the_shipped_cnn_trained_on_unaltered_images_is_chosen(cnn_bundle):
    assert module.choose_classifier(None, DIGITS, (28, 28, 1), unaugmented=True).name == "plain_cnn"
    named = module.choose_classifier(str(cnn_bundle.folder), DIGITS, (28, 28, 1), unaugmented=True)
    assert named.folder == cnn_bundle.folder
    with pytest.raises(BundleError) as refused:
        module.choose_classifier(None, ("cup", "spoon"), (28, 28, 1), unaugmented=True)
    assert refused.value.message.key == "commands.name_a_classifier"


def test_figures_are_readable_without_json(core, cnn_bundle):
    result = core("evaluate", cnn_bundle.folder)
    assert "test accuracy" in result.stdout
    assert "{" not in result.stdout


def test_images_of_another_shape_cannot_be_evaluated(refused, cnn_bundle, monkeypatch, tmp_path):
    shapes = {"x_train": (9, 32, 32, 3), "x_test": (9, 32, 32, 3), "y_train": (9,), "y_test": (9,)}
    np.savez(tmp_path / "cifar10.npz", **{name: np.ones(shape, np.uint8) for name, shape in shapes.items()})
    monkeypatch.setenv("DEEP_IMAGE_LAB_DATA", str(tmp_path))
    line = refused("evaluate", cnn_bundle.folder, "--dataset", "cifar10")
    assert sentence("inference.image_shape", wanted="28×28×1", got="32×32×3").search(line)


# publish


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "PRETRAINED", tmp_path / "pretrained")
    (tmp_path / "pretrained").mkdir()
    return tmp_path / "pretrained"


@pytest.fixture
def run(gan_bundle, tmp_path):
    """Return the folder of a finished run."""
    shutil.copytree(gan_bundle.folder, tmp_path / "run" / "bundle")
    return tmp_path / "run"


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    monkeypatch.setattr(module, "GENERATOR_SAMPLES", 20)


@pytest.fixture
def no_score(monkeypatch):
    """Leave out the training for one figure, which is measured above."""
    score = "core.lab.training.classification_accuracy_score.classification_accuracy_score"
    monkeypatch.setattr(score, lambda *_, **__: 0.5)


def test_a_published_run_is_shipped_with_its_measurements(
    core, run, shipped, gan_bundle, cnn_bundle, no_score
):
    measured_on = ("--classifier", cnn_bundle.folder, "--samples", 20)
    result = core("publish", run, "--name", "mine", *measured_on)
    assert (result.exit_code, result.stdout) == (0, f"{shipped / 'mine'}\n")
    card = open_bundle(shipped / "mine").card
    assert set(card.metrics) >= {"conditional_accuracy", "classification_accuracy_score", "frechet_ratio"}
    assert dataclasses.replace(card, metrics={}, files=gan_bundle.card.files) == gan_bundle.card
    assert [path.name for path in shipped.iterdir()] == ["mine"]
    small, whole = (read_first(open_bundle(f), "Conv2D") for f in (shipped / "mine", gan_bundle.folder))
    assert np.array_equal(small.weights[0], whole.weights[0].astype(np.float16))


def test_the_bundle_in_a_folder_is_shipped_under_the_name_of_its_architecture_by_default(
    core, run, shipped, cnn_bundle, no_score
):
    # --judge is the name of --classifier in earlier versions
    core("publish", run / "bundle", "--judge", cnn_bundle.folder)
    assert [path.name for path in shipped.iterdir()] == ["dcgan"]


def test_a_failed_publication_keeps_the_model_shipped_before(
    core, run, shipped, cnn_bundle, gan_bundle, monkeypatch, no_score
):
    shutil.copytree(cnn_bundle.folder, shipped / "dcgan")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_card", full)
    result = core("publish", run, "--classifier", cnn_bundle.folder)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert open_bundle(shipped / "dcgan").card == cnn_bundle.card
    assert [path.name for path in shipped.iterdir()] == ["dcgan"]


@pytest.mark.parametrize("name", ["../x", "A", "a b", ".a", "x" * 41])
def test_an_invalid_name_is_refused(refused, run, shipped, name):
    assert "--name" in refused("publish", run, "--name", name)
    assert list(shipped.iterdir()) == []


@pytest.mark.parametrize("run_id", ["nobody", "x" * 300])
def test_an_unknown_run_is_refused_in_one_line(refused, shipped, run_id):
    assert sentence("runs.missing").search(refused("publish", run_id))


def test_a_run_without_a_model_is_refused_in_one_line(refused, shipped, tmp_path):
    assert sentence("commands.no_model").search(refused("publish", tmp_path))
