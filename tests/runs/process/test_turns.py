from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.process import queue
from core.runs.process.turns import Ticket, after_turn, in_order, key

CROWDS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("uvw")), min_size=1, max_size=20)


def tickets(*people: tuple[str, str]) -> list[Ticket]:
    """Return the tickets of runs that joined one after the other, by address and visitor."""
    return [
        Ticket.of(joined, address, visitor, f"run-{joined}")
        for joined, (address, visitor) in enumerate(people, 1)
    ]


def people(order: list[Ticket]) -> list[str]:
    return [ticket.run for ticket in order]


def test_one_visitor_has_their_turns_in_the_order_of_joining() -> None:
    waiting = tickets(*[("school", "me")] * 4)
    assert in_order(waiting[::-1], {}) == waiting


def test_seven_invented_visitors_with_21_runs_delay_an_eighth_by_one_run() -> None:
    crowd = [("there", f"invented-{n}") for n in range(7) for _ in range(3)]
    waiting = tickets(*crowd, ("here", "eighth"))
    assert in_order(waiting, {}).index(waiting[-1]) == 1
    # A run of the crowd has just had its turn, as when it trains while the eighth joins.
    turns = after_turn(waiting[0], waiting[1:], {}, now=22)
    assert in_order(waiting[1:], turns).index(waiting[-1]) <= 1


def test_at_one_address_the_queue_goes_round_by_visitor() -> None:
    waiting = tickets(*[("school", "a")] * 3, *[("school", "b")] * 2, ("school", "c"))
    a1, a2, a3, b1, b2, c1 = waiting
    assert in_order(waiting, {}) == [a1, b1, c1, a2, b2, a3]


def test_addresses_take_turns_whatever_number_of_visitors_they_have() -> None:
    waiting = tickets(("school", "a"), ("school", "b"), ("home", "x"), ("home", "x"), ("school", "c"))
    a, b, x1, x2, c = waiting
    assert in_order(waiting, {}) == [a, x1, b, x2, c]


def test_visitors_invented_while_others_wait_stand_behind_them() -> None:
    waiting = tickets(("school", "old"), ("school", "old"), *[("school", f"new-{n}") for n in range(5)])
    turns = after_turn(waiting[0], waiting[1:2], {}, now=1)
    assert in_order(waiting[1:], turns)[0] == waiting[1]


@given(CROWDS)
def test_a_run_waits_for_at_most_one_run_of_each_address_and_visitor_per_turn(
    crowd: list[tuple[str, str]],
) -> None:
    order = in_order(tickets(*crowd), {})
    assert sorted(order, key=lambda ticket: ticket.joined) == tickets(*crowd)
    for part in (lambda ticket: ticket.address, lambda ticket: ticket.person):
        places: dict[str, list[int]] = {}
        for place, ticket in enumerate(order):
            places.setdefault(part(ticket), []).append(place)
        for name, own in places.items():
            for begin, end in zip([-1, *own], own, strict=False):
                between = Counter(map(part, order[begin + 1 : end]))
                same_address = [n for t, n in between.items() if _round_of(t) == _round_of(name)]
                assert all(n <= 1 for n in same_address)


def _round_of(name: str) -> str:
    """Return the round in which a name stands: "" is that of all addresses, else that of one address."""
    return name.partition(".")[0] if "." in name else ""


@given(CROWDS, st.data())
def test_the_order_shown_is_the_order_in_which_turns_come(
    crowd: list[tuple[str, str]], data: st.DataObject
) -> None:
    waiting, turns = tickets(*crowd), {}
    shown = in_order(waiting, turns)
    for ticket in shown:
        assert in_order(waiting, turns)[0] == ticket
        waiting.remove(ticket)
        clock = data.draw(st.integers(0, 50))  # of another server, which may be wrong
        turns = after_turn(ticket, waiting, turns, clock)


@given(CROWDS, st.lists(st.integers(1, 3), max_size=20))
def test_each_address_goes_ahead_of_an_earlier_run_at_most_once(
    crowd: list[tuple[str, str]], pauses: list[int]
) -> None:
    later = tickets(*crowd)
    me = Ticket.of(0, "mine", "me", "mine")
    waiting, turns, before = [me], {}, []
    while waiting:  # one joins for each turn
        waiting += later[:1]
        later = later[1:]
        chosen = in_order(waiting, turns)[0]
        waiting.remove(chosen)
        if chosen == me:
            break
        before.append(chosen.address)
        turns = after_turn(chosen, waiting, turns)
    assert max(Counter(before).values(), default=0) <= 1


def test_turns_of_those_who_wait_no_longer_are_forgotten() -> None:
    first, second = tickets(("a", "u"), ("b", "v"))
    turns = after_turn(first, [second], {"gone": 5, second.address: 3})
    assert set(turns) == {first.address, first.person, second.address}


def test_a_ticket_is_read_from_its_file_name() -> None:
    ticket = Ticket.of(5, "../../etc", "a.b/c", "AAA-b_c")
    assert Ticket.parse(ticket.name) == ticket
    assert "/" not in ticket.name
    assert Ticket.parse("00000000000000000007.AAA") == Ticket(7, key(""), key(""), "AAA")  # of version 1


@pytest.mark.parametrize("name", ["turns.json", "x.y", "1.2.3.4.5", "", "²"])
def test_other_files_are_no_tickets(name: str) -> None:
    assert Ticket.parse(name) is None


# how many wait


def test_one_address_cannot_fill_the_queue_for_others() -> None:
    full = tickets(*[("crowd", f"invented-{n}") for n in range(queue.WAITING_LIMIT)])
    assert queue.is_full(full, key("crowd"))
    assert not queue.is_full(full, key("me"))
    assert not queue.is_full(full[1:], key("crowd"))


@given(st.lists(st.sampled_from("abcdefgh"), max_size=100))
def test_at_most_twice_the_limit_waits_and_any_address_gets_its_share(wishes: list[str]) -> None:
    waiting: list[Ticket] = []
    for number, address in enumerate(wishes):
        if not queue.is_full(waiting, key(address)):
            waiting += [Ticket.of(number, address, "v", f"r{number}")]
    counts = Counter(ticket.address for ticket in waiting)
    assert len(waiting) <= 2 * queue.WAITING_LIMIT
    for address in "abcdefgh":
        share = queue.WAITING_LIMIT // 8
        assert counts[key(address)] >= min(share, wishes.count(address))
