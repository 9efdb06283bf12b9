"""Write taught classes for other programs, from a bundle that ``teach`` wrote or from the app's head file."""

from __future__ import annotations

import os
from pathlib import Path

from core.bundles.bundle import Bundle, open_bundle, pretrained, read_card
from core.class_sets.exports import SCRIPT, script
from core.class_sets.features import BACKBONE, backbone_id, check_backbone
from core.class_sets.head_files import PROBABILITIES, SUFFIX, PortableHead
from core.commands.common import quiet_tensorflow
from core.errors import RunError


def is_taught(source: Path) -> bool:
    """Return whether a path is a head file, or the folder of a taught network's bundle.

    Raises:
        BundleError: when the folder has a card that cannot be read.
    """
    return _is_head(source) or (
        os.path.isfile(source / "card.json") and PROBABILITIES in read_card(source).activations
    )


def taught_file(source: Path, form: str) -> bytes:
    """Return the content of a file in one of the command's formats.

    Raises:
        BundleError: when a bundle is missing or altered, or the converter to ONNX is not installed.
        ClassSetError: when the head cannot be read, or its features are not the shipped backbone's.
        RunError: when the format writes the record of a run.
    """
    if form == "tensorboard":
        raise RunError("commands.not_of_a_run", form=form)
    return (
        _of_head(PortableHead.read(source), form)
        if _is_head(source)
        else _of_bundle(open_bundle(source), form)
    )


def _of_head(taught: PortableHead, form: str) -> bytes:
    backbone = pretrained(BACKBONE)
    if form == SCRIPT:
        return script(backbone, taught.backbone, taught.temperature)
    check_backbone(taught.backbone, backbone_id(backbone.card))
    if form == "litert":
        from core.class_sets.litert_export import litert_file  # noqa: PLC0415 (half a second)

        return litert_file(taught, backbone)
    with quiet_tensorflow():
        from core.lab.publishing import taught_formats  # noqa: PLC0415 (imports TensorFlow)

        return taught_formats.written(taught_formats.answering_model(taught, backbone), taught.classes, form)


def _of_bundle(bundle: Bundle, form: str) -> bytes:
    if form == SCRIPT:
        return script(
            pretrained(BACKBONE),
            str(bundle.card.config.get("backbone", bundle.card.title)),
            bundle.card.temperature,
        )
    with quiet_tensorflow():
        from core.lab.publishing import taught_formats  # noqa: PLC0415 (imports TensorFlow)

        return taught_formats.written(taught_formats.answering_part(bundle), bundle.card.classes, form)


def _is_head(source: Path) -> bool:
    return source.name.endswith(SUFFIX)
