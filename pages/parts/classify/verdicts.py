"""Words for what a network says of a glyph."""

from __future__ import annotations

from core.inference.picture_reading import Verdict
from core.language import N_, gettext

LABELS = {
    Verdict.READ: N_("read"),
    Verdict.UNSURE: N_("low probability"),
    Verdict.UNKNOWN: N_("none of its classes"),
}
EXPLANATIONS = {
    Verdict.READ: N_("The probability is as high as usual on the network's test images."),
    Verdict.UNSURE: N_(
        "The network was more confident on 98 % of its test images, so check this one yourself."
    ),
    Verdict.UNKNOWN: N_(
        "No class is more probable than all the others together: this looks like nothing that the network "
        "knows."
    ),
}


def label(verdict: Verdict) -> str:
    """Return the verdict in a few words."""
    return gettext(LABELS[verdict])


def with_probability(verdict: Verdict, probability: float) -> str:
    """Return the verdict with the probability of the likeliest class, unless no class is likely."""
    if verdict is Verdict.READ:
        return gettext("{p:.1%} probability", p=probability)
    if verdict is Verdict.UNSURE:
        return gettext("low probability: {p:.0%}", p=probability)
    return label(verdict)


def explanation(verdict: Verdict) -> str:
    """Return a sentence that explains the verdict."""
    return gettext(EXPLANATIONS[verdict])
