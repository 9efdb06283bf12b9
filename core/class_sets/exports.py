"""Write what a visitor has taught for other programs; TensorFlow runs in a child process only."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from core import settings
from core.bundles.bundle import Bundle
from core.class_sets.class_set_store import disk_errors
from core.class_sets.features import backbone_id, check_backbone
from core.class_sets.head_files import SUFFIX, PortableHead
from core.class_sets.teach_script import BACKBONE_FILE, NAME, PICTURES, teach_script
from core.errors import ClassSetError
from core.runs.store import locks
from core.subprocesses.export_command import export_in_child

SCRIPT = "script"
FILES = {
    "litert": "model.tflite",
    "keras": "model.keras",
    "saved_model": "saved_model.zip",
    "onnx": "model.onnx",
    SCRIPT: "script.zip",
}


def exported(taught: PortableHead, form: str) -> bytes:
    """Return a taught network as one of ``FILES``, but for the script: in 2 s as LiteRT, else in some 15 s.

    The app exports one network at a time.

    Raises:
        ClassSetError: when it cannot be written.
    """
    home = settings.current().home
    with tempfile.TemporaryDirectory() as place, disk_errors(), locks.exclusive(home / ".exports"):
        head, out = Path(place) / f"taught{SUFFIX}", Path(place) / FILES[form]
        taught.write(head)
        export_in_child(head, form, out, ClassSetError)
        return out.read_bytes()


def script(
    backbone: Bundle, learnt_on: str, temperature: float, pictures: Iterable[tuple[str, bytes]] = ()
) -> bytes:
    """Return a ZIP file with a Keras script that learns the same, and the backbone.

    Args:
        backbone: the network whose features are read.
        learnt_on: the id of the backbone on whose features the head has learnt.
        temperature: of the head.
        pictures: from which the head has learnt, as ``set_files.members`` yields them.

    Raises:
        ClassSetError: when the head has learnt on other features, or a picture is missing.
    """
    check_backbone(learnt_on, backbone_id(backbone.card))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:  # stored: its files are compressed already
        archive.writestr(zipfile.ZipInfo(NAME), teach_script(backbone.card, temperature))
        archive.writestr(zipfile.ZipInfo(BACKBONE_FILE), (backbone.folder / "model.keras").read_bytes())
        for path, content in pictures:
            archive.writestr(zipfile.ZipInfo(f"{PICTURES}/{path}"), content)
    return packed.getvalue()
