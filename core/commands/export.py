"""Define ``export``: write a run in a format that other programs read."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import numpy as np

from core.bundles.bundle import KERAS, open_bundle, pretrained
from core.class_sets.teach_script import BACKBONE_FILE, PICTURES
from core.commands.common import errors_in_one_line, find_run, quiet_tensorflow, unwritable
from core.commands.export_taught import is_taught, taught_file
from core.contract.architectures import is_fine_tuned
from core.contract.config import TrainingConfig
from core.datasets import registry
from core.datasets.sources.own import picture_files
from core.drafts import draft_file
from core.errors import LabError, RunError
from core.messages import to_json
from core.runs.report.history import History
from core.runs.report.keras_script import DATA_FILE, FIRST_FILE, keras_script
from core.runs.store.run import Run

OF_MODEL = ("keras", "litert", "saved_model", "onnx")
FORMATS = (*OF_MODEL, "tensorboard", "script")


@click.command(short_help="Write a model for other programs.")
@click.argument("name")
@click.option("--format", "form", required=True, type=click.Choice(FORMATS))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@click.option("--error-file", type=click.Path(path_type=Path), hidden=True, help="Where to write an error.")
@errors_in_one_line
def export(name: str, form: str, out: Path, error_file: Path | None) -> None:
    """Write NAME for other programs: a run's id or folder, or the folder of a bundle that teach wrote.

    Formats: keras, litert, saved_model (a ZIP), onnx, tensorboard (a ZIP of event files; runs only), or
    script (a ZIP with a Keras script that learns the same without this project). Taught classes go from
    uint8 images to probabilities, with the names of the classes inside the file.
    """
    try:
        made = taught_file(Path(name), form) if is_taught(Path(name)) else _of_run(find_run(name), form)
        with unwritable(out), draft_file(out) as draft:
            draft.write_bytes(made)
    except LabError as error:
        if error_file is not None:  # the app that called reads the error as a message
            error_file.write_text(json.dumps(to_json(error.message)))
        raise
    click.echo(out)


def _of_run(run: Run, form: str) -> bytes:
    if form in OF_MODEL and is_taught(run.bundle):
        return taught_file(run.bundle, form)
    return _MADE_BY[form](run)


def _keras(run: Run) -> bytes:
    return (open_bundle(run.bundle).folder / "model.keras").read_bytes()


def _litert(run: Run) -> bytes:
    return open_bundle(run.bundle).tflite


def _saved_model(run: Run) -> bytes:
    with quiet_tensorflow():
        from core.lab.publishing import export_formats  # noqa: PLC0415 (imports TensorFlow)

        return export_formats.saved_model(export_formats.load_model(open_bundle(run.bundle))).getvalue()


def _onnx(run: Run) -> bytes:
    with quiet_tensorflow():
        from core.lab.publishing import export_formats  # noqa: PLC0415 (imports TensorFlow)

        return export_formats.onnx_file(export_formats.load_model(open_bundle(run.bundle)))


def _tensorboard(run: Run) -> bytes:
    with quiet_tensorflow():
        from core.lab.publishing.tensorboard import write  # noqa: PLC0415 (imports TensorFlow)

        return _zipped(lambda folder: write(_history(run), folder / run.id))


def _script(run: Run) -> bytes:
    """Return the script, with the images if the data set is not published elsewhere, and first weights."""
    config, packed = run.config, io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:  # stored: what is large is compressed already
        archive.writestr(zipfile.ZipInfo("train.py"), keras_script(_history(run)))
        for name, content in _beside_script(config):
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _beside_script(config: TrainingConfig) -> Iterator[tuple[str, bytes]]:
    if is_fine_tuned(config.architecture):
        yield BACKBONE_FILE, (pretrained(config.architecture).folder / KERAS).read_bytes()
        for path, content in picture_files(config.dataset, config.train_size, config.seed):
            yield f"{PICTURES}/{path}", content
        return
    if first := getattr(config, "begin_with", ""):
        yield FIRST_FILE, (pretrained(first).folder / KERAS).read_bytes()
    if not registry.describe(config.dataset).in_keras:
        yield DATA_FILE, _images(config)


def _images(config: TrainingConfig) -> bytes:
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed)
    packed = io.BytesIO()
    arrays = ("x_train", "y_train", "x_test", "y_test")
    np.savez_compressed(packed, **{name: getattr(data, name) for name in arrays})
    return packed.getvalue()


_MADE_BY: dict[str, Callable[[Run], bytes]] = {
    "keras": _keras,
    "litert": _litert,
    "saved_model": _saved_model,
    "onnx": _onnx,
    "tensorboard": _tensorboard,
    "script": _script,
}


def _history(run: Run) -> History:
    history = History(run).refresh()
    if not history.step:
        raise RunError("commands.no_steps")
    return history


def _zipped(write: Callable[[Path], None]) -> bytes:
    """Return what ``write`` writes into a folder, as a ZIP file."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "content"
        folder.mkdir()
        write(folder)
        return Path(shutil.make_archive(str(Path(place) / "packed"), "zip", folder)).read_bytes()
