"""Untrusted bytes become the right picture or one error, and nothing else happens."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import warnings
import zlib

import numpy as np
import PIL
import pillow_heif
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import ImageError
from core.images import decode as module
from core.images.decode import Picture, decode
from core.messages import Message

FORMATS = (
    "PNG",
    "JPEG",
    "WEBP",
    "TIFF",
    "BMP",
    "GIF",
    "AVIF",
    "HEIF",
    "PPM",
    "ICO",
    "TGA",
    "PCX",
    "JPEG2000",
    "QOI",
    "SGI",
)
DEEP = ("I;16", "I", "F")
# Pillow 12 cannot read back the YCbCr that it writes into a TIFF.
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", *(("YCbCr",) if PIL.__version__ >= "13" else ()), *DEEP)
settings.register_profile("images", deadline=None, suppress_health_check=list(HealthCheck))
bounded = settings(settings.get_profile("images"), max_examples=60)


def marked(width: int = 40, height: int = 30) -> Image.Image:
    """Return a white picture with a dark block in the upper left corner."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((10, 10, 30), (0, 0, width // 3, height // 3))
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    return image.convert(mode)


def samples() -> dict[str, bytes]:
    """Return a small file in each format and mode that Pillow can write, by name."""
    files = {}
    for kind in FORMATS:
        for mode in MODES:
            if mode in DEEP and kind not in ("PNG", "TIFF"):
                continue  # Pillow would write it white
            try:
                files[f"{kind} {mode}"] = encoded(in_mode(marked(), mode), kind)
            except (OSError, ValueError, KeyError, TypeError):
                continue  # not every format has every mode
    return files


pillow_heif.register_heif_opener()  # which the app does when it is given such a file
SAMPLES = samples()


def refusal(data: bytes, name: str = "a.png") -> Message:
    """Return the message of the error that decoding raises."""
    with pytest.raises(ImageError) as caught:
        decode(data, name)
    assert str(caught.value).isprintable()
    return caught.value.message


def is_dark(picture: Picture, corner: str) -> bool:
    grey = np.asarray(picture.image.convert("L")).astype(int)
    rows, columns = np.nonzero(grey < 128)
    down = "lower" if rows.mean() > grey.shape[0] / 2 else "upper"
    across = "right" if columns.mean() > grey.shape[1] / 2 else "left"
    return f"{down} {across}" == corner


# Pictures that can be read.


@pytest.mark.parametrize("name", SAMPLES)
def test_every_format_and_mode_shows_the_same_picture(name: str) -> None:
    picture = decode(SAMPLES[name], name)
    assert picture.image.mode == "RGB"
    grey = np.asarray(picture.image.convert("L").resize((40, 30)))
    assert grey[:8, :10].mean() < 60, "the block is dark"
    assert grey[14:, 18:].mean() > 200, "the paper is light"
    if "ICO" not in name:  # icons are square
        assert picture.size == (40, 30)


def test_the_format_follows_from_the_content_and_not_from_the_name() -> None:
    assert decode(encoded(marked(), "JPEG"), "photo.png").format == "JPEG"


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, "upper left"), (2, "upper right"), (3, "lower right"), (4, "lower left"),
     (5, "upper left"), (6, "upper right"), (7, "lower right"), (8, "lower left")],
)  # fmt: skip
def test_the_picture_of_a_turned_camera_is_upright(kind: str, orientation: int, corner: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encoded(marked(), kind, exif=exif.tobytes()))
    assert picture.size == picture.image.size == ((40, 30) if orientation < 5 else (30, 40))
    assert is_dark(picture, corner)


