"""The losses of a contest with the numbers of the batch in them, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.gan_games.rules import LOGISTIC, realness
from pages.parts.inside.equations import lines, number, signed, strong

REAL, FAKE = "D(x₁)", "D(G(z₁))"


def loss_lines(loss: str, verdict: Mapping[str, Any], weight: float) -> str:
    """The equations: the first real sample's, the first fake's, and both players' means over the batch."""
    real, fake = float(verdict["real_logits"][0]), float(verdict["fake_logits"][0])
    rows = [
        ("First real sample", f"{_says(loss, REAL, real)}, {_real(loss, real, verdict['real_losses'][0])}"),
        ("First fake, for D", f"{_says(loss, FAKE, fake)}, {_fake(loss, fake, verdict['fake_losses'][0])}"),
        ("The same, for G", _generator(loss, fake, verdict["generator_losses"][0])),
        ("Loss of D", _total(verdict, weight)),
        ("Loss of G", _mean_of_fakes(verdict)),
    ]
    return lines(rows)


def _says(loss: str, name: str, logit: float) -> str:
    """What the discriminator says of one sample."""
    if loss in LOGISTIC:
        return term_of(f"{name} = 1 ÷ (1 + e<sup>{number(-logit)}</sup>) = {number(_belief(logit))}")
    return term_of(f"{name} = {number(logit)}")


def _real(loss: str, logit: float, value: float) -> str:
    if loss in LOGISTIC:
        return term_of(f"−log {number(_belief(logit))} = {strong(value)}")
    if loss == "least-squares":
        return term_of(f"½ ({number(logit)} − 1)² = {strong(value)}")
    return term_of(f"−{signed(logit)} = {strong(value)}")


def _fake(loss: str, logit: float, value: float) -> str:
    if loss in LOGISTIC:
        return term_of(f"−log(1 − {number(_belief(logit))}) = {strong(value)}")
    if loss == "least-squares":
        return term_of(f"½ {signed(logit)}² = {strong(value)}")
    return strong(value)


def _generator(loss: str, logit: float, value: float) -> str:
    if loss == "minimax":
        return term_of(f"log(1 − {number(_belief(logit))}) = {strong(value)}")
    return _real(loss, logit, value)


def _total(verdict: Mapping[str, Any], weight: float) -> str:
    count = len(verdict["real_losses"])
    real, fake = float(verdict["real_losses"].mean()), float(verdict["fake_losses"].mean())
    parts = [f"{signed(real)} (mean of {count} real)", f"{signed(fake)} (mean of {count} fakes)"]
    if weight:
        parts.append(f"{number(weight)} × {signed(verdict['penalty'] / weight)} (penalty on D’s slope)")
    terms = " + ".join(map(term_of, parts))
    return f"{terms} = {strong(verdict['discriminator_loss'])}"


def _mean_of_fakes(verdict: Mapping[str, Any]) -> str:
    return f"mean of {len(verdict['generator_losses'])} fakes = {strong(verdict['generator_loss'])}"


def _belief(logit: float) -> float:
    return float(realness("non-saturating", logit))


def term_of(text: str) -> str:
    """A piece of an equation that is not broken over two lines."""
    return f'<span class="term">{text}</span>'
