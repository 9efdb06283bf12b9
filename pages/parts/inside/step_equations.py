"""Show the arithmetic of the steps of training with the numbers in it, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from core.contract.dataset_info import DIGITS
from core.inside.step_arithmetic import (
    ADAM_DECAYS,
    chance_loss,
    corrected_moments,
    glorot_limit,
    logit_gradients,
    most_probable_other,
    softmax_terms,
)
from core.language import gettext, percent
from pages.parts.inside.equations import lines, number, signed, strong, term

MOST_CLASSES = 40  # that are listed
_STYLE = """<style>
table.numbers { border-collapse: collapse; margin-top: 0.75rem; font-size: 0.875rem;
  font-variant-numeric: tabular-nums; }
table.numbers th, table.numbers td { text-align: right; padding: 0.2rem 0.6rem; border: 0;
  border-bottom: 1px solid rgba(128, 128, 128, 0.25); }
table.numbers th:first-child, table.numbers td:first-child { text-align: left; padding-left: 0; }
table.numbers tr.chosen td { font-weight: 700; }
div.wide { overflow-x: auto; }
</style>"""


def initial_weights(layers: Sequence[dict[str, Any]], seed: int) -> str:
    """Return how the step Initialise drew the kernels, with the limit of the first layer worked out."""
    first = layers[0]
    limit = glorot_limit(first["fan_in"], first["fan_out"])
    worked_out = f"√(6 ÷ ({first['fan_in']} + {first['fan_out']})) = {strong(limit)}"
    rule = gettext(
        "uniform between ±√(6 ÷ (inputs + outputs)); for {layer}: {equation}",
        layer=first["name"],
        equation=worked_out,
    )
    rows = [
        (
            layer["name"],
            "×".join(map(str, layer["shape"])),
            f"{layer['parameters']:,}",
            number(layer["largest"]),
        )
        for layer in layers
    ]
    total = sum(layer["parameters"] for layer in layers)
    head = (gettext("Layer"), gettext("Kernel"), gettext("Parameters"), gettext("Largest weight"))
    table = _table(head, [*rows, (gettext("all"), "", f"{total:,}", "")])
    return lines([(gettext("Kernels"), rule), (gettext("Biases"), "0"), (gettext("Seed"), str(seed))]) + table


def softmax_table(
    logits: np.ndarray, label: int, names: Sequence[str] = DIGITS, temperature: float = 1.0
) -> str:
    """Return how the logits of the visitor's picture become probabilities, one class's worked out.

    Of many classes, the most probable and the one worked out are listed.
    """
    terms = softmax_terms(logits, temperature)
    listed = sorted({label, *np.argsort(-terms.logits)[:MOST_CLASSES].tolist()})
    z = "z" if temperature == 1 else "z ÷ T"
    rows = [
        (
            escape(names[k]),
            *([number(float(logits[k]))] if temperature != 1 else []),
            number(float(terms.logits[k])),
            number(float(terms.exponentials[k])),
            escape(percent(float(terms.probabilities[k]))),
        )
        for k in listed
    ]
    head = (
        gettext("Class"),
        gettext("Logit z"),
        *([z] if temperature != 1 else []),
        f"e<sup>{z}</sup>",
        gettext("Probability"),
    )
    probability = escape(percent(float(terms.probabilities[label])))  # as in the table: never 1
    sums = f"e<sup>{number(float(terms.logits[label]))}</sup> ÷ {term(terms.total)} = {strong(probability)}"
    words = gettext(
        "softmax of its {count} logits; for {label}: {equation}",
        count=len(logits),
        label=escape(names[label]),
        equation=sums,
    )
    power = "e<sup>z<sub>{}</sub></sup>" if temperature == 1 else "e<sup>z<sub>{}</sub> ÷ T</sup>"
    general = f"p<sub>k</sub> = {power.format('k')} ÷ Σ<sub>j</sub> {power.format('j')}"
    symbols = gettext("p: probability; z: logit; k: a class; j: every class")
    if temperature != 1:
        symbols = gettext(
            "{symbols}; T: temperature, {temperature}, fitted so that probabilities are as often right as "
            "they say",
            symbols=symbols,
            temperature=number(temperature),
        )
    chosen = listed.index(label)
    equations = [(gettext("In general"), general), ("", symbols), (gettext("Your picture"), words)]
    return lines(equations) + _table(head, rows, chosen=chosen)


def loss_lines(logits: np.ndarray, labels: np.ndarray, losses: np.ndarray) -> str:
    """Return the cross-entropy of the visitor's picture, and its mean over the batch."""
    probability = float(softmax_terms(logits[0]).probabilities[labels[0]])
    terms = " + ".join(term(float(value)) for value in losses)
    own = f"−ln({number(probability)}) = {strong(float(losses[0]))}"
    mean = f"({terms}) ÷ {len(losses)} = {strong(float(losses.mean()))}"
    chance = f"−ln(1 ÷ 10) = {term(chance_loss(10))}"
    general = gettext("L = −1/N · Σ ln p, over the N pictures; p: probability of the true class")
    return lines(
        [
            (gettext("In general"), general),
            (gettext("Your picture"), gettext("{equation} nats", equation=own)),
            (gettext("The batch"), gettext("{equation} nats", equation=mean)),
            (
                gettext("Random guessing"),
                gettext("{equation} nats: an untrained network begins near this", equation=chance),
            ),
        ]
    )


