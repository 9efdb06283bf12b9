"""Put a description and the classes' names into a LiteRT model, where TensorFlow Lite's Task Library looks.

The format is TensorFlow Lite's model metadata, ``metadata_schema.fbs`` of tensorflow/tflite-support: a
FlatBuffer that is named ``TFLITE_METADATA`` inside the model, and a ZIP file of the named files at the end of
the model. Numbers of fields below are the places of the fields in that schema.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

LABELS = "labels.txt"  # one class a line
ENTRY, IDENTIFIER = "TFLITE_METADATA", b"M001"
PARSER = "1.0.0"  # the least version of the parser
AXIS_LABELS = 2  # the type of an associated file that names the places along a tensor's last axis
IMAGE_PROPERTIES, RGB = 2, 1


def with_labels(content: bytes, classes: Sequence[str]) -> bytes:
    """Return a LiteRT model with its classes' names in a ZIP file at its end, where LiteRT's tools look."""
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(zipfile.ZipInfo(LABELS), "\n".join(classes) + "\n")
    return packed.getvalue()


def with_metadata(content: bytes, title: str, classes: Sequence[str]) -> bytes:
    """Return a LiteRT model from an image to probabilities, with its description and classes' names."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    buffer = schema.BufferT()
    buffer.data = _description(title)
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = ENTRY, len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(content) + 1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return with_labels(bytes(builder.Output()), classes)


def _description(title: str) -> bytes:
    """Return the metadata of a model that reads one image and returns one row of probabilities."""
    b = flatbuffers.Builder()
    image = _table(b, 7, {0: b.CreateString("image"), 3: _image_content(b)})
    labels = _table(b, 3, {0: b.CreateString(LABELS)}, {2: AXIS_LABELS})
    probabilities = _table(b, 7, {0: b.CreateString("probabilities"), 6: _vector(b, [labels])})
    graph = _table(b, 4, {2: _vector(b, [image]), 3: _vector(b, [probabilities])})
    model = {0: b.CreateString(title), 3: _vector(b, [graph]), 7: b.CreateString(PARSER)}
    b.Finish(_table(b, 8, model), IDENTIFIER)
    return bytes(b.Output())


def _image_content(b: flatbuffers.Builder) -> int:
    properties = _table(b, 2, {}, {0: RGB})
    return _table(b, 3, {1: properties}, {0: IMAGE_PROPERTIES})


def _table(
    b: flatbuffers.Builder, size: int, places: Mapping[int, int], numbers: Mapping[int, int] | None = None
) -> int:
    """Write a table of ``size`` fields and return its place; ``numbers`` are fields of one byte."""
    b.StartObject(size)
    for field, place in places.items():
        b.PrependUOffsetTRelativeSlot(field, place, 0)
    for field, number in (numbers or {}).items():
        b.PrependUint8Slot(field, number, 0)
    return b.EndObject()


def _vector(b: flatbuffers.Builder, places: Sequence[int]) -> int:
    """Write a vector of tables and return its place."""
    b.StartVector(4, len(places), 4)
    for place in reversed(places):
        b.PrependUOffsetTRelative(place)
    return b.EndVector()
