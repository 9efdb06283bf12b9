"""Play the GAN game on images, with the DCGAN of the app's own runs, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

import numpy as np
import streamlit as st

from core.contract.dataset_info import DRAWN, DatasetInfo
from core.contract.preprocessing import standard
from core.datasets import registry as datasets
from core.figures import gan_games as figures
from core.figures.maps import as_pixels, coloured, laid_over, squared
from core.gan_games.rules import Rules, realness
from core.language import N_, gettext, join
from pages.parts.components.chart import chart
from pages.parts.inside import link_values
from pages.parts.inside.gan_games import controls
from pages.parts.inside.gan_games.game_state import Game, Stage, game_of, running
from pages.parts.inside.gan_games.round_equations import show_equations
from pages.parts.inside.picture_choice import guessed_digit, image_for, picture
from pages.parts.shared import experiment, model_picker, own_runs
from pages.parts.shared.picture_urls import url

NEW = "new"
SPEEDS = (1, 2, 5)
NOISE_PEAK = 3.0  # shown at full strength

_STYLE = """<style>
.samples { display: grid; grid-template-columns: repeat(8, minmax(30px, 76px)); gap: 4px; }
.samples .name { grid-column: 1 / -1; font-size: 0.8125rem; opacity: 0.8; margin-top: 0.35rem; }
.samples img { width: 100%; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated;
  display: block; }
.samples span { font-size: 0.8125rem; text-align: center; align-self: center;
  font-variant-numeric: tabular-nums; }
.samples .later { visibility: hidden; }
</style>"""
# Alternative texts of the pictures in a row.
NOISE_ALT = N_("Noise {number}")
FAKE_ALT = N_("Fake {number}")
FAKE_GRADIENT_ALT = N_("Gradient of fake {number}")
REAL_ALT = N_("Real image {number}")
REAL_GRADIENT_ALT = N_("Gradient of real image {number}")


@dataclass
class ImageGame(Game):
    """A game in which the discriminator also sees the visitor's picture."""

    rounds_per_request: ClassVar[int] = 3  # of the DCGAN, so that the page answers at once
    seen: tuple[bytes, int] | None = None  # the picture and its class, as the process knows them

    def show_picture(self, image: np.ndarray, label: int) -> None:
        """Show a picture (H×W×C, 0 to 1) of this class to the discriminator, unless it was shown already."""
        if self.seen != (seen := (image.tobytes(), label)):
            self.seen = seen
            self.request("show_picture", image=image, label=label)


def show() -> None:
    """Show the view."""
    glyph = picture()
    st.caption(
        gettext(
            "The generator G draws images; the discriminator D rates how real images look. The coloured maps "
            "show what would make an image look more real to D: brighter where pink, darker where blue. G "
            "learns by following them. Give one player more turns, and see the other fall behind."
        )
    )
    with controls.field_row():
        options = _pick_start()
        rules = controls.rules(Rules())
        rounds = controls.speed(SPEEDS, 1)
        stop = controls.stop_after()
        info = datasets.describe(options["dataset"])
        label = _pick_label(glyph, info)
    process = running("gan_game_images", gettext("Start game"), **options)
    if process is None:
        return
    with experiment.show_errors():
        game = game_of(process, kind=ImageGame)
        assert isinstance(game, ImageGame)  # the kind that was asked for
        game.rules = rules
        read_as = standard(info.preprocessing_kind, info.shape, info.layout)
        game.show_picture(image_for(read_as, glyph), label)
        controls.run(game, lambda shown: _view(shown, info.classes), rounds, stop)


def _pick_label(glyph: np.ndarray, info: DatasetInfo) -> int:
    """Show and return the class that the discriminator is told for the visitor's picture."""
    guess = guessed_digit(glyph) if info.subject == "digit" else 0
    names = {str(i): name for i, name in enumerate(info.classes)}
    return int(link_values.select(gettext("Your picture shows"), "label", names, default=str(guess)))


def _pick_start() -> dict[str, str]:
    """Show the fields for what the game starts with, and return the options of its process."""
    own_runs.remember_id(st.query_params.get("begin"))
    finished = {choice.key: choice for choice in model_picker.choices("gan")}
    begin = link_values.select(
        gettext("Start with"),
        "begin",
        {NEW: gettext("A new generator"), **{key: choice.title for key, choice in finished.items()}},
        help=gettext("A trained generator meets a new discriminator, which has to learn first."),
    )
    if begin != NEW:
        return {"dataset": _real_images(finished[begin]), "bundle": str(finished[begin].folder)}
    titles = {  # without what generators draw, which is not real
        info.name: info.title for info in datasets.offered() if not info.name.startswith(DRAWN)
    }
    name = link_values.select(
        gettext("Real images"),
        "images",
        titles,
        default="rendered",
        help=gettext("Rendered digits need no download."),
    )
    return {"dataset": name, "bundle": ""}


