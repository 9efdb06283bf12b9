"""Diagnose a GAN in words: which network is ahead, and which classes the generator has forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.contract.events import SamplePredictions
from core.language import gettext, join
from core.runs.report.history import History

WON = 0.05  # a discriminator whose loss stays below this learns and teaches nothing
STEPS = 300  # the number of steps for which it must stay below
_ABSENT = 0.25  # of an equal share of the samples; a class with fewer counts as missing


@dataclass(frozen=True)
class Finding:
    """A sentence, and whether it is good, undecided or bad."""

    kind: Literal["good", "open", "bad"]
    text: str


def diagnose(history: History, classes: Sequence[str], conditional: bool) -> list[Finding]:
    """Return findings from the last steps and the latest predictions for samples, if there are any."""
    found = [_players(history)] if len(history.by_step.get("d_real", ())) >= STEPS else []
    if history.sample_predictions:
        found.append(_drawings(history.sample_predictions, classes, conditional))
    return found


def entropy(counts: Sequence[int]) -> float:
    """Return the entropy of a histogram in bits: the logarithm of its length if all counts are equal."""
    shares = np.asarray(counts, float) / max(1, sum(counts))
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def steps_won(discriminator_loss: Sequence[float]) -> int:
    """Return for how many steps, up to the last, the discriminator's loss has been below ``WON``."""
    lost = np.flatnonzero(~(np.asarray(discriminator_loss) < WON))
    return len(discriminator_loss) - (int(lost[-1]) + 1 if len(lost) else 0)


def _players(history: History) -> Finding:
    won = steps_won(history.by_step["discriminator_loss"])
    if won >= STEPS:
        return Finding(
            "bad",
            gettext(
                "The discriminator has won: its loss has been below {limit} for {steps:,} steps, so the "
                "generator learns nothing from it. Try again with a lower learning rate for the "
                "discriminator.",
                limit=WON,
                steps=won,
            ),
        )
    real, fake = (float(np.mean(history.by_step[name][-STEPS:])) for name in ("d_real", "d_fake"))
    figures = {"real": real, "fake": fake, "steps": STEPS}
    if real - fake < 0.1:
        text = gettext(
            "The discriminator can hardly tell real from generated images: D(x) {real:.2f} and D(G(z)) "
            "{fake:.2f} over the last {steps} steps.",
            **figures,
        )
        return Finding("open", text)
    if real - fake > 0.9:
        text = gettext(
            "The discriminator is far ahead of the generator: D(x) {real:.2f} and D(G(z)) {fake:.2f} over "
            "the last {steps} steps.",
            **figures,
        )
        return Finding("open", text)
    text = gettext(
        "The two networks are balanced: D(x) {real:.2f} and D(G(z)) {fake:.2f} over the last {steps} steps.",
        **figures,
    )
    return Finding("good", text)


def _drawings(predictions: Sequence[SamplePredictions], classes: Sequence[str], conditional: bool) -> Finding:
    found = predictions[-1]
    values = {"classifier": gettext(found.classifier), "samples": found.samples}
    if found.unknown > found.samples / 2:
        text = gettext(
            "The generator does not draw clearly yet: the {classifier} recognises no class in {unknown} of "
            "{samples} new images.",
            unknown=found.unknown,
            **values,
        )
        return Finding("open", text)
    missing = [k for k in range(len(classes)) if _is_absent(found, k)]
    if missing:
        return Finding("bad", _missing(predictions, classes, missing, values))
    values |= {"entropy": entropy(found.seen), "most": float(np.log2(len(classes)))}
    if not conditional:
        text = gettext(
            "The generator draws every class: {samples} new images have an entropy of {entropy:.2f} of "
            "{most:.2f} bits.",
            **values,
        )
        return Finding("good", text)
    text = gettext(
        "The generator draws every class: {samples} new images have an entropy of {entropy:.2f} of "
        "{most:.2f} bits, and {right} show the requested class.",
        right=sum(found.right),
        **values,
    )
    return Finding("good", text)


def _missing(
    predictions: Sequence[SamplePredictions],
    classes: Sequence[str],
    missing: list[int],
    values: dict[str, Any],
) -> str:
    """Return the sentence about missing classes, of which those once drawn count as forgotten."""
    forgotten = [k for k in missing if any(not _is_absent(earlier, k) for earlier in predictions[:-1])]
    told = forgotten or missing
    values = {
        **values,
        "classes": join(classes[k] for k in told),
        "counts": join(str(predictions[-1].seen[k]) for k in told),
    }
    if forgotten:
        return gettext(
            "The generator has forgotten some classes ({classes}): among {samples} new images, the "
            "{classifier} finds only {counts} of them.",
            **values,
        )
    return gettext(
        "The generator does not draw some classes ({classes}): among {samples} new images, the {classifier} "
        "finds only {counts} of them.",
        **values,
    )


def _is_absent(found: SamplePredictions, k: int) -> bool:
    return k >= len(found.seen) or found.seen[k] < _ABSENT * found.samples / len(found.seen)
