"""Measure whether slow files hold up other visitors' pictures: ``python -m tests.benchmarks.slow_file``.

Visitors upload large deep pictures, one after another, while another visitor draws again and again. Print the
seconds that a drawing takes, without such files and beside them, at the median and at most.
"""

from __future__ import annotations

import asyncio
import io
import json
import random
import time
from contextlib import AsyncExitStack

import click
import numpy as np
from PIL import Image

from tests.benchmarks.streamlit_client import Visitor
from tests.benchmarks.visitors import SOURCES, scribble, server_of
from tests.browser.conftest import Server

SIDE = 7200  # pixels of a slow file, 16 bits deep: 2 s and more


@click.command()
@click.option("--seconds", type=click.FloatRange(min=1), default=15.0, show_default=True)
@click.option("--slow", type=click.IntRange(min=1), default=1, show_default=True, help="Slow visitors.")
def main(seconds: float, slow: int) -> None:
    """Print one JSON object."""
    with server_of("streamlit_app.py") as server:
        click.echo(json.dumps(asyncio.run(_measure(server, seconds, slow)), indent=1))


async def _measure(server: Server, seconds: float, count: int) -> dict[str, dict[str, float]]:
    slow = _slow_file()
    async with AsyncExitStack() as tabs:
        quick, *others = [await tabs.enter_async_context(Visitor(server.url)) for _ in range(count + 1)]
        for visitor in (quick, *others):
            await visitor.open("classify")
        await quick.choose("source", SOURCES["draw"])
        await quick.draw("drawing", scribble(random.Random(0), 280))
        await asyncio.sleep(5)  # until the spare child is ready
        alone = await _draw(quick, seconds / 3)
        uploads = [asyncio.create_task(_upload(visitor, slow, seconds)) for visitor in others]
        beside = await _draw(quick, seconds)
        files = [took for upload in uploads for took in await upload]
    named = {"drawing_alone": alone, "drawing_beside_slow_files": beside, "slow_file": files}
    return {name: {"median": float(np.median(took)), "most": max(took)} for name, took in named.items()}


async def _draw(visitor: Visitor, seconds: float) -> list[float]:
    """Draw for some seconds; return how long each drawing took."""
    chance, end, took = random.Random(1), time.monotonic() + seconds, []
    while time.monotonic() < end:
        took.append(await visitor.draw("drawing", scribble(chance, 280)))
        await asyncio.sleep(0.1)
    return took


async def _upload(visitor: Visitor, content: bytes, seconds: float) -> list[float]:
    end, took = time.monotonic() + seconds, []
    while time.monotonic() < end:
        took.append(await visitor.upload("pictures", f"{len(took)}.png", content))
    return took


def _slow_file() -> bytes:
    file = io.BytesIO()
    Image.frombytes("I;16", (SIDE, SIDE), bytes(2 * SIDE**2)).save(file, "PNG", compress_level=1)
    return file.getvalue()


if __name__ == "__main__":
    main()
