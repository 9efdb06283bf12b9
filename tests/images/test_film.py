from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import ImageError
from core.images import film
from tests.refusals import raises

av = pytest.importorskip("av")
FRAMES = np.linspace(0, 255, 5).astype(np.uint8)[:, None, None].repeat(64, 1).repeat(64, 2)


def test_a_film_holds_every_frame_in_a_form_that_phones_play(tmp_path: Path):
    np.save(tmp_path / "frames.npy", FRAMES)
    film.main(str(tmp_path))
    with av.open(str(tmp_path / "film.mp4")) as read:
        stream = read.streams.video[0]
        assert (stream.codec.name, stream.width, stream.height) == ("h264", 64, 64)
        levels = [frame.to_ndarray(format="gray").mean() for frame in read.decode(stream)]
    np.testing.assert_allclose(levels, FRAMES.mean(axis=(1, 2)), atol=6)
    content = (tmp_path / "film.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # the index first: it plays while it loads


def test_too_many_frames_are_refused_and_a_failed_child_gives_one_sentence(monkeypatch: pytest.MonkeyPatch):
    with raises(ImageError, "images.too_many_frames", most=film.MOST_FRAMES, count=250):
        film.mp4(FRAMES, turns=50)
    monkeypatch.setattr(film, "TIMEOUT", 0.001)
    with raises(ImageError, "images.no_film"):
        film.mp4(FRAMES)
