"""Measure the memory and time of decoding large pictures, as one JSON report.

``python -m tests.benchmarks.decoding`` prepares each picture in a fresh child process and prints its peak
resident memory in MB, its processor time in seconds, and why it was refused, if it was. The bytes per pixel
in ``core/images/memory.py`` were found in this way, with no limits.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

import click
import pillow_heif
from PIL import Image

from core.errors import ImageError
from core.inference.decoding_process import PictureReader
from tests.pictures import encoded

MODULE = "tests.benchmarks.decoding"
LARGE, MIDDLE = (7200, 7200), (4032, 3024)  # 52 and 12 megapixels
LZW = {"compression": "tiff_lzw"}
# Kind, mode, size and Pillow's options for the file.
PICTURES: dict[str, tuple[str, str, tuple[int, int], dict[str, Any]]] = {
    **{f"png {mode}": ("PNG", mode, LARGE, {}) for mode in ("1", "L", "P", "LA", "RGB", "RGBA", "I;16")},
    "png P transparent": ("PNG", "P", LARGE, {"transparency": 0}),
    "png RGB 36": ("PNG", "RGB", (6000, 6000), {}),
    **{f"tiff {mode}": ("TIFF", mode, LARGE, LZW) for mode in ("CMYK", "I", "F", "I;16")},
    "tiff F 36": ("TIFF", "F", (6000, 6000), LZW),
    "gif P": ("GIF", "P", LARGE, {}),
    "jpeg": ("JPEG", "RGB", LARGE, {}),
    "jpeg progressive": ("JPEG", "RGB", LARGE, {"progressive": True}),
    "jpeg progressive CMYK": ("JPEG", "CMYK", LARGE, {"progressive": True}),
    "webp RGB": ("WEBP", "RGB", MIDDLE, {"method": 0}),
    "webp RGBA lossless": ("WEBP", "RGBA", MIDDLE, {"method": 0, "lossless": True}),
    "avif RGB": ("AVIF", "RGB", MIDDLE, {"speed": 10}),
    "avif RGBA 444": ("AVIF", "RGBA", MIDDLE, {"speed": 10, "subsampling": "4:4:4"}),
    "heic RGB": ("HEIF", "RGB", MIDDLE, {}),
    "heic RGB 24": ("HEIF", "RGB", (5712, 4284), {"tile_size": 512}),
    "heic RGBA": ("HEIF", "RGBA", MIDDLE, {}),
    "jpeg2000 RGBA": ("JPEG2000", "RGBA", (3000, 3000), {}),
    "jpeg2000 RGB whole": ("JPEG2000", "RGB", (2400, 2200), {"num_resolutions": 1}),
}  # fmt: skip


@click.command()
@click.argument("only", required=False)
def main(only: str | None) -> None:
    """Print one JSON object; with a name of PICTURES, of that picture, measured in this process."""
    if only is not None:
        print(json.dumps(measured(only)))
        return
    report = {}
    for name in PICTURES:
        command = [sys.executable, "-m", MODULE, name]
        report[name] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    print(json.dumps(report, indent=2))


def measured(name: str) -> dict[str, Any]:
    """Return the peak memory, the time, and the answer."""
    size = PICTURES[name][2]
    # Another process makes the file, so that its memory is not counted here.
    program = f"import sys; from {MODULE} import file; sys.stdout.buffer.write(file({name!r}))"
    data = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    reader = PictureReader(lambda told, share: None)
    reader.take(data)
    begin = time.process_time()
    answer = reader.prepare(name)
    return {
        "megapixels": round(size[0] * size[1] / 1e6, 1),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "seconds": round(time.process_time() - begin, 2),
        "refused": answer.message.key if isinstance(answer, ImageError) else "",
    }


def file(name: str) -> bytes:
    """Return the file of that name."""
    pillow_heif.register_heif_opener()
    kind, mode, size, options = PICTURES[name]
    if mode == "I;16":
        return encoded(Image.frombytes(mode, size, bytes(2 * size[0] * size[1])), kind, **options)
    return encoded(Image.new(mode, size), kind, **options)


if __name__ == "__main__":
    main()
