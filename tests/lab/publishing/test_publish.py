from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import shutil
import subprocess
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from keras import layers

from core.bundles.bundle import DISCRIMINATOR, FILES, Bundle, open_bundle, sha256
from core.contract import architectures
from core.contract import config as configs
from core.contract.config import ClassifierConfig, GanConfig
from core.contract.dataset_info import DIGITS
from core.contract.preprocessing import GLYPH, standard
from core.datasets import registry
from core.errors import BundleError
from core.explain.class_activation import last_maps
from core.inference.classifier import Classifier
from core.inference.discriminator import Discriminator
from core.inference.generator import Generator
from core.lab.models import factory
from core.lab.models.gan import Gan
from core.lab.publishing import publish as module
from core.lab.publishing.litert_conversion import generator_to_litert
from core.messages import message

CLASSIFIERS = [a for a in architectures.ARCHITECTURES if a.family != "gan"]
GANS = architectures.of_family("gan")
IMAGES = np.random.default_rng(0).integers(0, 256, (5, 28, 28, 1), np.uint8)
ROWS = 8  # of the images of an RNN, which is unrolled over them: the conversion of 28 takes long


def weights_moved(model: keras.Model) -> keras.Model:
    """Change every weight of the model, including moving statistics, and return the model."""
    random = np.random.default_rng(0)
    weights = [w + random.uniform(0.0, 0.05, w.shape).astype(np.float32) for w in model.get_weights()]
    model.set_weights(weights)
    return model


@pytest.fixture(scope="module", params=CLASSIFIERS, ids=lambda a: a.name)
def pair(request, publish) -> tuple[keras.Model, Bundle]:
    """Return a classifier and its bundle."""
    architecture = request.param
    shape = (ROWS if architecture.family == "rnn" else 28, 28, 1)
    model = weights_moved(factory.classifier(architecture.name, shape, 10))
    config = ClassifierConfig(family=architecture.family, architecture=architecture.name)
    info = dataclasses.replace(registry.describe(config.dataset), shape=shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "describe", lambda name: info)
        return model, publish(architecture.name, model, config, {"test_accuracy": 0.5})


def images_of(bundle: Bundle) -> np.ndarray:
    return IMAGES[:, : bundle.card.shape[0]]


def test_the_logits_of_litert_are_those_of_keras(pair):
    model, bundle = pair
    images = images_of(bundle)
    expected = np.asarray(model(images / 255))
    found = Classifier(bundle).logits(images)
    assert np.abs(found - expected).max() <= 2e-3 * max(1, np.abs(expected).max())  # weights of 11 bits


def test_the_activations_of_litert_are_those_of_keras_by_name_of_layer(pair):
    model, bundle = pair
    names, images = list(bundle.card.activations), images_of(bundle)
    reference = keras.Model(model.input, {name: model.get_layer(name).output for name in names})
    expected = {name: np.asarray(value) for name, value in reference(images / 255).items()}
    found = Classifier(bundle).activations(images)
    assert list(found) == names
    for name in names:
        assert found[name].shape == (5, *bundle.card.activations[name]) == expected[name].shape
        limit = 4e-3 * max(1, np.abs(expected[name]).max())
        assert np.abs(found[name] - expected[name]).max() <= limit, name


def test_the_card_lists_the_model_s_layers(pair):
    model, bundle = pair
    card = bundle.card
    assert [layer.name for layer in card.layers] == [layer.name for layer in model.layers]
    assert sum(layer.parameters for layer in card.layers) == card.parameters == model.count_params()
    assert all(layer.shape == tuple(model.get_layer(layer.name).output.shape[1:]) for layer in card.layers)


def test_activations_include_the_logits_and_no_layer_that_only_reshapes(pair):
    _, bundle = pair
    kinds = {layer.name: layer.kind for layer in bundle.card.layers}
    assert bundle.card.activations["logits"] == (10,)
    looked_at = {kinds[name] for name in bundle.card.activations if name != "logits"}
    assert not looked_at & {"InputLayer", "Dropout", "Flatten", "BatchNormalization", "Reshape"}
    if bundle.card.family == "rnn":
        assert bundle.card.activations["row_logits"] == (ROWS, 10)


@pytest.fixture(scope="module", params=GANS, ids=lambda a: a.name)
def game(request, publish) -> tuple[Gan, Bundle]:
    """Return a generator and a discriminator, and their bundle."""
    name = request.param.name
    gan = factory.adversaries(name, (28, 28, 1), 10, 12)
    generator, discriminator = weights_moved(gan.generator), weights_moved(gan.discriminator)
    config = GanConfig(architecture=name, latent_size=12)
    return gan, publish(name, generator, config, {}, discriminator=discriminator)


