"""Measure how fast a picture is read, as one JSON report: ``python -m tests.benchmarks.classify``.

Ratios are of medians taken in turn in one process; what a browser shows is measured in Chromium.
Keras and its half gigabyte stay in a child process, out of the way of what is measured beside it.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from core.bundles.bundle import pretrained
from core.datasets.synthetic.handwriting import balanced_labels, render
from core.images.encode import png
from core.images.grid import grid
from core.inference.classifier import Classifier
from core.inference.picture_reading import answer, prepare
from pages.parts.classify.picture_input import SOURCES
from tests.benchmarks.chromium import milliseconds, page_of_the_app
from tests.benchmarks.growth import page_of_digits
from tests.browser.steps import button, keyed, option, readings, settled
from tests.pictures import photograph

ROUNDS = 200
PICTURES = 7
STROKES = 15


@click.command()
def main() -> None:
    """Print one JSON object."""
    with page_of_the_app("classify") as page:
        report = {**_glyph(), **_pictures(), **_stroke(page)}
    click.echo(json.dumps(report, indent=1))


def _glyph() -> dict[str, float]:
    """Time one prepared glyph to its probabilities, beside the bare LiteRT call and Keras's ``predict``."""
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 (the child below needs none)

    bundle = pretrained("cnn")
    glyph = render(np.array([7]), seed=1)
    image = glyph[..., None].astype(np.float32) / 255
    classifier = Classifier(bundle)
    interpreter = Interpreter(model_content=bundle.tflite, num_threads=1)
    interpreter.allocate_tensors()
    place = interpreter.get_input_details()[0]["index"]
    logits = interpreter.get_signature_runner().get_output_details()["logits"]["index"]

    def bare() -> None:
        interpreter.set_tensor(place, image)
        interpreter.invoke()
        interpreter.get_tensor(logits)

    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        predict = child.submit(_keras_predict, bundle.folder / "model.keras", image).result()
    ours, alone = _medians(ROUNDS, lambda: classifier.probabilities(glyph), bare)
    return {
        "glyph_ms": ours * 1e3,
        "bare_litert_ms": alone * 1e3,
        "keras_predict_ms": predict * 1e3,
        "glyph_over_bare_litert": ours / alone,
        "glyph_over_keras_predict": ours / predict,
    }


def _keras_predict(model: Path, image: np.ndarray) -> float:
    """Return the median seconds of ``model.predict`` with one image."""
    import keras  # noqa: PLC0415 (two seconds that only this process needs)

    loaded = keras.models.load_model(model, safe_mode=True)
    return _medians(20, lambda: loaded.predict(image, verbose=0))[0]


def _pictures() -> dict[str, float]:
    """Time whole files to their answers, in seconds on the clock and of processor time.

    The cells of the table are 24 black pixels apart, so that its lines take as much ink as its digits.
    """
    classifier = Classifier(pretrained("cnn"))
    table = png(grid(255 - render(balanced_labels(100, 3), seed=3), columns=10, gap=8, scale=3))
    files = {
        "jpeg_of_12_megapixels": jpeg(4000, 3000),
        "page_of_100_digits": page_of_digits(100),
        "table_of_100_digits": table,
    }
    found = [len(answer(prepare(data, name), classifier)) for name, data in files.items()]
    assert found == [1, 100, 100], found
    return {
        f"{name}_{clock.__name__}_s": _medians(
            PICTURES, lambda data=data: answer(prepare(data, "x"), classifier), clock=clock
        )[0]
        for name, data in files.items()
        for clock in (time.perf_counter, time.process_time)
    }


def _stroke(page: Page) -> dict[str, float]:
    """Return the median milliseconds from the end of a stroke to the new answer on the page."""
    option(page, "source", SOURCES["draw"]).click()
    board = keyed(page, "drawing").locator("canvas")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None

    def draw(begin: tuple[float, float], end: tuple[float, float]) -> None:
        page.mouse.move(box["x"] + begin[0] * box["width"], box["y"] + begin[1] * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)

    draw((0.5, 0.15), (0.5, 0.85))
    page.mouse.up()
    expect(readings(page).first).to_be_visible()
    settled(page)
    times = []
    for i in range(STROKES):  # a bar across the first stroke, each time at another height, then taken back
        height = 0.25 + 0.5 * i / STROKES
        draw((0.25, height), (0.75, height))
        times.append(milliseconds(page, page.mouse.up, "pointerup", PICTURE))
        settled(page)
        before = page.evaluate(PICTURE)
        button(page, "drawing").first.click()
        page.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)
        settled(page)
    return {"stroke_to_answer_ms": statistics.median(times)}


# Every stroke changes the prepared pixels, which come after the readings on the page.
PICTURE = """() => document.querySelector('img[alt="The prepared picture"]')?.src"""


def _medians(
    rounds: int, *calls: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Return the median seconds of each call; the calls take turns."""
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            begin = clock()
            call()
            taken.append(clock() - begin)
    return [statistics.median(taken) for taken in times]


def jpeg(width: int, height: int) -> bytes:
    picture = Image.open(io.BytesIO(photograph(7))).resize((height, height), Image.Resampling.BICUBIC)
    sheet = Image.new("L", (width, height), picture.getpixel((0, 0)))
    sheet.paste(picture)
    return saved(sheet.convert("RGB"), "JPEG", quality=90)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


if __name__ == "__main__":
    main()