def test_a_photo_with_damaged_exif_is_read() -> None:
    assert decode(encoded(marked(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).size == (40, 30)


def test_a_large_photo_is_reduced_and_its_original_size_is_known() -> None:
    picture = decode(encoded(marked(4032, 3024), "JPEG"))
    assert picture.size == (4032, 3024)
    assert picture.image.width * picture.image.height <= 1.01 * module.WORKING_PIXELS


def test_a_turned_large_photo_keeps_its_upright_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(encoded(marked(4032, 3024), "JPEG", exif=exif.tobytes()))
    assert picture.size == (3024, 4032)
    assert picture.image.height > picture.image.width


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_an_animation_whose_first_frames_are_empty_shows_the_first_that_is_not(kind: str) -> None:
    blank = Image.new("RGB", (40, 30), "white")
    frames = {"save_all": True, "append_images": [blank.copy(), marked()], "duration": [10, 20, 30]}
    assert is_dark(decode(encoded(blank, kind, **frames)), "upper left")


def test_an_animation_of_empty_frames_is_a_blank_picture() -> None:
    red, blank = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "white")
    picture = decode(encoded(red, "GIF", save_all=True, append_images=[blank]))
    assert picture.image.getpixel((5, 5)) == (255, 0, 0)


def test_a_photo_of_50_megapixels_is_read() -> None:
    assert decode(encoded(Image.new("L", (8192, 6144), 200), "JPEG")).size == (8192, 6144)


def test_a_tall_strip_keeps_its_width() -> None:
    picture = decode(encoded(Image.new("L", (120, 15_000), 255)))
    assert picture.image.size == (120, 15_000)


def test_only_the_first_frame_of_an_animation_is_read() -> None:
    frames = [marked()] + [Image.new("RGB", (40, 30), (i, 0, 0)) for i in range(200)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert is_dark(decode(data), "upper left")


# Depth.


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("top", [255, 1023, 4095, 65_535])
def test_deep_pictures_use_the_range_of_their_depth(kind: str, top: int) -> None:
    levels = np.full((20, 30), top, np.uint16)
    levels[5:10, 5:10] = top // 4
    grey = np.asarray(decode(encoded(Image.fromarray(levels), kind)).image.convert("L"))
    assert grey[0, 0] == 255
    assert abs(int(grey[7, 7]) - 64) <= 2


@pytest.mark.parametrize("values", [(0.0, 1.0), (-3.0, 5.0), (1000.0, 1002.0), (0.0, 1e-6), (0.0, 1e30)])
def test_floats_are_scaled_by_the_range_of_their_values(values: tuple[float, float]) -> None:
    levels = np.full((20, 30), values[1], np.float32)
    levels[5:10, 5:10] = values[0]
    grey = np.asarray(decode(encoded(Image.fromarray(levels), "TIFF")).image.convert("L"))
    assert grey[0, 0] - int(grey[7, 7]) > 200


def test_values_that_are_not_finite_do_not_matter() -> None:
    levels = np.ones((20, 30), np.float32)
    levels[0, :3] = np.nan, np.inf, -np.inf
    assert decode(encoded(Image.fromarray(levels), "TIFF")).size == (30, 20)


def test_a_large_deep_scan_keeps_its_levels_when_it_is_reduced() -> None:
    levels = np.full((2400, 3000), 65_535, np.uint16)
    levels[:800, :1000] = 3000
    assert is_dark(decode(encoded(Image.fromarray(levels))), "upper left")


# Transparency.


@pytest.mark.parametrize("pen", [(0, 0, 0), (255, 255, 255), (200, 30, 30), (255, 240, 90), (20, 40, 160)])
@pytest.mark.parametrize("beneath", [0, 255])
def test_ink_on_transparency_is_visible_on_any_hidden_colour(pen: tuple[int, int, int], beneath: int) -> None:
    pixels = np.full((60, 60, 4), beneath, np.uint8)
    pixels[..., 3] = 0
    pixels[10:50, 28:33] = (*pen, 255)
    grey = np.asarray(decode(encoded(Image.fromarray(pixels))).image.convert("L")).astype(int)
    assert abs(grey[30, 30] - grey[30, 5]) > 100


@pytest.mark.parametrize("paper", [255, 0])
def test_the_paper_of_a_cut_out_sheet_is_continued_around_it(paper: int) -> None:
    pixels = np.full((80, 80, 4), paper, np.uint8)
    pixels[30:50, 39:41, :3] = 255 - paper
    pixels[..., 3] = 255
    pixels[:6, :6, 3] = pixels[-6:, :, 3] = 0
    grey = np.asarray(decode(encoded(Image.fromarray(pixels))).image.convert("L")).astype(int)
    assert abs(grey[0, 0] - paper) < 8
    assert abs(grey[-1, 40] - paper) < 8


def test_a_digit_cut_out_of_a_sheet_is_visible() -> None:
    pixels = np.full((60, 60, 4), 255, np.uint8)
    pixels[10:50, 28:33, 3] = 0
    grey = np.asarray(decode(encoded(Image.fromarray(pixels))).image.convert("L")).astype(int)
    assert grey[30, 5] - grey[30, 30] > 200


def test_a_transparent_palette_colour_is_not_ink() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 0, 0, 0, 200, 30, 30])
    image.paste(1, (15, 5, 20, 35))
    for kind in ("GIF", "PNG"):
        grey = np.asarray(decode(encoded(image, kind, transparency=0)).image.convert("L")).astype(int)
        assert grey[0, 0] - grey[20, 17] > 200


