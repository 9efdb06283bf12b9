from __future__ import annotations

from core.contract import architectures
from core.contract.config import ClassifierConfig
from core.datasets import registry
from core.runs import RunStore
from core.runs.report.titles import dataset_title, run_title


def test_a_run_is_called_by_its_name_or_by_its_architecture_and_data_set(store: RunStore) -> None:
    config = ClassifierConfig()
    assert run_title(store.create(config, name="Mine")) == "Mine"
    title = run_title(store.create(config))
    assert architectures.get(config.architecture).title in title
    assert registry.describe(config.dataset).title in title


def test_a_data_set_whose_generator_was_deleted_is_called_by_its_name() -> None:
    assert dataset_title("mnist") == registry.describe("mnist").title
    assert dataset_title("drawn:deleted") == "drawn:deleted"
