"""Run a LiteRT model for many threads."""

from __future__ import annotations

import threading
import time
from weakref import WeakSet

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from core.bundles.bundle import Bundle
from core.errors import BundleError, ImageError

THREADS = 2  # for calls that convolve; a recurrent step is too little work to share
KEPT = 3  # batch sizes for which a session is ready; to prepare for another takes 5 to 40 ms

_SESSIONS: WeakSet[Session] = WeakSet()  # of the process, whose memory they share


def release_idle_interpreters(seconds: float) -> None:
    """Release the interpreters of all sessions that nobody has used for so long.

    Each takes a megabyte or several for its packed weights and its activations; the next call makes it again.
    """
    for session in list(_SESSIONS):
        session.release_if_idle(seconds)


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
            self._recurrent = bundle.card.family == "rnn"
            interpreter = self._interpreter(1)
            interpreter.allocate_tensors()
            signature = interpreter.get_signature_runner()
        except (OSError, ValueError, RuntimeError) as error:
            raise BundleError("inference.litert_fails", name=bundle.name, error=error) from error
        self._inputs = {name: d["index"] for name, d in signature.get_input_details().items()}
        self._outputs = {name: d["index"] for name, d in signature.get_output_details().items()}
        self.reads_levels = {np.uint8} == {d["dtype"] for d in signature.get_input_details().values()}
        self._ready: dict[int, Interpreter] = {}  # by batch size, the last used last
        self._lock = threading.Lock()
        self._used = time.monotonic()
        _SESSIONS.add(self)

    def takes(self, name: str) -> bool:
        """Return whether the model has an input of that name."""
        return name in self._inputs

    def run(self, inputs: dict[str, np.ndarray], outputs: list[str]) -> list[np.ndarray]:
        """Return the named outputs for these inputs, all of the same length N along their first axis."""
        with self._lock:
            interpreter = self._prepared(inputs)
            for name, value in inputs.items():
                interpreter.set_tensor(self._inputs[name], value)
            interpreter.invoke()
            self._used = time.monotonic()
            return [interpreter.get_tensor(self._outputs[name]) for name in outputs]

    def release_if_idle(self, seconds: float) -> None:
        """Release the interpreters if no call has come for so long."""
        with self._lock:
            if time.monotonic() - self._used >= seconds:
                self._ready.clear()

    def _prepared(self, inputs: dict[str, np.ndarray]) -> Interpreter:
        """Return an interpreter for the inputs' batch size, a new one for a new size.

        After resizing an allocated interpreter, models whose shapes are only known at run time have returned
        NaN from their fourth run on, depending on the contents of memory (LiteRT 2.3 with XNNPACK).
        """
        batch = len(next(iter(inputs.values())))
        interpreter = self._ready.pop(batch, None)
        if interpreter is None:
            if len(self._ready) == KEPT:
                del self._ready[next(iter(self._ready))]
            interpreter = self._interpreter(batch)
            for name, value in inputs.items():
                interpreter.resize_tensor_input(self._inputs[name], value.shape)
            interpreter.allocate_tensors()
        self._ready[batch] = interpreter
        return interpreter

    def _interpreter(self, batch: int) -> Interpreter:
        """Return a new interpreter that suits the batch size.

        XNNPACK packs the weights of an unrolled RNN once for each step: the LSTM takes 27 MB instead of 3,
        and 32 ms instead of 6 to prepare. Only for batches of several images is it faster.
        """
        plain, fast = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, OpResolverType.AUTO
        return Interpreter(
            model_content=self._content,
            num_threads=self._threads,
            experimental_op_resolver_type=plain if self._recurrent and batch == 1 else fast,
        )
