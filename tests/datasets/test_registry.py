import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from core.datasets import registry
from core.datasets.download import DOWNLOADS
from core.errors import DatasetError


def test_the_offline_default_comes_first_and_needs_no_download():
    assert registry.names()[0] == registry.OFFLINE_DEFAULT
    assert registry.info(registry.OFFLINE_DEFAULT).download_bytes == 0


def test_every_data_set_says_what_a_visitor_wants_to_know():
    for info in registry.DATASETS:
        assert info.title
        assert info.summary.endswith(".")
        assert info.source
        assert info.licence
        assert len(info.classes) == len(set(info.classes)) == 10
        assert min(info.shape) >= 1
        assert min(info.train_size, info.test_size) >= 1000


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(
        DatasetError, match=r"'mnits'; choose one of drawn:dcgan, .*rendered, mnist, fashion_mnist, cifar10"
    ):
        registry.info("mnits")


def test_every_data_set_but_the_rendered_one_has_a_download():
    assert {info.name for info in registry.DATASETS if info.download_bytes} == set(DOWNLOADS)


@pytest.mark.parametrize("name", sorted(DOWNLOADS))
def test_addresses_and_checksums_agree_with_the_installed_keras(name):
    spec = importlib.util.find_spec("keras")  # finds it without importing it
    assert spec is not None
    assert spec.origin is not None
    source = (Path(spec.origin).parent / "src" / "datasets" / f"{name}.py").read_text(encoding="utf-8")
    assert DOWNLOADS[name].base_url in source
    for file in DOWNLOADS[name].files:
        assert file.name in source
        assert name == "fashion_mnist" or file.sha256 in source  # Keras knows no hash of Fashion-MNIST


def test_catalogue_loaders_and_rendering_do_without_tensorflow():
    code = (
        "import sys; from core.datasets import catalog, download, loaders, parse, rendered;"
        "loaders.load('rendered', train_size=10);"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
