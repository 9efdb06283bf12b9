from __future__ import annotations

import io

import pytest
from PIL import Image

from core.errors import ImageError
from core.images.reduced import is_video, reduced
from tests.pictures import encoded


@pytest.mark.parametrize(
    ("size", "kept"), [((800, 400), (512, 256)), ((3000, 300), (1024, 256)), ((20, 30), (20, 30))]
)
def test_a_picture_is_reduced_cut_and_never_enlarged(size, kept):
    data = reduced(encoded(Image.new("RGB", size, (10, 200, 30))), "a.png", 256, 1024)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", kept)
        assert not image.getexif()


def test_a_file_that_is_no_picture_is_an_error():
    with pytest.raises(ImageError):
        reduced(b"words", "a.txt", 256, 1024)


def test_videos_are_known_by_their_first_bytes():
    assert is_video(b"\0\0\0\x20ftypisom")
    assert is_video(b"\x1aE\xdf\xa3matroska")
    assert not is_video(b"\0\0\0\x20ftypavif")
    assert not is_video(b"RIFF....WEBP")
