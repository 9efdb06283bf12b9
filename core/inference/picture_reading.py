"""Read a file: from its bytes to answers, for the page and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from core.contract.glyph_layouts import EMNIST_LAYOUT
from core.contract.preprocessing import (
    DARK_ON_LIGHT,
    LIGHT_ON_DARK,
    WHOLE,
    Preprocessing,
)
from core.images.components import EDGE, RULING, SEPARATOR
from core.images.decode import Picture, decode
from core.images.digits import PREVIEW_SIDE, Glyph, LeftOut, Reading, find_digits
from core.images.normalise import SIDE, as_in_emnist
from core.images.paper import shrink
from core.images.picture_kind import DIGIT, GLANCE, SIGN, THING, is_clearly_a_photograph, kind_of
from core.images.whole_picture import fit, whole_picture
from core.images.word_gaps import starts_of_words
from core.inference.neighbours import decided_by_neighbours, links, look_alike

if TYPE_CHECKING:  # the process that decodes pictures needs no LiteRT
    from core.inference.classifier import Classifier

MIN_TURNED = 3  # glyphs and marks; a single one may look like a digit any way round
MIN_FOUND = 0.75  # of a picture's glyphs are found in it the right way round: turned letters are fewer digits
HALF_TURN = 0.4  # added to what half a turn must gain
MIN_GAIN = 0.15  # of the mean probability of a picture's glyphs, if it is turned
STRAIGHT_FOOT = 0.05  # of probability: what a straight line below the glyphs, or above, may count
ROUGH_FOOT = 0.01  # of a glyph's height: how straight any such line is taken to be at most
_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
STRAIGHT = 5  # times its width is the length of an edge that may look like a 1
LIKELY = 0.5  # more probable than all other classes together


@dataclass(frozen=True)
class Prepared:
    """A decoded picture and the glyphs found in it."""

    name: str
    picture: Picture  # reduced to the size at which it is shown; the glyphs were cut out before
    reading: Reading
    kind: str = DIGIT  # what the picture shows, as a card's subject says it
    is_searched: bool = True  # False: clearly a photograph, in which glyphs were not looked for
    turn: int = 0  # quarter turns clockwise by which the picture was turned before it was read


class Verdict(StrEnum):
    """The reliability of an answer to a glyph."""

    READ = "read"
    UNSURE = "unsure"  # a probability lower than for 98 % of held-out images, but above one half
    UNKNOWN = "unknown"  # as low, and no class has a probability above one half


@dataclass(frozen=True)
class Answer:
    """The answer of one network, or of several together, to one glyph."""

    glyph: Glyph
    label: str  # the likeliest class, whatever the verdict
    probability: float
    probabilities: np.ndarray  # one per class
    verdict: Verdict
    is_strange: bool = False  # unlike all that the network learnt from; it is refused
    exact: np.ndarray | None = None  # one per class of the network itself, where its card has words instead
    look_alike: str | None = None  # another class that the glyph may well show, as a 0 is like an O


def prepare(data: bytes, name: str, *, thorough: bool = True, turn: int = 0) -> Prepared:
    """Decode a file, turn it clockwise by ``turn`` quarter turns, and find the glyphs in it.

    Unless ``thorough``, a picture of which a small copy is clearly a photograph is not searched for glyphs.

    Raises:
        ImageError: when the bytes are no picture that can be read.
    """
    picture = _turned(decode(data, name), turn)
    if not thorough and max(picture.image.size) > GLANCE and is_clearly_a_photograph(picture):
        shown = replace(picture, image=Image.fromarray(shrink(np.asarray(picture.image), PREVIEW_SIDE)))
        return Prepared(name, shown, Reading((), ()), THING, is_searched=False, turn=turn)
    reading = find_digits(picture)
    shown = replace(picture, image=reading.steps[0].image)
    return Prepared(name, shown, reading, kind_of(shown, reading), turn=turn)


def prepare_upright(prepare_turned: Callable[[int], Prepared], classifier: Classifier) -> Prepared:
    """Return a picture as it is or, if little is read and far more another way round, turned.

    Args:
        prepare_turned: returns the picture, turned clockwise by so many quarter turns.
        classifier: reads glyphs.
    """
    first = prepare_turned(0)
    reading = first.reading
    # A table's edge says nothing of a digit, and lines say nothing of a single one: they may be its cell's.
    of_paper = (EDGE, RULING) if len(reading.glyphs) == 1 else (EDGE,)
    marks = [mark for mark in reading.left_out if mark.kind not in of_paper]
    if not reading.glyphs or len(reading.glyphs) + len(marks) < MIN_TURNED:
        return first
    read = _probabilities_read(answer(first, classifier))
    if read.mean() > 1 - MIN_GAIN:
        return first
    found = [(0.0, first)]
    for turn in (1, 2, 3):
        turned = prepare_turned(turn)
        answers = answer(turned, classifier)
        own = _probabilities_read(answers)
        # A misread 5 beside a 6 looks well upside down, so half a turn must gain far more.
        # More glyphs must be read, too: a ruling alone looks like a 1.
        needed = HALF_TURN if turn == 2 else 0.0
        gained = float(own.mean() - read.mean()) - needed
        is_complete = len(answers) >= MIN_FOUND * len(reading.glyphs)
        is_better = gained >= MIN_GAIN and np.count_nonzero(own) > np.count_nonzero(read)
        if turned.kind == DIGIT and is_complete and is_better:
            found.append((_probability_upright(answers) - needed, turned))
    return max(found, key=lambda one: one[0])[1]


def _probabilities_read(answers: Sequence[Answer]) -> np.ndarray:
    """Return the probability of each answer, 0 for a refused one; one 0 without any answer."""
    return np.array([a.probability * (a.verdict is Verdict.READ) for a in answers] or [0.0])


def _probability_upright(answers: Sequence[Answer]) -> float:
    """Return the mean probability of the answers, and a little more where the glyphs stand on a line.

    A 6 is a 9 upside down, and 0, 1 and 8 are the same, but people write on a line: the feet of digits are
    more level than their heads.
    """
    glyphs = [given.glyph for given in answers]
    lines = [[glyph for glyph in glyphs if glyph.line == line] for line in {glyph.line for glyph in glyphs}]
    levels = [
        _log_unevenness(line, 1) - _log_unevenness(line, 3) for line in lines if len(line) >= MIN_TURNED
    ]
    level = float(np.clip(np.mean(levels), -1, 1)) if levels else 0.0
    return float(np.mean([given.probability for given in answers])) + STRAIGHT_FOOT * level


def _log_unevenness(line: Sequence[Glyph], edge: int) -> float:
    """Return the logarithm of how far the glyphs' upper (1) or lower (3) edges lie from a straight line."""
    boxes = np.array([glyph.box for glyph in line], float)
    columns = boxes[:, 0] + boxes[:, 2]
    columns -= columns.mean()
    rows = boxes[:, edge] - boxes[:, edge].mean()
    slope = (columns @ rows) / max(columns @ columns, 1.0)
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    return float(np.log(np.std(rows - slope * columns) / height + ROUGH_FOOT))


