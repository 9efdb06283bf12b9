"""Join a taught head to the LiteRT file of its backbone: uint8 images in, probabilities of the classes out.

The file is a FlatBuffer whose last layer is replaced, so this needs no TensorFlow, which takes 1.3 GB to
convert the same network. The weights keep the bits of the backbone's file, so the answers are the app's own.
"""

from __future__ import annotations

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from core.bundles.bundle import Bundle
from core.class_sets.head_files import PROBABILITIES, PortableHead
from core.class_sets.litert_metadata import with_metadata

TITLE = "Classes taught in Deep Image Lab"

_OPERATORS, _TYPES, _OPTIONS = schema.BuiltinOperator, schema.TensorType, schema.BuiltinOptions


def litert_file(taught: PortableHead, backbone: Bundle) -> bytes:
    """Return the LiteRT file of a head and its backbone, with the classes' names inside."""
    graph = _Graph(backbone.tflite)
    graph.read_levels(backbone.card.preprocessing.mean, backbone.card.preprocessing.scale)
    weights, bias = (values / taught.temperature for values in (taught.head.weights.T, taught.head.bias))
    graph.end_with(weights.astype(np.float32), bias.astype(np.float32))
    return with_metadata(graph.packed(), TITLE, taught.classes)


class _Graph:
    """The graph of a LiteRT model with one input, which is changed in place."""

    def __init__(self, content: bytes) -> None:
        self._model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
        [self._graph] = self._model.subgraphs
        [self._signature] = self._model.signatureDefs
        for buffer in self._model.buffers:
            if buffer.offset > 1:  # its numbers lie behind the FlatBuffer
                buffer.data = np.frombuffer(content, np.uint8, buffer.size, buffer.offset)
                buffer.offset = buffer.size = 0

    def read_levels(self, mean: tuple[float, ...], scale: tuple[float, ...]) -> None:
        """Take images of uint8: subtract the mean from their levels and divide by the scale, by channel."""
        [inputs] = self._graph.inputs
        image = self._like(inputs, "image", _TYPES.UINT8)
        levels, scaled = (self._like(inputs, name, _TYPES.FLOAT32) for name in ("levels", "scaled"))
        cast = schema.CastOptionsT()
        cast.inDataType, cast.outDataType = _TYPES.UINT8, _TYPES.FLOAT32
        factor, offset = 1 / np.array(scale), -np.array(mean) / np.array(scale)
        self._graph.operators[:0] = [
            self._operator(_OPERATORS.CAST, [image], levels, _OPTIONS.CastOptions, cast),
            self._operator(
                _OPERATORS.MUL,
                [levels, self._constant("factor", factor)],
                scaled,
                _OPTIONS.MulOptions,
                schema.MulOptionsT(),
            ),
            self._operator(
                _OPERATORS.ADD,
                [scaled, self._constant("offset", offset)],
                inputs,
                _OPTIONS.AddOptions,
                schema.AddOptionsT(),
            ),
        ]
        self._graph.inputs = [image]
        self._signature.inputs[0].tensorIndex = image

    def end_with(self, weights: np.ndarray, bias: np.ndarray) -> None:
        """Replace the dense layer by these weights (classes×features) and bias, and end with a softmax."""
        codes = self._model.operatorCodes
        [dense] = [
            operator
            for operator in self._graph.operators
            if codes[operator.opcodeIndex].builtinCode == _OPERATORS.FULLY_CONNECTED
        ]
        for place, values in zip(dense.inputs[1:], (weights, bias), strict=True):
            self._set(self._graph.tensors[place], values)
        [logits] = dense.outputs
        tensor = self._graph.tensors[logits]
        tensor.shape, tensor.shapeSignature = [1, len(bias)], [-1, len(bias)]
        probabilities = self._like(logits, PROBABILITIES, _TYPES.FLOAT32)
        softmax = schema.SoftmaxOptionsT()
        softmax.beta = 1.0
        self._graph.operators.append(
            self._operator(_OPERATORS.SOFTMAX, [logits], probabilities, _OPTIONS.SoftmaxOptions, softmax)
        )
        self._graph.outputs = [probabilities]
        [output] = [one for one in self._signature.outputs if one.tensorIndex == logits]
        output.name, output.tensorIndex = PROBABILITIES, probabilities
        self._signature.outputs = [output]

    def packed(self) -> bytes:
        """Return the content of the model's file."""
        builder = flatbuffers.Builder(1024)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _operator(
        self, code: int, inputs: list[int], output: int, kind: int, options: object
    ) -> schema.OperatorT:
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(code)
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptionsType, operator.builtinOptions = kind, options
        return operator

    def _code(self, code: int) -> int:
        """Return the place of an operator's code in the model's list, to which it is added if needed."""
        codes = self._model.operatorCodes
        for place, known in enumerate(codes):
            if known.builtinCode == code:
                return place
        added = schema.OperatorCodeT()
        added.builtinCode = added.deprecatedBuiltinCode = code  # older runtimes read the second
        added.version = 1
        codes.append(added)
        return len(codes) - 1

    def _like(self, place: int, name: str, kind: int) -> int:
        """Add a tensor of the same shape as another; return its place."""
        known = self._graph.tensors[place]
        tensor = schema.TensorT()
        tensor.shape, tensor.shapeSignature = known.shape, known.shapeSignature
        tensor.name, tensor.type, tensor.buffer = name, kind, 0  # the first buffer is empty
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def _constant(self, name: str, values: np.ndarray) -> int:
        """Add a tensor of float32 numbers; return its place."""
        tensor = schema.TensorT()
        tensor.name = name
        self._set(tensor, values.astype(np.float32))
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def _set(self, tensor: schema.TensorT, values: np.ndarray) -> None:
        """Give a tensor float32 numbers, in a buffer of its own; its former buffer is emptied."""
        if tensor.buffer:
            self._model.buffers[tensor.buffer].data = None
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        tensor.buffer = len(self._model.buffers) - 1
        tensor.type, tensor.shape, tensor.shapeSignature = _TYPES.FLOAT32, list(values.shape), None
        tensor.quantization = None
