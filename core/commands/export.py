"""``export``: a run in a form that other programs read."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from core.bundles.bundle import open_bundle
from core.commands.common import errors_in_one_line, find_run, native_messages_hidden
from core.contract.config import TrainingConfig
from core.datasets import registry
from core.drafts import draft_file
from core.errors import RunError
from core.runs.report.history import History
from core.runs.report.keras_script import DATA_FILE, keras_script
from core.runs.store.run import Run

FORMATS = ("saved_model", "onnx", "tensorboard", "script")


@click.command()
@click.argument("run")
@click.option(
    "--format", "form", required=True, type=click.Choice(["saved_model", "onnx", "tensorboard", "script"])
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@errors_in_one_line
def export(run: str, form: str, out: Path) -> None:
    """Write RUN (its id or folder) for other programs.

    saved_model (a ZIP), onnx, tensorboard (a ZIP of event files), or script (a ZIP with a Keras script that
    learns the same without this project).
    """
    made = _MADE_BY[form](find_run(run))
    try:
        with draft_file(out) as draft:
            draft.write_bytes(made)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from error
    click.echo(out)


def _saved_model(run: Run) -> bytes:
    with _lab():
        from core.lab.publishing.export_formats import to_saved_model  # noqa: PLC0415 (imports TensorFlow)

        return _zipped(lambda folder: to_saved_model(open_bundle(run.bundle), folder / "saved_model"))


def _onnx(run: Run) -> bytes:
    with _lab():
        from core.lab.publishing.export_formats import to_onnx  # noqa: PLC0415 (imports TensorFlow)

        return to_onnx(open_bundle(run.bundle))


def _tensorboard(run: Run) -> bytes:
    with _lab():
        from core.lab.publishing.tensorboard import write  # noqa: PLC0415 (imports TensorFlow)

        return _zipped(lambda folder: write(_history(run), folder / run.id))


def _script(run: Run) -> bytes:
    """The script; with the images, where the data set is the app's own and found nowhere else."""
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
        raise RunError("This run has not taken a step yet, so there is nothing to write.")
    return history


def _lab() -> contextlib.AbstractContextManager[None]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return native_messages_hidden()


def _zipped(write: Callable[[Path], None]) -> bytes:
    """What is written into a folder, as a ZIP file."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "content"
        folder.mkdir()
        write(folder)
        return Path(shutil.make_archive(str(Path(place) / "packed"), "zip", folder)).read_bytes()
