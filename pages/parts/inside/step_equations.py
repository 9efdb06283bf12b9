"""The arithmetic of the steps of training with the numbers in it, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.contract.evaluation import softmax
from pages.parts.inside.equations import lines, number, signed, strong, term

MOST = 6  # terms that are written out
_STYLE = """<style>
table.numbers { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
table.numbers th, table.numbers td { text-align: right; padding: 0.2rem 0.6rem; border: 0;
  border-bottom: 1px solid rgba(128, 128, 128, 0.25); }
table.numbers th:first-child, table.numbers td:first-child { text-align: left; padding-left: 0; }
table.numbers tr.chosen td { font-weight: 700; }
div.wide { overflow-x: auto; }
</style>"""


def drawn(layers: Sequence[dict[str, Any]], seed: int) -> str:
    """What Initialise did: how the kernels were drawn."""
    first = layers[0]
    limit = np.sqrt(6 / (first["fan_in"] + first["fan_out"]))
    rule = (
        f"uniform between ±√(6 ÷ (inputs + outputs)); for {first['name']}: "
        f"√(6 ÷ ({first['fan_in']} + {first['fan_out']})) = {strong(limit)}"
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
    table = _table(
        ("Layer", "Kernel", "Parameters", "Largest weight"), [*rows, ("all", "", f"{total:,}", "")]
    )
    return lines([("Kernels", rule), ("Biases", "0"), ("Seed", str(seed))]) + table


def softmax_table(logits: np.ndarray, label: int) -> str:
    """From the logits of the visitor's picture to probabilities."""
    probabilities = softmax(logits.astype(np.float64))
    total = float(np.exp(logits.astype(np.float64)).sum())
    rows = [
        (str(k), number(float(z)), number(float(np.exp(z))), _percent(probabilities[k]))
        for k, z in enumerate(logits.astype(np.float64))
    ]
    table = _table(("Class", "Logit z", "e<sup>z</sup>", "Probability"), rows, chosen=label)
    sums = (
        f"e<sup>{number(float(logits[label]))}</sup> ÷ {term(total)} = {strong(float(probabilities[label]))}"
    )
    return lines([("Your picture", f"softmax of its ten logits; for {label}: {sums}")]) + table


def loss(logits: np.ndarray, labels: np.ndarray, losses: np.ndarray) -> str:
    """The cross-entropy of the visitor's picture, and the mean over the batch."""
    share = float(softmax(logits[0].astype(np.float64))[labels[0]])
    terms = " + ".join(term(float(value)) for value in losses)
    return lines(
        [
            ("Your picture", f"−ln({number(share)}) = {strong(float(losses[0]))} nats"),
            ("The batch", f"({terms}) ÷ {len(losses)} = {strong(float(losses.mean()))} nats"),
            ("By chance", f"−ln(1 ÷ 10) = {term(float(np.log(10)))} nats: where a network begins"),
        ]
    )


def gradient(logits: np.ndarray, label: int, count: int) -> str:
    """The gradient by the logits of the visitor's picture, from which all others follow by the chain rule."""
    probabilities = softmax(logits.astype(np.float64))
    other = int(np.argsort(probabilities)[-1])
    other = int(np.argsort(probabilities)[-2]) if other == label else other
    rows = [
        ("By a logit", "(probability − 1 for the right class, − 0 for another) ÷ pictures"),
        (f"Of class {label}", _by_logit(float(probabilities[label]), 1, count)),
        (f"Of class {other}", _by_logit(float(probabilities[other]), 0, count)),
        ("By weights", "passed back from layer to layer by the chain rule; the bars show its length"),
    ]
    return lines(rows)


def moves(layers: Sequence[dict[str, Any]]) -> str:
    """Which weights moved, and how far."""
    rows = [
        (
            layer["name"],
            f"{layer['moved']:,} of {layer['parameters']:,}",
            number(layer["mean"]),
            number(layer["largest"]),
        )
        for layer in layers
    ]
    return _table(("Layer", "Weights that moved", "Mean move", "Farthest"), rows)


def weight(found: dict[str, Any], optimiser: str, rate: float) -> str:
    """The weight that moved farthest, as the optimiser's equation."""
    where = f"{found['variable']} [{', '.join(map(str, found['place']))}]"
    before, after = number(found["before"]), strong(found["after"])
    rows = [("Farthest", f"{where}, gradient {number(found['gradient'])}")]
    if optimiser == "SGD":
        rows.append(("SGD", f"{before} − {number(rate)} × {signed(found['gradient'])} = {after}"))
        return lines(rows)
    t = found["step"]
    first, second = found["first"] / (1 - 0.9**t), found["second"] / (1 - 0.999**t)
    rows += [
        ("Mean gradient m", f"{_small(found['first'])} ÷ (1 − 0.9<sup>{t}</sup>) = {_small(first)}"),
        ("Mean square v", f"{_small(found['second'])} ÷ (1 − 0.999<sup>{t}</sup>) = {_small(second)}"),
        ("Adam", f"{before} − {number(rate)} × {_small(first, True)} ÷ √{_small(second)} = {after}"),
    ]
    return lines(rows)


def _by_logit(probability: float, right: int, count: int) -> str:
    return f"({number(probability)} − {right}) ÷ {count} = {strong((probability - right) / count)}"


def _small(value: float, brackets: bool = False) -> str:
    """A number that may be very small, to three digits."""
    text = f"{value:.3g}".replace("-", "−") if "e" not in f"{value:.3g}" else _power(value)
    return f'<span class="term">{f"({text})" if brackets and value < 0 else text}</span>'


def _power(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".replace("-", "−").split("e")
    return f"{mantissa} × 10<sup>{exponent.replace('+', '').replace('−0', '−').lstrip('0')}</sup>"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if 0.0005 < share < 0.9995 else ("0.0 %" if share < 0.5 else "100.0 %")


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
