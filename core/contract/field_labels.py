"""Name the fields of configurations for visitors: one label for the form, the tables and the errors."""

from __future__ import annotations

from core.language import N_
from core.messages import Message

LABELS = {  # by the field's key in configurations
    "family": N_("Family"),
    "architecture": N_("Architecture"),
    "dataset": N_("Data set"),
    "train_size": N_("Training images"),
    "validation_split": N_("Validation split"),
    "augmentation": N_("Augmentation"),
    "begin_with": N_("First weights"),
    "outliers": N_("Outliers"),
    "rare_forms": N_("Rare forms of digits"),
    "latent_size": N_("Latent size"),
    "epochs": N_("Epochs"),
    "small_epochs": N_("Epochs with small images"),
    "batch_size": N_("Batch size"),
    "optimizer": N_("Optimiser"),
    "learning_rate": N_("Peak learning rate"),
    "generator_learning_rate": N_("Generator learning rate"),
    "discriminator_learning_rate": N_("Discriminator learning rate"),
    "held_rate": N_("Held rate"),
    "translation": N_("Translation"),
    "label_smoothing": N_("Label smoothing"),
    "r1_weight": N_("R1 weight"),
    "weight_decay": N_("Weight decay"),
    "weight_average": N_("Weight average"),
    "seed": N_("Seed"),
    "time_limit": N_("Time limit (s)"),
    "target_accuracy": N_("Target accuracy"),
    "patience": N_("Patience (epochs)"),
}
AUGMENTATION_LABELS = {
    "none": N_("None"),
    "mirror": N_("Mirror"),
    "cutout": N_("Mirror and cut-out"),
    "affine": N_("Affine"),
    "photo": N_("Photo"),
    "shift": N_("Shift"),
    "turn": N_("Turn"),
    "scale": N_("Scale"),
    "elastic": N_("Elastic"),
    "noise": N_("Noise"),
    "square": N_("Cut-out"),
    "together": N_("All six"),
}


def label(key: str) -> Message:
    """Return a field's label as a message, which is translated where it is shown."""
    return Message(LABELS[key])
