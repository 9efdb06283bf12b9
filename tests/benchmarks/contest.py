"""Measure how fast and well the GAN games play, as JSON: ``python -m tests.benchmarks.contest PART``.

``steps``: milliseconds from asking an experiment's process to its answer, medians. ``frames``: how many a
second the canvas of the plane draws in Chromium. ``text``: the share of right equations by rounds. ``cures``:
what each loss has reached in the plane after some rounds, for several seeds.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from core.gan_games.rules import PENALTIES, Rules
from core.subprocesses import ChildProcess, ProcessLimit
from tests.benchmarks.chromium import page_of_the_app
from tests.browser.steps import button, keyed

EXPERIMENTS = ("gan_game_images", "gan_game_plane", "gan_game_text")
TEXT_RULES = Rules(penalty=0.1)  # as on the page


@click.group()
def main() -> None:
    """Print one JSON object for the part."""


@main.command()
@click.option("--rounds", default=30, show_default=True)
def steps(rounds: int) -> None:
    """Time a step of D, of G, of both, three rounds, and ten."""
    report = {}
    for name in EXPERIMENTS:
        with _running(name) as child:
            asked: dict[str, dict[str, Any]] = {
                "D step": {"method": "turn", "player": "discriminator"},
                "G step": {"method": "turn", "player": "generator"},
                "one round": {"method": "play", "rounds": 1},
                "three rounds": {
                    "method": "play",
                    "rounds": 3,
                },  # after which a frame of images is shown
                "ten rounds": {"method": "play", "rounds": 10},
            }
            report[name] = {label: _median(child, rounds, **what) for label, what in asked.items()}
    click.echo(json.dumps(report, indent=1))


@main.command()
@click.option("--seconds", default=10.0, show_default=True)
def frames(seconds: float) -> None:
    """Count the frames a second on the canvas, with five rounds from one to the next."""
    with page_of_the_app("inside?part=contest&contest=plane") as page:
        button(page, "start gan_game_plane").click()
        button(page, "game play").click()
        keyed(page, "game train_d").locator("button:disabled").wait_for()
        seen = page.evaluate(_COUNT, 1000 * seconds)
    click.echo(json.dumps({"frames_per_second": seen / seconds}))


@main.command()
@click.option("--rounds", default=6000, show_default=True)
@click.option("--every", default=500, show_default=True)
def text(rounds: int, every: int) -> None:
    """Count the right equations among 2,048 by rounds, with the seconds they took on one thread."""
    report, seconds = [], 0.0
    with _running("gan_game_text") as child:
        for done in range(every, rounds + 1, every):
            began = time.perf_counter()
            for _ in range(every // 100):
                frame = child.ask("play", rounds=100, rules=TEXT_RULES)
            seconds += time.perf_counter() - began
            marks = {name: frame[name] for name in ("valid", "distinct", "new")}
            report.append({"rounds": done, "seconds": round(seconds, 1), **marks})
    click.echo(json.dumps(report, indent=1))


@main.command()
@click.option("--points", default="ring8", show_default=True)
@click.option("--rounds", default=2000, show_default=True)
@click.option("--seeds", default=3, show_default=True)
@click.option("--k-d", default=1, show_default=True)
@click.option("--d-rate", default=0.001, show_default=True)
@click.option("--g-rate", default=0.001, show_default=True)
def cures(points: str, rounds: int, seeds: int, k_d: int, d_rate: float, g_rate: float) -> None:
    """Measure the modes covered and the share of good samples for each loss and seed."""
    rules = Rules(discriminator_turns=k_d, discriminator_learning_rate=d_rate, generator_learning_rate=g_rate)
    report: dict[str, list[str]] = {loss: [] for loss in PENALTIES}
    with _running("gan_game_plane") as child:
        for seed in range(seeds):
            child.ask("begin_race", points=points, seed=seed)
            for _ in range(rounds // 20):
                raced = child.ask("race", rounds=20, rules=rules)
            for loss, frame in raced.items():
                lost = "lost" in frame
                report[loss].append("lost" if lost else f"{frame['covered']}, {frame['good']:.0%}")
    click.echo(json.dumps(report, indent=1))


@contextmanager
def _running(name: str) -> Iterator[ChildProcess]:
    child = ChildProcess(name, limit=ProcessLimit(1))
    child.wait()
    yield child
    child.close()


def _median(child: ChildProcess, times: int, method: str, **arguments: Any) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        child.ask(method, rules=TEXT_RULES if child.name == "gan_game_text" else Rules(), **arguments)
        taken.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(taken), 1)


_COUNT = """async (milliseconds) => {
  const canvas = (root) => [...root.querySelectorAll("*")].map((element) =>
    element.dataset?.frame ? element : element.shadowRoot && canvas(element.shadowRoot)).find(Boolean);
  const seen = new Set(), end = performance.now() + milliseconds;
  while (performance.now() < end) {
    seen.add(canvas(document)?.dataset.frame);
    await new Promise(requestAnimationFrame);
  }
  return seen.size - 1;
}"""


if __name__ == "__main__":
    main()
