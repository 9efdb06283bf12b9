"""Decide whose turn it is: the queue goes round by network address, and at each address by visitor.

An address, and likewise a visitor at an address, stands in the round since its last turn, or since the first
of its waiting runs joined if that was later. The one that has stood there longest is next. So while a visitor
waits, each other address gets at most one turn, however many runs, or visitors, it invents.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

_KEY_LENGTH = 12  # hexadecimal digits; at most some dozens of visitors wait at once


@dataclass(frozen=True)
class Ticket:
    """The place of a waiting run; the names of its address and visitor are hashed to safe file names."""

    joined: int  # nanoseconds since 1970
    address: str
    visitor: str
    run: str  # its id

    @classmethod
    def of(cls, joined: int, address: str, visitor: str, run: str) -> Self:
        """Return the ticket of a run whose status names this address and this visitor, which may be empty."""
        return cls(joined, key(address), key(visitor), run)

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Return the ticket with this file name; None if it is none. Earlier versions wrote no address."""
        match name.split("."):
            case [joined, address, visitor, run] if joined.isdecimal():
                return cls(int(joined), address, visitor, run)
            case [joined, run] if joined.isdecimal():
                return cls(int(joined), key(""), key(""), run)
        return None

    @property
    def name(self) -> str:
        """Return the ticket's file name; names sort by time."""
        return f"{self.joined:020d}.{self.address}.{self.visitor}.{self.run}"

    @property
    def person(self) -> str:
        """Return the key of the visitor at the address."""
        return f"{self.address}.{self.visitor}"


def key(name: str) -> str:
    """Return a short key for the name of an address or visitor."""
    return hashlib.sha256(name.encode()).hexdigest()[:_KEY_LENGTH]


def in_order(tickets: Sequence[Ticket], turns: Mapping[str, int]) -> list[Ticket]:
    """Return the tickets in the order of their turns, if none joins or leaves meanwhile.

    ``turns`` holds the time of the last turn of each address and person who had one.
    """
    waiting, turns = list(tickets), dict(turns)
    found = []
    while waiting:
        chosen = _next(waiting, turns)
        waiting.remove(chosen)
        found.append(chosen)
        turns = after_turn(chosen, waiting, turns)
    return found


def after_turn(
    taken: Ticket, waiting: Sequence[Ticket], turns: Mapping[str, int], now: int = 0
) -> dict[str, int]:
    """Return the last turns after a run got its turn, without those of visitors who no longer wait.

    The turn is later than all that is known, whatever the clocks of two servers say.
    """
    now = max([now, *(turn + 1 for turn in turns.values()), *(ticket.joined + 1 for ticket in waiting)])
    known = {name for ticket in waiting for name in (ticket.address, ticket.person)}
    kept = {name: turn for name, turn in turns.items() if name in known}
    return kept | {taken.address: now, taken.person: now}


def _next(waiting: Sequence[Ticket], turns: Mapping[str, int]) -> Ticket:
    for part in (lambda ticket: ticket.address, lambda ticket: ticket.person):
        waiting = _longest(waiting, turns, part)
    return min(waiting, key=lambda ticket: (ticket.joined, ticket.run))


def _longest(
    waiting: Sequence[Ticket], turns: Mapping[str, int], part: Callable[[Ticket], str]
) -> list[Ticket]:
    """Return the tickets of the address, or the person, who stands in the round longest."""
    first: dict[str, int] = {}
    for ticket in waiting:
        first[part(ticket)] = min(first.get(part(ticket), ticket.joined), ticket.joined)
    chosen = min(first, key=lambda name: (max(first[name], turns.get(name, 0)), name))
    return [ticket for ticket in waiting if part(ticket) == chosen]
