from __future__ import annotations

import io
import zipfile

import flatbuffers
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from flatbuffers import number_types

from core.bundles.bundle import pretrained
from core.class_sets.litert_metadata import ENTRY, IDENTIFIER, LABELS, with_metadata

TITLE, NAMES = "Colours", ("red", "<b>blue</b>", "绿")


class Table:
    """Reads fields of a FlatBuffer's table by their places in its schema."""

    def __init__(self, content: bytes, position: int) -> None:
        self.table = flatbuffers.table.Table(bytearray(content), position)

    @classmethod
    def root(cls, content: bytes) -> Table:
        return cls(content, flatbuffers.encode.Get(number_types.UOffsetTFlags.packer_type, content, 0))

    def _place(self, field: int) -> int:
        return self.table.Offset(4 + 2 * field) + self.table.Pos

    def text(self, field: int) -> str:
        return self.table.String(self._place(field)).decode()

    def number(self, field: int) -> int:
        return self.table.Get(number_types.Uint8Flags, self._place(field))

    def only(self, field: int) -> Table:
        """Return the only table in a vector of tables."""
        offset = self.table.Offset(4 + 2 * field)
        assert self.table.VectorLen(offset) == 1
        return Table(self.table.Bytes, self.table.Indirect(self.table.Vector(offset)))


def test_the_description_and_the_classes_are_where_the_task_library_looks():
    content = with_metadata(pretrained("plain_cnn").tflite, TITLE, NAMES)
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    entry = next(one for one in model.metadata if one.name.decode() == ENTRY)
    description = bytes(model.buffers[entry.buffer].data)
    assert description[4:8] == IDENTIFIER
    root = Table.root(description)
    assert root.text(0) == TITLE
    graph = root.only(3)
    image, probabilities = graph.only(2), graph.only(3)
    assert image.text(0) == "image"
    labels = probabilities.only(6)
    assert labels.text(0) == LABELS
    assert labels.number(2) == 2, "TENSOR_AXIS_LABELS in TensorFlow Lite's schema"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(LABELS).decode().splitlines() == list(NAMES)


def test_a_model_with_a_description_still_runs():
    content = pretrained("plain_cnn").tflite
    described = Interpreter(model_content=with_metadata(content, TITLE, NAMES))
    described.allocate_tensors()
    assert described.get_signature_list() == Interpreter(model_content=content).get_signature_list()
