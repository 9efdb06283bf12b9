"""View "Real or generated?": visitor and discriminator look for the real image of ten pairs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets import registry as datasets
from core.datasets.synthetic import handwriting
from core.errors import LabError
from core.images.encode import png
from core.images.grid import enlargement, grid
from core.language import N_, gettext
from core.latent.real_or_generated import ROUNDS, Pair, pairs
from core.runs.report.titles import dataset_title
from pages.parts.components.share import share
from pages.parts.generate import input_fields
from pages.parts.generate.local_dataset import test_images
from pages.parts.generate.source import Source
from pages.parts.shared import model_picker
from pages.parts.shared.error_messages import escape_markdown, sentence

LARGE, SMALL = 168, 56  # pixels of an image on the screen
WIDTH = 168  # pixels; two of them fit on a phone
KEYS = ("Left", "Right")  # of the keyboard, as Streamlit names them
ALTS = (N_("Left image of pair {number}"), N_("Right image of pair {number}"))
BUTTONS = (N_("Choose left"), N_("Choose right"))


def show(source: Source) -> None:
    """Show the current pair and the score, or the result after the last pair."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = input_fields.seed()
    try:
        images, labels, origin = _real_images(source)
    except LabError as error:
        st.info(sentence(error), icon=":material/info:")
        return
    st.caption(origin)
    rounds = pairs(source.drawer, images, labels, seed)
    answers = _answers(source, seed)
    discriminator = _discriminator_answers(source, rounds)
    if len(answers) < ROUNDS or st.session_state.get("game reveal"):
        _show_round(source, rounds, answers, discriminator)
    else:
        _show_result(rounds, answers, discriminator)


def _real_images(source: Source) -> tuple[np.ndarray, np.ndarray, str]:
    """Return real images, their labels, and the sentence that says where they are from.

    Raises:
        LabError: when there are none of the generator's classes on this machine.
    """
    card = source.generator.card
    data = test_images(card)
    if data is not None:
        origin = gettext(
            "One image of each pair is a test image of {dataset}; the other was generated just now. Which "
            "one is real?",
            dataset=escape_markdown(dataset_title(data.info.name)),  # data.info may be in another language
        )
        return data.x_test, data.y_test, origin
    rendered = datasets.describe("rendered")
    if card.subject != rendered.subject or card.shape != rendered.shape:
        raise LabError("pages.no_real_images")
    labels = handwriting.balanced_labels(10 * ROUNDS, 0)
    origin = gettext(
        "One image of each pair is a digit rendered from pen paths, because no real handwriting is on this "
        "machine; the other was generated just now. Which one is rendered?"
    )
    return handwriting.render(labels, 0)[..., None], labels, origin


def _answers(source: Source, seed: int) -> list[int]:
    """Return the visitor's answers; another seed or generator starts a new game."""
    if st.session_state.get("game of") != (source.choice.key, seed):
        st.session_state.update({"game of": (source.choice.key, seed), "game": [], "game reveal": False})
    return st.session_state["game"]


def _discriminator_answers(source: Source, rounds: list[Pair]) -> list[int] | None:
    """Return which image of each pair the discriminator takes for real; None where it was not kept."""
    if rounds[0].images.shape[1:] != source.generator.card.shape:
        return None  # they were reduced
    try:
        discriminator = model_picker.discriminator(source.choice)
    except LabError:
        return None
    logits = discriminator.logits(
        np.concatenate([pair.images for pair in rounds]), np.repeat([pair.label for pair in rounds], 2)
    )
    return logits.reshape(-1, 2).argmax(axis=1).tolist()


