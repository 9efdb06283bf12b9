import subprocess
import sys

import pytest

from core.contract.dataset_info import OFFLINE_DEFAULT
from core.datasets import registry, sources
from core.errors import DatasetError

INVENTED = """
from core.contract.dataset_info import DatasetInfo
from core.datasets.dataset import Dataset
from core.datasets.data_source import DataSource
import numpy as np

class Own(DataSource):
    prefixes = ("invented",)

    def names(self):
        return []

    def describe(self, name):
        told = (name, "Mine", "My own.", ("a", "b"), (2, 2, 1), "thing", "whole")
        return DatasetInfo(*told, 4, 1, "me", "CC0", 0)

    def load(self, name, train_size, seed, report):
        x, y = np.zeros((4, 2, 2, 1), np.uint8), np.zeros(4, np.uint8)
        return Dataset(self.describe(name), x, y, x[:1], y[:1]).subset(train_size, seed)

SOURCE = Own()
"""


def test_the_offline_default_comes_first_and_needs_no_download():
    assert registry.names()[0] == OFFLINE_DEFAULT
    assert not registry.needs_download(OFFLINE_DEFAULT)


def test_every_data_set_has_a_full_description():
    for info in registry.offered():
        assert info.title
        assert info.summary.endswith(".")
        assert info.source
        assert info.licence
        assert len(info.classes) == len(set(info.classes)) > 1
        assert min(info.shape) >= 1
        assert min(info.train_size, info.test_size) >= 1000


@pytest.mark.parametrize("name", ["mnits", "", "rendered:x", "mnist:x", "nothing:at-all"])
def test_an_unknown_name_is_refused_in_one_sentence(name):
    with pytest.raises(DatasetError, match=r"^[^\n]+\.$"):
        registry.describe(name)


def test_the_error_for_an_unknown_prefix_lists_every_offered_data_set():
    with pytest.raises(DatasetError) as caught:
        registry.load("mnits")
    assert all(name in str(caught.value) for name in registry.names())


def test_a_name_is_known_by_its_prefix():
    assert registry.is_known("mnist")
    assert registry.is_known("drawn:deleted")
    assert not registry.is_known("photographs")


def test_a_file_in_the_folder_of_sources_adds_a_source(tmp_path, monkeypatch):
    (tmp_path / "invented.py").write_text(INVENTED, encoding="utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    try:
        assert registry.describe("invented:cats").title == "Mine"
        assert len(registry.load("invented:cats", train_size=3).x_train) == 3
        assert "invented:cats" not in registry.names()
    finally:
        monkeypatch.undo()
        sys.modules.pop("core.datasets.sources.invented")
    with pytest.raises(DatasetError):
        registry.describe("invented:cats")


def test_listing_and_drawing_import_neither_tensorflow_nor_network_libraries():
    code = (
        "import sys; from core.datasets import registry;"
        "registry.offered(); registry.load('rendered', train_size=10);"
        "heavy = ('tensorflow', 'keras', 'streamlit', 'requests', 'pooch', 'ai_edge_litert.interpreter');"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
