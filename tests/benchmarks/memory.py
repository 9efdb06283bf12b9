"""Measure the app's memory over many uploads, as one JSON report: ``python -m tests.benchmarks.memory``.

A real browser uploads mixed pictures to a real server, 1,000 of them unless ``--uploads`` says otherwise,
which takes many minutes.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import zipfile
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Page

from core.datasets.synthetic.handwriting import balanced_labels, render
from core.images.encode import png
from core.images.grid import grid
from tests.benchmarks.chromium import page_of_the_app
from tests.benchmarks.classify import jpeg, saved
from tests.browser.steps import settled
from tests.pictures import blank_paper, photograph


@click.command()
@click.option("--uploads", type=click.IntRange(min=1), default=1000, show_default=True)
def main(uploads: int) -> None:
    """Print one JSON object."""
    with page_of_the_app("classify") as page:
        report = memory(page, uploads)
    click.echo(json.dumps(report, indent=1))


def memory(page: Page, uploads: int) -> dict[str, float]:
    """Return the memory in MB of the Streamlit process: after a few pictures of each kind, the peak, the end.

    Return also that of the process that decodes the pictures: at most, and at the end.
    """
    server = _child(os.getpid(), b"streamlit")
    if server is None:
        raise click.ClickException("The server's process was not found.")
    reader = reader_most = 0.0
    kinds = _mixed()
    warm = 2 * len(kinds)  # what every process keeps once it has read a picture of each kind
    sizes = []
    for i in range(warm + uploads):
        name, content = kinds[i % len(kinds)]
        _upload(page, name, content + bytes([i % 256, i // 256]))  # each its own file to every cache
        sizes.append(_resident(server))
        if (process := _child(server, b"decoding")) is not None:
            reader, reader_most = _resident(process), max(reader_most, _resident_most(process))
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
        "reader_most_mb": reader_most,
        "reader_end_mb": reader,
    }


def _upload(page: Page, name: str, content: bytes) -> None:
    """Upload a file and wait until the page has answered it."""
    chooser = page.locator('input[type="file"]').first
    chooser.set_input_files([{"name": name, "mimeType": "image/png", "buffer": content}])
    page.wait_for_timeout(150)  # until the upload is on its way
    settled(page)


def _mixed() -> list[tuple[str, bytes]]:
    """Return what visitors bring: photographs of many formats, pages, ZIP files, no pictures."""
    large = Image.open(io.BytesIO(jpeg(4000, 3000)))
    small = Image.open(io.BytesIO(photograph(7, 2)))
    sheet = png(grid(255 - render(balanced_labels(100, 3), seed=3), columns=10, gap=8, scale=3))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for digit in (2, 4, 7):
            opened.writestr(f"{digit}.png", photograph(digit))
    return [
        ("phone.jpg", saved(large, "JPEG", quality=90)),
        ("number.png", photograph(2, 4, 7)),
        ("large.png", saved(large, "PNG", compress_level=1)),
        ("blank.png", blank_paper()),
        ("large.webp", saved(large, "WEBP", quality=70, method=0)),
        ("page.png", sheet),
        ("progressive.jpg", saved(large, "JPEG", progressive=True)),
        ("scan.tif", saved(small.convert("L"), "TIFF", compression="tiff_lzw")),
        ("clear.png", saved(large.convert("RGBA"), "PNG", compress_level=1)),
        ("notes.png", b"no picture"),
        ("torn.jpg", saved(small.convert("RGB"), "JPEG")[:5000]),
        ("three.zip", archive.getvalue()),
    ]


def _child(parent: int, word: bytes) -> int | None:
    """Return the process id of the parent's child whose command contains the word."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            of = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if of == parent and word in (folder / "cmdline").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    return None


def _resident(process: int) -> float:
    """Return the resident memory in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _resident_most(process: int) -> float:
    """Return the peak since the last ``_forget_most``, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**10


def _forget_most(process: int) -> None:
    Path(f"/proc/{process}/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
