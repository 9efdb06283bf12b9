"""Run work in a child process that answers requests: experiments, one per visitor, and decoding, for all.

The page asks, the child answers with numbers, and the page never imports TensorFlow::

    child = ChildProcess("training_steps", {"seed": 1}, limit=limit)     # starts it; returns at once
    child.wait(progress=show)                                            # about four seconds of imports
    answer = child.ask("forward", images=images)                         # {"loss": 2.3, "logits": array(...)}

An experiment is a class of ``core.lab.experiments``, named in ``registry``. It is made once, with the options
and a ``progress`` to report to; each request then calls its method of that name. A method answers within 200
ms or reports progress. It returns a dictionary of NumPy arrays, numbers, text and lists of them, or raises
one of ``core.errors``, after which the experiment can still be used. Errors and progress cross the connection
as messages. Every answer has the number of its request. If the page runs again before an answer arrives, that
answer is dropped.

Pages do not build a ``ChildProcess`` for an experiment themselves. ``pages.parts.shared.experiment.running``
keeps the visitor's own in the session and shows the progress bar and the button to start again. The child
ends when its handle is closed or garbage-collected, when its visitor starts another or has left for some
seconds, when the server dies, and after five minutes without a request. ``ProcessLimit`` limits how many live
at once.
"""

from core.subprocesses.client import ChildProcess
from core.subprocesses.places import EXPERIMENT_PLACES, ProcessLimit, ProcessOwner

__all__ = ["EXPERIMENT_PLACES", "ChildProcess", "ProcessLimit", "ProcessOwner"]