def test_the_images_of_litert_are_those_of_keras(game):
    model, generator = game[0].generator, Generator(game[1])
    latent, labels = generator.latent(7, 3), np.array([0, 1, 2, 3, 9, 9, 9], np.int32)
    expected = np.asarray(model([latent, labels]))
    assert np.abs(generator.draw(labels, latent) / 255 - expected).max() < 0.02
    assert generator.card.activations == {"images": (28, 28, 1)}
    assert (generator.card.latent_size, generator.card.family) == (12, "gan")


def test_a_generator_can_be_saved_after_several_snapshots(tmp_path):
    model = factory.adversaries("dcgan", (8, 8, 1), 3, 4).generator
    for _ in range(2):
        generator_to_litert(model)
    model.save(tmp_path / "model.keras")
    asked = [np.ones((3, 4), np.float32), np.arange(3)]
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(loaded(asked), model(asked))


@pytest.mark.parametrize("game", [architectures.get("dcgan")], ids=["dcgan"], indirect=True)
def test_embeddings_are_mixed_between_two_classes(game):
    model, generator = game[0].generator, Generator(game[1])
    table = model.get_layer("label_embedding")
    before = table.get_weights()[0].copy()
    latent = generator.latent(3, 1)
    found = generator.between(np.full(3, 2), np.full(3, 7), np.full(3, 0.3), latent)
    mixed = before.copy()
    mixed[0] = 0.7 * before[2] + 0.3 * before[7]
    table.set_weights([mixed])
    expected = np.asarray(model([latent, np.zeros(3, np.int32)]))
    table.set_weights([before])
    assert np.abs(found / 255 - expected).max() < 0.02


@pytest.mark.parametrize("game", [architectures.get("colour_dcgan")], ids=["colour_dcgan"], indirect=True)
def test_the_large_layers_of_a_generator_in_colour_have_8_bits_and_its_last_one_has_16(game):
    details = Interpreter(model_content=game[1].tflite).get_tensor_details()
    names = " ".join(t["name"] for t in details if t["dtype"] is np.int8)
    assert all(layer in names for layer in ("project", "conv2", "conv3"))
    assert "levels" not in names


def test_the_bundle_of_a_gan_gives_the_logits_of_its_discriminator(game, tmp_path):
    gan, bundle = game
    labels = np.array([0, 1, 2, 9, 9])
    expected = np.asarray(gan.discriminator([IMAGES / 255, labels]))[:, 0]
    found = Discriminator(bundle).logits(IMAGES, labels)
    assert np.abs(found - expected).max() <= 0.02 * np.abs(expected).max()  # weights of 8 bits
    assert bundle.card.files[DISCRIMINATOR] == sha256(bundle.folder / DISCRIMINATOR)
    altered = shutil.copytree(bundle.folder, tmp_path / "altered")
    with open(altered / DISCRIMINATOR, "ab") as file:
        file.write(b"!")
    with pytest.raises(BundleError) as refused:
        open_bundle(altered)
    assert refused.value.message.key == "bundles.file_altered"


# a whole training


@pytest.fixture(scope="module")
def cnn_bundle(trained_cnn, publish) -> Bundle:
    """Publish the network that this process has trained, and no other."""
    training = trained_cnn.training
    return publish("own-cnn", training.model, training.config, training.metrics)


def test_the_hashes_of_a_bundle_match_and_its_card_describes_the_training(cnn_bundle, trained_cnn):
    card, training = cnn_bundle.card, trained_cnn.training
    assert card.files == {name: sha256(cnn_bundle.folder / name) for name in FILES}
    assert (card.family, card.architecture, card.dataset) == ("cnn", "tutorial", "rendered")
    assert card.classes == DIGITS
    assert (card.subject, card.preprocessing) == ("digit", standard(GLYPH, (28, 28, 1)))
    assert card.shape == (28, 28, 1)
    assert card.parameters == 93_322
    assert card.metrics == training.metrics
    assert card.seed == 5
    assert configs.from_dict(card.config) == training.config
    assert set(card.versions) == {"python", "tensorflow", "keras", "numpy"}
    assert sorted(path.name for path in cnn_bundle.folder.iterdir()) == [
        "card.json",
        "model.keras",
        "model.tflite",
    ]


def test_the_keras_model_of_a_bundle_has_the_trained_weights(cnn_bundle, trained_cnn):
    again = keras.models.load_model(cnn_bundle.folder / "model.keras")
    for found, expected in zip(again.get_weights(), trained_cnn.training.model.get_weights(), strict=True):
        assert np.array_equal(found, expected)


