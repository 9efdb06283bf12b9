from __future__ import annotations

import dataclasses
import errno
import json
import os
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import messages
from core.bundles.bundle import PRETRAINED
from core.contract import architectures
from core.contract import config as configs
from core.contract.config import ClassifierConfig, GanConfig, TrainingConfig
from core.contract.field_labels import LABELS
from core.errors import ConfigError
from core.messages import message

A_LOT = settings(max_examples=150, deadline=None)
SENTENCE = r"^[A-Za-z_][^\n]*\.$"

KEYS = sorted({f.name for kind in (ClassifierConfig, GanConfig) for f in dataclasses.fields(kind)})
SENSIBLE = st.sampled_from(
    [
        "cnn",
        "rnn",
        "gan",
        "tutorial",
        "lstm",
        "dcgan",
        "mnist",
        "rendered",
        "affine",
        None,
        0,
        1,
        64,
        100,
        0.5,
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)

BAD_CLASSIFIERS = [
    ("family", "svm"),
    ("family", None),
    ("family", ["cnn"]),
    ("architecture", "lstm"),  # not a CNN
    ("architecture", "dcgan"),
    ("architecture", None),
    ("dataset", "../mnist"),
    ("dataset", "drawn:"),
    ("dataset", "drawn:" + "x" * 65),
    ("dataset", 7),
    ("train_size", 99),
    ("train_size", 1e3),
    ("train_size", 10**7),
    ("validation_split", 0),
    ("validation_split", 0.6),
    ("validation_split", "0.1"),
    ("augmentation", "blur"),
    ("augmentation", []),
    ("epochs", 0),
    ("epochs", 1.5),
    ("epochs", True),
    ("batch_size", -1),
    ("batch_size", 0),
    ("batch_size", 5000),
    ("batch_size", "64"),
    ("batch_size", None),
    ("learning_rate", 0),
    ("learning_rate", -0.001),
    ("learning_rate", float("nan")),
    ("learning_rate", float("inf")),
    ("learning_rate", True),
    ("learning_rate", 10**400),
    ("label_smoothing", 0.9),
    ("outliers", -0.1),
    ("rare_forms", 1.1),
    ("weight_average", 1.0),
    ("optimizer", "lion"),
    ("weight_decay", -0.1),
    ("seed", -1),
    ("seed", 2**31),
]
BAD_GANS = [
    ("architecture", "tutorial"),
    ("latent_size", 1),
    ("latent_size", 513),
    ("latent_size", 64.0),
    ("generator_learning_rate", 0),
    ("discriminator_learning_rate", 2),
    ("held_rate", 1.0),
    ("translation", 17),
    ("r1_weight", -1),
    ("weight_average", 1),
    ("train_size", 10),
    ("batch_size", -64),
]


@pytest.mark.parametrize(("key", "value"), BAD_CLASSIFIERS, ids=lambda part: str(part)[:20])
def test_a_wrong_value_for_a_classifier_is_refused_by_its_label_in_one_sentence(key, value):
    with pytest.raises(ConfigError, match=SENTENCE) as caught:
        configs.from_dict({key: value})
    assert LABELS[key].lower() in str(caught.value).lower()


@pytest.mark.parametrize(("key", "value"), BAD_GANS)
def test_a_wrong_value_for_a_gan_is_refused_by_its_label_in_one_sentence(key, value):
    with pytest.raises(ConfigError, match=SENTENCE) as caught:
        configs.from_dict({"family": "gan", key: value})
    assert LABELS[key].lower() in str(caught.value).lower()


def test_every_key_of_a_configuration_has_a_label_and_no_other_key_has_one():
    assert set(LABELS) == set(KEYS)


def test_labels_and_sentences_of_an_error_are_translated_where_it_is_shown(monkeypatch):
    with pytest.raises(ConfigError) as caught:
        configs.from_dict({"batch_size": 0})
    stored = messages.from_json(json.loads(json.dumps(messages.to_json(caught.value.message))))
    german = {
        "Batch size": "Stapelgröße",
        "{name} must be a whole number from {low:,} to {high:,}; got {value}.": "{name}: {value}?",
    }
    monkeypatch.setattr(messages, "gettext", lambda text, /, **values: german[text].format(**values))
    assert str(stored) == "Stapelgröße: 0?"


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_the_error_for_an_unknown_key_lists_the_known_ones(family):
    with pytest.raises(ConfigError) as caught:
        configs.from_dict({"family": family, "epoch": 3})
    refusal = caught.value.message
    assert (refusal.key, refusal.values["name"]) == ("contract.unknown_key", "'epoch'")
    assert {"family", "epochs"} <= set(refusal.values["known"].split(", "))


def test_a_key_of_the_other_family_is_unknown():
    with pytest.raises(ConfigError) as caught:
        configs.from_dict({"family": "cnn", "latent_size": 64})
    assert caught.value.message.values["name"] == "'latent_size'"


@pytest.mark.parametrize("values", [None, [], "cnn", 7])
def test_only_a_mapping_is_accepted_as_a_configuration(values):
    with pytest.raises(ConfigError) as caught:
        configs.from_dict(values)
    assert caught.value.message == message("contract.no_object", type=type(values).__name__)


@pytest.mark.parametrize("family", ["cnn", "rnn", "gan"])
def test_missing_keys_take_the_defaults_of_the_family(family):
    config = configs.from_dict({"family": family})
    assert (config.family, config.architecture) == (family, architectures.default(family))


@pytest.mark.parametrize("architecture", architectures.ARCHITECTURES, ids=lambda a: a.name)
def test_every_architecture_can_be_configured(architecture):
    config = configs.from_dict({"family": architecture.family, "architecture": architecture.name})
    assert configs.from_dict(configs.to_dict(config)) == config


def test_fine_tuning_is_for_a_visitor_s_own_classes_and_knows_mirror_images_alone():
    values = {"architecture": "efficientnet_lite0", "dataset": "own:" + "0" * 32}
    assert configs.from_dict({**values, "augmentation": "mirror"}).augmentation == "mirror"
    wrong = (
        {"dataset": "mnist"},
        {"augmentation": "photo"},
        {"outliers": 0.5},
        {"rare_forms": 0.1},
        {"family": "rnn"},
    )
    for changed in wrong:
        with pytest.raises(ConfigError):
            configs.from_dict({**values, **changed})


@A_LOT
@example({"learning_rate": 10**400})
@example({"r1_weight": -(10**400), "family": "gan"})
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), SENSIBLE | ANYTHING, max_size=6))
def test_any_mapping_survives_json_as_a_configuration_or_is_refused_in_one_sentence(values):
    try:
        config = configs.from_dict(values)
    except ConfigError as error:
        refusal = str(error)
        assert re.fullmatch(r"[^\n]+\.", refusal)
    else:
        assert_survives_json(config)