def test_a_wholly_transparent_picture_is_blank_paper() -> None:
    grey = np.asarray(decode(encoded(Image.new("RGBA", (20, 20), (9, 8, 7, 0)))).image)
    assert grey.min() == grey.max()


# Files that cannot be read.


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").key == "images.empty"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_cut_to_its_first_bytes_is_refused(name: str) -> None:
    refusal(SAMPLES[name][:14])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TGA", "PPM", "QOI"])
def test_half_a_file_is_refused_as_damaged(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8))
    data = encoded(noise, kind)
    assert refusal(data[: len(data) // 2]).key == "images.damaged"


def test_a_bitmap_of_a_rare_format_is_refused() -> None:
    """Decode a bitmap of 32 bits, of which the channels have 11, 11 and 10; Pillow cannot read it."""
    header = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 32, 3, 64, 0, 0, 0, 0)
    masks = struct.pack("<III", 0xFFE00000, 0x1FFC00, 0x3FF)
    data = b"BM" + struct.pack("<IHHI", 130, 0, 0, 66) + header + masks + bytes(64)
    assert refusal(data, "scan.bmp").key == "images.damaged"


@pytest.mark.parametrize(
    "data", [b"Dear diary,\n" * 40, b"%PDF-1.7\n", b"<svg></svg>", b"%!PS-Adobe-3.0 EPSF-3.0\n", bytes(600)]
)
def test_other_files_are_refused_as_not_pictures(data: bytes) -> None:
    assert refusal(data).key == "images.not_a_picture"


def test_a_torn_heic_photo_is_refused() -> None:
    for content in (bytes(100), SAMPLES["HEIF RGB"][12:300]):
        assert refusal(b"\0\0\0\x18ftypheic" + content).key in ("images.not_a_picture", "images.damaged")


def test_a_name_is_shown_without_control_characters() -> None:
    assert refusal(b"", "a\nb\x1b[31m\u202egnp.png").values == {"name": "ab[31mgnp.png"}


def test_a_very_long_name_is_cut() -> None:
    assert len(str(refusal(b"", "x" * 5000))) < 300


# Limits.


def png_of(width: int, height: int, depth: int = 1, colours: int = 0) -> bytes:
    """Return a small PNG whose header claims this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "limit"),
    [
        ((30_000, 30_000), "too_much_memory"),
        ((1, 2**31 - 1), "too_much_memory"),
        ((9000, 9000), "too_many_pixels"),
        ((100_000, 100), "side_too_long"),
    ],
)
def test_a_picture_that_is_too_large_is_refused_by_its_limit(size: tuple[int, int], limit: str) -> None:
    assert refusal(png_of(*size)).key == f"images.{limit}"


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("TIFF", "CMYK"), ("TIFF", "F"), ("TIFF", "I")])
def test_a_picture_of_50_megapixels_with_4_bytes_each_needs_too_much_memory(kind: str, mode: str) -> None:
    data = encoded(Image.new(mode, (8, 8)), kind)
    if kind == "PNG":
        data = png_of(8000, 6000, depth=8, colours=2)
    else:  # in the directory of the TIFF, width and height are words or longs
        tags = Image.open(io.BytesIO(data)).tag_v2  # type: ignore[attr-defined]
        assert tags[256] == tags[257] == 8
        data = data.replace(struct.pack("<HHII", 256, 4, 1, 8), struct.pack("<HHII", 256, 4, 1, 8000))
        data = data.replace(struct.pack("<HHII", 257, 4, 1, 8), struct.pack("<HHII", 257, 4, 1, 6000))
    assert refusal(data).key == "images.too_much_memory"


def test_a_file_of_too_many_bytes_is_refused() -> None:
    assert refusal(bytes(module.MAX_BYTES + 1)).key == "images.too_many_bytes"


def test_a_jpeg_of_hundreds_of_scans_is_refused() -> None:
    data = encoded(Image.new("L", (4000, 3000)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert refusal(data[:-2] + 400 * last + data[-2:]).key == "images.too_many_scans"


@pytest.mark.parametrize("kind", ["QOI", "PPM"])
def test_codecs_written_in_python_accept_fewer_pixels(kind: str) -> None:
    data = {"QOI": encoded(Image.new("RGB", (2000, 2000)), "QOI"), "PPM": b"P3 2000 2000 255\n" + b"1 " * 9}
    assert refusal(data[kind]).key == "images.too_many_pixels"


def test_an_icon_with_a_huge_picture_in_it_is_refused() -> None:
    inner = png_of(2000, 2000)
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(inner), 22)
    assert refusal(struct.pack("<HHH", 0, 1, 1) + entry + inner).key == "images.too_much_memory"
    assert Image.MAX_IMAGE_PIXELS == 2**30 // 12, "Pillow's own limit is as before"


def test_pictures_are_read_when_warnings_are_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, data in SAMPLES.items():
            decode(data, name)


def test_threads_that_decode_at_once_leave_the_warning_filters_unchanged() -> None:
    before = list(warnings.filters)
    done: list[Picture] = []
    threads = [threading.Thread(target=lambda: done.append(decode(SAMPLES["PNG RGB"]))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 16
    assert warnings.filters == before


# Random bytes.


def reads_or_refuses(data: bytes) -> None:
    try:
        picture = decode(data, "a.png")
    except ImageError:
        return
    assert picture.image.mode == "RGB"
    assert min(picture.size) >= 1


@bounded
@given(st.binary(max_size=400))
@example(b"BM")
@example(b"\0\0\1\0")
@example(b"II*\0")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    reads_or_refuses(data)


@settings(bounded, max_examples=400)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 4000), st.sampled_from([0, 1, 127, 128, 255])), min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(0, 4000)),
)
def test_any_damage_to_any_format_is_read_or_refused(
    name: str, changes: list[tuple[int, int]], length: int | None
) -> None:
    data = bytearray(SAMPLES[name])
    for place, value in changes:
        data[place % len(data)] = value
    reads_or_refuses(bytes(data[:length]))


@bounded
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from(MODES))
def test_any_size_and_mode_is_read_at_its_size(width: int, height: int, mode: str) -> None:
    picture = decode(encoded(in_mode(marked(width, height), mode), "TIFF"))
    assert picture.size == picture.image.size == (width, height)


def test_a_large_jpeg_2000_is_decoded_at_a_reduced_size() -> None:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((2600, 2000)).save(buffer, "JPEG2000", num_resolutions=3)
    picture = decode(buffer.getvalue(), "scan.jp2")
    assert picture.size == (2600, 2000)
    assert picture.image.width * picture.image.height <= 1.01 * module.WORKING_PIXELS
    rows = np.asarray(picture.image)[..., 0].mean(axis=1)
    assert (rows[0] < 8, rows[-1] > 247) == (True, True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_a_large_webp_is_decoded_in_less_than_three_times_its_pixels() -> None:
    """Measure the peak of a child process; Pillow's own decoder needs five times the pixels."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((4000, 3000)).convert("RGB").save(file, "WEBP", quality=60, method=0)
    program = (
        "import sys\nfrom core.images.decode import decode\ndata = sys.stdin.buffer.read()\n"
        "def memory(kind): return int(open('/proc/self/status').read().split(kind)[1].split()[0]) / 2**10\n"
        "open('/proc/self/clear_refs', 'w').write('5')\nbegin = memory('VmRSS:')\n"
        "assert decode(data).size == (4000, 3000)\nprint(memory('VmHWM:') - begin)"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], input=file.getvalue(), capture_output=True, check=True
    )

    assert float(child.stdout) < 3 * 36  # MB


