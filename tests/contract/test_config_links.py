from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract.config import ClassifierConfig, GanConfig
from core.contract.config_links import from_query, to_query
from core.errors import ConfigError

CONFIGS = st.one_of(
    st.builds(
        ClassifierConfig,
        train_size=st.none() | st.integers(100, 60_000),
        epochs=st.integers(1, 100),
        learning_rate=st.floats(1e-6, 1.0),
        augmentation=st.sampled_from(["none", "affine"]),
    ),
    st.builds(ClassifierConfig, family=st.just("rnn"), architecture=st.sampled_from(["lstm", "gru"])),
    st.builds(GanConfig, latent_size=st.integers(2, 512), seed=st.integers(0, 2**31 - 1)),
)


@given(CONFIGS)
def test_a_configuration_is_read_back_from_its_link(config):
    assert from_query(dict(parse_qsl(to_query(config)))) == config


def test_a_link_holds_only_what_differs_from_the_defaults_and_other_keys_are_ignored():
    config = ClassifierConfig(dataset="mnist", epochs=3)
    assert to_query(config) == "family=cnn&architecture=tutorial&dataset=mnist&epochs=3"
    assert from_query({"family": "cnn", "dataset": "mnist", "epochs": "3", "run": "x"}) == config


def test_a_link_without_a_family_holds_no_configuration():
    assert from_query({"run": "x", "epochs": "3"}) is None


@pytest.mark.parametrize(
    "query",
    [
        {"family": "cat"},
        {"family": "cnn", "epochs": "0"},
        {"family": "cnn", "epochs": "many"},
        {"family": "cnn", "dataset": "7"},
        {"family": "gan", "latent_size": "[[[["},
        {"family": "cnn", "seed": "9" * 5000},
        {"family": "cnn", "learning_rate": "NaN"},
    ],
)
def test_an_edited_link_is_refused_in_one_sentence(query):
    with pytest.raises(ConfigError):
        from_query(query)