def _show_round(
    source: Source, rounds: list[Pair], answers: list[int], discriminator: list[int] | None
) -> None:
    """Show one pair, with buttons to answer or, once it is answered, with the truth."""
    reveal = st.session_state["game reveal"]
    place = len(answers) - 1 if reveal else len(answers)
    pair = rounds[place]
    st.progress(
        len(answers) / ROUNDS,
        gettext(
            "Pair {number} of {count}, class {label}",
            number=place + 1,
            count=ROUNDS,
            label=escape_markdown(source.generator.card.classes[pair.label]),
        ),
    )
    game, score = st.columns([3, 2], gap="large")
    with game:
        row = st.container(horizontal=True)  # unlike columns, it stays side by side on a phone
        for side in range(2):
            with row.container(width=WIDTH):
                _show_image(pair, place + 1, side, reveal)
        if reveal:
            if answers[-1] == pair.real:
                st.success(gettext("Right."))
            else:
                st.warning(gettext("Wrong: it is the other one."))
            if discriminator is not None:
                right = discriminator[place] == pair.real
                st.caption(
                    gettext("The discriminator was right.")
                    if right
                    else gettext("The discriminator was wrong.")
                )
            st.button(
                gettext("Show next pair"),
                type="primary",
                icon=":material/arrow_forward:",
                on_click=_next,
                shortcut="Enter",
                key="game next",
            )
    with score:
        _show_score(rounds, answers, discriminator)


def _show_image(pair: Pair, number: int, side: int, reveal: bool) -> None:
    """Show one image of a pair, with the button that chooses it, or with what it is."""
    picture = png(grid(pair.images[side][None], scale=enlargement(pair.images, LARGE)))
    st.image(picture, alt=gettext(ALTS[side], number=number), width="stretch")
    if reveal:
        st.caption(gettext("Real") if side == pair.real else gettext("Generated"))
        return
    st.button(gettext(BUTTONS[side]), on_click=_answer, args=(side,), key=f"game {side}", shortcut=KEYS[side])


def _show_result(rounds: list[Pair], answers: list[int], discriminator: list[int] | None) -> None:
    st.header(gettext("{right} of {count} right", right=_count_right(rounds, answers), count=ROUNDS))
    _show_score(rounds, answers, discriminator)
    st.caption(
        gettext(
            "Random guessing gets about 5 right. In each pair below, the real image is on the left, the "
            "generated one on the right."
        )
    )
    ordered = np.concatenate([pair.images[[pair.real, 1 - pair.real]] for pair in rounds])
    st.image(
        png(grid(ordered, columns=10, scale=enlargement(ordered, SMALL))),
        alt=gettext("The ten pairs, each with its real image on the left"),
        width="content",
    )
    share(_result_text(rounds, answers, discriminator), key="share result")
    st.button(
        gettext("Play again"),
        type="primary",
        icon=":material/replay:",
        on_click=input_fields.draw_seed,
        args=("seed",),
        key="game again",
    )


def _result_text(rounds: list[Pair], answers: list[int], discriminator: list[int] | None) -> str:
    """Return what is said beside a link to the same ten pairs."""
    right = _count_right(rounds, answers)
    if discriminator is None:
        return gettext(
            "I found {right} of {count} real images among generated ones. Find more:",
            right=right,
            count=ROUNDS,
        )
    return gettext(
        "I found {right} of {count} real images among generated ones, and the network {other}. Find more:",
        right=right,
        count=ROUNDS,
        other=_count_right(rounds, discriminator),
    )


def _show_score(rounds: list[Pair], answers: list[int], discriminator: list[int] | None) -> None:
    played = len(answers)
    with st.container(horizontal=True, gap="large"):
        st.metric(gettext("You"), f"{_count_right(rounds, answers)} / {played}", width="content")
        if discriminator is not None:
            right = _count_right(rounds, discriminator[:played])
            st.metric(gettext("Discriminator"), f"{right} / {played}", width="content")
    if discriminator is None:
        st.caption(
            gettext("The discriminator does not play: it was not kept, or knows images of another size only.")
        )


def _count_right(rounds: list[Pair], answers: list[int]) -> int:
    return sum(answer == pair.real for answer, pair in zip(answers, rounds, strict=False))


def _answer(side: int) -> None:
    if len(st.session_state["game"]) < ROUNDS:
        st.session_state["game"].append(side)
    st.session_state["game reveal"] = True


def _next() -> None:
    st.session_state["game reveal"] = False
