"""Measure what one rerun costs, by action: ``python -m tests.benchmarks.rerun``.

One visitor repeats each action without thinking. The figures are processor time, in milliseconds a rerun, of
the server and of its children that decode pictures, and for comparison that of the plain page. On a busy
machine they rise less than times on the clock do, and their ratios hardly change.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable

import click

from tests.benchmarks.streamlit_client import Visitor
from tests.benchmarks.visitors import PLAIN, SMALL_EXAMPLES, SOURCES, processor_seconds, scribble, server_of
from tests.browser.conftest import Server

PAGES = ("", "classify", "teach", "generate", "train", "inside", "remedies")
PAUSE = 0.05  # seconds after each rerun: what is left to do after the answer

Act = Callable[[int], Awaitable[float]]


@click.command()
@click.option("--times", type=click.IntRange(min=1), default=30, show_default=True)
def main(times: int) -> None:
    """Print one JSON object: for each action the milliseconds of the server and of its children."""
    report: dict[str, tuple[float, float]] = {}
    with server_of("streamlit_app.py", {"DEEP_IMAGE_LAB_WARM": "0"}) as server:
        report |= asyncio.run(_use_the_app(server, times))
    with server_of("tests/benchmarks/plain_page.py", PLAIN) as server:
        report |= asyncio.run(_use_the_plain_page(server, times))
    click.echo(json.dumps({name: [round(ms, 1) for ms in both] for name, both in report.items()}, indent=1))


async def _use_the_app(server: Server, times: int) -> dict[str, tuple[float, float]]:
    chance = random.Random(1)
    found: dict[str, tuple[float, float]] = {}

    async def repeat(name: str, act: Act) -> None:
        found[name] = await _cost(server, times, act)

    async with Visitor(server.url) as visitor:
        for page in PAGES:  # imports and models belong to no rerun
            await visitor.open(page)
        await visitor.open("classify")
        await visitor.choose("source", SOURCES["draw"])
        await repeat("draw", lambda i: visitor.draw("drawing", scribble(chance, 280)))
        await visitor.choose("source", SOURCES["upload"])
        await repeat("upload", lambda i: visitor.upload("pictures", f"{i}.png", scribble(chance, 120)))
        await visitor.choose("source", SOURCES["examples"])
        await repeat("example", lambda i: visitor.press(f"example {SMALL_EXAMPLES[i % len(SMALL_EXAMPLES)]}"))
        await repeat("switch source", lambda i: visitor.choose("source", list(SOURCES.values())[i % 2]))
        await visitor.open("generate")
        await repeat("another person", lambda i: visitor.press("person next"))
        await visitor.open("")
        await repeat("stroke on Home", lambda i: visitor.draw("home drawing", scribble(chance, 280)))
        for page in PAGES:
            await repeat(f"open {page or 'home'}", lambda i, page=page: visitor.open(page))  # type: ignore[misc]
        if visitor.errors:
            raise click.ClickException(visitor.errors[0])
    return found


async def _use_the_plain_page(server: Server, times: int) -> dict[str, tuple[float, float]]:
    async with Visitor(server.url) as visitor:
        await visitor.open("")
        return {"plain page": await _cost(server, times, lambda i: visitor.press("another"))}


async def _cost(server: Server, times: int, act: Act) -> tuple[float, float]:
    """Return milliseconds of the server and of its children for each time, after two that do not count."""
    for i in range(-2, 0):
        await act(i)
    before = processor_seconds(server.pid)
    for i in range(times):
        await act(i)
        await asyncio.sleep(PAUSE)
    own, children = (b - a for a, b in zip(before, processor_seconds(server.pid), strict=True))
    return 1000 * own / times, 1000 * children / times


if __name__ == "__main__":
    main()
