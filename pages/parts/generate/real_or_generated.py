"""Real or made? Ten pairs, of which the visitor and the discriminator each say which image is real."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets import registry as datasets
from core.datasets.synthetic import handwriting
from core.errors import LabError
from core.images.encode import png
from core.images.grid import grid
from core.latent.real_or_generated import ROUNDS, Pair, pairs
from pages.parts.generate import common
from pages.parts.generate.common import Source
from pages.parts.generate.image_details import at_hand
from pages.parts.shared import model_picker

LARGE = 6
WIDTH = 168  # pixels; two of them fit on a phone
SIDES = ("Left", "Right")


def game(source: Source) -> None:
    """The pair whose turn it is, and the score."""
    seed = common.seed()
    try:
        images, labels, origin = _real(source)
    except LabError as error:
        st.info(str(error), icon=":material/info:")
        return
    st.caption(f"One of each pair is {origin}, the other was drawn just now. Which is real?")
    rounds = pairs(source.generator, images, labels, seed)
    answers = _answers(source, seed)
    opinions = _opinions(source, rounds)
    if len(answers) < ROUNDS or st.session_state.get("game reveal"):
        _turn(source, rounds, answers, opinions)
    if len(answers) == ROUNDS and not st.session_state.get("game reveal"):
        _end(source, rounds, answers, opinions)


def _real(source: Source) -> tuple[np.ndarray, np.ndarray, str]:
    """Real images with their labels, and what they are in words.

    Raises:
        LabError: when there are none of the generator's classes on this machine.
    """
    name = source.generator.card.dataset
    data = at_hand(name)
    if data is not None and data.x_test.shape[1:] == source.generator.card.shape:
        return data.x_test, data.y_test, f"a real test image of {data.info.title}"
    digits = datasets.info("rendered").classes
    if source.generator.card.classes != digits or source.generator.card.shape != (28, 28, 1):
        raise LabError(
            "The real images of this generator's classes are not on this machine, so there is nothing to "
            "compare with; train once on its data set, which downloads it."
        )
    labels = handwriting.balanced_labels(10 * ROUNDS, 0)
    origin = "a digit rendered from pen paths (no real handwriting is on this machine)"
    return handwriting.render(labels, 0)[..., None], labels, origin


def _answers(source: Source, seed: int) -> list[int]:
    """The visitor's answers to this game, which begins anew with another seed or generator."""
    if st.session_state.get("game of") != (source.choice.key, seed):
        st.session_state.update({"game of": (source.choice.key, seed), "game": [], "game reveal": False})
    return st.session_state["game"]


def _opinions(source: Source, rounds: list[Pair]) -> list[int] | None:
    """Which of each pair the discriminator holds for the real one; None where it was not kept."""
    try:
        judge = model_picker.discriminator(source.choice)
    except LabError:
        return None
    logits = judge.logits(
        np.concatenate([pair.images for pair in rounds]), np.repeat([pair.label for pair in rounds], 2)
    )
    return logits.reshape(-1, 2).argmax(axis=1).tolist()


def _turn(source: Source, rounds: list[Pair], answers: list[int], opinions: list[int] | None) -> None:
    """One pair: the question, or, once it is answered, what was real."""
    reveal = st.session_state["game reveal"]
    number = len(answers) - 1 if reveal else len(answers)
    pair = rounds[number]
    st.progress(
        len(answers) / ROUNDS, f"Pair {number + 1} of {ROUNDS}: {source.generator.card.classes[pair.label]}"
    )
    row = st.container(horizontal=True)  # unlike columns, it stays side by side on a phone
    for side in range(2):
        with row.container(width=WIDTH):
            _choice(pair, number, side, reveal)
    if reveal:
        right = answers[-1] == pair.real
        words = "Right." if right else "No, it was the other."
        if opinions is not None:
            words += f" The discriminator was {'right' if opinions[number] == pair.real else 'wrong'}."
        (st.success if right else st.warning)(words)
        st.button("Next", type="primary", icon=":material/arrow_forward:", on_click=_next, shortcut="Enter")
    _score(rounds, answers, opinions)


def _choice(pair: Pair, number: int, side: int, reveal: bool) -> None:
    """One image of a pair, with the button that says it is real, or what it was."""
    picture = png(grid(pair.images[side][None], scale=LARGE))
    st.image(picture, alt=f"{SIDES[side]} image of pair {number + 1}", width="stretch")
    if reveal:
        st.caption(("made", "real")[side == pair.real])
        return
    st.button(
        f"{SIDES[side]} is real", on_click=_answer, args=(side,), key=f"game {side}", shortcut=SIDES[side]
    )


def _end(source: Source, rounds: list[Pair], answers: list[int], opinions: list[int] | None) -> None:
    st.subheader(f"{_right(rounds, answers)} of {ROUNDS} right")
    _score(rounds, answers, opinions)
    st.caption("Who guesses gets five. Below, real images are left, made ones right.")
    ordered = np.concatenate([pair.images[[pair.real, 1 - pair.real]] for pair in rounds])
    st.image(png(grid(ordered, columns=10, scale=2)), alt="The ten pairs, real and made", width="content")
    st.button("Play again", type="primary", icon=":material/replay:", on_click=common.another, args=("seed",))


def _score(rounds: list[Pair], answers: list[int], opinions: list[int] | None) -> None:
    you, other, _ = st.columns([1, 1, 2])
    you.metric("You", f"{_right(rounds, answers)} / {len(answers)}")
    if opinions is None:
        other.caption("The discriminator was not kept with this generator, so it does not play.")
    else:
        other.metric("Discriminator", f"{_right(rounds, opinions[: len(answers)])} / {len(answers)}")


def _right(rounds: list[Pair], answers: list[int]) -> int:
    return sum(answer == pair.real for answer, pair in zip(answers, rounds, strict=False))


def _answer(side: int) -> None:
    if len(st.session_state["game"]) < ROUNDS:
        st.session_state["game"].append(side)
    st.session_state["game reveal"] = True


def _next() -> None:
    st.session_state["game reveal"] = False
