"""Doors to the other pages, each with a picture that moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.language import N_, gettext
from pages.parts.home import door_pictures
from pages.parts.shared import navigation

_STYLE = """<style>
.st-key-doors { display: grid !important; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); }
.st-key-doors > * { position: relative; width: auto !important; }
.st-key-doors { align-items: stretch !important; }
@media (max-width: 480px) { .st-key-doors > :last-child:nth-child(odd) { grid-column: 1 / -1; } }
.st-key-doors a::after { content: ""; position: absolute; inset: 0; border-radius: 0.6rem; }
.st-key-doors a { position: static; }
.st-key-doors a * { white-space: normal; }
.door { aspect-ratio: 2; border-radius: 0.4rem; overflow: hidden; background: #000; display: flex; }
.door i { flex: 1; height: 100%; background-repeat: no-repeat; background-position: center; }
.door .strip { image-rendering: pixelated; background-position: 0 0; animation: door linear infinite; }
@keyframes door { to { background-position: 100% 0; } }
@media (prefers-reduced-motion: reduce) { .door * { animation: none !important; } }
</style>"""


@dataclass(frozen=True)
class _Door:
    key: str
    page: str
    title: str
    icon: str
    sentence: str
    picture: Callable[[], str]


DOORS = (
    _Door(
        "teach",
        navigation.TEACH,
        N_("Teach your own classes"),
        ":material/school:",
        N_("Show a few pictures of each; it learns to tell them apart."),
        door_pictures.drawings,
    ),
    _Door(
        "train",
        navigation.TRAIN,
        N_("Train a network"),
        ":material/model_training:",
        N_("Watch it learn live, and use what you trained."),
        door_pictures.loss_curve,
    ),
    _Door(
        "generate",
        navigation.GENERATE,
        N_("Generate images"),
        ":material/draw:",
        N_("Travel through the images that a GAN can draw."),
        door_pictures.generated,
    ),
    _Door(
        "inside",
        navigation.INSIDE,
        N_("Look inside"),
        ":material/calculate:",
        N_("Follow every sum, with the real numbers."),
        door_pictures.convolved,
    ),
    _Door(
        "remedies",
        navigation.REMEDIES,
        N_("Break and mend"),
        ":material/healing:",
        N_("See what makes networks fail, and by how much each remedy helps."),
        door_pictures.noisy,
    ),
)


def show() -> None:
    """Show the doors; all of a door leads to its page."""
    with st.container(key="doors"):
        for door in DOORS:
            with st.container(border=True, key=f"door {door.key}"):
                st.html((_STYLE if door is DOORS[0] else "") + f'<div class="door">{door.picture()}</div>')
                st.page_link(door.page, label=gettext(door.title), icon=door.icon)
                st.caption(gettext(door.sentence))
