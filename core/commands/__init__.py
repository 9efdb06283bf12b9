"""Define the command line, one file per group of commands."""

from __future__ import annotations

import click

from core.commands.add_early_images import add_early_images
from core.commands.backbone import import_backbone, name_classes
from core.commands.classify import classify
from core.commands.draw_avatars import draw_avatars
from core.commands.export import export
from core.commands.fit_critic import fit_critic
from core.commands.fit_familiarity import fit_familiarity
from core.commands.measure_memory import measure_memory
from core.commands.measure_remedies import measure_remedies
from core.commands.mix_weights import mix_weights
from core.commands.models import evaluate, publish, sample
from core.commands.teach import teach
from core.commands.train import runs, train
from core.commands.train_rows import train_rows
from core.commands.translated import TranslatedGroup
from core.commands.write_checkpoint import write_checkpoint


@click.group(cls=TranslatedGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Read pictures with neural networks, train them, and draw images with GANs."""


for command in (
    classify, train, evaluate, sample, publish, runs, export, measure_memory, measure_remedies, train_rows,
    import_backbone, name_classes, fit_familiarity, fit_critic, teach, draw_avatars, write_checkpoint,
    add_early_images, mix_weights,
):  # fmt: skip
    main.add_command(command)
