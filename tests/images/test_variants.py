"""Several modules: one drawn digit in every kind of picture file is read as its PNG is."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from core.bundles.bundle import pretrained
from core.datasets.synthetic.handwriting import render
from core.images.digits import Glyph
from core.inference.classifier import Classifier
from core.inference.picture_reading import answer, prepare
from tests.images import cases

SIDE = 160
ALIKE = 0.85  # correlation with the plain PNG's glyph; without soft edges a digit lies half a pixel elsewhere
INK = cases.on_canvas(cases.ink_of(render(np.array([4]), seed=5)[0], 128), SIDE, SIDE, 20, 12)
GREY = np.round(255 * (1 - INK)).astype(np.uint8)
PLAIN = Image.fromarray(GREY)
RGB = Image.fromarray(cases.coloured(INK, (250, 246, 230), (30, 40, 110)))
CLEAR = Image.fromarray(np.dstack([np.zeros_like(GREY), 255 - GREY]))  # black ink on nothing
DEEP = 257 * GREY.astype(np.uint16)

PALETTES = {
    "black on white": ((255, 255, 255), (0, 0, 0)),
    "white on black": ((0, 0, 0), (255, 255, 255)),
    "yellow on white": ((255, 255, 255), (255, 240, 60)),
    "blue on yellow": ((255, 240, 60), (20, 30, 190)),
    "red on a green as bright": ((0, 130, 0), (255, 0, 0)),
    "grey on grey": ((150, 150, 150), (110, 110, 110)),
}


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)  # type: ignore[arg-type]
    return file.getvalue()


def two_colours(paper: tuple[int, ...], pen: tuple[int, ...]) -> Image.Image:
    """Return the digit in two colours of a palette."""
    image = Image.fromarray((GREY < 128).astype(np.uint8))
    image.putpalette([*paper, *pen])
    return image


def moving(kind: str) -> bytes:
    """Return an animation of the digit and two frames of one colour."""
    others = [Image.new("RGB", RGB.size, colour) for colour in ("red", "black")]
    return saved(RGB, kind, save_all=True, append_images=others)


def portable(mark: str, top: int, values: np.ndarray) -> bytes:
    """Return a portable anymap written as text."""
    depth = "" if mark == "P1" else f" {top}"
    rows = "\n".join(" ".join(map(str, row)) for row in values.reshape(SIDE, -1))
    return f"{mark} {SIDE} {SIDE}{depth}\n{rows}\n".encode()


def jpeg_2000_of_16_bits() -> bytes:
    return saved(Image.fromarray(DEEP), "JPEG2000")


def by_opencv(extension: str, pixels: np.ndarray) -> bytes:
    return cv2.imencode(extension, pixels)[1].tobytes()


VARIANTS: dict[str, Callable[[], bytes]] = {
    "PNG 1 bit": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "PNG"),
    "PNG dithered": lambda: saved(Image.fromarray(GREY // 2 + 100).convert("1"), "PNG"),
    "PNG RGBA": lambda: saved(CLEAR.convert("RGBA"), "PNG"),
    "PNG LA": lambda: saved(CLEAR, "PNG"),
    "PNG LA opaque": lambda: saved(PLAIN.convert("LA"), "PNG"),
    "PNG LA white ink": lambda: saved(
        Image.merge("LA", [Image.new("L", PLAIN.size, 255), CLEAR.getchannel("A")]), "PNG"
    ),
    "PNG L with a clear shade": lambda: saved(PLAIN, "PNG", transparency=255),
    "PNG RGB with a clear colour": lambda: saved(PLAIN.convert("RGB"), "PNG", transparency=(255, 255, 255)),
    "PNG P of many colours": lambda: saved(RGB.quantize(64), "PNG"),
    "PNG P with clear paper": lambda: saved(two_colours((0, 0, 0), (0, 0, 0)), "PNG", transparency=0),
    "PNG P with alphas": lambda: saved(CLEAR.convert("RGBA").quantize(32), "PNG"),
    "PNG P of 2 bits": lambda: saved(PLAIN.quantize(4), "PNG", bits=2),
    "PNG 16 bits": lambda: saved(Image.fromarray(DEEP), "PNG"),
    "PNG 16 bits of 12": lambda: saved(Image.fromarray(DEEP >> 4), "PNG"),
    "PNG 48 bits": lambda: by_opencv(".png", np.dstack([DEEP] * 3)),
    "PNG animated": lambda: moving("PNG"),
    "TIFF 1 bit as faxed": lambda: saved(
        PLAIN.convert("1", dither=Image.Dither.NONE), "TIFF", compression="group4"
    ),
    "TIFF 1 bit, 0 is white": lambda: saved(PLAIN.convert("1"), "TIFF", tiffinfo={262: 0}),
    "TIFF L, 0 is white": lambda: saved(PLAIN, "TIFF", tiffinfo={262: 0}),
    "TIFF LA": lambda: saved(CLEAR, "TIFF"),
    "TIFF P": lambda: saved(RGB.quantize(16), "TIFF"),
    "TIFF CMYK": lambda: saved(RGB.convert("CMYK"), "TIFF"),
    "TIFF LZW": lambda: saved(RGB, "TIFF", compression="tiff_lzw"),
    "TIFF JPEG": lambda: saved(RGB, "TIFF", compression="jpeg"),
    "TIFF 16 bits": lambda: saved(Image.fromarray(DEEP), "TIFF"),
    "TIFF 16 bits, big end first": lambda: saved(
        Image.frombytes("I;16B", PLAIN.size, DEEP.byteswap().tobytes()), "TIFF"
    ),
    "TIFF 48 bits": lambda: by_opencv(".tiff", np.dstack([DEEP] * 3)),
    "TIFF 32 bits": lambda: saved(Image.fromarray(DEEP.astype(np.int32)), "TIFF"),
    "TIFF floats": lambda: saved(Image.fromarray(GREY / np.float32(255)), "TIFF"),
    "TIFF of many pages": lambda: moving("TIFF"),
    "JPEG L": lambda: saved(PLAIN, "JPEG"),
    "JPEG progressive": lambda: saved(RGB, "JPEG", progressive=True),
    "JPEG RGB": lambda: saved(RGB, "JPEG", keep_rgb=True),
    "JPEG CMYK": lambda: saved(RGB.convert("CMYK"), "JPEG"),
    "MPO": lambda: moving("MPO"),
    "GIF animated": lambda: moving("GIF"),
    "GIF with clear paper": lambda: saved(two_colours((0, 0, 0), (0, 0, 0)), "GIF", transparency=0),
    "WebP lossless": lambda: saved(RGB, "WEBP", lossless=True),
    "WebP of the least quality": lambda: saved(RGB, "WEBP", quality=5),
    "WebP with alpha": lambda: saved(CLEAR.convert("RGBA"), "WEBP"),
    "WebP animated": lambda: moving("WEBP"),
    "AVIF": lambda: saved(RGB, "AVIF"),
    "AVIF with alpha": lambda: saved(CLEAR.convert("RGBA"), "AVIF"),
    "AVIF animated": lambda: moving("AVIF"),
    "ICO": lambda: saved(RGB, "ICO", sizes=[(SIDE, SIDE)]),
    "ICO with alpha": lambda: saved(CLEAR.convert("RGBA"), "ICO", sizes=[(SIDE, SIDE), (16, 16)]),
    "ICO of bitmaps": lambda: saved(RGB, "ICO", sizes=[(SIDE, SIDE)], bitmap_format="bmp"),
    "ICNS": lambda: saved(RGB.resize((128, 128)), "ICNS"),
    "TGA": lambda: saved(RGB, "TGA"),
    "TGA packed": lambda: saved(RGB, "TGA", compression="tga_rle"),
    "TGA with alpha": lambda: saved(CLEAR.convert("RGBA"), "TGA"),
    "TGA LA": lambda: saved(CLEAR, "TGA"),
    "TGA P": lambda: saved(RGB.quantize(16), "TGA"),
    "TGA 1 bit": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "TGA"),
    "BMP 1 bit": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "BMP"),
    "BMP P": lambda: saved(RGB.quantize(16), "BMP"),
    "BMP of 32 bits": lambda: saved(RGB.convert("RGBA"), "BMP"),
    "DIB": lambda: saved(RGB, "DIB"),
    "PBM": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "PPM"),
    "PGM": lambda: saved(PLAIN, "PPM"),
    "PGM 16 bits": lambda: saved(Image.fromarray(DEEP.astype(np.int32)), "PPM"),
    "PGM of 100 levels": lambda: portable("P2", 100, np.round(GREY / 2.55).astype(int)),
    "PPM": lambda: saved(RGB, "PPM"),
    "PFM": lambda: saved(Image.fromarray(GREY / np.float32(255)), "PPM"),
    "PBM as text": lambda: portable("P1", 1, (GREY < 128).astype(int)),
    "PPM as text": lambda: portable("P3", 255, np.asarray(RGB)),
    "JPEG 2000": lambda: saved(RGB, "JPEG2000"),
    "JPEG 2000 LA": lambda: saved(CLEAR, "JPEG2000"),
    "JPEG 2000 16 bits": jpeg_2000_of_16_bits,
    "PCX": lambda: saved(RGB, "PCX"),
    "PCX 1 bit": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "PCX"),
    "QOI": lambda: saved(RGB, "QOI"),
    "SGI": lambda: saved(RGB, "SGI"),
    "DDS": lambda: saved(CLEAR.convert("RGBA"), "DDS"),
    "MSP": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "MSP"),
    "XBM": lambda: saved(PLAIN.convert("1", dither=Image.Dither.NONE), "XBM"),
    **{f"PNG {name}": lambda pair=pair: saved(two_colours(*pair), "PNG") for name, pair in PALETTES.items()},
    **{f"GIF {name}": lambda pair=pair: saved(two_colours(*pair), "GIF") for name, pair in PALETTES.items()},
}


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(pretrained("cnn"))


@pytest.fixture(scope="module")
def plain() -> Glyph:
    (glyph,) = prepare(saved(PLAIN, "PNG"), "plain.png").reading.glyphs
    return glyph


@pytest.mark.parametrize("name", VARIANTS)
def test_a_digit_is_read_alike_in_every_file_format(name: str, plain: Glyph, classifier: Classifier) -> None:
    (given,) = answer(prepare(VARIANTS[name](), name), classifier)
    assert given.label == "4"
    assert np.corrcoef(given.glyph.pixels.ravel(), plain.pixels.ravel())[0, 1] > ALIKE
