"""The contest on images: the DCGAN of the app's own runs, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import streamlit as st

from core.contract.dataset_info import DRAWN, DatasetInfo
from core.datasets import registry as datasets
from core.figures import gan_games as figures
from core.figures.maps import coloured, laid_over
from core.gan_games.rules import Rules, realness
from core.inside.layer_steps import as_input
from core.language import gettext
from pages.parts.components.chart import chart
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import FAKES, VERDICTS, Game, game, started
from pages.parts.inside.gan_games.round_equations import sums
from pages.parts.inside.picture_choice import guessed_digit, picture
from pages.parts.shared import experiment, model_picker
from pages.parts.shared.picture_urls import url

NEW = "new"
SPEEDS = (1, 2, 5)

_STYLE = """<style>
.samples { display: grid; grid-template-columns: repeat(8, minmax(30px, 76px)); gap: 4px; }
.samples .name { grid-column: 1 / -1; font-size: 0.8125rem; opacity: 0.8; margin-top: 0.35rem; }
.samples img { width: 100%; aspect-ratio: 1; image-rendering: pixelated; display: block; }
.samples span { font-size: 0.8125rem; text-align: center; align-self: center;
  font-variant-numeric: tabular-nums; }
.samples .later { visibility: hidden; }
</style>"""


@dataclass
class ImageGame(Game):
    """One in which the discriminator also looks at the visitor's picture."""

    chunk: ClassVar[int] = 3  # of the DCGAN's rounds, so that the page answers at once
    seen: tuple[bytes, int] | None = None  # the picture and its class, as the experiment knows them

    def look_at(self, image: np.ndarray, label: int) -> None:
        """Has it look at a picture (H×W×C, 0 to 1), if it does not yet."""
        if self.seen != (seen := (image.tobytes(), label)):
            self.seen = seen
            self.do("look_at", image=image, label=label)


def show() -> None:
    """The view."""
    glyph = picture()
    st.caption(
        gettext(
            "The coloured maps show how to make an image look more real to D: brighter where pink, darker "
            "where blue. G learns by following them. Give one player more turns, and "
            "see the other fall behind."
        )
    )
    with controls.row():
        options = _options()
        rules = controls.rules(Rules())
        rounds = controls.speed(SPEEDS, 1)
        info = datasets.describe(options["dataset"])
        label = _label(glyph, info)
    stepper = started("gan_game_images", "Start the contest", **options)
    if stepper is None:
        return
    with experiment.show_errors():
        match = game(stepper, kind=ImageGame)
        assert isinstance(match, ImageGame)  # the kind that was asked for
        match.rules = rules
        match.look_at(as_input(glyph, info.shape), label)
        controls.followed(match, lambda found: _view(found, info.classes), rounds)


def _label(glyph: np.ndarray, info: DatasetInfo) -> int:
    """What the discriminator is told that the visitor's picture shows."""
    guess = guessed_digit(glyph) if info.subject == "digit" else 0
    names = {str(i): name for i, name in enumerate(info.classes)}
    return int(controls.choice("Your picture is a", "label", names, str(guess)))


def _options() -> dict[str, str]:
    """What the contest begins with, as the experiment is told."""
    finished = {choice.key: choice for choice in model_picker.choices("gan")}
    begin = controls.choice(
        "Begin with",
        "begin",
        {NEW: "A new generator", **{key: choice.title for key, choice in finished.items()}},
        NEW,
        help="A finished generator meets a new discriminator, which has to learn first.",
    )
    if begin != NEW:
        return {"dataset": model_picker.card(finished[begin]).dataset, "bundle": str(finished[begin].folder)}
    titles = {  # without what generators draw, which is not real
        info.name: info.title for info in datasets.offered() if not info.name.startswith(DRAWN)
    }
    name = controls.choice(
        "Real images", "images", titles, "rendered", help="Rendered digits need no download."
    )
    return {"dataset": name, "bundle": ""}


def _view(match: Game, classes: tuple[str, ...]) -> None:
    controls.buttons(match, match.begin)
    controls.stages(match)
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.html(samples(match, classes))
    with right:
        controls.turns(match.frame)
        sums(match)
    chart(match.drawn(figures.losses), key="contest losses", alt="Both losses by turns")


def samples(match: Game, classes: tuple[str, ...]) -> str:
    """Noise, fakes, real images, wishes and verdicts, a sample a column; later stages keep their place."""
    frame, loss = match.frame, match.rules.loss
    count = len(frame["fake"])
    names = [classes[label] for label in frame["classes"]]
    fake, real = (realness(loss, frame["verdict"][f"{kind}_logits"][:count]) for kind in ("fake", "real"))
    rows = [
        _row(f"Noise z ({frame['noise'].shape[1]} numbers each)", map(_noise, frame["noise"]), "Noise"),
        _row(
            "Fakes G(z), asked for: " + ", ".join(names),
            map(_image, frame["fake"]),
            "Fake",
            match.reached(FAKES),
        ),
        _row("D’s wishes for the fakes", _wishes(frame, "fake"), "Wishes", match.reached(VERDICTS)),
        _row("D(G(z)): how real D finds them", map(_share, fake), "", match.reached(VERDICTS)),
        _row(
            "Real images x of the same classes", map(_image, frame["real"]), "Real", match.reached(VERDICTS)
        ),
        _row("D’s wishes for the real ones", _wishes(frame, "real"), "Wishes", match.reached(VERDICTS)),
        _row("D(x)", map(_share, real), "", match.reached(VERDICTS)),
        _own(frame, loss, match.reached(VERDICTS)),
    ]
    return f'{_STYLE}<div class="samples">{"".join(rows)}</div>'


def _own(frame: dict[str, Any], loss: str, reached: bool) -> str:
    """The visitor's picture among them."""
    if "own" not in frame:
        return ""
    cells = [
        _image(frame["own"]),
        laid_over(frame["own"], frame["own_slopes"]),
        _share(float(realness(loss, frame["own_logit"]))),
    ]
    return _row("Your picture x, D’s wishes for it, and D(x)", cells, "Yours", reached)


def _row(name: str, cells: Iterable[np.ndarray | str], alt: str, reached: bool = True) -> str:
    later = "" if reached else ' class="later"'
    shown = "".join(
        f"<span{later}>{cell}</span>"
        if isinstance(cell, str)
        else f'<img{later} src="{url(cell)}" alt="{alt} {i + 1}">'
        for i, cell in enumerate(cells)
    )
    return f'<div class="name{"" if reached else " later"}">{name}</div>{shown}'


def _noise(values: np.ndarray) -> np.ndarray:
    """A square of the numbers, the last row filled up with zeros."""
    side = int(np.ceil(np.sqrt(len(values))))
    return coloured(np.pad(values, (0, side * side - len(values))).reshape(side, side), 3.0, signed=True)


def _image(image: np.ndarray) -> np.ndarray:
    pixels = np.round(255 * np.clip(image, 0, 1)).astype(np.uint8)
    return pixels[..., 0] if pixels.shape[-1] == 1 else pixels


def _wishes(frame: dict[str, Any], kind: str) -> list[np.ndarray]:
    return list(map(laid_over, frame[kind], frame[f"{kind}_slopes"]))


def _share(value: float) -> str:
    return f"{value:.2f}"
