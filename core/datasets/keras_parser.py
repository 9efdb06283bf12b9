"""Let Keras's own loader read what was downloaded, in a process of its own, and keep it as one .npz.

``python -m core.datasets.keras_parser NAME TARGET`` with KERAS_HOME set. Keras reads KERAS_HOME once, when it
is imported, and brings TensorFlow with it: neither concerns the process that asked for the data.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from core.datasets.registry import DatasetInfo
from core.errors import DatasetError

_ROOT = Path(__file__).parents[2]


def to_npz(info: DatasetInfo, keras_home: Path, target: Path) -> None:
    """Write the data set whose published files lie below ``keras_home`` to ``target``, in Keras's layout.

    Raises:
        DatasetError: when Keras cannot read the files.
    """
    child = subprocess.run(
        [sys.executable, "-m", "core.datasets.keras_parser", info.name, str(target)],
        env={**os.environ, "KERAS_HOME": str(keras_home), "CUDA_VISIBLE_DEVICES": "-1"},
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        reason = (child.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DatasetError(f"{info.title} was downloaded, but Keras cannot read it: {reason}")


def _main(name: str, target: str) -> None:
    import keras  # noqa: PLC0415 (3.6 s and 500 MB)

    (x_train, y_train), (x_test, y_test) = getattr(keras.datasets, name).load_data()
    np.savez_compressed(target, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


if __name__ == "__main__":
    _main(*sys.argv[1:])
