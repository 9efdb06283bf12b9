"""View "During training": the same latent points, drawn by the generator at several steps of its run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from core.bundles.early_images import EarlyImages, read_early_images
from core.images.encode import png
from core.images.grid import enlargement, grid
from core.inference.generator import Generator
from core.language import gettext
from pages.parts.generate import image_downloads, input_fields
from pages.parts.generate.source import Source
from pages.parts.shared import link_choice, navigation
from pages.parts.shared.process_cache import kept_in_process

COLUMNS = 10
TILE, SAVED = 56, 84  # pixels of an image on the screen and in the downloaded file
EVERY = "every"  # the id of the choice that draws each class once; the others are indices of classes


def show(source: Source) -> None:
    """Show a row of images for each snapshot, the finished generator last."""
    snapshots = sorted((source.choice.folder.parent / "snapshots").glob("step-*.tflite"))
    if not snapshots:
        early = read_early_images(source.generator.bundle)
        if early is None:
            _explain_missing()
        else:
            _show_early(source, early)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = _labels(source)
        seed = input_fields.seed()
    latent = np.float32(input_fields.scale()) * source.generator.latent(COLUMNS, seed)
    drawn = []
    for file in snapshots:
        images = _generator_at(source, file).draw(labels, latent)
        step = int(file.stem.removeprefix("step-"))
        _show_row(gettext("Step {step:,}", step=step), images)
        drawn.append(images)
    drawn.append(source.generator.draw(labels, latent))
    _show_row(gettext("Finished"), drawn[-1])
    _offer_download(f"{source.name}-training-{seed}", drawn, COLUMNS)


def _explain_missing() -> None:
    st.info(
        gettext(
            "This generator came with the app, already trained, without its earlier states. Train your "
            "own GAN to see here how its images develop."
        ),
        icon=":material/history:",
    )
    st.page_link(navigation.TRAIN, label=gettext("Train a GAN"), icon=":material/arrow_forward:")


def _show_early(source: Source, early: EarlyImages) -> None:
    """Show the images that were kept of a shipped generator's training, and the same ones drawn today."""
    st.caption(
        gettext(
            "These images were kept while this generator learnt: one of each class, from the same random "
            "numbers each time, slightly compressed. The network itself was not kept at these steps, so it "
            "cannot draw others. The last row is drawn now, from the same numbers."
        )
    )
    for step, images in zip(early.steps, early.images, strict=True):
        _show_row(gettext("Step {step:,}", step=step), images)
    labels = np.arange(early.images.shape[1]) % len(source.classes)
    finished = source.generator.draw(labels, source.generator.latent(len(labels), source.generator.card.seed))
    _show_row(gettext("Finished"), finished)
    _offer_download(f"{source.name}-training", [*early.images, finished], len(labels))


def _offer_download(stem: str, rows: Sequence[np.ndarray], columns: int) -> None:
    image_downloads.show(
        stem,
        png=lambda: png(grid(np.concatenate(rows), columns=columns, scale=enlargement(rows[0], SAVED))),
    )


def _labels(source: Source) -> np.ndarray:
    """Show a list of the classes; return the class of each column."""
    names = {str(k): name for k, name in enumerate(source.classes)}
    options = [EVERY, *names]
    earlier = {"each class": EVERY} | {name: k for k, name in names.items()}
    link_choice.restore("through", options, EVERY, earlier)
    chosen = st.selectbox(
        gettext("Class"),
        options,
        format_func=lambda k: names.get(k) or gettext("Every class"),
        key="through",
        width=170,
    )
    link_choice.publish("through", EVERY)
    if chosen is None or chosen == EVERY:
        return np.arange(COLUMNS) % len(source.classes)
    return np.full(COLUMNS, int(chosen))


def _show_row(title: str, images: np.ndarray) -> None:
    name, picture = st.columns([1, 6], vertical_alignment="center")
    name.markdown(f"**{title}**")
    picture.image(
        png(grid(images, columns=COLUMNS, scale=enlargement(images, TILE))), alt=title, width="content"
    )


def _generator_at(source: Source, file: Path) -> Generator:
    return _snapshot(file, file.stat().st_mtime, source)


@kept_in_process(24)
def _snapshot(file: Path, stamp: float, _source: Source) -> Generator:
    """Return the generator of a snapshot, shared by all visitors."""
    return Generator(_source.generator.bundle, file.read_bytes())