def _turned(picture: Picture, turn: int) -> Picture:
    if not turn % 4:
        return picture
    image = picture.image.transpose(_TURNS[turn % 4])
    return replace(picture, image=image, size=picture.size[::-1] if turn % 2 else picture.size)


def answer_left_out(prepared: Prepared, classifier: Classifier) -> list[Answer]:
    """Return a classifier's answers to the marks that were left out, as if they were glyphs."""
    marks = tuple(mark.glyph for mark in prepared.reading.left_out)
    return answer(replace(prepared, reading=Reading(marks, ())), classifier)


def probability_of_all(answers: Sequence[Answer], prepared: Prepared, left_out: Sequence[Answer]) -> float:
    """Return the probability that nothing was misread or missed: the lowest of all answers.

    A mark that was left out counts by how much it looks like a digit: by its probability if it would have
    been read, and by its height, as specks are small. Rulings, slashes and long edges of the paper do not
    count, because they look like 1s.
    """
    lowest = min((given.probability for given in answers), default=0.0)
    heights = [_height(given.glyph) for given in answers]
    usual = float(np.median(heights)) if heights else 1.0
    for mark, given in zip(prepared.reading.left_out, left_out, strict=True):
        if not _is_straight(mark) and given.verdict is Verdict.READ:
            lowest = min(lowest, 1 - given.probability * min(1.0, _height(mark.glyph) / usual) ** 2)
    return lowest


def _is_straight(mark: LeftOut) -> bool:
    """Return whether a mark is a ruling, a slash, or an edge of the paper many times longer than wide."""
    left, top, right, bottom = mark.glyph.box
    short, long = sorted((right - left, bottom - top))
    return mark.kind in (RULING, SEPARATOR) or (mark.kind == EDGE and long > STRAIGHT * short)


def _height(glyph: Glyph) -> int:
    return glyph.box[3] - glyph.box[1]