@A_LOT
@given(
    st.builds(
        ClassifierConfig,
        epochs=st.integers(1, 1000),
        batch_size=st.integers(1, 4096),
        learning_rate=st.floats(1e-7, 1),
        validation_split=st.floats(0.01, 0.5),
        train_size=st.none() | st.integers(100, 10**6),
        seed=st.integers(0, 2**31 - 1),
    )
    | st.builds(GanConfig, latent_size=st.integers(2, 512), r1_weight=st.floats(0, 1000))
)
def test_every_value_in_range_is_accepted(config):
    assert_survives_json(config)


def assert_survives_json(config: TrainingConfig) -> None:
    assert configs.from_dict(json.loads(json.dumps(configs.to_dict(config)))) == config


def test_a_configuration_cannot_be_changed_after_its_check():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ClassifierConfig().epochs = -1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_configuration_is_read_back_from_its_file_as_any_editor_saves_it(tmp_path, encoding):
    file = tmp_path / "config.json"
    file.write_text('{"family": "rnn", "epochs": 2}', encoding=encoding)
    assert configs.read(file) == ClassifierConfig(family="rnn", architecture="lstm", epochs=2)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 10**5, b'{"epochs": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut", "binary", "deep", "long number"],
)
def test_a_file_that_is_not_json_is_refused_in_one_sentence(tmp_path, content):
    file = tmp_path / "config.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=SENTENCE) as caught:
        configs.read(file)
    assert caught.value.message.key == "contract.no_json"
    assert caught.value.message.values["path"] == str(file)


def test_a_missing_file_is_reported_in_one_sentence(tmp_path):
    for path, number in ((tmp_path / "nowhere.json", errno.ENOENT), (tmp_path, errno.EISDIR)):
        with pytest.raises(ConfigError) as caught:
            configs.read(path)
        refusal = message("contract.unreadable_file", path=path, reason=os.strerror(number))
        assert caught.value.message == refusal


@pytest.mark.parametrize("file", sorted(PRETRAINED.glob("*.json")), ids=lambda file: file.stem)
def test_the_configurations_of_the_shipped_models_are_valid(file):
    config = configs.read(file)
    assert config.dataset in ("mnist", "fashion_mnist", "letters_digits", "avatars64", "cifar10")
    assert config.train_size is None


# config.json of a run of version 0.1, which had no registry of data sets
OLD_CLASSIFIER = """{"family": "rnn", "architecture": "gru", "dataset": "drawn:dcgan", "train_size": 10000,
"validation_split": 0.08333333333333333, "augmentation": "affine", "outliers": 0.0, "epochs": 3,
"batch_size": 64, "learning_rate": 0.002, "label_smoothing": 0.1, "weight_average": 0.0,
"seed": 7, "time_limit": null, "target_accuracy": 0.98, "patience": 2}"""
OLD_GAN = """{"family": "gan", "architecture": "goodfellow2014", "dataset": "drawn:AbC-_123",
"train_size": null, "latent_size": 64, "epochs": 20, "batch_size": 64, "generator_learning_rate": 0.001,
"discriminator_learning_rate": 0.001, "r1_weight": 0.05, "weight_average": 0.999, "seed": 0,
"time_limit": 600.0}"""


@pytest.mark.parametrize("content", [OLD_CLASSIFIER, OLD_GAN])
def test_the_configuration_of_an_older_run_is_read(tmp_path, content):
    file = tmp_path / "config.json"
    file.write_text(content)
    read = configs.to_dict(configs.read(file))
    gan = read["family"] == "gan"
    of_classifiers = {
        "optimizer": "adam", "weight_decay": 0.0, "rare_forms": 0.0, "begin_with": "", "small_epochs": 0,
    }  # fmt: skip
    later = {"held_rate": 0.5, "translation": 0} if gan else of_classifiers  # older runs had none
    assert read == json.loads(content) | later


def test_a_configuration_may_name_a_data_set_that_is_not_on_this_machine():
    assert configs.from_dict({"dataset": "own:cats"}).dataset == "own:cats"
