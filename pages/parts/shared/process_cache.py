"""Keep objects that all visitors share, such as networks, for as long as the server lives.

Any visitor can have Streamlit's own caches cleared, by a message of the browser's. So what guards the
server's memory, time or processes is kept here.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Kept = TypeVar("Kept")


def kept_in_process(most: int = 1) -> Callable[[Callable[Arguments, Kept]], Callable[Arguments, Kept]]:
    """Keep what a function returned last for this many different arguments; all threads share it.

    Arguments whose names begin with an underscore do not count, and need no hash. While one thread makes an
    object, others wait for it. An error is not kept.
    """

    def decorate(make: Callable[Arguments, Kept]) -> Callable[Arguments, Kept]:
        names = list(inspect.signature(make).parameters)
        cache: _Cache[Kept] = _Cache(most)

        @functools.wraps(make)
        def kept(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Kept:
            given = [*zip(names, args, strict=False), *sorted(kwargs.items())]
            key = tuple(pair for pair in given if not pair[0].startswith("_"))
            return cache.get(key, lambda: make(*args, **kwargs))

        return kept

    return decorate


class _Cache(Generic[Kept]):
    """The objects of one function, the last used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry[Kept]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
        return entry.get(make)


class _Entry(Generic[Kept]):
    """One object, made once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: list[Kept] = []

    def get(self, make: Callable[[], Kept]) -> Kept:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(make())
        return self._made[0]
