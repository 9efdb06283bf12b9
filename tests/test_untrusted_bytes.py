"""Visitors' bytes are decoded in the child process only; this test reads the code for other places."""

from __future__ import annotations

import ast

from tests.test_structure import MODULES, imports

DECODERS = {"Image.open", "cv2.imdecode", "cv2.imread", "np.load", "zipfile.ZipFile", "ImageFile.Parser"}
DECODERS |= {"h5py.File"}
OPERATORS = ("core.lab", "core.commands")  # read files of trainings and of whoever starts a command
# Modules of the stage that call a decoder, and on what. Only the first three are given visitors' bytes.
ALLOWED = {
    "core.images.decode": "pictures, in the child or on the command line",
    "core.images.archive": "ZIP files",
    "core.inside.model_file": "weights of a model, in the child",
    "core.class_sets.class_set_store": "pictures that the child has encoded itself",
    "core.class_sets.exports": "a ZIP file that is written",
    "core.class_sets.features": "features that this app computed",
    "core.class_sets.head_files": "heads that this app learnt",
    "core.class_sets.litert_metadata": "a ZIP file that is written",
    "core.class_sets.set_files": "a ZIP file that is written",
    "core.bundles.early_images": "images of a bundle whose checksums were compared",
    "core.bundles.saved_weights": "weights of a bundle that this app published",
    "core.datasets.dicebear.packing": "data sets shipped with the app",
    "core.datasets.npz_files": "data sets of the operator",
    "core.datasets.sources.emnist": "a file whose checksum was compared",
    "core.images.encode": "a ZIP file that is written",
    "core.images.film": "frames that the app drew",
    "core.images.picture_kind": "numbers shipped with the app",
    "core.inference.familiarity": "numbers of a bundle whose checksums were compared",
    "core.inside.vanishing_gradients": "measurements shipped with the app",
    "core.remedies.stored_answers": "measurements shipped with the app",
    "core.runs.process.cluster": "a bundle from the operator's cluster",
    "core.runs.report.early_images": "drawings that a training stored",
    "core.runs.report.training_film": "drawings that a training stored",
    "core.runs.store.classified_images": "images that a training stored",
    "pages.parts.classify.examples": "pictures shipped with the app",
}
PREPARING = {
    "core.images.decode.decode",
    "core.images.reduced.reduced",
    "core.inference.picture_reading.prepare",
}
MAY_PREPARE = {
    "core.commands.classify": "reads the files of whoever started the command",
    "core.inference.decoding_process": "runs in the child",
    "core.images.reduced": "is given bytes in the child",
    "core.inference.picture_reading": "is given bytes by the first two",
}


def called(name: str) -> set[str]:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_only_known_modules_of_the_stage_call_a_decoder():
    calling = {n for n in MODULES if not n.startswith(OPERATORS) and called(n) & DECODERS}

    assert calling == set(ALLOWED)


def test_no_page_decodes_a_picture_itself():
    preparing = {name for name in MODULES if imports(name, True) & PREPARING}

    assert preparing == set(MAY_PREPARE)
