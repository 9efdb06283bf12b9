"""Show a batch of pictures with the class that a network reads in each, as HTML that wraps on a phone."""

from __future__ import annotations

from html import escape

import numpy as np

from core.contract.evaluation import softmax
from core.images.encode import data_url
from core.language import gettext, percent

_STYLE = """<style>
.batch { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.batch figure { margin: 0; width: 76px; font-size: 0.8125rem; text-align: center; line-height: 1.35;
  font-variant-numeric: tabular-nums; }
.batch img { width: 76px; height: 76px; image-rendering: pixelated; display: block; border-radius: 4px;
  border: 2px solid rgba(128, 128, 128, 0.4); }
.batch .right img { border-color: #059669; }
.batch .wrong img { border-color: #d97706; border-style: dashed; }
.batch .bar { height: 4px; margin: 4px 0 2px; background: rgba(128, 128, 128, 0.25); border-radius: 2px; }
.batch .bar span { display: block; height: 100%; background: #059669; border-radius: 2px; }
.batch .label { opacity: 0.75; }
</style>"""


def batch_html(images: np.ndarray, labels: np.ndarray, logits: np.ndarray | None) -> str:
    """Return the pictures (N×28×28 uint8) with their labels (N) and, with logits (N×classes), their readings.

    The bar is the probability of the right class. The first picture is the visitor's.
    """
    probabilities = None if logits is None else softmax(logits.astype(np.float64))
    figures = [
        _figure(image, int(label), None if probabilities is None else probabilities[i], own=i == 0)
        for i, (image, label) in enumerate(zip(images, labels, strict=True))
    ]
    return f'{_STYLE}<div class="batch">{"".join(figures)}</div>'


def _figure(image: np.ndarray, label: int, probabilities: np.ndarray | None, own: bool) -> str:
    name = gettext("yours, a {label}", label=label) if own else gettext("a {label}", label=label)
    picture = f'<img src="{data_url(image)}" alt="{name}">'
    if probabilities is None:
        return f'<figure>{picture}<div class="label">{name}</div></figure>'
    predicted, share = int(probabilities.argmax()), float(probabilities[label])
    kind, sign = ("right", " ✓") if predicted == label else ("wrong", "")
    hover = escape(percent(share))
    bar = f'<div class="bar" title="{hover}"><span style="width: {100 * share:.0f}%"></span></div>'
    words = gettext("reads {predicted}", predicted=predicted)
    return (
        f'<figure class="{kind}">{picture}{bar}<div class="label">{name}</div>'
        f"<div>{words}{sign}</div></figure>"
    )
