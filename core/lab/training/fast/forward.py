"""Compute the forward pass of a training step: layer by layer, each for all shards of the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from core.contract.config import SHARDS
from core.lab.training.fast.layer_rules import Rule, Shards, is_wide, pair_rule, rule_for, split
from core.lab.training.fast.lstm import lstm_reader

Values = dict[int, Shards]  # what was computed so far, by the id of the tensor of the model's graph


def learning_pass(model: keras.Model, shards: int = SHARDS) -> Callable[..., tf.Tensor]:
    """Return the model as a function of its input or inputs, N×…, in training mode; N must be known.

    Outputs, gradients and moving statistics are those of ``model(inputs, training=True)`` except for
    rounding; only the order of the arithmetic differs:

    The batch goes through the network in ``shards``, which TensorFlow computes side by side, each on a
    thread. (Two threads at one shard wait for each other at every layer.) Batch normalisation takes its mean
    and variance over all shards. Numbers and vectors are so little work that they stay together until a wide
    layer or an image needs them: that is less to trace.

    Max pooling comes before bias and ReLU if it is all that uses a convolution, and a sequence is cropped
    before a dense layer if the cropping is all that uses it.

    Recurrent layers are computed row by row, with a cell that is traced once, or with our own gradients.

    Large kernels are multiplied in bfloat16 if the processor can do that (see ``product``).

    Keras itself calls, for the whole batch, each layer that is not known here, and a whole model that masks
    its inputs, has several outputs or is not a graph of layers. It also calls each frozen layer.
    """
    if not _is_plain(model):
        return partial(model, training=True)
    steps = _plan(model)

    def forward(inputs: tf.Tensor | list[tf.Tensor]) -> tf.Tensor:
        given = keras.tree.flatten(inputs)
        values: Values = {id(tensor): [x] for tensor, x in zip(model.inputs, given, strict=True)}
        for step in steps:
            values |= _computed(step, values, shards)
        return _joined(values[id(model.outputs[0])])

    return forward


@dataclass(frozen=True)
class _Step:
    """A call of a layer in a model's graph."""

    call: Any  # Keras's node
    inputs: list[keras.KerasTensor]
    rule: Rule | None  # None: Keras computes the layer
    wide: bool


def _computed(step: _Step, values: Values, shards: int) -> Values:
    """Return the outputs of a step."""
    if step.rule is None:
        return _computed_by_keras(step.call, values)
    inputs = [values[id(tensor)] for tensor in step.inputs]
    if step.wide or any(len(x) > 1 or x[0].shape.rank > 2 for x in inputs):
        inputs = [x if len(x) > 1 else split(x[0], shards) for x in inputs]
    return {id(step.call.outputs[0]): step.rule(inputs)}


def _computed_by_keras(call: Any, values: Values) -> Values:
    """Return the outputs of a call for the whole batch, made as Keras's own ``Functional`` makes it."""
    whole = {id(tensor): _joined(values[id(tensor)]) for tensor in call.input_tensors}
    arguments, options = call.arguments.fill_in(whole)
    if isinstance(call.operation, keras.Layer):
        options = {**options, "training": True}
    outputs = keras.tree.flatten(call.operation(*arguments, **options))
    return {id(tensor): [x] for tensor, x in zip(call.outputs, outputs, strict=True)}


def _joined(shards: Shards) -> tf.Tensor:
    return shards[0] if len(shards) == 1 else tf.concat(shards, axis=0)


def _is_plain(model: keras.Model) -> bool:
    """Return whether a model is a graph of layers with one output and without masks."""
    graph = getattr(model, "_nodes_by_depth", None)
    if not graph or len(model.outputs) != 1:
        return False
    tensors = [tensor for calls in graph.values() for call in calls for tensor in call.outputs]
    return all(getattr(tensor, "_keras_mask", None) is None for tensor in tensors)


def _plan(model: keras.Model) -> list[_Step]:
    """Return the steps in Keras's order; where two layers make a pair, the first's step is left out."""
    read_lstm = lstm_reader()
    calls = _calls(model)
    used = [*model.outputs, *(tensor for call in calls for tensor in call.input_tensors)]
    uses = Counter(id(tensor) for tensor in used)
    steps: dict[int, _Step] = {}  # by the id of the first output
    for call in calls:
        rule = rule_for(call.operation, read_lstm) if _is_plain_call(call) else None
        step = _Step(call, call.input_tensors, rule, is_wide(call.operation))
        before = steps.get(id(call.input_tensors[0]))
        if before and before.rule and step.rule and uses[id(call.input_tensors[0])] == 1:
            pair = pair_rule(before.call.operation, call.operation)
            if pair:
                del steps[id(call.input_tensors[0])]
                step = _Step(call, before.inputs, pair, before.wide)
        steps[id(call.outputs[0])] = step
    return list(steps.values())


def _calls(model: keras.Model) -> list[Any]:
    """Return the calls of layers between the model's inputs and its output, in Keras's order."""
    graph = model._nodes_by_depth
    known = {id(tensor) for tensor in model.inputs}
    calls = []
    for call in (call for depth in sorted(graph, reverse=True) for call in graph[depth]):
        if not call.is_input and known.issuperset(map(id, call.input_tensors)):
            known.update(map(id, call.outputs))
            calls.append(call)
    return calls


def _is_plain_call(call: Any) -> bool:
    """Return whether a layer was called with one tensor, or a list of several, and has one output."""
    arguments = call.arguments
    if len(arguments.args) != 1 or len(call.outputs) != 1 or set(arguments.kwargs) - {"training", "mask"}:
        return False
    given = arguments.args[0]
    tensors = given if isinstance(given, list) and len(given) > 1 else [given]
    return [id(tensor) for tensor in tensors] == [id(tensor) for tensor in call.input_tensors]
