"""Through training: the same latent points, drawn by the generator as it was at several steps of its run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from core.images.encode import png
from core.images.grid import grid
from core.inference.generator import Generator
from pages.parts.generate import common
from pages.parts.generate.common import Source
from pages.parts.shared import navigation

COLUMNS = 10


def through(source: Source) -> None:
    """A row of images for each step that was kept, the finished generator last."""
    snapshots = sorted((source.choice.folder.parent / "snapshots").glob("step-*.tflite"))
    if not snapshots:
        st.info(
            "This generator's earlier states were not kept: those that ship with the app are finished ones. "
            "Train a GAN of your own, and watch the same random numbers become images here.",
            icon=":material/history:",
        )
        st.page_link(navigation.TRAIN, label="Train a GAN", icon=":material/arrow_forward:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        every: list[str | None] = ["each class", *source.classes]
        chosen = st.selectbox("Class", every, key="through", bind="query-params", width=170)
        seed = common.seed()
    scale = common.scale()
    label = every.index(chosen) - 1 if chosen in every else -1
    labels = np.arange(COLUMNS) % len(source.classes) if label < 0 else np.full(COLUMNS, label)
    latent = np.float32(scale) * source.generator.latent(COLUMNS, seed)
    rows = [(f"step {int(file.stem[5:]):,}", _at(source, file)) for file in snapshots]
    rows.append(("finished", source.generator))
    for title, generator in rows:
        name, picture = st.columns([1, 6], vertical_alignment="center")
        name.markdown(f"**{title}**")
        images = generator.draw(labels, latent)
        picture.image(png(grid(images, columns=COLUMNS, scale=2)), alt=f"Drawn at {title}", width="content")
    everything = np.concatenate([generator.draw(labels, latent) for _, generator in rows])
    common.downloads(png=(f"{source.name}-training-{seed}", png(grid(everything, columns=COLUMNS, scale=3))))


def _at(source: Source, file: Path) -> Generator:
    return _snapshot(file, file.stat().st_mtime, source)


@st.cache_resource(max_entries=24, show_spinner=False)
def _snapshot(file: Path, stamp: float, _source: Source) -> Generator:
    """The generator as it was, shared by all visitors."""
    return Generator(_source.generator.bundle, file.read_bytes())