def gradient_lines(logits: np.ndarray, label: int, images: int) -> str:
    """Return the gradient of the picture's logits, from which the chain rule gives all others."""
    probabilities = softmax_terms(logits).probabilities
    gradients = logit_gradients(probabilities, label, images)
    other = most_probable_other(probabilities, label)
    rule = gettext("(probability − 1) ÷ pictures for the right class, probability ÷ pictures for the others")
    worked_out = [
        (
            gettext("Class {label}", label=k),
            f"({number(float(probabilities[k]))} − {target}) ÷ {images} = {strong(float(gradients[k]))}",
        )
        for k, target in ((label, 1), (other, 0))
    ]
    weights = gettext("passed back from layer to layer by the chain rule; the bars show its norm")
    return lines([(gettext("For a logit"), rule), *worked_out, (gettext("For the weights"), weights)])


def loss_change(before: float, after: float) -> str:
    """Return the batch's loss before and after an update."""
    change = f"{number(before)} → {strong(after)}"
    words = gettext("{change} nats", change=change)
    return lines([(gettext("Loss before and after"), words)])


def updates_table(layers: Sequence[dict[str, Any]]) -> str:
    """Return how many weights of each layer moved, and how far."""
    rows = [
        (
            layer["name"],
            gettext("{changed:,} of {all:,}", changed=layer["changed"], all=layer["parameters"]),
            number(layer["mean"]),
            number(layer["largest"]),
        )
        for layer in layers
    ]
    head = (gettext("Layer"), gettext("Weights that moved"), gettext("Mean move"), gettext("Largest move"))
    return _table(head, rows)


def weight_lines(found: dict[str, Any], optimiser: str, rate: float) -> str:
    """Return the optimiser's equation for the weight that moved farthest."""
    before, after = number(found["before"]), strong(found["after"])
    where = gettext(
        "{weight}, gradient {gradient}",
        weight=f"{found['variable']} [{', '.join(map(str, found['place']))}]",
        gradient=number(found["gradient"]),
    )
    rows = [(gettext("Largest move"), where)]
    if optimiser == "sgd":
        rows.append((gettext("In general"), gettext("w ← w − η · g; η: learning rate, g: gradient")))
        rows.append(("SGD", f"{before} − {number(rate)} × {signed(found['gradient'])} = {after}"))
        return lines(rows)
    step = found["step"]
    first, second = corrected_moments(found["first"], found["second"], step)
    corrections = [f"(1 − {decay}<sup>{step}</sup>)" for decay in ADAM_DECAYS]
    general = gettext("w ← w − η · m ÷ √v; η: learning rate, m and v: means of the gradient and its square")
    rows += [
        (gettext("In general"), general),
        (gettext("Mean gradient m"), f"{_small(found['first'])} ÷ {corrections[0]} = {_small(first)}"),
        (gettext("Mean square v"), f"{_small(found['second'])} ÷ {corrections[1]} = {_small(second)}"),
        ("Adam", f"{before} − {number(rate)} × {_small(first, brackets=True)} ÷ √{_small(second)} = {after}"),
    ]
    return lines(rows)


def _small(value: float, *, brackets: bool = False) -> str:
    """Return a number that may be very small, to three digits; in brackets where it is negative, if asked."""
    text = f"{value:.3g}".replace("-", "−") if "e" not in f"{value:.3g}" else _power(value)
    return f'<span class="term">{f"({text})" if brackets and value < 0 else text}</span>'


def _power(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".replace("-", "−").split("e")
    return f"{mantissa} × 10<sup>{exponent.replace('+', '').replace('−0', '−').lstrip('0')}</sup>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], chosen: int | None = None) -> str:
    body = "".join(
        f"<tr{' class=chosen' if i == chosen else ''}>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for i, row in enumerate(rows)
    )
    titles = "".join(f"<th>{title}</th>" for title in head)
    return (
        f'{_STYLE}<div class="wide"><table class="numbers"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
