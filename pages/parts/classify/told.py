"""What the networks say of one picture: each by itself, and all of one task together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.bundles.bundle import Card
from core.contract.architectures import ENSEMBLE
from core.contract.preprocessing import GLYPH
from core.images.components import RULING
from core.inference.classifier import Classifier
from core.inference.picture_reading import (
    LIKELY,
    Answer,
    Prepared,
    Verdict,
    answer_left_out,
    ensemble,
    probability_of_all,
)
from core.language import gettext, percent
from pages.parts.classify import verdicts
from pages.parts.shared.model_picker import network_title

Task = Sequence[tuple[Classifier, list[Answer]]]


@dataclass(frozen=True)
class Column:
    """Answers of one network, or of all networks together."""

    title: str
    family: str
    answers: list[Answer]
    complete: float = 1.0  # probability that no mark left out is a digit

    @property
    def least_probable(self) -> Answer:
        """The answer to the most doubtful glyph."""
        return min(self.answers, key=lambda given: given.probability)

    @property
    def is_unread(self) -> bool:
        """Return whether no glyph is of any class that the network knows."""
        return all(given.verdict is Verdict.UNKNOWN for given in self.answers)


@dataclass(frozen=True)
class Told:
    """What networks that tell the same classes apart say of a picture."""

    readers: list[Classifier]
    columns: list[Column]  # of each network; of several networks, last of all together

    @property
    def card(self) -> Card:
        """The card of the first network, of which the classes are those of all."""
        return self.readers[0].card

    @property
    def reads_glyphs(self) -> bool:
        """Whether the networks read glyphs, not the picture as a whole."""
        return self.card.preprocessing.kind == GLYPH

    @property
    def answers(self) -> list[Answer]:
        """The answers of all networks together."""
        return self.columns[-1].answers


def told(task: Task, prepared: Prepared) -> Told:
    """Return each network's answers and, where there are several networks, those of all together."""
    columns = [
        Column(
            network_title(reader.card.title), reader.card.family, given, _complete(reader, given, prepared)
        )
        for reader, given in task
    ]
    if len(task) > 1:
        readers, answers = zip(*task, strict=True)
        complete = sum(column.complete for column in columns) / len(columns)
        columns.append(Column(network_title(ENSEMBLE), ENSEMBLE, ensemble(readers, answers), complete))
    return Told([reader for reader, _ in task], columns)


def _complete(reader: Classifier, given: list[Answer], prepared: Prepared) -> float:
    """Return the probability of a network that no mark left out is a digit."""
    marks = [mark for mark in prepared.reading.left_out if mark.kind != RULING]
    if not marks or not given or reader.card.preprocessing.kind != GLYPH:
        return 1.0
    certain = [replace(each, probability=1.0) for each in given]
    return probability_of_all(certain, prepared, answer_left_out(prepared, reader))


def summary(column: Column) -> str:
    """Return the probability of a reading in words; of several glyphs, the lowest one."""
    least = column.least_probable
    if column.complete < min(least.probability, LIKELY):
        return gettext("perhaps a digit was left out")
    if len(column.answers) == 1:
        return verdicts.with_probability(least.verdict, least.probability, column.family)
    doubtful = sum(given.verdict is not Verdict.READ for given in column.answers)
    if doubtful:
        return gettext("low probability: {doubtful} of {count}", doubtful=doubtful, count=len(column.answers))
    lowest = min(least.probability, column.complete)
    rounded_down = min(math.floor(lowest * 1000) / 1000, 0.999)
    return gettext("each above {p}", p=percent(rounded_down))
