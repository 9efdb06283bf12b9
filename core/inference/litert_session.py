"""Run a LiteRT model for many threads."""

from __future__ import annotations

import threading

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from core.bundles.bundle import Bundle
from core.errors import BundleError, ImageError

THREADS = 2  # for calls that convolve; a recurrent step is too little work to share


def check_image_shape(bundle: Bundle, images: np.ndarray) -> None:
    """Check that images (N×H×W×C) have the shape that a bundle's model reads or draws.

    Raises:
        ImageError: when the images are not of the model's shape.
    """
    if images.shape[1:] != bundle.card.shape:
        wanted, got = ("×".join(map(str, shape)) for shape in (bundle.card.shape, images.shape[1:]))
        raise ImageError("inference.image_shape", name=bundle.name, wanted=wanted, got=got)


class Session:
    """A bundle's LiteRT model. An interpreter is not thread-safe, so calls run one at a time.

    ``content`` replaces the bundle's LiteRT model; ``threads`` share the work of one call.
    """

    def __init__(self, bundle: Bundle, content: bytes | None = None, threads: int = 1) -> None:
        try:
            self._content, self._threads = content or bundle.tflite, threads
            self._interpreter = Interpreter(model_content=self._content, num_threads=threads)
            self._interpreter.allocate_tensors()
            signature = self._interpreter.get_signature_runner()
        except (OSError, ValueError, RuntimeError) as error:
            raise BundleError("inference.litert_fails", name=bundle.name, error=error) from error
        self._inputs = {name: d["index"] for name, d in signature.get_input_details().items()}
        self._outputs = {name: d["index"] for name, d in signature.get_output_details().items()}
        self._batch = 0
        self._lock = threading.Lock()

    def takes(self, name: str) -> bool:
        """Return whether the model has an input of that name."""
        return name in self._inputs

    def run(self, inputs: dict[str, np.ndarray], outputs: list[str]) -> list[np.ndarray]:
        """Return the named outputs for these inputs, all of the same length N along their first axis."""
        with self._lock:
            self._resize(inputs)
            for name, value in inputs.items():
                self._interpreter.set_tensor(self._inputs[name], value)
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(self._outputs[name]) for name in outputs]

    def _resize(self, inputs: dict[str, np.ndarray]) -> None:
        """Make a new interpreter for another batch size.

        After resizing an allocated interpreter, models whose shapes are only known at run time have returned
        NaN from their fourth run on, depending on the contents of memory (LiteRT 2.3 with XNNPACK).
        """
        batch = len(next(iter(inputs.values())))
        if batch != self._batch:
            self._interpreter = Interpreter(model_content=self._content, num_threads=self._threads)
            for name, value in inputs.items():
                self._interpreter.resize_tensor_input(self._inputs[name], value.shape)
            self._interpreter.allocate_tensors()
            self._batch = batch
