"""How fast a picture is read, as one JSON report: ``python -m tests.benchmarks.classify``.

Ratios are of medians taken in turn in one process; what a browser shows is measured in Chromium.
``--uploads N`` measures the app's memory over N uploads of mixed pictures instead (minutes for 1,000).
Keras and its half gigabyte stay in a child process, out of the way of what is measured beside it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from core.bundles.bundle import pretrained
from core.datasets.rendered import balanced_labels, render
from core.images.grid import grid, png
from core.inference.classifier import Classifier
from core.inference.reading import answer, prepare
from tests.browser.conftest import FLAGS, NAMES, serving
from tests.browser.steps import button, opened, readings, settled
from tests.pictures import blank_paper, photograph

ROUNDS = 200
PICTURES = 7
STROKES = 15


@click.command()
@click.option("--uploads", type=click.IntRange(min=1), help="Measure memory over so many uploads instead.")
def main(uploads: int | None) -> None:
    """Print one JSON object."""
    with _browser() as page:
        report = _memory(page, uploads) if uploads else {**_glyph(), **_pictures(), **_stroke(page)}
    click.echo(json.dumps(report, indent=1))


def _glyph() -> dict[str, float]:
    """One prepared glyph to its probabilities, beside the bare LiteRT call and Keras's ``predict``."""
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
    """The median seconds of ``model.predict`` with one image."""
    import keras  # noqa: PLC0415 (two seconds that only this process needs)

    loaded = keras.models.load_model(model, safe_mode=True)
    return _medians(20, lambda: loaded.predict(image, verbose=0))[0]


def _pictures() -> dict[str, float]:
    """Whole files to their answers, in seconds."""
    classifier = Classifier(pretrained("cnn"))
    sheet = png(grid(255 - render(balanced_labels(100, 3), seed=3), columns=10, gap=8, scale=3))
    files = {"jpeg_of_12_megapixels_s": _jpeg(4000, 3000), "page_of_100_digits_s": sheet}
    found = {name: len(answer(prepare(data, name), classifier)) for name, data in files.items()}
    assert found == {"jpeg_of_12_megapixels_s": 1, "page_of_100_digits_s": 100}, found
    return {
        name: _medians(PICTURES, lambda data=data: answer(prepare(data, "x"), classifier))[0]
        for name, data in files.items()
    }


def _stroke(page: Page) -> dict[str, float]:
    """The end of a stroke to the new answer on the page, in milliseconds; the median of several."""
    page.get_by_role("radio", name="Draw", exact=True).click()
    board = page.locator("canvas[aria-label^='Drawing area']")
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
        page.evaluate(WATCH)
        page.mouse.up()
        times.append(page.evaluate("() => window.answered"))
        settled(page)
        before = page.evaluate(PICTURE)
        button(page, "Undo").click()
        page.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)
        settled(page)
    return {"stroke_to_answer_ms": statistics.median(times)}


PICTURE = """() => document.querySelector('img[alt="The prepared picture"]')?.src"""

# Every stroke changes the prepared pixels, which come after the readings on the page.
WATCH = f"""() => {{
  const picture = {PICTURE}
  const before = picture()
  let begin
  window.addEventListener('pointerup', () => {{ begin = performance.now() }}, {{ once: true, capture: true }})
  window.answered = new Promise((resolve, reject) => {{
    const watcher = new MutationObserver(() => {{
      if (picture() !== before) {{ watcher.disconnect(); resolve(performance.now() - begin) }}
    }})
    watcher.observe(document.body, {{ subtree: true, childList: true, attributes: true }})
    setTimeout(() => reject(new Error('no answer within 20 seconds')), 20000)
  }})
}}"""


def _memory(page: Page, uploads: int) -> dict[str, float]:
    """The Streamlit process's memory in MB: after a few pictures of each kind, at most, and at the end."""
    server = _server_process()
    kinds = _mixed()
    warm = 2 * len(kinds)  # what every process keeps once it has read a picture of each kind
    sizes = []
    for i in range(warm + uploads):
        name, content = kinds[i % len(kinds)]
        _upload(page, name, content + bytes([i % 256, i // 256]))  # each its own file to every cache
        sizes.append(_resident(server))
        if i % 5 == 4:  # a visitor goes, another comes
            page.reload()
            settled(page)
        if i == warm - 1:
            _forget_most(server)
    begin, end = (statistics.median(part) for part in (sizes[: 2 * warm][-warm:], sizes[-warm:]))
    most = _resident_most(server)
    return {
        "uploads": uploads,
        "begin_mb": begin,
        "most_mb": most,
        "end_mb": end,
        "end_over_begin": end / begin,
    }


def _upload(page: Page, name: str, content: bytes) -> None:
    """Uploads a file and waits until the page has answered it."""
    chooser = page.locator('input[type="file"]').first
    chooser.set_input_files([{"name": name, "mimeType": "image/png", "buffer": content}])
    page.wait_for_timeout(150)  # until the upload is on its way
    settled(page)


def _mixed() -> list[tuple[str, bytes]]:
    """What visitors bring: photographs large and small in many formats, pages, archives, and no pictures."""
    large = Image.open(io.BytesIO(_jpeg(4000, 3000)))
    small = Image.open(io.BytesIO(photograph(7, 2)))
    sheet = png(grid(255 - render(balanced_labels(100, 3), seed=3), columns=10, gap=8, scale=3))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for digit in (2, 4, 7):
            opened.writestr(f"{digit}.png", photograph(digit))
    return [
        ("phone.jpg", _saved(large, "JPEG", quality=90)),
        ("number.png", photograph(2, 4, 7)),
        ("large.png", _saved(large, "PNG", compress_level=1)),
        ("blank.png", blank_paper()),
        ("large.webp", _saved(large, "WEBP", quality=70, method=0)),
        ("page.png", sheet),
        ("progressive.jpg", _saved(large, "JPEG", progressive=True)),
        ("scan.tif", _saved(small.convert("L"), "TIFF", compression="tiff_lzw")),
        ("clear.png", _saved(large.convert("RGBA"), "PNG", compress_level=1)),
        ("notes.png", b"no picture"),
        ("torn.jpg", _saved(small.convert("RGB"), "JPEG")[:5000]),
        ("three.zip", archive.getvalue()),
    ]


def _medians(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """The median seconds of each call, taken in turn."""
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            begin = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken) for taken in times]


def _jpeg(width: int, height: int) -> bytes:
    picture = Image.open(io.BytesIO(photograph(7))).resize((height, height), Image.Resampling.BICUBIC)
    sheet = Image.new("L", (width, height), picture.getpixel((0, 0)))
    sheet.paste(picture)
    return _saved(sheet.convert("RGB"), "JPEG", quality=90)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@contextmanager
def _browser() -> Iterator[Page]:
    """Classify in Chromium, from a server of its own."""
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise click.ClickException(f"No browser: none of {', '.join(NAMES)} is on the PATH.")
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page()
        page.set_default_timeout(60_000)
        yield opened(page, f"{server.url}/classify")
        browser.close()


def _server_process() -> int:
    """The process id of the server that this process started."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == os.getpid() and b"streamlit" in (folder / "cmdline").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    raise click.ClickException("The server's process was not found.")


def _resident(process: int) -> float:
    """Resident memory in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _resident_most(process: int) -> float:
    """The most that it had since the last ``_forget_most``, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**10


def _forget_most(process: int) -> None:
    Path(f"/proc/{process}/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