def _real_images(choice: model_picker.Choice) -> str:
    """Return the data set that a generator learnt from, or one of the same classes if that is not here."""
    asked = model_picker.card(choice).dataset
    here = datasets.offered()
    alike = (info.name for info in here if (info.classes, info.subject) == (choice.classes, choice.subject))
    return asked if asked in {info.name for info in here} else next(alike, asked)


def _view(game: Game, classes: tuple[str, ...]) -> None:
    controls.buttons(game, game.begin)
    controls.stages(game)
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.html(samples_html(game, classes))
    with right:
        controls.turn_counts(game.frame)
        show_equations(game)
    chart(game.figure(figures.losses), key="game losses", alt=gettext("Both losses by turns"))


def samples_html(game: Game, classes: tuple[str, ...]) -> str:
    """Return noise, fakes, real images, D's gradients and outputs, a sample a column.

    Rows of later stages are hidden, but keep their place.
    """
    frame, loss = game.frame, game.rules.loss
    count = len(frame["fake"])
    names = join(classes[label] for label in frame["classes"])
    fake, real = (realness(loss, frame["output"][f"{kind}_logits"][:count]) for kind in ("fake", "real"))
    fakes, outputs = game.reached(Stage.FAKES), game.reached(Stage.OUTPUTS)
    numbers = frame["noise"].shape[1]
    rows = [
        _row(gettext("Noise z, {count} numbers each", count=numbers), _noise(frame), NOISE_ALT),
        _row(
            gettext("Fakes G(z) of the classes {names}", names=names), _images(frame["fake"]), FAKE_ALT, fakes
        ),
        _row(
            gettext("What would make each fake look more real to D"),
            _gradients(frame, "fake"),
            FAKE_GRADIENT_ALT,
            outputs,
        ),
        _row(gettext("D(G(z)): how real each fake looks to D"), map(_share, fake), "", outputs),
        _row(gettext("Real images x of the same classes"), _images(frame["real"]), REAL_ALT, outputs),
        _row(
            gettext("What would make each real image look more real to D"),
            _gradients(frame, "real"),
            REAL_GRADIENT_ALT,
            outputs,
        ),
        _row(gettext("D(x): how real each real image looks to D"), map(_share, real), "", outputs),
        _own_row(frame, loss, outputs),
    ]
    return f'{_STYLE}<div class="samples">{"".join(rows)}</div>'


def _own_row(frame: dict[str, Any], loss: str, shown: bool) -> str:
    """Return the row of the visitor's picture, if the discriminator has seen it."""
    if "picture" not in frame:
        return ""
    cells = [
        as_pixels(frame["picture"]),
        laid_over(frame["picture"], frame["picture_gradients"]),
        _share(float(realness(loss, frame["picture_logit"]))),
    ]
    name = gettext("Your picture x, what would make it look more real to D, and D(x)")
    return _row(name, cells, N_("Your picture {number}"), shown)


def _row(name: str, cells: Iterable[np.ndarray | str], alt: str, shown: bool = True) -> str:
    """Return a row's name and its cells: pictures, with the alternative text ``alt``, or text."""
    later = "" if shown else ' class="later"'
    content = "".join(
        f"<span{later}>{cell}</span>"
        if isinstance(cell, str)
        else f'<img{later} src="{url(cell)}" alt="{escape(gettext(alt, number=i + 1))}">'
        for i, cell in enumerate(cells)
    )
    return f'<div class="name{"" if shown else " later"}">{escape(name)}</div>{content}'


def _noise(frame: dict[str, Any]) -> list[np.ndarray]:
    return [coloured(squared(values), NOISE_PEAK, signed=True) for values in frame["noise"]]


def _images(images: np.ndarray) -> list[np.ndarray]:
    return list(map(as_pixels, images))


def _gradients(frame: dict[str, Any], kind: str) -> list[np.ndarray]:
    return list(map(laid_over, frame[kind], frame[f"{kind}_gradients"]))


def _share(value: float) -> str:
    return f"{value:.2f}"
