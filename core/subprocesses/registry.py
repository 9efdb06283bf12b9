"""List the experiments: names, and the places of their classes, which only the child imports."""

from __future__ import annotations

ENDED_IDLE = 3  # the exit code of a child that was asked nothing for a while

EXPERIMENTS = {  # name: "module:Class", of core.lab.experiments but for the one that prepares pictures
    "decoding": "core.inference.decoding_process:PictureReader",
    "gan_game_images": "core.lab.experiments.gan_games.image_game:ImageGameExperiment",
    "gan_game_text": "core.lab.experiments.gan_games.text_game:TextGameExperiment",
    "gan_game_plane": "core.lab.experiments.gan_games.plane_game:PlaneGameExperiment",
    "recurrent_gradients": "core.lab.experiments.recurrent_gradients:RecurrentGradients",
    "steps_of_training": "core.lab.experiments.training_steps:StepsOfTraining",
}
