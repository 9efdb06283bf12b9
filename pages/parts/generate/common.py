"""What the parts of Generate share: the numbers that stand in the link, pictures on paper, downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.inference.generator import Generator
from pages.parts.shared import model_picker
from pages.parts.shared.model_picker import Choice

MOST_SEED = 2**31 - 1
IMAGES = 200  # the most on a sheet
TYPES = {
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
    "npz": "application/octet-stream",
}


@dataclass(frozen=True)
class Source:
    """A generator with what is known of it."""

    choice: Choice
    generator: Generator

    @property
    def classes(self) -> tuple[str, ...]:
        """What can be asked for; one nameless class where the generator takes none."""
        return self.generator.card.classes if self.generator.knows_classes else ("anything",)

    @property
    def name(self) -> str:
        """What downloaded files are called after."""
        return self.choice.key


def seed(key: str = "seed", label: str = "Seed", surprise: bool = True) -> int:
    """A field for the seed, and a button for another."""
    value = st.number_input(label, 0, MOST_SEED, 0, key=key, bind="query-params", width=160)
    if surprise:
        st.button(
            "Surprise me", icon=":material/casino:", on_click=another, args=(key,), key=f"{key} surprise"
        )
    return value


def another(key: str) -> None:
    """Another seed."""
    st.session_state[key] = int(np.random.default_rng().integers(1_000_000))


def scale() -> float:
    """How far from the middle points are drawn: in the middle lies what is typical."""
    return st.slider(
        "Typical ↔ unusual",
        0.2,
        1.6,
        1.0,
        0.1,
        key="scale",
        bind="query-params",
        width=340,
        help="The random numbers are multiplied by this: nearer to the middle of the latent space lies what "
        "the generator draws most often, farther out what it draws seldom.",
    )


def one_class(source: Source, key: str = "class", label: str = "Class", index: int = 0) -> int:
    """A field for one class."""
    if len(source.classes) == 1:
        return 0
    chosen = st.selectbox(
        label, source.classes, index=index % len(source.classes), key=key, bind="query-params", width=170
    )
    return source.classes.index(chosen) if chosen in source.classes else 0


def point(source: Source, seed: int, place: int, scale: float) -> np.ndarray:
    """The latent point of an image of a sheet (latent_size float32)."""
    return np.float32(scale) * source.generator.latent(place + 1, seed)[place]


def go(part: str, **state: object) -> Callable[[], None]:
    """What a button does that leads to another part, which begins with this state."""

    def going() -> None:
        st.session_state["part"] = part
        st.session_state.update(state)

    return going


def downloads(**files: tuple[str, bytes]) -> None:
    """Buttons in a row: by its kind, each file's name without the kind, and its content."""
    with st.container(horizontal=True):
        for kind, (name, content) in files.items():
            st.download_button(
                f"Download as {kind.upper() if kind != 'webp' else 'WebP'}",
                content,
                f"{name}.{kind}",
                TYPES[kind],
                icon=":material/download:",
                key=f"download {kind}",
            )


def judges(source: Source) -> list[model_picker.Choice]:
    """The classifiers that can read what the generator draws."""
    return model_picker.classifiers_for(source.choice)
