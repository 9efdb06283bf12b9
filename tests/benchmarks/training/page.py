"""Measure what Train takes: to list many runs, to refresh a long one, and from a click to the first point."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.contract.config import ClassifierConfig
from core.contract.events import ClassifierSteps, EpochEnd, Started
from core.messages import Message as Said
from core.runs import Run, RunStore

ROOT = Path(__file__).resolve().parents[3]
RUNS = 1000
STEPS = 100_000
CHUNK = 25  # steps of a quarter second at 100 a second


def summaries(rounds: int) -> dict[str, float]:
    """Time reading status and configuration of 1,000 finished runs, in milliseconds."""
    with tempfile.TemporaryDirectory() as home:
        store = RunStore(Path(home))
        for seed in range(RUNS):
            run = store.create(ClassifierConfig(seed=seed))
            run.write_status(state="finished", metrics={"test_accuracy": 0.99}, ended=time.time())
        return {
            "runs": RUNS,
            "summaries_ms": 1e3 * _median(rounds, store.summaries),
            "with_configurations_ms": 1e3
            * _median(rounds, lambda: [(run.config, status) for run, status in store.summaries()]),
        }


def refresh(rounds: int) -> dict[str, float]:
    """Time a rerun of the whole page and a live refresh at 100,000 steps, in milliseconds."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"DEEP_IMAGE_LAB_HOME": home, "DEEP_IMAGE_LAB_WARM": "0"}
        store = RunStore(Path(home))
        run = store.create(ClassifierConfig(dataset="mnist", epochs=100))
        lock = run.lock()
        run.record.append(Started(93_322, 55_000, 5_000, 859, 2 * STEPS))
        for step in range(CHUNK, STEPS + 1, CHUNK):
            run.record.append(_steps(step))
        run.write_status(state="running", message=Said("Training."), step=STEPS, total_steps=2 * STEPS)
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
        at.query_params["run"] = run.id
        at.switch_page("pages/train.py").run()
        assert not at.exception, at.exception
        times = [_refreshed(at, run, STEPS + CHUNK * i) for i in range(1, 4 * rounds + 1)]
        at.query_params.clear()
        bare = _median(rounds, at.run)
        lock.release()
    return {
        "steps": STEPS,
        "page_ms": 1e3 * statistics.median(times),
        "page_without_run_ms": 1e3 * bare,
        "live_view_ms": 1e3 * (statistics.median(times) - bare),
    }


def _refreshed(at: AppTest, run: Run, step: int) -> float:
    run.record.append(_steps(step))
    if step % 10 == 0:
        run.record.append(EpochEnd(1, step, 0.1, 0.98, step / 100))
    begin = time.perf_counter()
    at.run()
    return time.perf_counter() - begin


def _steps(step: int) -> ClassifierSteps:
    numbers = range(step - CHUNK + 1, step + 1)
    loss, accuracy = [2 / n for n in numbers], [1 - 1 / n for n in numbers]
    norms = {f"layer{i}": 1.0 for i in range(5)}
    return ClassifierSteps(
        step, loss, accuracy, [0.001] * CHUNK, 6400.0, step / 100, gradient_norms=norms, weight_norms=norms
    )


def first_point(rounds: int) -> dict[str, float]:
    """Time from the click on Start to the first point in the chart, in Chromium, with a warm worker."""
    import shutil  # noqa: PLC0415

    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from core.runs import Control  # noqa: PLC0415
    from tests.benchmarks.training.workers import warmed  # noqa: PLC0415
    from tests.browser.conftest import FLAGS, NAMES, serving  # noqa: PLC0415
    from tests.browser.steps import button, opened  # noqa: PLC0415

    os.environ["DEEP_IMAGE_LAB_WARM"] = "5"
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as server,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        store = RunStore(server.home)
        for _ in range(rounds):
            page = browser.new_page()
            page.set_default_timeout(120_000)
            opened(page, f"{server.url}/train")
            warmed(store)
            page.evaluate(CLOCK)
            button(page, "start").click()
            page.wait_for_function("() => window.firstPoint")
            times.append(page.evaluate("() => window.firstPoint - window.clicked") / 1e3)
            run = store.list()[0]
            run.request(Control.STOP)
            while run.is_locked():
                time.sleep(0.1)
            page.close()
        browser.close()
    return {"click_to_first_point_s": statistics.median(times), "slowest_s": max(times)}


CLOCK = """() => {
  const clicked = () => { window.clicked = performance.now() }
  window.addEventListener('click', clicked, { once: true, capture: true })
  const look = () => {
    const chart = document.querySelector('.st-key-loss .chart')
    const drawn = (chart?._fullData ?? []).some(line => line.x.length > 0)
    if (drawn) window.firstPoint = performance.now()
    else requestAnimationFrame(look)
  }
  look()
}"""


def _median(rounds: int, call: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)