def answer(prepared: Prepared, classifier: Classifier) -> list[Answer]:
    """Return a classifier's answer to each glyph, in reading order.

    The network's preprocessing decides what it reads; a whole picture counts as one glyph.
    """
    card = classifier.card
    glyphs = glyphs_for(prepared, card.preprocessing)
    if not glyphs:
        return []
    images = np.stack([glyph.pixels for glyph in glyphs])
    exact, strange = classifier.exact_probabilities(images), classifier.are_strange(images)
    probabilities = classifier.by_class(exact)
    if card.subject == SIGN:
        probabilities = decided_by_neighbours(probabilities, card.classes, links(glyphs))
    given = zip(glyphs, probabilities, strange, strict=True)
    answers = [_answer(glyph, p, card.classes, card.refuse_below, bool(unlike)) for glyph, p, unlike in given]
    if not classifier.bundle.card.words:
        return answers
    return [replace(one, exact=own) for one, own in zip(answers, exact, strict=True)]


def glyphs_for(prepared: Prepared, wanted: Preprocessing) -> tuple[Glyph, ...]:
    """Return what a network reads in a picture, in reading order: its glyphs, or the whole picture as one."""
    if wanted.kind == WHOLE:
        whole = whole_picture(prepared.picture.image, wanted)
        return (Glyph(whole, (0, 0, *prepared.picture.size), 0),)
    if wanted.layout == EMNIST_LAYOUT:
        return _letters(prepared.reading.glyphs)
    if wanted.shape == (SIDE, SIDE, 1) and wanted.crop == 1 and wanted.polarity == LIGHT_ON_DARK:
        return prepared.reading.glyphs  # as they were cut out
    return tuple(_fitted(glyph, wanted) for glyph in prepared.reading.glyphs)


def _letters(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """Return glyphs as networks of letters read them: with their dots and the gaps between words."""
    whole = [replace(glyph.dotted, line=glyph.line) if glyph.dotted else glyph for glyph in glyphs]
    starts = starts_of_words([glyph.box for glyph in whole], [glyph.line for glyph in whole])
    return tuple(
        replace(glyph, pixels=as_in_emnist(glyph.pixels), starts_word=starts_word)
        for glyph, starts_word in zip(whole, starts, strict=True)
    )


def ensemble(classifiers: Sequence[Classifier], answers: Sequence[list[Answer]]) -> list[Answer]:
    """Return the ensemble's answers: mean calibrated probabilities, refused below the mean threshold.

    The classifiers have the same task and answered the same glyphs.
    Source: Lakshminarayanan, Pritzel, Blundell 2017, section 2.4.
    """
    classes = classifiers[0].card.classes
    refuse_below = float(np.mean([classifier.card.refuse_below for classifier in classifiers]))
    return [
        _answer(
            one[0].glyph,
            np.mean([a.probabilities for a in one], axis=0),
            classes,
            refuse_below,
            all(a.is_strange for a in one),
        )
        for one in zip(*answers, strict=True)
    ]


def as_text(answers: Sequence[Answer]) -> str:
    """Return the reading as text, lines separated, and words where letters are read.

    A question mark stands for a glyph of no class.
    """
    lines: dict[int, str] = {}
    for given in answers:
        sign = "?" if given.verdict is Verdict.UNKNOWN else given.label
        space = " " if given.glyph.starts_word else ""
        lines[given.glyph.line] = lines.get(given.glyph.line, "") + space + sign
    return " / ".join(lines.values()) or "–"


def verdict(probability: float, refuse_below: float) -> Verdict:
    """Return the verdict for the probability of the likeliest class."""
    if probability >= refuse_below:
        return Verdict.READ
    return Verdict.UNSURE if probability > LIKELY else Verdict.UNKNOWN


def _answer(
    glyph: Glyph, probabilities: np.ndarray, classes: Sequence[str], refuse_below: float, is_strange: bool
) -> Answer:
    best = int(probabilities.argmax())
    probability = float(probabilities[best])
    given = Verdict.UNKNOWN if is_strange else verdict(probability, refuse_below)
    other = look_alike(probabilities, classes)
    if other and given is Verdict.READ:
        given = Verdict.UNSURE
    return Answer(glyph, classes[best], probability, probabilities, given, is_strange, look_alike=other)


def _fitted(glyph: Glyph, wanted: Preprocessing) -> Glyph:
    """Return a glyph brought to the preprocessing of a network whose images are not MNIST's."""
    pixels = np.asarray(fit(Image.fromarray(glyph.pixels), wanted))
    if wanted.polarity == DARK_ON_LIGHT:
        pixels = 255 - pixels
    return replace(glyph, pixels=np.stack([pixels] * 3, axis=-1) if wanted.channels == 3 else pixels)
