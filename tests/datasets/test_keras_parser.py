from core.datasets import keras_parser, registry
from core.errors import DatasetError
from tests.refusals import raises


def test_files_that_keras_cannot_read_are_reported_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    elsewhere = tmp_path / "empty"  # no core here: the child fails before it imports Keras
    elsewhere.mkdir()
    with raises(DatasetError, "datasets.keras_cannot_read", title="CIFAR-10"):
        keras_parser.to_npz(
            registry.describe("cifar10"), tmp_path, tmp_path / "cifar10.npz", folder=elsewhere
        )
