"""A batch of pictures with what a network takes each for, as HTML that wraps on a phone."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from core.contract.evaluation import softmax

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
.batch .taught { opacity: 0.75; }
</style>"""


def batch(images: np.ndarray, labels: np.ndarray, logits: np.ndarray | None) -> str:
    """The pictures (N×28×28 uint8) with their labels; with logits (N×classes) also what each is read as.

    The bar is the probability of the right class. The first picture is the visitor's.
    """
    probabilities = softmax(logits.astype(np.float64)) if logits is not None else None
    figures = [
        _figure(image, int(label), None if probabilities is None else probabilities[i], own=i == 0)
        for i, (image, label) in enumerate(zip(images, labels, strict=True))
    ]
    return f'{_STYLE}<div class="batch">{"".join(figures)}</div>'


def _figure(image: np.ndarray, label: int, probabilities: np.ndarray | None, own: bool) -> str:
    taught = f"yours, a {label}" if own else f"a {label}"
    picture = f'<img src="{_url(image)}" alt="{taught}">'
    if probabilities is None:
        return f'<figure>{picture}<div class="taught">{taught}</div></figure>'
    guess, share = int(probabilities.argmax()), float(probabilities[label])
    kind, sign = ("right", "✓") if guess == label else ("wrong", "")
    bar = f'<div class="bar" title="{share:.1%}"><span style="width: {100 * share:.0f}%"></span></div>'
    words = f'<div class="taught">{taught}</div><div>reads {guess} {sign}</div>'
    return f'<figure class="{kind}">{picture}{bar}{words}</figure>'


def _url(image: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
