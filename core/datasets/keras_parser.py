"""Convert downloaded files to .npz with Keras's own loader, in a child process.

Keras reads KERAS_HOME once, when it is imported, and brings TensorFlow with it; neither must touch the
process that asks for the data. The child is ``core.lab.keras_datasets``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from core.contract.dataset_info import DatasetInfo
from core.errors import DatasetError

CHILD = "core.lab.keras_datasets"
ROOT = Path(__file__).parents[2]


def to_npz(info: DatasetInfo, keras_home: Path, target: Path, *, folder: Path = ROOT) -> None:
    """Write the data set whose published files are below ``keras_home`` to ``target``, in Keras's layout.

    The child runs in ``folder``, where it finds this project.

    Raises:
        DatasetError: when Keras cannot read the files.
    """
    child = subprocess.run(
        [sys.executable, "-m", CHILD, info.name, str(target)],
        env={**os.environ, "KERAS_HOME": str(keras_home), "CUDA_VISIBLE_DEVICES": "-1"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        lines = child.stderr.strip().splitlines()
        reason = lines[-1] if lines else f"exit code {child.returncode}"
        raise DatasetError("datasets.keras_cannot_read", title=info.title, reason=reason)