def test_a_webp_keeps_its_colours_and_its_orientation() -> None:
    image = Image.new("RGB", (60, 40), (200, 30, 90))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=True, exif=exif)
    picture = decode(file.getvalue())

    assert picture.size == (40, 60)
    assert picture.image.getpixel((5, 5)) == (200, 30, 90)


@pytest.mark.parametrize("mode", MODES)
def test_a_large_picture_is_reduced_as_in_one_piece(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce it in bands and at once, from sizes that the bands do not divide."""
    data = encoded(in_mode(Image.linear_gradient("L").resize((403, 317)).convert("RGB"), mode), "TIFF")
    monkeypatch.setattr(module, "WORKING_PIXELS", 3000)
    whole = np.asarray(decode(data).image).astype(int)
    monkeypatch.setattr(module, "BAND_PIXELS", 9000)
    bands = np.asarray(decode(data).image).astype(int)

    assert abs(whole - bands).max() <= 1
    assert whole.shape[0] * whole.shape[1] <= 3100
    assert whole[0, 0, 0] < 30
    assert whole[-1, -1, 0] > 220


def test_a_jpeg_2000_that_cannot_be_halved_is_read() -> None:
    data = encoded(Image.new("RGB", (1700, 1500), "white"), "JPEG2000", num_resolutions=1)
    assert decode(data).size == (1700, 1500)