def test_float16_halves_the_size(cnn_bundle):
    assert (cnn_bundle.folder / "model.tflite").stat().st_size < 93_322 * 2 * 1.2


# all or nothing


def training_of(architecture: str = "lenet5", model: keras.Model | None = None) -> SimpleNamespace:
    """Return a training that has ended; without a model, that of a tiny one with the architecture's name."""
    if model is None:
        image = keras.Input((28, 28, 1), name="image")
        model = keras.Model(image, layers.Dense(10, name="logits")(layers.Flatten()(image)))
    config = ClassifierConfig(architecture=architecture)
    return SimpleNamespace(model=model, config=config, metrics={}, temperature=1.0, refuse_below=0.0)


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def naming(monkeypatch: pytest.MonkeyPatch, *layers: str) -> None:
    """Let the tutorial's network name these layers in the catalogue."""
    catalogue = [dataclasses.replace(a, activations=layers) for a in CLASSIFIERS if a.name == "tutorial"]
    monkeypatch.setattr(architectures, "ARCHITECTURES", catalogue)


def test_an_architecture_of_the_catalogue_may_name_the_activations_on_its_cards(tmp_path, monkeypatch):
    naming(monkeypatch, "conv2", "dense1")
    training = training_of("tutorial", factory.classifier("tutorial", (28, 28, 1), 10))
    module.publish(training, tmp_path / "model")
    classifier = Classifier(open_bundle(tmp_path / "model"))
    assert list(classifier.card.activations) == ["conv2", "dense1", "logits"]
    found = classifier.activations(IMAGES)
    assert set(found) == {"conv2", "dense1", "logits"}
    model = training.model
    expected = keras.Model(model.inputs, [model.get_layer(name).output for name in found])(IMAGES / 255)
    for theirs, ours in zip(expected, found.values(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-3 * max(1, np.abs(theirs).max()))
    assert last_maps(classifier) == "conv2"


def test_an_activation_that_the_model_does_not_have_is_refused(tmp_path, monkeypatch):
    naming(monkeypatch, "nonsense")
    training = training_of("tutorial")
    with pytest.raises(BundleError) as refused:
        module.publish(training, tmp_path / "model")
    assert refused.value.message == message("lab.unknown_activations", names="nonsense")


@pytest.fixture
def failing(monkeypatch):
    def fail(*_):
        raise RuntimeError("the converter gave up")

    def at(step: str) -> None:
        monkeypatch.setattr(module, step, fail)

    return at


@pytest.mark.parametrize("step", ["to_litert", "sha256", "write_card"])
def test_a_failed_publication_leaves_nothing_behind(tmp_path, failing, step):
    failing(step)
    with pytest.raises(RuntimeError):
        module.publish(training_of(), tmp_path / "models" / "new")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_failed_publication_keeps_the_bundle_of_before(tmp_path, failing):
    folder = tmp_path / "model"
    module.publish(training_of(), folder)
    before = contents(folder)
    failing("write_card")
    with pytest.raises(RuntimeError):
        module.publish(training_of("tutorial"), folder)
    assert contents(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_new_bundle_replaces_the_old_one(tmp_path):
    folder = tmp_path / "model"
    module.publish(training_of(), folder)
    (folder / "left over").touch()
    module.publish(training_of("tutorial"), folder)
    assert open_bundle(folder).card.architecture == "tutorial"
    assert sorted(contents(folder)) == ["card.json", "model.keras", "model.tflite"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_bundle_can_be_read_by_other_users(tmp_path):
    module.publish(training_of(), tmp_path / "model")
    assert (tmp_path / "model").stat().st_mode & 0o055 == 0o055


# reading without TensorFlow


def test_opening_and_running_a_bundle_does_not_import_tensorflow(cnn_bundle):
    code = (
        "import sys, json, numpy as np\n"
        "from pathlib import Path\n"
        "from core.bundles.bundle import open_bundle\n"
        "from core.inference.classifier import Classifier\n"
        f"reader = Classifier(open_bundle(Path({str(cnn_bundle.folder)!r})))\n"
        "logits = reader.logits(np.zeros((1, 28, 28), np.uint8))\n"
        "print(json.dumps([logits.shape, sorted({'tensorflow', 'keras'} & set(sys.modules))]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == [[1, 10], []]


def test_versions_are_known_where_tensorflow_was_installed_as_tensorflow_cpu(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)

    assert set(module.library_versions()) == {"python", "tensorflow", "keras", "numpy"}
