from __future__ import annotations

import dataclasses

import pytest

from core.bundles.bundle import pretrained
from core.contract import architectures
from core.contract.config import ClassifierConfig
from core.datasets import registry
from core.runs import RunStore
from core.runs.report.titles import (
    MODEL_TITLES,
    MODEL_TITLES_WITH_DATASET,
    dataset_title,
    model_title,
    run_title,
)


def test_the_title_of_a_run_is_its_name_or_its_architecture_and_data_set(store: RunStore) -> None:
    config = ClassifierConfig()
    assert run_title(store.create(config, name="Mine")) == "Mine"
    title = run_title(store.create(config))
    assert architectures.get(config.architecture).title in title
    assert registry.describe(config.dataset).title in title


def test_the_title_of_a_data_set_whose_generator_was_deleted_is_its_name() -> None:
    assert dataset_title("mnist") == registry.describe("mnist").title
    assert dataset_title("drawn:deleted") == "drawn:deleted"


@pytest.mark.parametrize("origin", ["shipped", "own", "shared"])
def test_a_model_is_called_by_its_title_and_its_origin(origin: str) -> None:
    card = pretrained("cnn").card
    assert model_title(card, origin) == MODEL_TITLES[origin].format(title=card.title)


@pytest.mark.parametrize("origin", ["shipped", "own", "shared"])
def test_a_model_whose_images_show_no_digits_is_called_by_its_data_set_too(origin: str) -> None:
    card = dataclasses.replace(pretrained("cnn").card, subject="clothing", dataset="fashion_mnist")
    expected = MODEL_TITLES_WITH_DATASET[origin].format(
        title=card.title, dataset=dataset_title("fashion_mnist")
    )
    assert model_title(card, origin) == expected


def test_only_a_shipped_model_says_that_it_learnt_without_augmentation() -> None:
    card = dataclasses.replace(pretrained("cnn").card, config={"augmentation": "none"})
    assert model_title(card, "shipped") == MODEL_TITLES["plain"].format(title=card.title)
    assert model_title(card, "own") == MODEL_TITLES["own"].format(title=card.title)
