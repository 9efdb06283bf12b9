"""Measure how photographs are read, as one JSON report: ``python -m tests.benchmarks.photographs``.

Agreement of the shipped LiteRT file with the stored float model on pictures of CIFAR-10, enlarged, and
crops of scikit-image's photographs (if it is installed); the temperature that fits training pictures of
CIFAR-10, and what it changes on test pictures; the time from a file's bytes to an answer through the process
that decodes pictures, and the processor time of the same in this process; the memory that the network takes.
Needs ``cifar10_jpeg.npz`` in DEEP_IMAGE_LAB_DATA. tests.benchmarks.picture_kinds measures what pictures are
taken for.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from PIL import Image

from core.bundles.bundle import pretrained
from core.contract.evaluation import expected_calibration_error, softmax
from core.images.whole_picture import whole_picture
from core.inference.classifier import Classifier
from core.inference.decoding_pool import DecodingPool
from core.inference.picture_reading import answer, prepare
from core.inference.word_classifier import SURE, WordClassifier
from tests.benchmarks.picture_kinds import free_photographs, labelled_photographs

NAME = "efficientnet_lite0"
ROUNDS = 7
TEMPERATURES = [round(0.8 + 0.05 * k, 2) for k in range(17)]
BIRDS = [
    "bird", "owl", "eagle", "parrot", "duck", "swan", "goose", "penguin", "chicken", "peacock", "quail",
    "partridge", "ptarmigan",
]  # fmt: skip
WORDS = {  # of the classes of CIFAR-10; ImageNet has no deer
    0: ["airplane"], 1: ["car", "taxi", "van", "ambulance", "camper van"], 2: BIRDS,
    3: ["cat", "lynx", "cougar"], 5: ["dog"], 6: ["frog"], 7: ["horse"],
    8: ["ship", "boat", "submarine", "shipwreck"], 9: ["truck", "van", "fire engine"],
}  # fmt: skip


@click.command()
@click.option(
    "--count", default=300, show_default=True, type=click.IntRange(min=20), help="Pictures of a set."
)
def main(count: int) -> None:
    """Print one JSON object."""
    before = _resident()
    reader = WordClassifier(pretrained(NAME))
    reader.probabilities(np.zeros((1, *reader.card.shape), np.uint8))
    report: dict[str, object] = {"memory_mb": _resident() - before, **times(reader)}
    report["temperature"] = calibration(reader, count)
    sets = {
        "cifar10 enlarged": [picture for picture, _ in labelled_photographs("test", count)],
        "scikit-image": free_photographs(seed=7, crops=max(1, count // 12)),
    }
    report["agreement"] = {name: agreement(reader, pictures) for name, pictures in sets.items() if pictures}
    click.echo(json.dumps(report, indent=1))


def times(reader: WordClassifier) -> dict[str, float]:
    """Return the median milliseconds from a file to an answer, on the clock and of the processors.

    The first go through the process that decodes pictures; the second do all in this one.
    """
    random, found = np.random.default_rng(0), {}
    pool = DecodingPool()
    for name, size in {"2 megapixels": (1600, 1250), "12 megapixels": (4000, 3000)}.items():
        coarse = Image.fromarray(random.integers(0, 256, (24, 32, 3), np.uint8))
        file = io.BytesIO()
        coarse.resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
        taken = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            answer(pool.prepare(file.getvalue(), "x.jpg", thorough=False), reader)
            taken.append(1000 * (time.perf_counter() - start))
        found[f"{name} to answer, ms"] = statistics.median(taken)
        computed = []
        for _ in range(ROUNDS):
            begin = time.process_time()
            answer(prepare(file.getvalue(), "x.jpg", thorough=False), reader)
            computed.append(1000 * (time.process_time() - begin))
        found[f"{name} to answer, processor ms"] = statistics.median(computed)
    pool.close()
    return found


def calibration(reader: WordClassifier, count: int) -> dict[str, float]:
    """Return the temperature with the lowest loss on training pictures, and what it changes on others."""
    fitted = min(TEMPERATURES, key=_answers(reader, "train", count).loss)
    test = _answers(reader, "test", count)
    found = {"fitted": fitted, "on the card": reader.card.temperature}
    for name, temperature in {"without": 1.0, "on the card": reader.card.temperature}.items():
        found[f"loss, {name}"] = test.loss(temperature)
        found[f"calibration error, {name}"] = test.calibration_error(temperature)
    return found


@dataclass(frozen=True, eq=False)
class _Answers:
    """The logits of pictures of CIFAR-10, and which words are right for each (N×words, bool)."""

    reader: WordClassifier
    logits: np.ndarray
    right: np.ndarray

    def loss(self, temperature: float) -> float:
        """Return the mean cross-entropy of the right words together."""
        probability = (self._probabilities(temperature) * self.right).sum(axis=1)
        return float(-np.log(np.maximum(probability, 1e-9)).mean())

    def calibration_error(self, temperature: float) -> float:
        """Return the mean gap between the first word's probability and how often it is right."""
        probabilities = self._probabilities(temperature)
        first = probabilities.argmax(axis=1)
        is_right = self.right[np.arange(len(first)), first]
        return expected_calibration_error(probabilities, np.where(is_right, first, -1))

    def _probabilities(self, temperature: float) -> np.ndarray:
        return self.reader.by_class(softmax(self.logits / temperature))


def _answers(reader: WordClassifier, split: str, count: int) -> _Answers:
    pictures = [(picture, label) for picture, label in labelled_photographs(split, count) if label in WORDS]
    images = np.stack([whole_picture(picture, reader.card.preprocessing) for picture, _ in pictures])
    right = np.array([[word in WORDS[label] for word in reader.card.classes] for _, label in pictures])
    return _Answers(reader, reader.logits(images), right)


def agreement(reader: WordClassifier, pictures: list[Image.Image]) -> dict[str, float]:
    """Return the share of pictures for which the LiteRT file and the float model answer alike."""
    import keras  # noqa: PLC0415 (only this needs TensorFlow)

    model = keras.models.load_model(reader.bundle.folder / "model.keras", safe_mode=True)
    images = np.stack([whole_picture(picture, reader.card.preprocessing) for picture in pictures])
    floating = model.predict(reader.card.preprocessing.to_input(images), batch_size=16, verbose=0)
    whole = Classifier.logits(reader, images)
    words, wanted = (
        reader.by_class(softmax(logits / reader.card.temperature)) for logits in (whole, floating)
    )
    alike = words.argmax(axis=1) == wanted.argmax(axis=1)
    sure = wanted.max(axis=1) >= SURE
    return {
        "pictures": len(pictures),
        "exact name": float(np.mean(whole.argmax(axis=1) == floating.argmax(axis=1))),
        "word": float(np.mean(alike)),
        "pictures with an answer": int(sure.sum()),
        "word, of pictures with an answer": float(np.mean(alike[sure])),
    }


def _resident() -> float:
    """Return this process's resident memory in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 2**10


if __name__ == "__main__":
    main()
