"""Words for what a network says of a glyph."""

from __future__ import annotations

from core.inference.picture_reading import Verdict
from core.inference.word_classifier import SURE
from core.language import N_, gettext, percent

LABELS = {
    Verdict.READ: N_("read"),
    Verdict.UNSURE: N_("low probability"),
    Verdict.UNKNOWN: N_("none of its classes"),
}
EXPLANATIONS = {
    Verdict.READ: N_("The probability is as high as usual on the network's test images."),
    Verdict.UNSURE: N_(
        "The network was more confident on 98% of its test images, so check this one yourself."
    ),
    Verdict.UNKNOWN: N_(
        "No class is more probable than all the others together, or the picture is unlike all that the "
        "network learnt from."
    ),
}


NOT_SURE = N_("not sure")
OF_PHOTOGRAPHS = {  # by whether there is an answer
    True: N_(
        "On held-out photographs, words with a probability above {least}% were right more often than not."
    ),
    False: N_(
        "On held-out photographs, words with a probability below {least}% were wrong more often than right."
    ),
}
BACKBONE = "backbone"  # the family of the network that reads photographs


def label(verdict: Verdict, family: str = "") -> str:
    """Return the verdict of a network of that family in a few words."""
    return gettext(NOT_SURE if family == BACKBONE and verdict is not Verdict.READ else LABELS[verdict])


def with_probability(verdict: Verdict, probability: float, family: str = "") -> str:
    """Return the verdict with the probability of the likeliest class, unless no class is likely."""
    if verdict is Verdict.READ:
        return gettext("probability {p}", p=percent(probability))
    if verdict is Verdict.UNSURE:
        return gettext("low probability: {p}", p=percent(probability))
    return label(verdict, family)


def explanation(verdict: Verdict, family: str = "") -> str:
    """Return a sentence that explains the verdict of a network of that family."""
    if family == BACKBONE:
        return gettext(OF_PHOTOGRAPHS[verdict is Verdict.READ], least=round(100 * SURE))
    return gettext(EXPLANATIONS[verdict])
