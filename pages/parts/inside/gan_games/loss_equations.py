"""Show the losses of a GAN game with the numbers of the batch in them, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.gan_games.rules import LOGISTIC, realness
from core.language import gettext
from pages.parts.inside.equations import lines, number, signed, strong

FORMULAS = {  # of each loss: D's and G's; E is the mean over the batch
    "minimax": ("−E[ln D(x)] − E[ln(1 − D(G(z)))]", "E[ln(1 − D(G(z)))]"),
    "non-saturating": ("−E[ln D(x)] − E[ln(1 − D(G(z)))]", "−E[ln D(G(z))]"),
    "least-squares": ("½ E[(D(x) − 1)²] + ½ E[D(G(z))²]", "½ E[(D(G(z)) − 1)²]"),
    "wasserstein": ("−E[D(x)] + E[D(G(z))] + λ · P", "−E[D(G(z))]"),
}
REAL, FAKE = "D(x₁)", "D(G(z₁))"


def loss_lines(loss: str, output: Mapping[str, Any], weight: float) -> str:
    """Return the general losses, those of the first real sample and the first fake, and both mean losses.

    ``weight`` is that of the penalty; ``output`` holds the logits, losses and penalty of the batch.
    """
    real, fake = float(output["real_logits"][0]), float(output["fake_logits"][0])
    real_loss, fake_loss = output["real_losses"][0], output["fake_losses"][0]
    symbols = gettext(
        "x: a real sample; z: noise; G(z): the fake made of it; D: output of the discriminator; "
        "E: mean over the batch"
    )
    if loss == "wasserstein":
        symbols = gettext("{symbols}; λ: weight of the penalty P on D’s gradient", symbols=symbols)
    of_d, of_g = FORMULAS[loss]
    rows = [
        (gettext("In general"), f"L<sub>D</sub> = {of_d}<br>L<sub>G</sub> = {of_g}"),
        ("", symbols),
        (gettext("First real sample"), f"{_output(loss, REAL, real)}, {_real_loss(loss, real, real_loss)}"),
        (gettext("First fake, for D"), f"{_output(loss, FAKE, fake)}, {_fake_loss(loss, fake, fake_loss)}"),
        (gettext("First fake, for G"), _generator_loss(loss, fake, output["generator_losses"][0])),
        (gettext("Loss of D"), _discriminator_total(output, weight)),
        (gettext("Loss of G"), _generator_mean(output)),
    ]
    return lines(rows)


def _output(loss: str, name: str, logit: float) -> str:
    """Return the discriminator's output for one sample."""
    if loss in LOGISTIC:
        return _unbroken(f"{name} = 1 ÷ (1 + e<sup>{number(-logit)}</sup>) = {number(_probability(logit))}")
    return _unbroken(f"{name} = {number(logit)}")


def _real_loss(loss: str, logit: float, value: float) -> str:
    if loss in LOGISTIC:
        return _unbroken(f"−ln {number(_probability(logit))} = {strong(value)}")
    if loss == "least-squares":
        return _unbroken(f"½ ({number(logit)} − 1)² = {strong(value)}")
    return _unbroken(f"−{signed(logit)} = {strong(value)}")


def _fake_loss(loss: str, logit: float, value: float) -> str:
    if loss in LOGISTIC:
        return _unbroken(f"−ln(1 − {number(_probability(logit))}) = {strong(value)}")
    if loss == "least-squares":
        return _unbroken(f"½ {signed(logit)}² = {strong(value)}")
    return strong(value)


def _generator_loss(loss: str, logit: float, value: float) -> str:
    if loss == "minimax":
        return _unbroken(f"ln(1 − {number(_probability(logit))}) = {strong(value)}")
    return _real_loss(loss, logit, value)


def _discriminator_total(output: Mapping[str, Any], weight: float) -> str:
    count = len(output["real_losses"])
    real, fake = float(output["real_losses"].mean()), float(output["fake_losses"].mean())
    parts = [
        gettext("{loss} (mean of {count} real)", loss=signed(real), count=count),
        gettext("{loss} (mean of {count} fakes)", loss=signed(fake), count=count),
    ]
    if weight:
        parts.append(
            gettext(
                "{weight} × {penalty} (penalty on D’s gradient)",
                weight=number(weight),
                penalty=signed(output["penalty"] / weight),
            )
        )
    return f"{' + '.join(map(_unbroken, parts))} = {strong(output['discriminator_loss'])}"


def _generator_mean(output: Mapping[str, Any]) -> str:
    return gettext(
        "mean of {count} fakes = {loss}",
        count=len(output["generator_losses"]),
        loss=strong(output["generator_loss"]),
    )


def _probability(logit: float) -> float:
    """Return the probability of a real sample that a logit stands for."""
    return float(realness("non-saturating", logit))


def _unbroken(text: str) -> str:
    """Return a piece of an equation that is not broken over two lines."""
    return f'<span class="term">{text}</span>'
