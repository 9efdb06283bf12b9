"""Measure how words are read: letters of EMNIST and digits of MNIST in rows, and printed ones.

Run ``python -m tests.benchmarks.words``; it needs DEEP_IMAGE_LAB_DATA. Test images are drawn, by a seed, at
different sizes with gaps between letters and words, in dark ink on light paper, one text a picture. A letter
counts as right by the edit distance of a reading from its text, spaces included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import click
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.bundles.bundle import pretrained
from core.datasets import registry
from core.datasets.synthetic.handwriting import render
from core.datasets.synthetic.pen_paths import LETTER_PATHS
from core.images.encode import png
from core.inference.classifier import Classifier
from core.inference.letters_only import letters_of
from core.inference.picture_reading import Answer, Verdict, answer, as_text, prepare
from tests.benchmarks.refusal import FACES

WORDS = (
    "HELLO YOU WORLD PAPER HOUSE WATER NIGHT LIGHT MUSIC GARDEN WINTER SUMMER FRIEND SCHOOL LETTER PICTURE",
    "MOTHER FATHER SISTER BROTHER YELLOW ORANGE PURPLE SILVER BREAD CHEESE APPLE LEMON TABLE CHAIR WINDOW",
    "DOOR RIVER OCEAN FOREST MOUNTAIN BRIDGE STREET CITY VILLAGE HORSE TIGER MONKEY RABBIT KING QUEEN JUMP",
    "QUICK BROWN FOX LAZY DOG BOX ZEBRA JAZZ VEX WALTZ NYMPH BOOK SIZE LOBBY GOOD BLISS",
)
PEN_LETTERS = "ACDEFGHJKLMNPQRTUVWXY"  # of the pen paths, in their order
HEIGHT = 60  # pixels of a letter
LETTER_GAP, SPACE = (0.1, 0.3), (0.7, 1.0)  # of a letter's height

Draw = Callable[[str, np.random.Generator], Image.Image]


def texts(count: int, seed: int, kind: str) -> list[str]:
    """Return texts of a kind: one letter, one word, two words, or a word and a number."""
    rng = np.random.default_rng((seed, len(kind)))
    found = []
    for _ in range(count):
        first, second = rng.choice(" ".join(WORDS).split(), 2)
        letter, number = rng.choice(list(PEN_LETTERS)), rng.integers(10, 10_000)
        kinds = {"letter": letter, "word": first, "words": f"{first} {second}", "number": f"{first} {number}"}
        found.append(kinds[kind])
    return found


def written(images: np.ndarray, labels: np.ndarray, classes: Sequence[str]) -> Draw:
    """Return what writes a text with these images of letters and digits, N×28×28 uint8."""
    places = {label: np.nonzero(labels == k)[0] for k, label in enumerate(classes)}

    def draw(text: str, rng: np.random.Generator) -> Image.Image:
        signs = [None if c == " " else images[rng.choice(places[c])] for c in text]
        return row(signs, rng)

    return draw


def by_pen(text: str, rng: np.random.Generator) -> Image.Image:
    """Write a text of ``PEN_LETTERS`` with the pen of *Rendered digits*."""
    labels = np.array([PEN_LETTERS.index(letter) for letter in text])
    return row(list(render(labels, int(rng.integers(2**31)), paths=LETTER_PATHS)), rng)


def row(signs: Sequence[np.ndarray | None], rng: np.random.Generator) -> Image.Image:
    """Return signs (28×28 uint8, light on dark; None: a space) in a row on paper."""
    paper = np.zeros((3 * HEIGHT, (len(signs) + 2) * 2 * HEIGHT), np.uint8)
    left = float(HEIGHT)
    for sign in signs:
        if sign is None:
            left += HEIGHT * rng.uniform(*SPACE)
            continue
        ink = _cut(sign, HEIGHT * rng.uniform(0.85, 1.15))
        bottom, x = 2 * HEIGHT + round(HEIGHT * rng.uniform(-0.06, 0.06)), round(left)
        part = paper[bottom - ink.shape[0] : bottom, x : x + ink.shape[1]]
        np.maximum(part, ink, out=part)
        left += ink.shape[1] + HEIGHT * rng.uniform(*LETTER_GAP)
    sheet = 235 - 190.0 * paper[:, : round(left) + HEIGHT] / 255
    return Image.fromarray(np.clip(sheet + rng.normal(0, 3, sheet.shape), 0, 255).astype(np.uint8))


def _cut(sign: np.ndarray, height: float) -> np.ndarray:
    """Return the ink of a sign in its box, enlarged so that the longer side has ``height`` pixels."""
    left, top, wide, tall = cv2.boundingRect((sign > 40).astype(np.uint8))
    scale = height / max(wide, tall)
    size = max(1, round(wide * scale)), max(1, round(tall * scale))
    return cv2.resize(sign[top : top + tall, left : left + wide], size, interpolation=cv2.INTER_CUBIC)


def printed(lower: bool) -> Draw:
    """Return what prints a text in one of many typefaces, in capital or small letters."""

    def draw(text: str, rng: np.random.Generator) -> Image.Image:
        face = ImageFont.truetype(str(rng.choice(sorted(FACES.rglob("*.ttf")))), HEIGHT)
        text = text.lower() if lower else text
        image = Image.new("L", (round(face.getlength(text)) + 2 * HEIGHT, 3 * HEIGHT), 240)
        ImageDraw.Draw(image).text((HEIGHT, HEIGHT // 2), text, fill=30, font=face)
        return image

    return draw


def distance(one: str, other: str) -> int:
    """Return the edit distance of two texts (Levenshtein 1966)."""
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
        above = row
    return above[-1]


def measure(
    reader: Classifier, draw: Draw, wanted: Sequence[str], seed: int
) -> Iterator[tuple[str, list[Answer]]]:
    """Yield each text with the answers to its picture."""
    for i, text in enumerate(wanted):
        picture = draw(text, np.random.default_rng((seed, i)))
        yield text, answer(prepare(png(picture), "word.png"), reader)


def report(title: str, found: Sequence[tuple[str, list[Answer]]]) -> None:
    """Print the shares of letters and texts that are right, and of glyphs that are marked as doubtful."""
    read = [(text, as_text(answers)) for text, answers in found]
    letters = 1 - sum(distance(*pair) for pair in read) / sum(len(text) for text, _ in read)
    right = sum(text == other for text, other in read) / len(read)
    marked = [given.verdict is not Verdict.READ for _, answers in found for given in answers]
    click.echo(
        f"{title:45} letters {letters:6.1%}  texts {right:6.1%}  doubtful glyphs {np.mean(marked):6.1%}"
    )


@click.command()
@click.option("--count", default=100, show_default=True, help="Pictures of each family.")
@click.option("--seed", default=1, show_default=True)
def main(count: int, seed: int) -> None:
    """Print how well the network `letters` reads words."""
    both = Classifier(pretrained("letters"))
    letters = letters_of(both)
    data = registry.load("letters_digits")
    by_hand = written(data.x_test[..., 0], data.y_test, data.info.classes)
    for title, reader, draw, kind in (
        ("a letter drawn by pen, letters", letters, by_pen, "letter"),
        ("a printed capital, letters", letters, printed(lower=False), "letter"),
        ("a printed small letter, letters", letters, printed(lower=True), "letter"),
        ("a word, letters", letters, by_hand, "word"),
        ("two words, letters", letters, by_hand, "words"),
        ("two words, letters and digits", both, by_hand, "words"),
        ("a word and a number, letters and digits", both, by_hand, "number"),
        ("two printed words in capitals, letters", letters, printed(lower=False), "words"),
        ("two printed words in small letters, letters", letters, printed(lower=True), "words"),
    ):
        report(title, list(measure(reader, draw, texts(count, seed, kind), seed)))


if __name__ == "__main__":
    main()
