"""Run work in a child process that answers requests: experiments, one per visitor, and decoding, for all.

The page asks, the child answers with numbers, and the page never imports TensorFlow::

    child = ChildProcess("steps_of_training", {"seed": 1}, limit=limit)  # starts it; returns at once
    child.wait(progress=show)                                            # about four seconds of imports
    answer = child.ask("forward", images=images)                         # {"loss": 2.3, "logits": array(...)}

An experiment is a class of ``core.lab.experiments`` (the lab's side), named in ``registry``: made once with
the options and a ``progress`` to report to, then each request calls its method of that name. A method
returns a dictionary of NumPy arrays, numbers, text and lists of them, within 200 ms, or reports progress;
it raises one of ``core.errors`` for what cannot be done, and the experiment stays usable. Errors and progress
cross the connection as messages. Every answer carries the number of its request, so that one for which nobody
waited, because the page ran again, is dropped.

A page does not build a ``ChildProcess`` itself: ``pages.parts.shared.experiment.running`` keeps the
visitor's own in the session, shows the bar and the button to start again. The child ends when its handle is
closed or forgotten, when the server dies, and after five minutes without a question. ``ProcessLimit`` bounds
how many live at once.
"""

from core.subprocesses.client import ChildProcess, ProcessLimit

__all__ = ["ChildProcess", "ProcessLimit"]
