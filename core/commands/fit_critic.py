"""Define ``fit-critic``: let a generator find and replace the images that it draws badly."""

from __future__ import annotations

import dataclasses

import click
import numpy as np

from core.bundles.bundle import CRITIC, open_bundle, sha256, write_card
from core.commands.common import (
    bar,
    errors_in_one_line,
    find_bundle,
    native_messages_hidden,
    quiet_tensorflow,
    unwritable,
)
from core.datasets import registry
from core.inference.critic import Critic
from core.inference.generator import Generator
from core.language import gettext

LEARNT_FROM, CHOSEN_ON = 5001, 5002  # seeds of the generated images; ``evaluate`` draws from 0 and 1
STEP = 1000  # images at once


@click.command("fit-critic", short_help="Teach a generator to leave out broken images.")
@click.argument("model")
@click.option("--steps", default=4_000, show_default=True, type=click.IntRange(1), help="Steps of training.")
@click.option(
    "--images", default=60_000, show_default=True, type=click.IntRange(100), help="Generated images to learn."
)
@click.option(
    "--share",
    default=0.02,
    show_default=True,
    type=click.FloatRange(0, 0.5),
    help="Share of the generated images that count as broken.",
)
@errors_in_one_line
def fit_critic(model: str, steps: int, images: int, share: float) -> None:
    """Teach MODEL (a shipped name or a folder), a GAN's generator, to find the images that it draws badly.

    A small discriminator, the critic, learns to tell real images from generated ones and from real ones with
    a wrong class. The generated images that it likes least count as broken, and others are drawn instead.
    """
    bundle = find_bundle(model)
    with bar(gettext("Loading")) as loading:
        data = registry.load(bundle.card.dataset, progress=lambda _, done: loading(done or 0.0))
    with native_messages_hidden():
        generator = Generator(bundle)
    with quiet_tensorflow():
        from core.lab.publishing.litert_conversion import to_litert  # noqa: PLC0415 (imports TensorFlow)
        from core.lab.training.critic_training import train_critic  # noqa: PLC0415
    generated = _drawn(generator, images, LEARNT_FROM)
    with bar(gettext("Training the critic")) as training:
        learnt = train_critic(
            (data.x_train, data.y_train), generated, len(data.info.classes), steps, LEARNT_FROM, training
        )
    with unwritable(bundle.folder):
        (bundle.folder / CRITIC).write_bytes(to_litert(learnt, {"logits": learnt.output}, int8=True))
        files = bundle.card.files | {CRITIC: sha256(bundle.folder / CRITIC)}
        card = dataclasses.replace(bundle.card, files=files, sound_from=0.0)
        write_card(bundle.folder, card)
        critic = Critic(open_bundle(bundle.folder))
        logits = critic.logits(*_drawn(generator, max(100, images // 3), CHOSEN_ON))
        write_card(bundle.folder, dataclasses.replace(card, sound_from=float(np.quantile(logits, share))))
    click.echo(bundle.folder / CRITIC)


def _drawn(generator: Generator, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images and their classes, which come in turn."""
    labels, latent, images = np.arange(count) % len(generator.card.classes), generator.latent(count, seed), []
    with bar(gettext("Drawing images")) as drawing:
        for i in range(0, count, STEP):
            images.append(generator.draw(labels[i : i + STEP], latent[i : i + STEP]))
            drawing(min(1.0, (i + STEP) / count))
    return np.concatenate(images), labels
