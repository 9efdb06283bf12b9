"""Write a film: MP4 by PyAV, in a child process, so that the server keeps neither its memory nor its code.

``python -m core.images.film`` is this child: it reads frames from its input and writes the film to a file.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from core.errors import ImageError

RATE = 20  # frames a second
TIMEOUT = 60  # seconds; a loop of 60 frames takes one
MOST_FRAMES = 240
QUALITY = "18"  # of H.264, where 0 is lossless and 51 the worst

_ROOT = Path(__file__).resolve().parents[2]
_one_at_a_time = threading.Lock()


def can_write_mp4() -> bool:
    """Return whether PyAV is installed; without it the app offers no MP4."""
    return importlib.util.find_spec("av") is not None


def mp4(frames: np.ndarray, turns: int = 1) -> bytes:
    """Return frames (N×H×W or N×H×W×3 uint8, sides even) as an MP4 file, shown ``turns`` times in a row.

    The format is H.264 with its index first, which phones and messengers play.

    Raises:
        ImageError: when there are too many frames, or they cannot be written.
    """
    if len(frames) * turns > MOST_FRAMES:
        raise ImageError("images.too_many_frames", most=MOST_FRAMES, count=len(frames) * turns)
    with tempfile.TemporaryDirectory() as place, _one_at_a_time:
        out = Path(place) / "film.mp4"
        np.save(Path(place) / "frames.npy", np.concatenate([frames] * turns))
        try:
            subprocess.run(
                [sys.executable, "-m", "core.images.film", place],
                cwd=_ROOT,
                capture_output=True,
                timeout=TIMEOUT,
                check=True,
            )
            return out.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise ImageError("images.no_film") from error


def main(place: str) -> None:
    """Write ``film.mp4`` from the frames in ``frames.npy`` of a folder."""
    import av  # noqa: PLC0415 (only this child process needs it)

    frames = np.load(Path(place) / "frames.npy", mmap_mode="r")
    with av.open(str(Path(place) / "film.mp4"), "w", options={"movflags": "faststart"}) as film:
        stream = film.add_stream("libx264", rate=RATE, options={"crf": QUALITY, "preset": "fast"})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            form = "rgb24" if frame.ndim == 3 else "gray"
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), form)))
        film.mux(stream.encode())


if __name__ == "__main__":
    main(sys.argv[1])
