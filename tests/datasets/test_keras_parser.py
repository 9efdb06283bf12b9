import pytest

from core.datasets import keras_parser, registry
from core.errors import DatasetError


def test_files_that_keras_cannot_read_are_reported_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    elsewhere = tmp_path / "empty"  # no core here: the child fails before it imports Keras
    elsewhere.mkdir()
    with pytest.raises(
        DatasetError, match=r"CIFAR-10 was downloaded, but Keras cannot read it: .*core"
    ) as caught:
        keras_parser.to_npz(
            registry.describe("cifar10"), tmp_path, tmp_path / "cifar10.npz", folder=elsewhere
        )
    assert "\n" not in str(caught.value)
