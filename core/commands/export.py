"""Define ``export``: write a run in a format that other programs read."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from core.bundles.bundle import open_bundle
from core.commands.common import errors_in_one_line, find_run, quiet_tensorflow, unwritable
from core.contract.config import TrainingConfig
from core.datasets import registry
from core.drafts import draft_file
from core.errors import LabError, RunError
from core.messages import to_json
from core.runs.report.history import History
from core.runs.report.keras_script import DATA_FILE, keras_script
from core.runs.store.run import Run

FORMATS = ("saved_model", "onnx", "tensorboard", "script")


@click.command(short_help="Write a run for other programs.")
@click.argument("run")
@click.option("--format", "form", required=True, type=click.Choice(FORMATS))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@click.option("--error-file", type=click.Path(path_type=Path), hidden=True, help="Where to write an error.")
@errors_in_one_line
def export(run: str, form: str, out: Path, error_file: Path | None) -> None:
    """Write RUN (its id or folder) for other programs.

    Formats: saved_model (a ZIP), onnx, tensorboard (a ZIP of event files), or script (a ZIP with a Keras
    script that repeats the training without this project).
    """
    try:
        made = _MADE_BY[form](find_run(run))
        with unwritable(out), draft_file(out) as draft:
            draft.write_bytes(made)
    except LabError as error:
        if error_file is not None:  # the app that called reads the error as a message
            error_file.write_text(json.dumps(to_json(error.message)))
        raise
    click.echo(out)


def _saved_model(run: Run) -> bytes:
    with quiet_tensorflow():
        from core.lab.publishing.export_formats import to_saved_model  # noqa: PLC0415 (imports TensorFlow)

        return _zipped(lambda folder: to_saved_model(open_bundle(run.bundle), folder / "saved_model"))


def _onnx(run: Run) -> bytes:
    with quiet_tensorflow():
        from core.lab.publishing.export_formats import to_onnx  # noqa: PLC0415 (imports TensorFlow)

        return to_onnx(open_bundle(run.bundle))


def _tensorboard(run: Run) -> bytes:
    with quiet_tensorflow():
        from core.lab.publishing.tensorboard import write  # noqa: PLC0415 (imports TensorFlow)

        return _zipped(lambda folder: write(_history(run), folder / run.id))


def _script(run: Run) -> bytes:
    """Return the script, with the images if the data set is not published elsewhere."""
    config, packed = run.config, io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.py", keras_script(_history(run)))
        if not registry.describe(config.dataset).is_published:
            archive.writestr(DATA_FILE, _images(config))
    return packed.getvalue()


def _images(config: TrainingConfig) -> bytes:
    data = registry.load(config.dataset, train_size=config.train_size, seed=config.seed)
    packed = io.BytesIO()
    arrays = ("x_train", "y_train", "x_test", "y_test")
    np.savez_compressed(packed, **{name: getattr(data, name) for name in arrays})
    return packed.getvalue()


_MADE_BY: dict[str, Callable[[Run], bytes]] = {
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
